package org.dragonflow.agent;

import static java.util.Map.entry;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.address.Mac;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.Schema;
import org.dragonflow.model.Status;
import org.dragonflow.model.Subnet;
import org.dragonflow.model.Trunk;
import org.dragonflow.model.TunnelType;

/** Network blue, 10.0.0.0/24 with DHCP, across chassis hv1 (the tests' own) and hv2. */
final class Blue {
    static final Id<Chassis> HV1 = Id.of(Chassis.class, "hv1");
    static final Id<Chassis> HV2 = Id.of(Chassis.class, "hv2");

    private static final Instant THEN = Instant.EPOCH;
    private static final Id<Network> NETWORK = Id.of(Network.class, "blue");
    private static final Id<Subnet> SUBNET = Id.of(Subnet.class, "blue4");

    private Blue() {}

    /** The network, both chassis, and these ports and what else there is. */
    static List<Entity> with(Entity... more) {
        var all = new ArrayList<Entity>(List.of(network(), subnet(), chassis(HV1, 1), chassis(HV2, 2)));
        all.addAll(List.of(more));
        return all;
    }

    static Id<Port> id(int number) {
        return Id.of(Port.class, "port-" + number);
    }

    static Mac mac(int number) {
        return new Mac(0x0200_0000_0000L + number);
    }

    /** Port {@code port-N} with address 10.0.0.N and key N. */
    static Port port(int number, Id<Chassis> at) {
        return made(
                Port.class,
                entry("id", id(number)),
                entry("project_id", "p1"),
                entry("network_id", NETWORK),
                entry("status", Status.DOWN),
                entry("mac_address", mac(number)),
                entry("fixed_ips", List.of(new Port.FixedIp(SUBNET, IpAddress.parse("10.0.0." + number)))),
                entry("device_owner", "compute:nova"),
                entry("port_security_enabled", true),
                entry("binding:host_id", Optional.of(at)),
                entry("key", number));
    }

    /** A port that may yet be at the chassis. */
    static Port awaited(Port port, Id<Chassis> chassis) {
        return Schema.of(port)
                .with(port, Map.of("inactive_bindings", List.of(new Port.Binding(chassis, "normal", Map.of()))));
    }

    /** A trunk by which a port carries others, each with its number for a tag. */
    static Trunk trunk(int parent, int... subPorts) {
        return made(
                Trunk.class,
                entry("id", Id.of(Trunk.class, "trunk-" + parent)),
                entry("project_id", "p1"),
                entry("port_id", id(parent)),
                entry(
                        "sub_ports",
                        Arrays.stream(subPorts)
                                .mapToObj(number -> new Trunk.SubPort(id(number), "vlan", number))
                                .toList()));
    }

    private static Chassis chassis(Id<Chassis> id, int number) {
        return new Chassis(
                id,
                IpAddress.parse("192.0.2." + number),
                List.of(TunnelType.GENEVE, TunnelType.VXLAN),
                "system-" + id,
                THEN);
    }

    private static Network network() {
        return made(
                Network.class,
                entry("id", NETWORK),
                entry("name", "blue"),
                entry("project_id", "p1"),
                entry("status", Status.ACTIVE),
                entry("mtu", 1442),
                entry("provider:segmentation_id", Optional.of(7)),
                entry("key", 7));
    }

    private static Subnet subnet() {
        return made(
                Subnet.class,
                entry("id", SUBNET),
                entry("name", "blue4"),
                entry("project_id", "p1"),
                entry("network_id", NETWORK),
                entry("ip_version", 4),
                entry("cidr", IpPrefix.parse("10.0.0.0/24")),
                entry("gateway_ip", Optional.of(IpAddress.parse("10.0.0.1"))));
    }

    /** What is not said takes what a client would get who does not say it. */
    @SafeVarargs
    @SuppressWarnings("varargs") // They are only read.
    static <E extends Entity> E made(Class<E> type, Entry<String, Object>... said) {
        var values = new HashMap<String, Object>(Map.of("created_at", THEN, "updated_at", THEN, "revision_number", 0L));
        for (var entry : said) {
            values.put(entry.getKey(), entry.getValue());
        }
        return Schema.of(type).make(values);
    }
}
