package org.dragonflow.packet;

import java.util.Arrays;
import java.util.Optional;

/** What a message between a DHCPv6 client and a server is about (RFC 8415, section 7.3); relays have messages of another form. */
public enum Dhcpv6MessageType {
    SOLICIT(1),
    ADVERTISE(2),
    REQUEST(3),
    CONFIRM(4),
    RENEW(5),
    REBIND(6),
    REPLY(7),
    RELEASE(8),
    DECLINE(9),
    RECONFIGURE(10),
    INFORMATION_REQUEST(11);

    private final int number;

    Dhcpv6MessageType(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    static Optional<Dhcpv6MessageType> of(int number) {
        return Arrays.stream(values()).filter(type -> type.number == number).findFirst();
    }
}
