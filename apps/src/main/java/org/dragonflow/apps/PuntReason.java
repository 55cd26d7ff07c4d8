package org.dragonflow.apps;

import org.dragonflow.flow.Action;

/** Why a packet is sent to the controller; the number travels in {@link Registers#PUNT_REASON}. */
enum PuntReason {
    DHCPV4(1),
    NO_HOP_LEFT(2),
    NO_ROUTE(3),
    NO_NEIGHBOUR(4),
    ROUTER_PORT(5),
    BEYOND_LINK(6),
    ROUTER_SOLICITATION(7),
    DHCPV6(8),
    TOO_BIG(9),
    TOO_BIG_FOR_TUNNEL(10),
    NEIGHBOUR_WANTED(20),
    NEIGHBOUR_HEARD(21),
    NO_TRANSLATION(22),
    ADDRESS_ANNOUNCED(23);

    private final int number;

    PuntReason(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    Action set() {
        return Action.set(Registers.PUNT_REASON, number);
    }
}
