package org.dragonflow.it.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.dragonflow.address.IpAddress;
import org.dragonflow.it.Rest;
import org.dragonflow.it.Wait;
import tools.jackson.databind.JsonNode;

/** What the demo shows, whatever stage it is on: a tenant's two networks, and what passes between their servers. */
final class Play {
    private static final IpAddress BLUE_GATEWAY4 = IpAddress.parse("10.1.0.1");
    private static final IpAddress BLUE_GATEWAY6 = IpAddress.parse("2001:db8:1::1");
    private static final int WEB = 80;
    private static final int CLOSED = 8080;
    private static final int VLAN = 101;
    private static final Duration SOON = Duration.ofSeconds(20);

    private final Stage stage;
    private final Program program;
    private final Machines machines;
    private final Map<String, String> ids = new LinkedHashMap<>();

    Play(Stage stage, Program program) {
        this.stage = stage;
        this.program = program;
        this.machines = new Machines(stage);
    }

    void run() {
        program.chapter("The system");
        var endpoint = new ArrayList<Rest>();
        boolean isUp = program.step("server", () -> {
                    var uri = stage.startServer();
                    endpoint.add(new Rest(uri));
                    return "API at " + uri;
                })
                && program.step("chassis hv1: switch, agent, certificate", () -> stage.startChassis("hv1"))
                && program.step("chassis hv2: switch, agent, certificate", () -> stage.startChassis("hv2"));
        if (!isUp) {
            return;
        }
        var api = endpoint.getFirst();
        program.chapter("What the tenant asks for, through the REST API");
        if (program.step("two networks with IPv4 and IPv6 subnets", () -> networks(api))
                && program.step("a router between them", () -> router(api))
                && program.step("security groups: web, and the default one", () -> groups(api))
                && program.step("four servers' ports on two hypervisors", () -> ports(api))
                && program.step("servers plugged in, ports active", () -> plug(api))) {
            program.chapter("What the servers see");
            connectivity();
            stage.outside().ifPresent(outside -> {
                program.chapter("The way outside");
                new ProviderNetwork(outside, program, api, machines).play(id("web"));
                new WayOutside(outside, program, api, machines).play(id("router"));
            });
            program.chapter("What changes while everything runs");
            changes(api);
        }
    }

    private String networks(Rest api) {
        network(api, "blue", "10.1.0.0/24", "2001:db8:1::/64");
        network(api, "red", "10.2.0.0/24", "2001:db8:2::/64");
        return "blue 10.1.0.0/24 2001:db8:1::/64, red 10.2.0.0/24 2001:db8:2::/64";
    }

    private void network(Rest api, String name, String cidr4, String cidr6) {
        var network = Rest.id(api.create("networks", "network", Map.of("name", name)));
        ids.put(name, network);
        ids.put(
                name + "4",
                Rest.id(api.create(
                        "subnets",
                        "subnet",
                        Map.of(
                                "network_id",
                                network,
                                "ip_version",
                                4,
                                "cidr",
                                cidr4,
                                "dns_nameservers",
                                List.of("9.9.9.9")))));
        ids.put(
                name + "6",
                Rest.id(api.create(
                        "subnets",
                        "subnet",
                        Map.of(
                                "network_id",
                                network,
                                "ip_version",
                                6,
                                "cidr",
                                cidr6,
                                "ipv6_ra_mode",
                                "slaac",
                                "ipv6_address_mode",
                                "slaac"))));
    }

    private String router(Rest api) {
        var router = Rest.id(api.create("routers", "router", Map.of("name", "gateway")));
        ids.put("router", router);
        for (var subnet : List.of("blue4", "blue6", "red4", "red6")) {
            api.put("/v2.0/routers/%s/add_router_interface".formatted(router), Map.of("subnet_id", id(subnet)));
        }
        return "gateway joins blue and red, distributed to every hypervisor";
    }

    private String groups(Rest api) {
        var web = Rest.id(api.create("security-groups", "security_group", Map.of("name", "web")));
        ids.put("web", web);
        for (var ethertype : List.of("IPv4", "IPv6")) {
            rule(
                    api,
                    web,
                    Map.of("ethertype", ethertype, "protocol", "tcp", "port_range_min", WEB, "port_range_max", WEB));
            rule(api, web, Map.of("ethertype", ethertype, "protocol", ethertype.equals("IPv4") ? "icmp" : "ipv6-icmp"));
        }
        return "web lets in ping and TCP port %d".formatted(WEB);
    }

    private static JsonNode rule(Rest api, String group, Map<String, ?> more) {
        var rule = new LinkedHashMap<String, Object>(more);
        rule.put("security_group_id", group);
        rule.put("direction", "ingress");
        return api.create("security-group-rules", "security_group_rule", rule);
    }

    private String ports(Rest api) {
        port(api, "alice", "blue", "hv1");
        port(api, "bob", "blue", "hv1");
        port(api, "carol", "blue", "hv2");
        port(api, "dave", "red", "hv2");
        return "alice and bob on hv1, carol and dave on hv2; dave on red, the others on blue";
    }

    private Machine port(Rest api, String name, String network, String chassis) {
        return machines.make(api, name, id(network), chassis, id("web"));
    }

    /** Alice's card, which is on blue and in use, carries a port on red from now on. */
    private String trunk(Rest api) {
        var container = port(api, "nested", "red", "hv1");
        var subPort = Map.of("port_id", container.port(), "segmentation_type", "vlan", "segmentation_id", VLAN);
        api.create("trunks", "trunk", Map.of("port_id", machine("alice").port(), "sub_ports", List.of(subPort)));
        stage.plugBehind(container, machine("alice"), VLAN);
        Machines.awaitActive(api, container);
        return "%s; %s"
                .formatted(
                        machines.lease(container),
                        machines.ping(container, machine("dave").ipv4()));
    }

    private String plug(Rest api) {
        machines.all().forEach(machines::plug);
        machines.all().forEach(machine -> Machines.awaitActive(api, machine));
        return "each ACTIVE only when its switch has confirmed its flows";
    }

    private void connectivity() {
        for (var machine : machines.all()) {
            program.step("%s gets an address by DHCP".formatted(machine.name()), () -> machines.lease(machine));
        }
        for (var machine : machines.all()) {
            program.step(
                    "%s forms an address from its router's prefix".formatted(machine.name()),
                    () -> machines.formed(machine));
        }
        pings("same network, same host", "alice", "bob");
        pings("same network, across hosts", "alice", "carol");
        pings("routed, across hosts", "alice", "dave");
        pings("routed, same host", "carol", "dave");
        program.step("ping the router itself", () -> machines.ping(machine("alice"), BLUE_GATEWAY4, BLUE_GATEWAY6));
        connections("same network, same host", "alice", "bob");
        connections("same network, across hosts", "alice", "carol");
        connections("routed, across hosts", "alice", "dave");
        connections("routed, same host", "carol", "dave");
        program.step("each server asks 169.254.169.254 who it is", () -> {
            for (var machine : machines.all()) {
                var told = stage.metadata(machine);
                Program.require(told.startsWith(machine.name()), "%s is told %s".formatted(machine.name(), told));
            }
            return "each is told its own name";
        });
        program.step("alice asks there for the address of dave", () -> {
            var found = stage.resolve(machine("alice"), "dave.openstacklocal");
            Program.require(found.equals(machine("dave").ipv4().toString()), "the answer is '%s'".formatted(found));
            return "dave.openstacklocal is " + found;
        });
        program.step(
                "TCP %d refused: no rule allows it".formatted(CLOSED),
                () -> refused(machine("alice"), machine("dave"), CLOSED));
    }

    private void pings(String where, String from, String to) {
        program.step(
                "ping %s: %s -> %s".formatted(where, from, to),
                () -> machines.ping(
                        machine(from), machine(to).ipv4(), machine(to).ipv6()));
    }

    private void connections(String where, String from, String to) {
        program.step("TCP %d %s: %s -> %s".formatted(WEB, where, from, to), () -> {
            for (var address : List.of(machine(to).ipv4(), machine(to).ipv6())) {
                Program.require(
                        stage.connects(machine(from), machine(to), address, WEB), "no connection to " + address);
            }
            return "connected over IPv4 and IPv6";
        });
    }

    private String refused(Machine from, Machine to, int port) {
        for (var address : List.of(to.ipv4(), to.ipv6())) {
            Program.require(
                    !stage.connects(from, to, address, port), "%s was let through to port %d".formatted(address, port));
        }
        return "stopped over IPv4 and IPv6";
    }

    private void changes(Rest api) {
        var opened = new ArrayList<String>();
        program.step("a new rule opens TCP %d".formatted(CLOSED), () -> {
            for (var ethertype : List.of("IPv4", "IPv6")) {
                opened.add(Rest.id(rule(
                        api,
                        id("web"),
                        Map.of(
                                "ethertype",
                                ethertype,
                                "protocol",
                                "tcp",
                                "port_range_min",
                                CLOSED,
                                "port_range_max",
                                CLOSED))));
            }
            Wait.until(
                    "the rule to be at work",
                    SOON,
                    () -> stage.connects(
                            machine("alice"), machine("dave"), machine("dave").ipv4(), CLOSED));
            return "while everything runs";
        });
        program.step("its removal closes it again", () -> {
            opened.forEach(rule -> api.delete("security-group-rules", rule));
            Wait.until(
                    "the rule to be gone",
                    SOON,
                    () -> !stage.connects(
                            machine("alice"), machine("dave"), machine("dave").ipv4(), CLOSED));
            return refused(machine("alice"), machine("dave"), CLOSED);
        });
        program.step("a container in alice joins red by VLAN %d".formatted(VLAN), () -> trunk(api));
        program.step("the agent of hv1 is killed and restarted", () -> {
            var outage =
                    stage.restartAgent("hv1", machine("alice"), machine("carol").ipv4());
            Program.require(outage.lost() == 0, "%d of %d packets lost".formatted(outage.lost(), outage.sent()));
            return "0 of %d packets lost; %s".formatted(outage.sent(), outage.more());
        });
    }

    private Machine machine(String name) {
        return machines.get(name);
    }

    private String id(String name) {
        return Objects.requireNonNull(ids.get(name), name);
    }
}
