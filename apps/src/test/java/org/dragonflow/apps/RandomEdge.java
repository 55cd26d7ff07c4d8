package org.dragonflow.apps;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.Mac;
import org.dragonflow.compile.ConntrackZone;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Detour;
import org.dragonflow.model.Entity;
import org.dragonflow.model.FloatingIp;
import org.dragonflow.model.Id;
import org.dragonflow.model.NatLease;
import org.dragonflow.model.NdpProxy;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.PortForwarding;
import org.dragonflow.model.Router;
import org.dragonflow.model.Subnet;

/** The ways of a random world to the outside, which is its network on a wire. */
final class RandomEdge {
    private static final int OUT = RandomWorld.ON_WIRE;
    private static final int FLOATING_IPS = 4;
    private static final List<String> OWNERS = List.of(Port.ROUTER_GATEWAY, Port.FLOATING_IP, Port.CHASSIS_GATEWAY);

    private final Random random;
    private final int ports;
    private final int routers;
    private final List<String> chassis;

    RandomEdge(Random random, int ports, int routers, List<String> chassis) {
        this.random = random;
        this.ports = ports;
        this.routers = routers;
        this.chassis = chassis;
    }

    Network network(String name) {
        var tags = Map.<String, Object>of("vlan_transparent", random.nextInt(5) == 0, "qinq", random.nextInt(5) == 0);
        return Entities.with(network(name, random.nextBoolean()), tags);
    }

    private static Network network(String name, boolean isByRouter) {
        var snat = isByRouter ? Network.SNAT_BY_ROUTER : Network.SNAT_BY_CHASSIS;
        return Entities.with(
                Entities.network(name, 1 + number(Id.of(Network.class, name))), Map.of("dragonflow:snat", snat));
    }

    /** The router with a way outside, or without. */
    Router led(Router router) {
        return random.nextInt(4) == 0
                ? router
                : Entities.withGateway(
                        Entities.with(router, Map.of("enable_ndp_proxy", random.nextBoolean())),
                        "g" + router.id().value(),
                        "n" + OUT,
                        List.of(fixed(200 + number(router.id()))),
                        random.nextInt(4) != 0);
    }

    /** A port that holds an address outside: a router's, a floating IP's, or a chassis'. */
    Port port(int kind) {
        return port(kind, random.nextInt(kind == 1 ? FLOATING_IPS : routers));
    }

    private Port port(int kind, int number) {
        var name = List.of("gr", "fp", "cp").get(kind) + number;
        var device = List.of("r", "f", "hv").get(kind) + number;
        int host = 200 + 10 * kind + number;
        Optional<String> at = kind == 2
                ? Optional.of(chassis.get(number))
                : random.nextInt(4) == 0 ? Optional.empty() : Optional.of(chassis.get(random.nextInt(2)));
        return Entities.outside(
                name, "n" + OUT, 600 + host, mac(host), List.of(fixed(host)), at, OWNERS.get(kind), device);
    }

    /** What the routers need to translate: their ways outside, zones, an address of the first chassis, and leases for half of those who need one. */
    Stream<Entity> all() {
        var shared = Stream.of(
                gateway(2, 0, chassis.getFirst()),
                zone(Id.of(Port.class, "cp0"), 110),
                Entities.segment("n" + OUT, RandomWorld.PHYSICAL_NETWORK, Optional.of(100)),
                Entities.uplink(RandomWorld.PHYSICAL_NETWORK, RandomWorld.WIRE_PORT));
        var each = IntStream.range(0, routers)
                .boxed()
                .flatMap(router -> Stream.concat(
                        Stream.of(
                                gateway(0, router, chassis.get(random.nextInt(2))),
                                zone(Id.of(Port.class, "gr" + router), 100 + router)),
                        IntStream.range(0, ports)
                                .filter(_ -> random.nextBoolean())
                                .mapToObj(port -> lease(router, port))));
        return Stream.concat(Stream.concat(Stream.of(network("n" + OUT, random.nextBoolean())), shared), each);
    }

    private Port gateway(int kind, int number, String at) {
        return Entities.with(port(kind, number), Map.of("binding:host_id", Optional.of(Id.of(Chassis.class, at))));
    }

    private static ConntrackZone zone(Id<Port> port, int number) {
        return new ConntrackZone(Zones.ofTranslation(port).zone(), number);
    }

    static Mac mac(int host) {
        return new Mac(0x0a00_0000_0000L + host);
    }

    static IpAddress address(int host) {
        return RandomWorld.address(OUT, host);
    }

    private static Port.FixedIp fixed(int host) {
        return new Port.FixedIp(Id.of(Subnet.class, "s" + OUT), address(host));
    }

    private static int number(Id<?> id) {
        return Integer.parseInt(id.value().replaceAll("[^0-9]", ""));
    }

    FloatingIp floatingIp() {
        int number = random.nextInt(FLOATING_IPS);
        // The last is for forwardings alone.
        boolean isWhole = number < FLOATING_IPS - 1;
        int router = isWhole ? random.nextInt(routers) : 0;
        var floating = Entities.floatingIp(
                "f" + number,
                "n" + OUT,
                "fp" + number,
                address(210 + number),
                isWhole ? Optional.of("p" + number) : Optional.empty(),
                isWhole ? Optional.of(RandomWorld.address(random.nextInt(OUT), 5 + number)) : Optional.empty(),
                "r" + router);
        return Entities.with(floating, Map.of("gateway_port_id", Optional.of(Id.of(Port.class, "gr" + router))));
    }

    /** The first of a port, or the one that it gets when that is used up. */
    NatLease lease() {
        int router = random.nextInt(routers);
        int port = random.nextInt(2 * ports);
        return port < ports ? lease(router, port) : lease(router, port - ports, 16_384, 1024);
    }

    private static NatLease lease(int router, int port) {
        return lease(router, port, 1024, 256);
    }

    private static NatLease lease(int router, int port, int from, int size) {
        var lease = Entities.lease("p" + port, "r" + router, address(200 + router), from + size * port, size);
        return Entities.with(lease, Map.of("gateway_port_id", Id.of(Port.class, "gr" + router)));
    }

    NdpProxy proxy() {
        int router = random.nextInt(routers);
        int port = random.nextInt(ports);
        return Entities.proxy(
                "x" + random.nextInt(FLOATING_IPS),
                "r" + router,
                "gr" + router,
                "p" + port,
                RandomWorld.address6(random.nextInt(OUT), 5 + port));
    }

    /** Of any chassis by any other; even by itself, which is none. */
    Detour detour() {
        return Detour.of(
                Id.of(Network.class, "n" + (random.nextInt(4) == 0 ? 0 : OUT)),
                Id.of(Chassis.class, chassis.get(random.nextInt(chassis.size()))),
                Id.of(Chassis.class, chassis.get(random.nextInt(chassis.size()))));
    }

    PortForwarding forwarding() {
        int number = random.nextInt(2);
        int port = random.nextInt(ports);
        var inside = RandomWorld.address(random.nextInt(OUT), 5 + port);
        return Entities.forwarding(
                "w" + number,
                "f" + (FLOATING_IPS - 1),
                "tcp",
                "%d:%d".formatted(80 + 10 * number, 83 + 10 * number),
                "p" + port,
                inside,
                number == 0 ? "80:83" : "8%d".formatted(random.nextInt(2)));
    }

    ConntrackZone zone() {
        boolean isOfChassis = random.nextInt(3) == 0;
        int number = random.nextInt(routers);
        var port = Id.of(Port.class, (isOfChassis ? "cp" : "gr") + number);
        return zone(port, 100 + number + (isOfChassis ? 10 : 0));
    }
}
