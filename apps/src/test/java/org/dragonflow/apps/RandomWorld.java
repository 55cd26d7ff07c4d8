package org.dragonflow.apps;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Ipv6;
import org.dragonflow.address.Mac;
import org.dragonflow.compile.ConntrackZone;
import org.dragonflow.model.ActivePort;
import org.dragonflow.model.AddressGroup;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Delta;
import org.dragonflow.model.Entity;
import org.dragonflow.model.FloatingIp;
import org.dragonflow.model.Id;
import org.dragonflow.model.Interface;
import org.dragonflow.model.Ipv6Mode;
import org.dragonflow.model.Neighbour;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.Router;
import org.dragonflow.model.RouterInterface;
import org.dragonflow.model.SecurityGroup;
import org.dragonflow.model.SecurityGroupRule;
import org.dragonflow.model.SecurityGroupRule.Direction;
import org.dragonflow.model.SecurityGroupRule.Ethertype;
import org.dragonflow.model.Segment;
import org.dragonflow.model.Subnet;
import org.dragonflow.model.Topology;
import org.dragonflow.model.Trunk;
import org.dragonflow.model.TunnelType;

/**
 * A small cloud that changes at random, from a seed: a few of everything, so that most things refer to each other and many refer to what is
 * not there.
 */
public final class RandomWorld {
    /** Servers are plugged in at the OpenFlow ports from 1 on, and tunnels end behind them. */
    static final int GENEVE_PORT = 11;

    static final int VXLAN_PORT = 12;
    static final int WIRE_PORT = 13;
    static final String PHYSICAL_NETWORK = "physnet1";

    static final int METADATA_PORT = 14;

    private static final int NETWORKS = 4;
    /** The last network is on a wire, under a tag that changes. */
    static final int ON_WIRE = NETWORKS - 1;

    private static final int PORTS = 10;
    private static final int TRUNKS = 2;
    private static final int SUB_PORTS = 2;
    private static final int GROUPS = 4;
    private static final int RULES = 12;
    private static final int ROUTERS = 3;
    private static final int POLICIES = 3;
    private static final List<String> CHASSIS = List.of("hv1", "hv2", "hv3");

    static final int SHARED = 200;
    static final Mac SHARED_MAC = new Mac(0x0000_5e00_0101L);

    private final Random random;
    private final Map<Id<?>, Entity> entities = new LinkedHashMap<>();
    private final RandomEdge edge;
    private final boolean isNarrow;

    public RandomWorld(long seed) {
        this.random = new Random(seed);
        this.isNarrow = seed % 2 == 1;
        this.edge = new RandomEdge(random, PORTS, ROUTERS, CHASSIS);
    }

    public Topology topology() {
        return Topology.of(entities.values());
    }

    /** Changes one thing. */
    public Delta change() {
        Entity after = any();
        var before = Optional.ofNullable(entities.get(after.id()));
        if (before.isPresent() && random.nextInt(3) == 0) {
            entities.remove(after.id());
            return Delta.delete(before.get());
        }
        entities.put(after.id(), after);
        return new Delta(after.id(), before, Optional.of(after));
    }

    /** Puts everything there that there can be, and so makes a world in which packets get somewhere. */
    public RandomWorld populate() {
        for (int i = 0; i < 1_000; i++) {
            var entity = any();
            entities.put(entity.id(), entity);
        }
        return this;
    }

    /** As {@link #populate}; and most servers are on the first chassis, and groups allow much, so that packets get far. */
    RandomWorld enliven() {
        populate();
        edge.all().filter(_ -> random.nextInt(8) > 0).forEach(entity -> entities.put(entity.id(), entity));
        for (int i = 0; i < 2 * GROUPS; i++) {
            for (var ethertype : Ethertype.values()) {
                var rule = generous("q" + (RULES + 2 * i + ethertype.ordinal()), "g" + i / 2, i % 2 == 0, ethertype);
                entities.put(rule.id(), rule);
            }
        }
        for (var entity : List.copyOf(entities.values())) {
            if (entity instanceof Port port && !port.isRouterInterface() && random.nextInt(3) > 0) {
                entities.put(port.id(), bound(port, CHASSIS.getFirst()));
            }
        }
        return this;
    }

    private SecurityGroupRule generous(String name, String group, boolean isIngress, Ethertype ethertype) {
        var direction = isIngress ? Direction.INGRESS : Direction.EGRESS;
        var bare =
                Entities.rule(name, group, direction, ethertype, Optional.empty(), Optional.empty(), Optional.empty());
        return random.nextBoolean()
                ? bare
                : Entities.from(bare, Optional.empty(), Optional.of("g" + random.nextInt(GROUPS)), Optional.empty());
    }

    private static Port bound(Port port, String chassis) {
        var bound = Entities.port(new Entities.PortSpec(
                port.id().value(),
                port.networkId().value(),
                port.key(),
                port.macAddress(),
                port.fixedIps(),
                Optional.of(chassis),
                port.securityGroups().stream().map(Id::value).toList(),
                port.allowedAddressPairs(),
                port.portSecurityEnabled(),
                port.deviceOwner(),
                List.of()));
        return QosEntities.carrying(bound, port.qosPolicyId().map(Id::value));
    }

    private Entity any() {
        return limited(keyed(
                switch (random.nextInt(40)) {
                    case 0 -> edge.network("n" + random.nextInt(NETWORKS));
                    case 1, 2 -> subnet();
                    case 3 -> router();
                    case 4, 5 -> joint(random.nextInt(ROUTERS), random.nextInt(NETWORKS));
                    case 6 -> jointPort(random.nextInt(ROUTERS), random.nextInt(NETWORKS));
                    case 7 -> group();
                    case 8, 9, 10 -> rule();
                    case 11 -> addressGroup();
                    case 12 -> chassis();
                    case 13, 14 -> plug();
                    case 20, 21 -> zone();
                    case 15 ->
                        switch (random.nextInt(3)) {
                            case 0 -> Entities.metadata(METADATA_PORT);
                            case 1 -> Entities.tunnel(TunnelType.GENEVE, GENEVE_PORT);
                            default -> Entities.tunnel(TunnelType.VXLAN, VXLAN_PORT);
                        };
                    case 16 -> Entities.uplink(PHYSICAL_NETWORK, WIRE_PORT);
                    case 17 -> segment();
                    case 18 -> neighbour();
                    case 19 -> activePort();
                    case 22, 23, 24 -> edge.port(random.nextInt(3));
                    case 25, 26 -> edge.floatingIp();
                    case 27, 28 -> edge.lease();
                    case 29 -> pick(List.of(edge.forwarding(), edge.detour(), edge.proxy()));
                    case 30, 31, 32, 33 -> qosRule();
                    case 34, 35 -> trunk();
                    default -> port();
                }));
    }

    private Entity limited(Entity entity) {
        Optional<String> policy = random.nextInt(3) == 0 ? Optional.of(policy()) : Optional.empty();
        return switch (entity) {
            case Port port -> moving(QosEntities.carrying(port, policy));
            case Network network -> QosEntities.carrying(network, policy);
            case FloatingIp floating -> QosEntities.carrying(floating, policy);
            case Router router -> QosEntities.limited(router, policy);
            default -> entity;
        };
    }

    private Port moving(Port port) {
        boolean isServer = !port.isRouterInterface() && !port.isOutside();
        return isServer && random.nextInt(4) == 0 ? Entities.awaited(port, pick(CHASSIS)) : port;
    }

    private String policy() {
        return "k" + random.nextInt(POLICIES);
    }

    private Entity qosRule() {
        var name = "l" + random.nextInt(RULES);
        var direction = random.nextBoolean() ? Direction.INGRESS : Direction.EGRESS;
        int rate = random.nextInt(3) * 1000;
        int burst = random.nextInt(2) * 500;
        return switch (random.nextInt(4)) {
            case 0 -> QosEntities.least(name, policy(), direction, rate);
            case 1 -> QosEntities.bandwidth(name, policy(), direction, rate, burst);
            case 2 -> QosEntities.packets(name, policy(), direction, rate, burst);
            default -> QosEntities.mark(name, policy(), pick(List.of(0, 8, 46, 56)));
        };
    }

    /** Some have little room; in worlds that are narrow all but those outside, so that what comes from there does not fit into tunnels. */
    private int mtu(Network network) {
        boolean isSmall = random.nextInt(3) == 0;
        return (isNarrow ? number(network.id()) != ON_WIRE : isSmall) ? 60 : 1438;
    }

    // Keys follow from ids, as unique constraints see to in the store.
    private Entity keyed(Entity entity) {
        return switch (entity) {
            case Network n ->
                Entities.with(
                        Entities.network(n.id().value(), 1 + number(n.id()), mtu(n)),
                        Map.of(
                                "dragonflow:snat",
                                number(n.id()) == ON_WIRE ? n.snat() : Network.SNAT_BY_ROUTER,
                                "vlan_transparent",
                                n.vlanTransparent(),
                                "qinq",
                                n.qinq()));
            default -> entity;
        };
    }

    private static int number(Id<?> id) {
        return Integer.parseInt(id.value().replaceAll("[^0-9]", ""));
    }

    private Subnet subnet() {
        int network = random.nextInt(NETWORKS);
        boolean v4 = random.nextBoolean();
        var cidr = v4 ? "10.0.%d.0/24".formatted(network) : "2001:db8:%d::/64".formatted(network);
        Optional<IpAddress> gateway = random.nextInt(4) == 0
                ? Optional.empty()
                : Optional.of(IpPrefix.parse(cidr).first().plus(1));
        boolean dhcp = random.nextInt(4) != 0;
        return Entities.subnet(
                (v4 ? "s" : "t") + network,
                "n" + network,
                cidr,
                gateway,
                dhcp,
                List.of(),
                List.of(),
                v4 || !dhcp ? Optional.empty() : mode(),
                v4 || !dhcp ? Optional.empty() : mode());
    }

    private Optional<Ipv6Mode> mode() {
        return random.nextInt(4) == 0 ? Optional.empty() : Optional.of(pick(List.of(Ipv6Mode.values())));
    }

    private Router router() {
        int number = random.nextInt(ROUTERS);
        var routes = new ArrayList<Router.Route>();
        if (random.nextBoolean()) {
            routes.add(new Router.Route(
                    IpPrefix.parse("172.16.%d.0/24".formatted(random.nextInt(3))),
                    address(random.nextInt(NETWORKS), 5 + random.nextInt(PORTS))));
        }
        return edge.led(Entities.router("r" + number, 50 + number, routes.toArray(Router.Route[]::new)));
    }

    private static RouterInterface joint(int router, int network) {
        return Entities.routerInterface("j%d%d".formatted(router, network), "r" + router, "n" + network);
    }

    private Port jointPort(int router, int network) {
        // The first router has the gateway's address, the others take one further up.
        int host = router == 0 ? 1 : 250 + router;
        var addresses = List.of(
                new Port.FixedIp(Id.of(Subnet.class, "s" + network), address(network, host)),
                new Port.FixedIp(Id.of(Subnet.class, "t" + network), address6(network, host)));
        return Entities.port(new Entities.PortSpec(
                "j%d%d".formatted(router, network),
                "n" + network,
                500 + 10 * router + network,
                new Mac(0x0200_0000_0000L + 16L * router + network),
                addresses,
                // Somebody stands for the router on the wire.
                network == ON_WIRE ? Optional.of(pick(CHASSIS)) : Optional.empty(),
                List.of(),
                List.of(),
                false,
                Port.ROUTER_INTERFACE,
                List.of()));
    }

    static Ipv4 address(int network, int host) {
        return Ipv4.parse("10.0.%d.%d".formatted(network, host));
    }

    static Ipv6 address6(int network, int host) {
        return Ipv6.parse("2001:db8:%d::%x".formatted(network, host));
    }

    private SecurityGroup group() {
        int number = random.nextInt(GROUPS);
        return Entities.group("g" + number, 70 + number, random.nextInt(3) != 0);
    }

    private AddressGroup addressGroup() {
        int number = random.nextInt(2);
        return Entities.addressGroup(
                "a" + number,
                80 + number,
                List.of(
                        IpPrefix.parse("10.0.%d.0/25".formatted(random.nextInt(NETWORKS))),
                        IpPrefix.parse("2001:db8:%d::/65".formatted(random.nextInt(NETWORKS)))));
    }

    private SecurityGroupRule rule() {
        var direction = random.nextBoolean() ? Direction.INGRESS : Direction.EGRESS;
        var ethertype = random.nextBoolean() ? Ethertype.IPV4 : Ethertype.IPV6;
        var protocol = pick(List.of("tcp", "tcp", "udp", "icmp", "47", "any"));
        boolean hasPorts = List.of("tcp", "udp").contains(protocol) && random.nextBoolean();
        int first = 1 + random.nextInt(100);
        var bare = Entities.rule(
                "q" + random.nextInt(RULES),
                "g" + random.nextInt(GROUPS),
                direction,
                ethertype,
                Optional.of(protocol).filter(p -> !p.equals("any")),
                hasPorts ? Optional.of(first) : Optional.empty(),
                hasPorts ? Optional.of(first + random.nextInt(40)) : Optional.empty());
        int network = random.nextInt(NETWORKS);
        return switch (random.nextInt(4)) {
            case 0 -> bare;
            case 1 ->
                Entities.from(
                        bare,
                        Optional.of(
                                ethertype == Ethertype.IPV4
                                        ? IpPrefix.parse("10.0.%d.0/24".formatted(network))
                                        : IpPrefix.parse("2001:db8:%d::/64".formatted(network))),
                        Optional.empty(),
                        Optional.empty());
            case 2 ->
                Entities.from(bare, Optional.empty(), Optional.of("g" + random.nextInt(GROUPS)), Optional.empty());
            default -> Entities.from(bare, Optional.empty(), Optional.empty(), Optional.of("a" + random.nextInt(2)));
        };
    }

    private Chassis chassis() {
        var name = pick(CHASSIS);
        var types = random.nextInt(3) == 0
                ? new TunnelType[] {TunnelType.VXLAN}
                : new TunnelType[] {TunnelType.GENEVE, TunnelType.VXLAN};
        int number = number(Id.of(Chassis.class, name));
        return Entities.chassis(
                name,
                (random.nextInt(3) == 0 ? "fd00::" : "192.0.2.") + number,
                List.of(types),
                random.nextBoolean() ? List.of() : List.of(new Chassis.Uplink(PHYSICAL_NETWORK, random.nextBoolean())));
    }

    private Segment segment() {
        int vlan = random.nextInt(3);
        return Entities.segment("n" + ON_WIRE, PHYSICAL_NETWORK, vlan == 0 ? Optional.empty() : Optional.of(99 + vlan));
    }

    private Neighbour neighbour() {
        int host = 100 + random.nextInt(3);
        return Neighbour.of(
                Id.of(Network.class, "n" + ON_WIRE),
                random.nextBoolean() ? address(ON_WIRE, host) : address6(ON_WIRE, host),
                new Mac(0x0600_0000_0000L + random.nextInt(3)));
    }

    /** As the server keeps it, whatever became of the port since. */
    private ActivePort activePort() {
        int network = random.nextInt(NETWORKS);
        var address = random.nextBoolean() ? address(network, SHARED) : address6(network, SHARED);
        var ports = entities.values().stream()
                .flatMap(entity -> entity instanceof Port port ? Stream.of(port) : Stream.<Port>of())
                .filter(port -> port.allowedAddressPairs().stream()
                        .anyMatch(pair -> pair.ipAddress().contains(address)))
                .toList();
        if (ports.isEmpty()) {
            return ActivePort.of(port(), address, SHARED_MAC);
        }
        var holder = pick(ports);
        return ActivePort.of(holder, address, pick(holder.allowedAddressPairs()).macAddress());
    }

    private Interface plug() {
        int number = random.nextInt(PORTS);
        return Entities.plug("p" + number, 1 + number);
    }

    /** As the agent gives them: nobody else's, and now and then another one. */
    private ConntrackZone zone() {
        int number = random.nextInt(PORTS);
        var port = Id.of(Port.class, "p" + number);
        return switch (random.nextInt(3)) {
            case 0 -> edge.zone();
            case 1 -> new ConntrackZone(Zones.ofServices(port).zone(), 201 + number + PORTS * random.nextInt(2));
            default -> new ConntrackZone(Zones.of(port).zone(), 1 + number + PORTS * random.nextInt(2));
        };
    }

    /** As the server sees to it, no two trunks have a port in common, and no two subports of one the same tag. */
    private Trunk trunk() {
        int number = random.nextInt(TRUNKS);
        var subPorts = new ArrayList<Trunk.SubPort>();
        for (int i = 0; i < SUB_PORTS; i++) {
            if (random.nextInt(4) > 0) {
                var port = Id.of(Port.class, "p" + (TRUNKS + number * SUB_PORTS + i));
                subPorts.add(new Trunk.SubPort(port, "vlan", 1 + i + SUB_PORTS * random.nextInt(2)));
            }
        }
        return Entities.trunk("u" + number, "p" + number, subPorts);
    }

    private Port port() {
        int number = random.nextInt(PORTS);
        int network = random.nextInt(NETWORKS);
        var addresses = new ArrayList<Port.FixedIp>();
        if (random.nextInt(5) != 0) {
            addresses.add(new Port.FixedIp(Id.of(Subnet.class, "s" + network), address(network, 5 + number)));
        }
        if (random.nextInt(3) != 0) {
            addresses.add(new Port.FixedIp(Id.of(Subnet.class, "t" + network), address6(network, 5 + number)));
        }
        var pairs = new ArrayList<Port.AddressPair>();
        if (random.nextInt(4) == 0) {
            pairs.add(new Port.AddressPair(IpPrefix.host(address(network, SHARED)), SHARED_MAC));
        }
        if (random.nextInt(4) == 0) {
            pairs.add(new Port.AddressPair(
                    random.nextBoolean()
                            ? IpPrefix.host(address6(network, SHARED))
                            : IpPrefix.parse("10.0.%d.192/28".formatted(network)),
                    mac(number)));
        }
        Optional<String> chassis = random.nextInt(6) == 0 ? Optional.empty() : Optional.of(pick(CHASSIS));
        var groups = new ArrayList<String>();
        for (int i = 0; i < GROUPS; i++) {
            if (random.nextInt(3) == 0) {
                groups.add("g" + i);
            }
        }
        return Entities.port(new Entities.PortSpec(
                "p" + number,
                "n" + network,
                100 + number,
                mac(number),
                addresses,
                chassis,
                groups,
                pairs,
                random.nextInt(5) != 0,
                "compute:nova",
                List.of()));
    }

    static Mac mac(int number) {
        return new Mac(0xfa16_3e00_0000L + number);
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
