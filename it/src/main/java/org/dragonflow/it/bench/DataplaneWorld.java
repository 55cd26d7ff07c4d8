package org.dragonflow.it.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.it.Chassis;
import org.dragonflow.it.Cloud;
import org.dragonflow.it.Outsider;
import org.dragonflow.it.Server;
import org.dragonflow.it.Tenant;
import org.dragonflow.it.Tenant.Machine;
import org.dragonflow.it.Tenant.Network;

/**
 * Two chassis on a wire, with servers whose traffic takes each kind of way, and beside the cloud a plain learning switch on the same datapaths
 * on the same ports where
 * both ends are on one chassis: what nothing that inspects packets can beat.
 */
final class DataplaneWorld implements AutoCloseable {
    private static final String PLAIN = "br-plain";
    private static final IpPrefix PLAIN_BLOCK = IpPrefix.parse("192.168.0.0/24");
    private static final IpPrefix OUTSIDE_BLOCK = IpPrefix.parse("203.0.113.0/24");
    private static final String WIRE = "physnet1";

    private final Cloud cloud = Cloud.open("benchdata", Tenant.freePort());
    private final Tenant tenant = new Tenant(cloud);
    private final Chassis hv1 = cloud.lab().chassis("hv1");
    private final Chassis hv2 = cloud.lab().chassis("hv2");

    private DataplaneWorld() {}

    static DataplaneWorld open() {
        return new DataplaneWorld();
    }

    /** Makes it all, and gives the ways. */
    List<Way> ways() {
        hv1.wire(WIRE);
        hv2.wire(WIRE);
        var outsider = cloud.lab().outsider("world", WIRE);
        var provider = OUTSIDE_BLOCK.first().plus(1);
        outsider.address(outsider.untagged(), provider, OUTSIDE_BLOCK.length());
        // Whoever closes first keeps the connection for a minute (TIME_WAIT), and that is the server here. A source
        // port outside that is used again by then costs a second, which says nothing of the switches; so there are
        // many.
        cloud.startServer("--network.nat-ports=16384");
        cloud.startChassis(hv1.name(), hv2.name());
        var blue = tenant.network("blue", "10.1.0.0/24");
        var red = tenant.network("red", "10.2.0.0/24");
        var outside = outside();
        var router = tenant.router(blue, red);
        cloud.api().update("routers", "router", router, Map.of("external_gateway_info", Map.of("network_id", outside)));
        var open = openGroup();
        var alice = machine("alice", blue, hv1, open);
        var bob = machine("bob", blue, hv1, open);
        var carol = machine("carol", blue, hv2, open);
        var dave = machine("dave", red, hv1, open);
        var erin = machine("erin", red, hv2, open);
        var frank = machine("frank", blue, hv1, open);
        var floating = cloud.api()
                .create("floatingips", "floatingip", Map.of("floating_network_id", outside, "port_id", frank.port()));
        tenant.awaitActive(alice, bob, carol, dave, erin, frank);
        var across = across(plainServers());
        return List.of(
                here("same network, same host", alice, bob, PLAIN_BLOCK.first().plus(11)),
                here("routed, same host", alice, dave, PLAIN_BLOCK.first().plus(12)),
                between("same network, across hosts", alice, carol, List.of(hv1, hv2), across),
                between("routed, across hosts", alice, erin, List.of(hv1, hv2), across),
                new Way(
                        "SNAT",
                        alice.server().space(),
                        outsider.space(),
                        provider,
                        List.of(hv1),
                        Optional.empty(),
                        Optional.empty()),
                inwards(
                        outsider,
                        frank,
                        IpAddress.parse(floating.get("floating_ip_address").asString())));
    }

    /** A way between two servers of the first chassis, who have addresses for the plain switch as well. */
    private Way here(String name, Machine from, Machine to, IpAddress plain) {
        from.server().address(PLAIN_BLOCK.first().plus(10), PLAIN_BLOCK.length());
        to.server().address(plain, PLAIN_BLOCK.length());
        var limit = new Way(
                name + ", plain switch",
                from.server().space(),
                to.server().space(),
                plain,
                List.of(hv1),
                Optional.of(new LearningSwitch(hv1, PLAIN_BLOCK)),
                Optional.empty());
        return between(name, from, to, limit.chassis(), limit);
    }

    private Way across(List<Server> servers) {
        return new Way(
                "across hosts, plain switch",
                servers.getFirst().space(),
                servers.getLast().space(),
                PLAIN_BLOCK.first().plus(2),
                List.of(hv1, hv2),
                Optional.empty(),
                Optional.empty());
    }

    private static Way between(String name, Machine from, Machine to, List<Chassis> chassis, Way limit) {
        return new Way(
                name,
                from.server().space(),
                to.server().space(),
                to.address(),
                chassis,
                Optional.empty(),
                Optional.of(limit));
    }

    private Way inwards(Outsider from, Machine to, IpAddress floating) {
        return new Way(
                "floating IP",
                from.space(),
                to.server().space(),
                floating,
                List.of(hv1),
                Optional.empty(),
                Optional.empty());
    }

    private String outside() {
        var attributes = Tenant.outside(WIRE);
        return tenant.network("outside", OUTSIDE_BLOCK.toString(), attributes).id();
    }

    private String openGroup() {
        var group = tenant.group("open");
        for (var protocol : List.of("icmp", "tcp", "udp")) {
            tenant.allow(group, Map.of("protocol", protocol));
        }
        return group;
    }

    private Machine machine(String name, Network network, Chassis chassis, String group) {
        return tenant.machine(name, network, chassis.name(), Map.of("security_groups", List.of(group)));
    }

    /** A server on each chassis, on switches that learn, and a tunnel between these. */
    private List<Server> plainServers() {
        join(hv1, hv2);
        join(hv2, hv1);
        return List.of(plain("plain1", hv1, 1), plain("plain2", hv2, 2));
    }

    private static void join(Chassis chassis, Chassis other) {
        chassis.ovsVsctl(
                ("add-br %1$s -- set Bridge %1$s datapath_type=netdev fail_mode=standalone -- add-port %1$s plain-tunnel"
                                + " -- set Interface plain-tunnel type=geneve options:remote_ip=%2$s options:key=4094")
                        .formatted(PLAIN, other.tunnelAddress().ipv4())
                        .split(" ", -1));
    }

    private Server plain(String name, Chassis chassis, int number) {
        var server = cloud.lab().server(name);
        server.plug(chassis, PLAIN, name);
        server.address(PLAIN_BLOCK.first().plus(number), PLAIN_BLOCK.length());
        return server;
    }

    /** Where programs of the bench write what they say. */
    Path log() {
        return cloud.lab().directory("traffic").resolve("log");
    }

    @Override
    public void close() {
        cloud.close();
    }
}
