package org.dragonflow.apps;

import static java.util.function.Predicate.not;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.address.Ipv6;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.Ipv6Mode;
import org.dragonflow.model.Router;
import org.dragonflow.model.RouterInterface;
import org.dragonflow.model.Subnet;
import org.dragonflow.model.View;
import org.dragonflow.packet.Ethernet;
import org.dragonflow.packet.Ipv6Packet;
import org.dragonflow.packet.NdOption;
import org.dragonflow.packet.NeighbourDiscovery.RouterAdvertisement;
import org.dragonflow.packet.RouterPreference;

/**
 * What a router says of a network to its hosts, made of the subnets that it has an address of there and that have a mode of announcement.
 *
 * <p>It is the default router of the link if it has the gateway's address of one of these subnets. If not, it tells of the routes that it has,
 * so that hosts choose it for those alone (RFC 4191).
 *
 * @param subnets in the order of their blocks; at least one
 * @param routes what it leads to beside the link, if hosts are to be told
 * @param servers who is asked for names
 */
record AdvertisedLink(L3.Leg leg, List<Subnet> subnets, boolean isDefault, List<IpPrefix> routes, List<Ipv6> servers) {
    /**
     * How long a host goes on without hearing of its router: as long as can be said (RFC 8319), since all is well while nobody tells it. What is no
     * more is taken back at once.
     */
    static final Duration ROUTER_LIFETIME = Duration.ofSeconds(0xffff);

    static final Duration VALID = Duration.ofDays(1);
    static final Duration PREFERRED = Duration.ofHours(4);

    private static final int HOPS = 64;
    private static final int LEAST_MTU = 1280;
    private static final int MOST_SERVERS = 8;
    // Prefixes, the largest of which there may be many, take 32 bytes each.
    static final int MOST_OPTIONS = 24;

    static Optional<AdvertisedLink> of(L3.Leg leg, Id<Chassis> chassis, View view) {
        var subnets = L3.subnets(leg.port(), view)
                .filter(subnet -> subnet.ipVersion() == 6 && subnet.ipv6RaMode().isPresent())
                .sorted(Comparator.comparing(Subnet::cidr))
                .toList();
        if (subnets.isEmpty()) {
            return Optional.empty();
        }
        var own = Neighbours.addresses(leg.port()).toList();
        boolean isDefault =
                subnets.stream().flatMap(subnet -> subnet.gatewayIp().stream()).anyMatch(own::contains);
        var asked = subnets.stream()
                .flatMap(subnet -> subnet.hostRoutes().stream())
                .filter(route -> own.contains(route.nexthop()))
                .map(Subnet.HostRoute::destination);
        var further = isDefault ? Stream.<IpPrefix>of() : further(leg, chassis, view);
        var routes = Stream.concat(asked, further)
                .filter(block -> block.version() == 6)
                .distinct()
                .sorted()
                .toList();
        var servers = Metadata.servers(subnets.stream(), leg.network().id(), view)
                .limit(MOST_SERVERS)
                .toList();
        return Optional.of(new AdvertisedLink(leg, subnets, isDefault, routes, servers));
    }

    /** Where the router leads to beside this link; a route to everywhere would make it a default router. */
    private static Stream<IpPrefix> further(L3.Leg leg, Id<Chassis> chassis, View view) {
        var here = L3.subnets(leg.port(), view).map(Subnet::cidr).toList();
        var connected = view.find(RouterInterface.of(leg.router().id()))
                .flatMap(own -> L3.leg(own, chassis, view))
                .flatMap(other -> L3.subnets(other.port(), view))
                .map(Subnet::cidr);
        var routed = leg.router().routes().stream()
                .filter(route -> here.stream().noneMatch(block -> block.contains(route.nexthop())))
                .map(Router.Route::destination)
                .filter(block -> block.length() > 0);
        return Stream.concat(connected, routed).filter(not(here::contains));
    }

    /** One packet, or several where one cannot hold all (RFC 4861, section 6.2.3). */
    List<Ethernet> packets() {
        var options = new ArrayList<NdOption>();
        subnets.forEach(subnet -> options.add(prefix(subnet)));
        if (!servers.isEmpty()) {
            options.add(new NdOption.DnsServers(ROUTER_LIFETIME, servers));
        }
        domain().ifPresent(domain -> options.add(new NdOption.SearchDomains(ROUTER_LIFETIME, List.of(domain))));
        routes.forEach(block -> options.add(new NdOption.Route(block, RouterPreference.MEDIUM, ROUTER_LIFETIME)));
        var packets = new ArrayList<Ethernet>();
        for (int from = 0; from < options.size(); from += MOST_OPTIONS) {
            packets.add(packet(options.subList(from, Math.min(from + MOST_OPTIONS, options.size()))));
        }
        return packets;
    }

    private Ethernet packet(List<NdOption> some) {
        var mac = leg.port().macAddress();
        var options = new ArrayList<NdOption>(List.of(new NdOption.SourceMac(mac)));
        if (leg.network().mtu() >= LEAST_MTU) {
            options.add(new NdOption.Mtu(leg.network().mtu()));
        }
        options.addAll(some);
        var advertisement = new RouterAdvertisement(
                HOPS,
                hasMode(Ipv6Mode.DHCPV6_STATEFUL),
                hasMode(Ipv6Mode.DHCPV6_STATELESS),
                RouterPreference.MEDIUM,
                isDefault ? ROUTER_LIFETIME : Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                options);
        return Ethernet.of(
                mac, Ipv6.ALL_NODES.multicastMac(), Ipv6Packet.of(mac.linkLocal(), Ipv6.ALL_NODES, advertisement));
    }

    private boolean hasMode(Ipv6Mode mode) {
        return subnets.stream().anyMatch(subnet -> subnet.ipv6RaMode().equals(Optional.of(mode)));
    }

    private static NdOption prefix(Subnet subnet) {
        boolean isAutonomous = switch (subnet.ipv6RaMode().orElseThrow()) {
            case SLAAC, DHCPV6_STATELESS -> true;
            case DHCPV6_STATEFUL -> false;
        };
        return new NdOption.Prefix(subnet.cidr(), true, isAutonomous, VALID, PREFERRED);
    }

    private Optional<String> domain() {
        return Dhcp6Options.domain(leg.network());
    }
}
