package org.dragonflow.explain;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Ipv6;
import org.dragonflow.address.Mac;

/**
 * A packet as a person asks for it. What is not said is as the host that sends it would do it.
 *
 * <pre>
 *   icmp to 10.0.0.5                  tcp to 10.0.0.5:80               udp to [2001:db8::5]:53 ttl 1
 *   arp who-has 10.0.0.1              nd who-has fe80::1               dhcp          dhcp6          rs
 * </pre>
 *
 * <p>Behind each may stand {@code from ADDRESS[:PORT]}, {@code from-mac MAC}, {@code to-mac MAC} and {@code ttl HOPS}. {@code rs} asks for a
 * router advertisement.
 *
 * @param target whom it is for, or who is asked for; empty for DHCP and router solicitations
 * @param port the destination port; for TCP and UDP alone
 */
public record Probe(
        Kind kind,
        Optional<IpAddress> target,
        Optional<Integer> port,
        Optional<IpAddress> source,
        Optional<Integer> sourcePort,
        Optional<Mac> sourceMac,
        Optional<Mac> targetMac,
        Optional<Integer> ttl) {

    /** What to write, for those who wrote something else. */
    public static final String GRAMMAR =
            "icmp to ADDRESS, tcp to ADDRESS:PORT, udp to ADDRESS:PORT, arp who-has ADDRESS,"
                    + " nd who-has ADDRESS, dhcp, dhcp6 or rs; then from ADDRESS[:PORT], from-mac MAC, to-mac MAC, ttl HOPS";

    private static final int MOST_HOPS = 255;
    private static final int LAST_PORT = 65_535;

    /** What kind of packet. */
    public enum Kind {
        ICMP,
        TCP,
        UDP,
        ARP,
        ND,
        DHCP,
        DHCP6,
        RS;

        boolean hasPorts() {
            return this == TCP || this == UDP;
        }

        /** Whether it asks everybody, and nobody in particular. */
        boolean isToAll() {
            return this == DHCP || this == DHCP6 || this == RS;
        }

        boolean isQuestion() {
            return this == ARP || this == ND;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Probe {
        if (target.isEmpty() != kind.isToAll()) {
            throw new IllegalArgumentException(
                    kind.isToAll()
                            ? kind + " asks everybody, and nobody in particular"
                            : kind + " needs " + needs(kind));
        }
        if (port.isPresent() != kind.hasPorts()) {
            throw new IllegalArgumentException(
                    kind.hasPorts() ? kind + " needs " + needs(kind) : kind + " has no port");
        }
        if (sourcePort.isPresent() && !kind.hasPorts()) {
            throw new IllegalArgumentException(kind + " has no source port");
        }
        if (ttl.isPresent() && kind == Kind.ARP) {
            throw new IllegalArgumentException("arp has no ttl");
        }
        check(kind, target, source);
    }

    private static String needs(Kind kind) {
        return switch (kind) {
            case ICMP -> "an address: icmp to 10.0.0.5";
            case TCP, UDP -> "an address and a port: %s to 10.0.0.5:80".formatted(kind);
            case ARP -> "an address: arp who-has 10.0.0.1";
            case ND -> "an address: nd who-has fe80::1";
            case DHCP, DHCP6, RS -> "nothing";
        };
    }

    private static void check(Kind kind, Optional<IpAddress> target, Optional<IpAddress> source) {
        target.ifPresent(address -> {
            if (kind == Kind.ARP && !(address instanceof Ipv4) || kind == Kind.ND && !(address instanceof Ipv6)) {
                throw new IllegalArgumentException("%s does not ask for %s; %s does"
                        .formatted(kind, address, kind == Kind.ARP ? Kind.ND : Kind.ARP));
            }
            if (source.filter(from -> from.version() != address.version()).isPresent()) {
                throw new IllegalArgumentException(
                        "%s and %s are not of one version of IP".formatted(source.orElseThrow(), address));
            }
        });
        int version = kind == Kind.DHCP ? 4 : 6;
        if (kind.isToAll() && source.filter(from -> from.version() != version).isPresent()) {
            throw new IllegalArgumentException("%s is a matter of IPv%d".formatted(kind, version));
        }
    }

    /**
     * Reads the grammar above.
     *
     * @throws IllegalArgumentException with what is wrong, and what would be right
     */
    public static Probe parse(String text) {
        var words = new ArrayDeque<>(Arrays.stream(text.strip().split("\\s+", -1))
                .map(w -> w.toLowerCase(Locale.ROOT))
                .toList());
        return new Reading(kind(words.pop())).read(words);
    }

    private static Kind kind(String word) {
        return Arrays.stream(Kind.values())
                .filter(kind -> kind.toString().equals(word))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("'%s' begins no packet; write %s".formatted(word, GRAMMAR)));
    }

    /** A probe while it is read. */
    private static final class Reading {
        private final Kind kind;
        private Optional<End> to = Optional.empty();
        private Optional<End> from = Optional.empty();
        private Optional<Mac> fromMac = Optional.empty();
        private Optional<Mac> toMac = Optional.empty();
        private Optional<Integer> ttl = Optional.empty();

        Reading(Kind kind) {
            this.kind = kind;
        }

        Probe read(Deque<String> words) {
            while (!words.isEmpty()) {
                var word = words.pop();
                var value = words.poll();
                if (value == null) {
                    throw new IllegalArgumentException(
                            "'%s' is not the end of a packet; write %s".formatted(word, GRAMMAR));
                }
                take(word, value);
            }
            return new Probe(
                    kind,
                    to.map(End::address),
                    to.flatMap(End::port),
                    from.map(End::address),
                    from.flatMap(End::port),
                    fromMac,
                    toMac,
                    ttl);
        }

        private void take(String word, String value) {
            if (word.equals(kind.isQuestion() ? "who-has" : "to")) {
                to = Optional.of(End.parse(value));
                return;
            }
            switch (word) {
                case "from" -> from = Optional.of(End.parse(value));
                case "from-mac" -> fromMac = Optional.of(Mac.parse(value));
                case "to-mac" -> toMac = Optional.of(Mac.parse(value));
                case "ttl" -> ttl = Optional.of(number("ttl", value, MOST_HOPS));
                case String _ ->
                    throw new IllegalArgumentException("%s takes no '%s'; write %s".formatted(kind, word, GRAMMAR));
            }
        }
    }

    /** An address, with a port where there are ports. */
    private record End(IpAddress address, Optional<Integer> port) {
        static End parse(String text) {
            int colon = text.lastIndexOf(':');
            if (text.startsWith("[")) {
                int close = text.indexOf(']');
                if (close < 0) {
                    throw new IllegalArgumentException("'%s' lacks a ]".formatted(text));
                }
                var address = IpAddress.parse(text.substring(1, close));
                var rest = text.substring(close + 1);
                if (!rest.isEmpty() && !rest.startsWith(":")) {
                    throw new IllegalArgumentException("'%s' is not [ADDRESS]:PORT".formatted(text));
                }
                return new End(
                        address,
                        rest.isEmpty()
                                ? Optional.empty()
                                : Optional.of(number("a port", rest.substring(1), LAST_PORT)));
            }
            boolean hasPort = colon >= 0 && text.indexOf(':') == colon;
            return hasPort
                    ? new End(
                            IpAddress.parse(text.substring(0, colon)),
                            Optional.of(number("a port", text.substring(colon + 1), LAST_PORT)))
                    : new End(IpAddress.parse(text), Optional.empty());
        }
    }

    private static int number(String what, String text, int last) {
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > last) {
            throw new IllegalArgumentException("%s is a number from 0 to %d, and not '%s'".formatted(what, last, text));
        }
        return Integer.parseInt(text);
    }
}
