package org.dragonflow.model;

/** What the text of a value is to begin with, in a filter. */
public record StartingWith(String text) {}
