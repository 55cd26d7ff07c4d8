package org.dragonflow.flow;

/** Something that a switch holds: a flow, a group or a meter. */
public sealed interface Entry permits Flow, Group, Meter {

    /** What OpenFlow holds to be the identity of the entry; a switch has at most one entry of a key. */
    Key key();

    /** The identity of an entry. */
    sealed interface Key permits Flow.Key, Group.Key, Meter.Key {}
}
