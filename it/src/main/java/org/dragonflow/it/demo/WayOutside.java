package org.dragonflow.it.demo;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.it.Rest;
import org.dragonflow.it.Wait;

/** The steps about the provider's router, behind which is the rest of the world: who is seen there as whom, and is reached from there. */
final class WayOutside {
    private static final IpPrefix WIRE = IpPrefix.parse("203.0.113.0/24");
    private static final IpAddress PROVIDER = IpAddress.parse("203.0.113.1");
    private static final IpAddress FAR = IpAddress.parse("198.51.100.9");
    private static final Duration SOON = Duration.ofSeconds(20);

    private final Outside outside;
    private final Program program;
    private final Rest api;
    private final Machines machines;
    private String network = "";

    WayOutside(Outside outside, Program program, Rest api, Machines machines) {
        this.outside = outside;
        this.program = program;
        this.api = api;
        this.machines = machines;
    }

    /** Plays it; the servers are behind this router. */
    void play(String router) {
        program.step("a provider's router on the wire of both hypervisors", () -> {
            outside.start(PROVIDER, WIRE, FAR);
            return "%s, and %s behind it; nobody tells the cloud".formatted(PROVIDER, FAR);
        });
        if (!program.step("the wire is an external network, a gateway is set", () -> gateway(router))) {
            return;
        }
        program.step("SNAT by the router's address: alice, carol", () -> shared(router));
        program.step("bob gets a floating IP", () -> floating("bob"));
        program.step("SNAT by the hypervisors' own addresses", () -> own(router));
    }

    private String gateway(String router) {
        network = Rest.id(api.create(
                "networks",
                "network",
                Map.of(
                        "name",
                        "outside",
                        "router:external",
                        true,
                        "provider:network_type",
                        "flat",
                        "provider:physical_network",
                        outside.physicalNetwork())));
        api.create(
                "subnets",
                "subnet",
                Map.of(
                        "network_id",
                        network,
                        "ip_version",
                        4,
                        "cidr",
                        WIRE.toString(),
                        "gateway_ip",
                        PROVIDER.toString()));
        api.update("routers", "router", router, Map.of("external_gateway_info", Map.of("network_id", network)));
        return "%s, flat on %s".formatted(WIRE, outside.physicalNetwork());
    }

    private String address(String router) {
        return api.show("routers", "router", router)
                .at("/external_gateway_info/external_fixed_ips/0/ip_address")
                .asString();
    }

    /** Both hypervisors send by one address, each with source ports of its own. */
    private String shared(String router) {
        var address = address(router);
        for (var name : List.of("alice", "carol")) {
            awaitSeen(name, address);
        }
        return "both seen as " + address;
    }

    private String floating(String name) {
        var machine = machines.get(name);
        var made = api.create(
                "floatingips", "floatingip", Map.of("floating_network_id", network, "port_id", machine.port()));
        var address = made.get("floating_ip_address").asString();
        awaitSeen(name, address);
        var answering = IpAddress.parse(address);
        Machines.allAnswered(answering, outside.ping(answering, Machines.PINGS));
        return "seen as %s, and answers there".formatted(address);
    }

    private String own(String router) {
        api.update("networks", "network", network, Map.of("dragonflow:snat", "chassis"));
        var shared = address(router);
        var alice = awaitSeenOtherwise("alice", shared);
        var carol = awaitSeenOtherwise("carol", shared);
        Program.require(!alice.equals(carol), "both are seen as " + alice);
        return "alice seen as %s, carol as %s".formatted(alice, carol);
    }

    private void awaitSeen(String name, String address) {
        Wait.until(
                "%s to be seen as %s".formatted(name, address),
                SOON,
                () -> outside.seenAs(machines.get(name), FAR)
                        .filter(address::equals)
                        .isPresent());
    }

    private String awaitSeenOtherwise(String name, String before) {
        return Wait.forAnswer(
                "%s to be seen as another than %s".formatted(name, before),
                SOON,
                () -> outside.seenAs(machines.get(name), FAR).filter(seen -> !seen.equals(before)));
    }
}
