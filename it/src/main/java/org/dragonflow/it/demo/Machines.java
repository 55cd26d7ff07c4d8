package org.dragonflow.it.demo;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.Mac;
import org.dragonflow.it.Rest;
import org.dragonflow.it.Wait;

/** The demo's servers by name: their ports, which addresses they get, and whom they reach. */
final class Machines {
    static final int PINGS = 3;
    private static final Duration SOON = Duration.ofSeconds(20);

    private final Stage stage;
    private final Map<String, Machine> machines = new LinkedHashMap<>();

    Machines(Stage stage) {
        this.stage = stage;
    }

    Machine get(String name) {
        return Objects.requireNonNull(machines.get(name), name);
    }

    List<Machine> all() {
        return List.copyOf(machines.values());
    }

    /** Makes the port of a machine, on a network with an IPv4 and an IPv6 subnet. */
    Machine make(Rest api, String name, String network, String chassis, String group) {
        var port = api.create(
                "ports",
                "port",
                Map.of(
                        "name",
                        name,
                        "network_id",
                        network,
                        "security_groups",
                        List.of(group),
                        "device_owner",
                        "compute:demo",
                        "dns_name",
                        name,
                        "binding:host_id",
                        chassis));
        var addresses = port.get("fixed_ips")
                .valueStream()
                .map(ip -> IpAddress.parse(ip.get("ip_address").asString()))
                .toList();
        var made = new Machine(
                name,
                chassis,
                Rest.id(port),
                Mac.parse(port.get("mac_address").asString()),
                first(addresses, 4),
                first(addresses, 6),
                api.show("networks", "network", network).get("mtu").asInt());
        machines.put(name, made);
        return made;
    }

    private static IpAddress first(List<IpAddress> addresses, int version) {
        return addresses.stream()
                .filter(address -> address.version() == version)
                .findFirst()
                .orElseThrow();
    }

    void plug(Machine machine) {
        stage.plug(machine);
    }

    static void awaitActive(Rest api, Machine machine) {
        Wait.until(
                "port of %s to be ACTIVE".formatted(machine.name()),
                SOON,
                () -> api.show("ports", "port", machine.port())
                        .get("status")
                        .asString()
                        .equals("ACTIVE"));
    }

    /** Takes its IPv4 address by DHCP, which must be that of its port. */
    String lease(Machine machine) {
        var leased = stage.lease(machine);
        Program.require(
                leased.address().equals(machine.ipv4()),
                "the lease is %s, not %s".formatted(leased.address(), machine.ipv4()));
        return "%s, %s".formatted(leased.address(), leased.more());
    }

    /** Forms its IPv6 address from what a router advertises, which must be that of its port. */
    String formed(Machine machine) {
        var formed = stage.formAddress(machine);
        Program.require(
                formed.address().equals(machine.ipv6()),
                "the address is %s, not %s".formatted(formed.address(), machine.ipv6()));
        return "%s, %s".formatted(formed.address(), formed.more());
    }

    String ping(Machine from, IpAddress ipv4, IpAddress ipv6) {
        return ping(from, ipv4) + ", " + ping(from, ipv6);
    }

    String ping(Machine from, IpAddress to) {
        return allAnswered(to, stage.ping(from, to, PINGS));
    }

    /** What there is to say of pings all of which must be answered. */
    static String allAnswered(IpAddress to, int answered) {
        var said = "%s answered %d of %d".formatted(to, answered, PINGS);
        Program.require(answered == PINGS, said);
        return said;
    }
}
