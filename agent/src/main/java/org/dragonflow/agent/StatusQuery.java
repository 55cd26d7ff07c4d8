package org.dragonflow.agent;

/** What an operator may ask an agent. */
sealed interface StatusQuery {
    /** How it is. */
    record Overview() implements StatusQuery {}

    /** The local ports, and why those that are down are. */
    record Ports() implements StatusQuery {}

    /** Which rule made the flows of this cookie, and for what. */
    record ByCookie(long cookie) implements StatusQuery {}

    /** Which entries there are for the entity of this name. */
    record ByEntity(String name) implements StatusQuery {}
}
