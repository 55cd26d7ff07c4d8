package org.dragonflow.model;

/** What the northbound is to hear of what a chassis learns by packets that hosts send. */
public sealed interface Report extends Observation permits ActivePort, LeaseUsedUp {
    /** What it is of; of two reports of the same the later one counts. */
    Id<?> subject();
}
