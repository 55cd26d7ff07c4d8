package org.dragonflow.agent;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.address.Mac;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.Status;
import org.dragonflow.model.Subnet;
import org.dragonflow.model.TunnelType;

/** Network blue, 10.0.0.0/24 with DHCP, across chassis hv1 (the tests' own) and hv2. */
final class Blue {
    static final Id<Chassis> HV1 = Id.of(Chassis.class, "hv1");
    static final Id<Chassis> HV2 = Id.of(Chassis.class, "hv2");

    private static final Instant THEN = Instant.EPOCH;
    private static final Id<Network> NETWORK = Id.of(Network.class, "blue");
    private static final Id<Subnet> SUBNET = Id.of(Subnet.class, "blue4");

    private Blue() {}

    /** The network, both chassis, and these ports. */
    static List<Entity> with(Port... ports) {
        var all = new ArrayList<Entity>(List.of(network(), subnet(), chassis(HV1, 1), chassis(HV2, 2)));
        all.addAll(List.of(ports));
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
        return new Port(
                id(number),
                "",
                "",
                "p1",
                NETWORK,
                true,
                Status.DOWN,
                mac(number),
                List.of(new Port.FixedIp(SUBNET, IpAddress.parse("10.0.0." + number))),
                "",
                "compute:nova",
                List.of(),
                List.of(),
                true,
                List.of(),
                Optional.of(at),
                "normal",
                Map.of(),
                number,
                THEN,
                THEN,
                0);
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
        return new Network(
                NETWORK,
                "blue",
                "",
                "p1",
                true,
                Status.ACTIVE,
                false,
                false,
                true,
                1442,
                "geneve",
                Optional.empty(),
                Optional.of(7),
                7,
                THEN,
                THEN,
                0);
    }

    private static Subnet subnet() {
        return new Subnet(
                SUBNET,
                "blue4",
                "",
                "p1",
                NETWORK,
                4,
                IpPrefix.parse("10.0.0.0/24"),
                Optional.of(IpAddress.parse("10.0.0.1")),
                List.of(),
                true,
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                THEN,
                THEN,
                0);
    }
}
