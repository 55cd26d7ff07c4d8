package org.dragonflow.apps;

import static org.dragonflow.apps.Registers.CT_ASKER;
import static org.dragonflow.apps.Registers.IS_ROUTER;
import static org.dragonflow.apps.Registers.NEIGHBOUR_HIGH;
import static org.dragonflow.apps.Registers.NEIGHBOUR_LOW;
import static org.dragonflow.apps.Registers.NETWORK;
import static org.dragonflow.apps.Registers.ROUTED;
import static org.dragonflow.apps.Registers.SERVED;
import static org.dragonflow.apps.Registers.SOURCE_PORT;
import static org.dragonflow.apps.Registers.TARGET_PORT;
import static org.dragonflow.apps.Tables.ANSWER;
import static org.dragonflow.apps.Tables.CLASSIFY;
import static org.dragonflow.apps.Tables.DISPATCH;
import static org.dragonflow.apps.Tables.METADATA_BACK;
import static org.dragonflow.apps.Tables.METADATA_IN;
import static org.dragonflow.apps.Tables.METADATA_OUT;
import static org.dragonflow.apps.Tables.NEIGHBOUR;
import static org.dragonflow.apps.Tables.SERVICES;
import static org.dragonflow.apps.Tables.TO_PORT;
import static org.dragonflow.apps.Tables.TO_PORT_VERDICT;
import static org.dragonflow.flow.Action.copy;
import static org.dragonflow.flow.Action.goTo;
import static org.dragonflow.flow.Action.output;
import static org.dragonflow.flow.Action.set;
import static org.dragonflow.flow.Field.CT_STATE;
import static org.dragonflow.flow.Field.ETH_DST;
import static org.dragonflow.flow.Field.ETH_SRC;
import static org.dragonflow.flow.Field.IN_PORT;
import static org.dragonflow.flow.Field.IPV4_DST;
import static org.dragonflow.flow.Field.IPV6_DST;
import static org.dragonflow.flow.Flow.FALLBACK;
import static org.dragonflow.flow.Flow.NORMAL;
import static org.dragonflow.flow.Flow.OVERRIDE;
import static org.dragonflow.flow.Flow.SPECIFIC;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Ipv6;
import org.dragonflow.address.Mac;
import org.dragonflow.compile.App;
import org.dragonflow.compile.Bridge;
import org.dragonflow.compile.ZoneWanted;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.Match;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.Interface;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.Subnet;
import org.dragonflow.model.View;

/**
 * Brings packets for 169.254.169.254 and fe80::a9fe:a9fe to the services of the chassis, and their answers back: to every local port, whatever
 * its network, and whoever else has its addresses.
 *
 * <p>On the way there a port's address becomes its {@link Pseudonym}, in a conntrack zone of the port's own; so the services know who asks, and
 * nobody can say that he is another. Security groups judge the question as they judge any packet; the answer needs no rule.
 */
public final class Metadata {
    public static final Ipv4 ADDRESS = Ipv4.parse("169.254.169.254");
    public static final Ipv6 ADDRESS6 = Ipv6.parse("fe80::a9fe:a9fe");

    /** The link-layer address of the interface that the services are behind; it is seen on no wire. */
    public static final Mac MAC = Mac.parse("02:00:a9:fe:a9:fe");

    // Bits of ct_state (ovs-fields(7)).
    private static final long ESTABLISHED = 2;
    private static final long RELATED = 4;
    private static final long REPLY = 8;
    private static final long INVALID = 16;
    private static final long TRACKED = 32;

    private Metadata() {}

    static App app(Id<Chassis> chassis) {
        return App.named("metadata")
                .derive(
                        "end",
                        Interface.class,
                        (seen, _) -> seen.metadata()
                                ? Stream.of(new MetadataEnd(MetadataEnd.ID, seen.ofport()))
                                : Stream.of())
                .derive("zone", Port.class, (port, view) -> zone(port, chassis, view))
                .forEach("services", MetadataEnd.class, (end, _) -> services(end))
                .forEach("answers", Bridge.class, (_, _) -> answers())
                .forEach("addresses", LocalNetwork.class, Metadata::addresses)
                .forEach(
                        "ports",
                        Port.class,
                        (port, view) -> port.isExpectedAt(chassis) ? ports(port, view) : Stream.of());
    }

    private static Stream<Flow> services(MetadataEnd end) {
        return Stream.of(
                Flow.in(CLASSIFY, SPECIFIC, Match.on(IN_PORT, end.ofport()), goTo(METADATA_IN)),
                // What belongs to no connection was not translated, and must not be taken for somebody else's.
                Flow.in(
                        METADATA_OUT,
                        NORMAL,
                        Match.ANY.and(CT_STATE, TRACKED, TRACKED | INVALID | RELATED),
                        set(ETH_DST, MAC),
                        output(end.ofport())));
    }

    private static Stream<Flow> answers() {
        var answer = List.of(copy(CT_ASKER, ETH_DST), set(SERVED, 1), goTo(TO_PORT));
        return Stream.concat(
                Stream.of(ESTABLISHED, RELATED)
                        .map(kind -> kind | REPLY | TRACKED)
                        .map(state -> Flow.in(METADATA_BACK, NORMAL, Match.ANY.and(CT_STATE, state, state), answer)),
                Stream.of(Flow.in(TO_PORT_VERDICT, OVERRIDE + 1, Match.on(SERVED, 1), goTo(DISPATCH))));
    }

    /** Where a subnet of the network has the address, it is that subnet's. */
    private static boolean isFree(IpAddress address, Id<Network> network, View view) {
        return view.find(Subnet.on(network)).noneMatch(subnet -> subnet.cidr().contains(address));
    }

    private static Stream<IpAddress> served(Id<Network> network, View view) {
        return Stream.<IpAddress>of(ADDRESS, ADDRESS6).filter(address -> isFree(address, network, view));
    }

    /** Whether the chassis has services for the network's ports at this address. */
    static boolean isServed(IpAddress address, Id<Network> network, View view) {
        return view.get(MetadataEnd.ID).isPresent() && isFree(address, network, view);
    }

    /** Whom hosts ask for names over IPv6: those of their subnets, or else the resolver of the chassis. */
    static Stream<Ipv6> servers(Stream<Subnet> subnets, Id<Network> network, View view) {
        var named = subnets.flatMap(subnet -> subnet.dnsNameservers().stream())
                .flatMap(server -> server instanceof Ipv6 ipv6 ? Stream.of(ipv6) : Stream.of())
                .distinct()
                .toList();
        return named.isEmpty() && isServed(ADDRESS6, network, view) ? Stream.of(ADDRESS6) : named.stream();
    }

    /** They are answered for in the network, though no port of it has them. */
    private static Stream<Flow> addresses(LocalNetwork local, View view) {
        return view.get(MetadataEnd.ID).flatMap(_ -> view.get(local.network())).stream()
                .flatMap(network -> served(network.id(), view)
                        .map(Neighbours::parts)
                        .map(parts -> Flow.in(
                                NEIGHBOUR,
                                FALLBACK,
                                Match.on(NETWORK, network.key())
                                        .and(NEIGHBOUR_HIGH, parts[0])
                                        .and(NEIGHBOUR_LOW, parts[1])
                                        .and(ROUTED, 0),
                                set(ETH_DST, MAC),
                                set(IS_ROUTER, 0),
                                goTo(ANSWER))));
    }

    private static Stream<ZoneWanted> zone(Port port, Id<Chassis> chassis, View view) {
        return view.get(MetadataEnd.ID).isPresent()
                ? Locality.place(port, chassis, view).map(_ -> Zones.at(chassis, port, Zones.ofServices(port.id())))
                : Stream.of();
    }

    private static Stream<Flow> ports(Port port, View view) {
        return view.get(Zones.ofServices(port.id()).zone()).stream()
                .map(zone -> new Action.Zone.Fixed(zone.number()))
                .flatMap(zone -> view.get(port.networkId()).stream()
                        .flatMap(network ->
                                served(network.id(), view).flatMap(address -> port(port, network, address, zone))));
    }

    private static Stream<Flow> port(Port port, Network network, IpAddress service, Action.Zone zone) {
        var pseudonym = service.version() == 4 ? Pseudonym.v4(port.key()) : Pseudonym.v6(port.key());
        var known = new Action.Nat(true, Optional.of(new Action.Nat.Range(pseudonym, pseudonym, 0, 0)));
        var ask = new Action.Ct(
                true, false, zone, Optional.of(METADATA_OUT), Optional.of(known), List.of(copy(ETH_SRC, CT_ASKER)));
        var answer =
                new Action.Ct(false, false, zone, Optional.of(METADATA_BACK), Optional.of(Action.Nat.BACK), List.of());
        return Stream.of(
                Flow.in(SERVICES, FALLBACK, Match.on(SOURCE_PORT, port.key()).and(to(service)), ask),
                Flow.in(
                        METADATA_IN,
                        NORMAL,
                        to(pseudonym),
                        set(TARGET_PORT, port.key()),
                        set(NETWORK, network.key()),
                        answer));
    }

    private static Match to(IpAddress address) {
        return switch (address) {
            case Ipv4 ipv4 -> Match.IPV4.and(IPV4_DST, ipv4);
            case Ipv6 ipv6 -> Match.IPV6.and(IPV6_DST, ipv6);
        };
    }
}
