package org.dragonflow.apps;

import static org.dragonflow.apps.Registers.FILTERED;
import static org.dragonflow.apps.Registers.SOURCE_PORT;
import static org.dragonflow.apps.Tables.FROM_PORT_CONNTRACK;
import static org.dragonflow.apps.Tables.ND_SECURITY;
import static org.dragonflow.apps.Tables.PORT_SECURITY;
import static org.dragonflow.flow.Action.goTo;
import static org.dragonflow.flow.Field.ARP_SHA;
import static org.dragonflow.flow.Field.ARP_SPA;
import static org.dragonflow.flow.Field.ETH_SRC;
import static org.dragonflow.flow.Field.IPV4_SRC;
import static org.dragonflow.flow.Field.IPV6_SRC;
import static org.dragonflow.flow.Field.IP_PROTO;
import static org.dragonflow.flow.Field.IP_TTL;
import static org.dragonflow.flow.Field.ND_SLL;
import static org.dragonflow.flow.Field.ND_TARGET;
import static org.dragonflow.flow.Field.ND_TLL;
import static org.dragonflow.flow.Flow.NORMAL;
import static org.dragonflow.flow.Flow.OVERRIDE;
import static org.dragonflow.flow.Flow.SPECIFIC;

import java.util.stream.Stream;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Ipv6;
import org.dragonflow.address.Mac;
import org.dragonflow.compile.App;
import org.dragonflow.compile.Bridge;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.Match;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;

/** Lets a port speak with its own addresses only: in frames, IP, ARP, neighbour discovery and DHCP. */
final class PortSecurity {
    private PortSecurity() {}

    static App app(Id<Chassis> chassis) {
        return App.named("port_security")
                .forEach(
                        "roles",
                        Bridge.class,
                        (_, _) -> Stream.of(roles(), hidden(), Packets.stillTagged(PORT_SECURITY))
                                .flatMap(flows -> flows))
                .forEach(
                        "addresses",
                        Port.class,
                        (port, _) -> port.isExpectedAt(chassis) ? addresses(port) : Stream.of());
    }

    /** What no port may do whatever its addresses: act as a DHCP server or as a router. */
    private static Stream<Flow> roles() {
        var filtered = Match.on(FILTERED, 1);
        return Stream.of(
                Flow.drop(PORT_SECURITY, OVERRIDE, filtered.and(Packets.udp4(67, 68))),
                Flow.drop(PORT_SECURITY, OVERRIDE, filtered.and(Packets.udp6(547, 546))),
                Flow.drop(PORT_SECURITY, OVERRIDE, filtered.and(Packets.icmpv6(Packets.ROUTER_ADVERTISEMENT))),
                Flow.drop(PORT_SECURITY, OVERRIDE, filtered.and(Packets.icmpv6(Packets.REDIRECT))),
                Flow.in(ND_SECURITY, Flow.MISS, Match.ANY, goTo(FROM_PORT_CONNTRACK)),
                // A switch reads no target and no addresses from a solicitation that is malformed, or that says an
                // address
                // twice; a host may take the first.
                Flow.drop(
                        ND_SECURITY,
                        SPECIFIC,
                        Packets.icmpv6(Packets.NEIGHBOUR_SOLICITATION).and(ND_TARGET, Ipv6.ANY)),
                Flow.drop(ND_SECURITY, Flow.FALLBACK, Packets.icmpv6(Packets.NEIGHBOUR_SOLICITATION)),
                Flow.drop(ND_SECURITY, Flow.FALLBACK, Packets.icmpv6(Packets.NEIGHBOUR_ADVERTISEMENT)));
    }

    /**
     * What says too little to be judged. A switch looks behind extension headers, but shows flows no more than the protocol of a piece: so a
     * piece that would be believed as neighbour discovery, which has all hops left, is none that can be let through (RFC 6980). Where headers
     * end in the middle, it shows not even that (RFC 7112).
     */
    private static Stream<Flow> hidden() {
        var filtered = Match.on(FILTERED, 1);
        return Stream.of(
                Flow.drop(
                        PORT_SECURITY,
                        OVERRIDE,
                        filtered.and(Packets.piece(Packets.ICMPV6)).and(IP_TTL, 255)),
                Flow.drop(PORT_SECURITY, OVERRIDE, filtered.and(Match.IPV6).and(IP_PROTO, 0)));
    }

    private static Stream<Flow> addresses(Port port) {
        var from = Match.on(SOURCE_PORT, port.key());
        if (!port.portSecurityEnabled()) {
            return Stream.of(Flow.in(PORT_SECURITY, NORMAL, from, goTo(FROM_PORT_CONNTRACK)));
        }
        var macs = owned(port).map(Owned::mac).distinct().flatMap(mac -> card(from, mac));
        var pairs =
                owned(port).distinct().flatMap(own -> own.block().version() == 4 ? ipv4(from, own) : ipv6(from, own));
        return Stream.concat(macs, pairs);
    }

    private record Owned(Mac mac, IpPrefix block) {}

    /** Every pair of link-layer and IP address that the port may use, with the addresses that its cards give themselves. */
    private static Stream<Owned> owned(Port port) {
        var fixed = port.addresses().map(address -> new Owned(port.macAddress(), IpPrefix.host(address)));
        var further = port.allowedAddressPairs().stream().map(pair -> new Owned(pair.macAddress(), pair.ipAddress()));
        var all = Stream.concat(fixed, further).toList();
        var linkLocal = Stream.concat(Stream.of(port.macAddress()), all.stream().map(Owned::mac))
                .map(mac -> new Owned(mac, IpPrefix.host(mac.linkLocal())));
        return Stream.concat(all.stream(), linkLocal);
    }

    /** What a card may say before it has an address. */
    private static Stream<Flow> card(Match from, Mac mac) {
        var card = from.and(ETH_SRC, mac);
        var asking = Packets.icmpv6(Packets.NEIGHBOUR_SOLICITATION);
        return Stream.of(
                Flow.in(
                        PORT_SECURITY,
                        NORMAL,
                        card.and(Packets.udp4(68, 67)).and(IPV4_SRC, Ipv4.ANY),
                        goTo(FROM_PORT_CONNTRACK)),
                Flow.in(
                        PORT_SECURITY,
                        NORMAL,
                        card.and(Match.ARP).and(ARP_SHA, mac).and(ARP_SPA, Ipv4.ANY),
                        goTo(FROM_PORT_CONNTRACK)),
                Flow.in(PORT_SECURITY, NORMAL, card.and(Packets.ICMPV6).and(IPV6_SRC, Ipv6.ANY), goTo(ND_SECURITY)),
                Flow.in(ND_SECURITY, NORMAL, from.and(asking).and(ND_SLL, mac), goTo(FROM_PORT_CONNTRACK)),
                // Without the option, as in duplicate address detection (RFC 4861, section 4.3).
                Flow.in(ND_SECURITY, NORMAL, from.and(asking).and(ND_SLL, Mac.ZERO), goTo(FROM_PORT_CONNTRACK)));
    }

    private static Stream<Flow> ipv4(Match from, Owned own) {
        var card = from.and(ETH_SRC, own.mac());
        return Stream.of(
                Flow.in(
                        PORT_SECURITY,
                        NORMAL,
                        card.and(Match.IPV4).and(IPV4_SRC, own.block()),
                        goTo(FROM_PORT_CONNTRACK)),
                Flow.in(
                        PORT_SECURITY,
                        NORMAL,
                        card.and(Match.ARP).and(ARP_SHA, own.mac()).and(ARP_SPA, own.block()),
                        goTo(FROM_PORT_CONNTRACK)));
    }

    private static Stream<Flow> ipv6(Match from, Owned own) {
        var telling = from.and(Packets.icmpv6(Packets.NEIGHBOUR_ADVERTISEMENT)).and(ND_TARGET, own.block());
        return Stream.of(
                Flow.in(
                        PORT_SECURITY,
                        NORMAL,
                        from.and(ETH_SRC, own.mac()).and(Match.IPV6).and(IPV6_SRC, own.block()),
                        goTo(ND_SECURITY)),
                Flow.in(ND_SECURITY, NORMAL, telling.and(ND_TLL, own.mac()), goTo(FROM_PORT_CONNTRACK)),
                Flow.in(ND_SECURITY, NORMAL, telling.and(ND_TLL, Mac.ZERO), goTo(FROM_PORT_CONNTRACK)));
    }
}
