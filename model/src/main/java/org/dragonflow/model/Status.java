package org.dragonflow.model;

/** Whether something does what was asked: all of it, none of it, not yet, or not at all because of a fault. */
public enum Status {
    ACTIVE,
    DOWN,
    BUILD,
    ERROR
}
