package org.dragonflow.packet;

import java.util.Optional;

/** What a DHCP message says (RFC 2132, section 9.6). */
public enum Dhcpv4MessageType {
    DISCOVER(1),
    OFFER(2),
    REQUEST(3),
    DECLINE(4),
    ACK(5),
    NAK(6),
    RELEASE(7),
    INFORM(8);

    private final int number;

    Dhcpv4MessageType(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    static Optional<Dhcpv4MessageType> of(int number) {
        return number >= 1 && number <= values().length ? Optional.of(values()[number - 1]) : Optional.empty();
    }
}
