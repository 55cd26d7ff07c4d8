package org.dragonflow.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.address.Mac;
import tools.jackson.databind.JsonNode;

/** A tenant of a cloud: asks through the public API alone, and has machines plugged in where its ports are bound. */
public final class Tenant {
    /** Long enough for what happens at once, on a busy machine. */
    public static final Duration SOON = Duration.ofSeconds(20);

    private static final Duration FAST = Duration.ofMillis(10);
    private static final Duration REACH = Duration.ofMillis(700);

    private static final int FIRST_PORT = 20_000;

    /** Linux, unless net.ipv4.ip_local_port_range says otherwise. */
    private static final int FIRST_EPHEMERAL_PORT = 32_768;

    private final Cloud cloud;

    public Tenant(Cloud cloud) {
        this.cloud = cloud;
    }

    /** A TCP port that nobody listens on now, and that the kernel gives to no connection by itself, so that it can be had again after a restart. */
    public static int freePort() {
        return ThreadLocalRandom.current()
                .ints(FIRST_PORT, FIRST_EPHEMERAL_PORT)
                .filter(Tenant::isFree)
                .findFirst()
                .orElseThrow();
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    /** A network and a subnet of it. */
    public record Network(String id, String subnet, IpPrefix block) {
        public IpAddress gateway() {
            return block.first().plus(1);
        }
    }

    /** A port, and the machine that is for it. */
    public record Machine(String port, Server server, IpAddress address) {
        public boolean pings(IpAddress target) {
            return server.ping(target, 3, FAST).allAnswered();
        }

        public boolean connects(IpAddress target, int tcp) {
            return server.tcp(target, tcp, REACH) == Reach.CONNECTED;
        }
    }

    public Network network(String name, String block) {
        return network(name, block, Map.of());
    }

    /** A network with further attributes, and a subnet. */
    public Network network(String name, String block, Map<String, ?> more) {
        var attributes = new HashMap<String, Object>(more);
        attributes.put("name", name);
        return subnet(Rest.id(cloud.api().create("networks", "network", attributes)), block, Map.of());
    }

    /** A network whose IPv6 hosts come by their addresses in this way. */
    public Network network(String name, String block, String mode) {
        return subnet(
                Rest.id(cloud.api()
                        .create("networks", "network", Map.of("name", name, "dns_domain", name + ".example."))),
                block,
                Map.of("ipv6_ra_mode", mode, "ipv6_address_mode", mode, "dns_nameservers", List.of("2001:db8::53")));
    }

    /** A further subnet of a network. */
    public Network subnet(String network, String block, Map<String, ?> more) {
        var prefix = IpPrefix.parse(block);
        var subnet = new HashMap<String, Object>(
                Map.of("network_id", network, "ip_version", prefix.version(), "cidr", block));
        subnet.putAll(more);
        return new Network(network, Rest.id(cloud.api().create("subnets", "subnet", subnet)), prefix);
    }

    /** The attributes of a network that leads outside, flat on a physical network. */
    public static Map<String, Object> outside(String physicalNetwork) {
        return Map.of(
                "router:external", true, "provider:network_type", "flat", "provider:physical_network", physicalNetwork);
    }

    public String router(Network... networks) {
        var router = Rest.id(cloud.api().create("routers", "router", Map.of()));
        for (var network : networks) {
            cloud.api()
                    .put(
                            "/v2.0/routers/%s/add_router_interface".formatted(router),
                            Map.of("subnet_id", network.subnet));
        }
        return router;
    }

    public String group(String name) {
        return Rest.id(cloud.api().create("security-groups", "security_group", Map.of("name", name)));
    }

    /** A group that lets everything in, in both families. */
    public String openGroup() {
        var open = group("open");
        for (var ethertype : List.of("IPv4", "IPv6")) {
            allow(open, Map.of("ethertype", ethertype));
        }
        return open;
    }

    /** Lets IPv4 in; gives the rule's id. */
    public String allow(String group, Map<String, ?> more) {
        var rule = new HashMap<String, Object>(Map.of("direction", "ingress", "ethertype", "IPv4"));
        rule.put("security_group_id", group);
        rule.putAll(more);
        return Rest.id(cloud.api().create("security-group-rules", "security_group_rule", rule));
    }

    public void disallow(String rule) {
        cloud.api().delete("security-group-rules", rule);
    }

    public JsonNode port(Network network, String chassis, Map<String, ?> more) {
        var port = new HashMap<String, Object>(Map.of("network_id", network.id, "binding:host_id", chassis));
        port.putAll(more);
        return cloud.api().create("ports", "port", port);
    }

    /** A machine with a port of its own, plugged in; its card is configured, but for what DHCP would say beyond the address. */
    public Machine machine(String name, Network network, String chassis, Map<String, ?> more) {
        return plug(name, network, chassis, port(network, chassis, more));
    }

    /** Plugs a machine into the chassis, for a port that there is. */
    public Machine plug(String name, Network network, String chassis, JsonNode port) {
        var machine = unaddressed(name, chassis, port);
        machine.server.address(machine.address, network.block.length());
        machine.server.route(IpPrefix.parse("0.0.0.0/0"), network.gateway());
        return machine;
    }

    /** The same, without an address on its card. */
    public Machine unaddressed(String name, String chassis, JsonNode port) {
        var server = cloud.lab()
                .server(name)
                .withMac(Mac.parse(port.get("mac_address").asString()));
        server.plug(cloud.lab().chassis(chassis), Rest.id(port));
        var address = port.get("fixed_ips").get(0).get("ip_address").asString();
        return new Machine(Rest.id(port), server, IpAddress.parse(address));
    }

    public void update(Machine machine, Map<String, ?> attributes) {
        cloud.api().update("ports", "port", machine.port, attributes);
    }

    public String status(String port) {
        return cloud.api().show("ports", "port", port).get("status").asString();
    }

    public void awaitActive(Machine... machines) {
        for (var machine : List.of(machines)) {
            Wait.until(
                    "port of %s to be ACTIVE".formatted(machine.server.name()),
                    SOON,
                    () -> status(machine.port).equals("ACTIVE"));
        }
    }

    /** The first packets between two chassis wait for ARP between the tunnel's ends. */
    public static void awaitPing(Machine from, IpAddress to) {
        Wait.until("ping from %s to %s".formatted(from.server.name(), to), SOON, () -> from.pings(to));
    }
}
