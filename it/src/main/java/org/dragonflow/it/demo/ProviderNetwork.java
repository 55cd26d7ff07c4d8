package org.dragonflow.it.demo;

import java.util.HashMap;
import java.util.Map;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.it.Rest;

/** The steps about a VLAN of the wire that servers of the cloud are on, with machines beside them of which the cloud knows nothing. */
final class ProviderNetwork {
    private static final int VLAN = 100;
    private static final IpPrefix BLOCK4 = IpPrefix.parse("192.0.2.0/24");
    private static final IpPrefix BLOCK6 = IpPrefix.parse("2001:db8:100::/64");
    private static final IpAddress PROVIDER4 = BLOCK4.first().plus(1);
    private static final IpAddress PROVIDER6 = BLOCK6.first().plus(1);
    private static final String SERVER = "erin";
    private static final String CHASSIS = "hv1";

    private final Outside outside;
    private final Program program;
    private final Rest api;
    private final Machines machines;
    private String network = "";

    ProviderNetwork(Outside outside, Program program, Rest api, Machines machines) {
        this.outside = outside;
        this.program = program;
        this.api = api;
        this.machines = machines;
    }

    /** Plays them, with a server in this security group. */
    void play(String group) {
        if (program.step("a provider's router on VLAN %d of the wire".formatted(VLAN), this::provider)
                && program.step("an operator makes a provider network of the VLAN", this::network)
                && program.step("%s is plugged in there, on %s".formatted(SERVER, CHASSIS), () -> plug(group))) {
            program.step("%s gets an address by DHCP".formatted(SERVER), () -> machines.lease(server()));
            program.step(
                    "%s forms an address from the provider's prefix".formatted(SERVER),
                    () -> machines.formed(server()));
            program.step(
                    "ping on the provider network: %s -> provider".formatted(SERVER),
                    () -> machines.ping(server(), PROVIDER4, PROVIDER6));
            program.step(
                    "ping on the provider network: provider -> %s".formatted(SERVER),
                    () -> reached(server().ipv4()) + ", " + reached(server().ipv6()));
        }
    }

    private String provider() {
        outside.address(VLAN, PROVIDER4, BLOCK4);
        outside.address(VLAN, PROVIDER6, BLOCK6);
        outside.advertise(VLAN, BLOCK6);
        return "%s, %s; nobody tells the cloud".formatted(PROVIDER4, PROVIDER6);
    }

    private String network() {
        network = Rest.id(api.create(
                "networks",
                "network",
                Map.of(
                        "name",
                        "provider",
                        "provider:network_type",
                        "vlan",
                        "provider:physical_network",
                        outside.physicalNetwork(),
                        "provider:segmentation_id",
                        VLAN)));
        subnet(BLOCK4, PROVIDER4, Map.of());
        // No mode of announcement: it is the provider's router that advertises.
        subnet(BLOCK6, PROVIDER6, Map.of("ipv6_address_mode", "slaac"));
        return "%s %s, VLAN %d of %s".formatted(BLOCK4, BLOCK6, VLAN, outside.physicalNetwork());
    }

    private void subnet(IpPrefix block, IpAddress gateway, Map<String, ?> more) {
        var subnet = new HashMap<String, Object>(more);
        subnet.put("network_id", network);
        subnet.put("ip_version", block.version());
        subnet.put("cidr", block.toString());
        subnet.put("gateway_ip", gateway.toString());
        api.create("subnets", "subnet", subnet);
    }

    private String plug(String group) {
        var server = machines.make(api, SERVER, network, CHASSIS, group);
        machines.plug(server);
        Machines.awaitActive(api, server);
        return "ACTIVE, beside whoever else is on the VLAN";
    }

    private Machine server() {
        return machines.get(SERVER);
    }

    private String reached(IpAddress address) {
        return Machines.allAnswered(address, outside.ping(address, Machines.PINGS));
    }
}
