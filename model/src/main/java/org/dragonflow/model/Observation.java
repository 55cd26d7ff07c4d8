package org.dragonflow.model;

/** What a chassis hears in packets that hosts send. */
public sealed interface Observation permits Neighbour, ActivePort {}
