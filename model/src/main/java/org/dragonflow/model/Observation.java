package org.dragonflow.model;

/** What a chassis learns by packets that hosts send. */
public sealed interface Observation permits Neighbour, Report {}
