package org.dragonflow.it.bench;

import static java.util.Map.entry;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.address.Mac;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Interface;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.Router;
import org.dragonflow.model.RouterInterface;
import org.dragonflow.model.Schema;
import org.dragonflow.model.SecurityGroup;
import org.dragonflow.model.SecurityGroupRule;
import org.dragonflow.model.SecurityGroupRule.Direction;
import org.dragonflow.model.SecurityGroupRule.Ethertype;
import org.dragonflow.model.Status;
import org.dragonflow.model.Subnet;
import org.dragonflow.model.TunnelType;

/**
 * A cloud of one project: networks of 200 ports, ten to a router, and one security group that lets its members talk to each other.
 *
 * @param ports how many there are, in all
 * @param everyLocal every so-manieth port is bound to {@link #HERE}; the others to {@link #THERE}
 * @param here where tunnels to this chassis end
 * @param there where tunnels to the others end
 */
record World(int ports, int everyLocal, IpAddress here, IpAddress there) {
    static final Id<Chassis> HERE = Id.of(Chassis.class, "hv1");
    static final Id<Chassis> THERE = Id.of(Chassis.class, "hv2");
    static final int PORTS_A_NETWORK = 200;
    static final int FIRST_HOST = 10;
    static final int LENGTH = 24;

    private static final int NETWORKS_A_ROUTER = 10;
    private static final int INTERFACE_KEYS = 1_000_000;
    private static final int TUNNEL_OFPORT = 60_000;
    private static final long MACS = 0xfa16_3e00_0000L;
    private static final long ROUTER_MACS = 0x0200_0000_0000L;
    private static final Instant THEN = Instant.EPOCH;
    private static final String PROJECT = "6f0f3f4e6d0b4b0f9b9a6b1c2d3e4f50";

    static World of(int ports, int everyLocal) {
        return new World(ports, everyLocal, IpAddress.parse("192.0.2.1"), IpAddress.parse("192.0.2.2"));
    }

    /** Names as long as real ones, and the same at every run. */
    static <E extends Entity> Id<E> id(Class<E> type, int number) {
        return Id.of(type, new UUID(type.getName().hashCode(), number).toString());
    }

    int networks() {
        return (ports + PORTS_A_NETWORK - 1) / PORTS_A_NETWORK;
    }

    boolean isLocal(int port) {
        return port % everyLocal == 0;
    }

    /** The numbers of the ports that are bound here. */
    IntStream local() {
        return IntStream.range(0, ports).filter(this::isLocal);
    }

    /** Everything that the northbound has. */
    List<Entity> northbound() {
        var all = new ArrayList<Entity>();
        all.add(chassis(HERE, here));
        all.add(chassis(THERE, there));
        all.add(group(0));
        all.add(group(1));
        for (var ethertype : Ethertype.values()) {
            all.add(rule(2 * ethertype.ordinal(), Direction.EGRESS, ethertype, Optional.empty()));
            all.add(rule(2 * ethertype.ordinal() + 1, Direction.INGRESS, ethertype, Optional.of(groupId(0))));
        }
        for (int network = 0; network < networks(); network++) {
            all.addAll(network(network));
        }
        for (int port = 0; port < ports; port++) {
            all.add(port(port));
        }
        return all;
    }

    /** What is seen on a chassis where every port bound to it is plugged in. */
    Stream<Interface> seenOn(Id<Chassis> chassis) {
        var plugged = IntStream.range(0, ports)
                .filter(port -> chassis.equals(isLocal(port) ? HERE : THERE))
                .mapToObj(port -> new Interface(
                        id(Interface.class, port), 1 + port, Optional.of(portId(port)), Optional.empty()));
        var tunnel = new Interface(
                Id.of(Interface.class, "df-geneve"), TUNNEL_OFPORT, Optional.empty(), Optional.of(TunnelType.GENEVE));
        return Stream.concat(plugged, Stream.of(tunnel));
    }

    static int tunnelOfport() {
        return TUNNEL_OFPORT;
    }

    private static Chassis chassis(Id<Chassis> id, IpAddress address) {
        return new Chassis(id, address, List.of(TunnelType.GENEVE), id.value(), THEN);
    }

    static Id<SecurityGroup> groupId(int number) {
        return id(SecurityGroup.class, number);
    }

    private static SecurityGroup group(int number) {
        return made(
                SecurityGroup.class,
                entry("id", groupId(number)),
                entry("project_id", PROJECT),
                entry("key", 1 + number));
    }

    private static SecurityGroupRule rule(
            int number, Direction direction, Ethertype ethertype, Optional<Id<SecurityGroup>> remote) {
        return made(
                SecurityGroupRule.class,
                entry("id", id(SecurityGroupRule.class, number)),
                entry("project_id", PROJECT),
                entry("security_group_id", groupId(0)),
                entry("direction", direction),
                entry("ethertype", ethertype),
                entry("remote_group_id", remote));
    }

    private static IpPrefix block(int network) {
        return IpPrefix.parse("10.%d.%d.0/%d".formatted(network / 256, network % 256, LENGTH));
    }

    private static IpAddress gateway(int network) {
        return block(network).first().plus(1);
    }

    private static List<Entity> network(int number) {
        var network = id(Network.class, number);
        var router = id(Router.class, number / NETWORKS_A_ROUTER);
        var made = new ArrayList<Entity>();
        made.add(made(
                Network.class,
                entry("id", network),
                entry("project_id", PROJECT),
                entry("status", Status.ACTIVE),
                entry("mtu", 1442),
                entry("key", 1 + number)));
        made.add(subnet(number));
        if (number % NETWORKS_A_ROUTER == 0) {
            made.add(made(
                    Router.class,
                    entry("id", router),
                    entry("distributed", false),
                    entry("ha", false),
                    entry("project_id", PROJECT),
                    entry("status", Status.ACTIVE),
                    entry("key", 1 + number / NETWORKS_A_ROUTER)));
        }
        var leg = id(Port.class, INTERFACE_KEYS + number);
        made.add(new RouterInterface(Id.of(RouterInterface.class, leg.value()), router, network, leg));
        made.add(routerPort(number));
        return made;
    }

    private static Subnet subnet(int number) {
        return made(
                Subnet.class,
                entry("id", id(Subnet.class, number)),
                entry("project_id", PROJECT),
                entry("network_id", id(Network.class, number)),
                entry("ip_version", 4),
                entry("cidr", block(number)),
                entry("gateway_ip", Optional.of(gateway(number))));
    }

    /** A port as it was made. */
    Port port(int number) {
        return port(number, mac(number), addressOf(number), List.of(groupId(0)));
    }

    /** The port with another address on the same subnet; every variant from 0 to 44 differs. */
    Port readdressed(int number, int variant) {
        var base = block(number / PORTS_A_NETWORK).first();
        var address = base.plus(FIRST_HOST + PORTS_A_NETWORK + variant);
        return port(number, mac(number), address, List.of(groupId(0)));
    }

    /** The port with another card. */
    Port recarded(int number, int variant) {
        var mac = new Mac(MACS + number + ((1L + variant) << 20));
        return port(number, mac, addressOf(number), List.of(groupId(0)));
    }

    /** The port in no group that has rules. */
    Port regrouped(int number) {
        return port(number, mac(number), addressOf(number), List.of(groupId(1)));
    }

    static Mac mac(int port) {
        return new Mac(MACS + port);
    }

    static IpAddress addressOf(int port) {
        return block(port / PORTS_A_NETWORK).first().plus(FIRST_HOST + port % PORTS_A_NETWORK);
    }

    static Mac routerMac(int network) {
        return new Mac(ROUTER_MACS + network);
    }

    static Id<Port> portId(int number) {
        return id(Port.class, number);
    }

    private Port port(int number, Mac mac, IpAddress address, List<Id<SecurityGroup>> groups) {
        return make(
                number,
                number / PORTS_A_NETWORK,
                mac,
                address,
                groups,
                Optional.of(isLocal(number) ? HERE : THERE),
                "compute:nova");
    }

    private static Port routerPort(int network) {
        return make(
                INTERFACE_KEYS + network,
                network,
                routerMac(network),
                gateway(network),
                List.of(),
                Optional.empty(),
                Port.ROUTER_INTERFACE);
    }

    private static Port make(
            int number,
            int network,
            Mac mac,
            IpAddress address,
            List<Id<SecurityGroup>> groups,
            Optional<Id<Chassis>> host,
            String owner) {
        return made(
                Port.class,
                entry("id", portId(number)),
                entry("project_id", PROJECT),
                entry("network_id", id(Network.class, network)),
                entry("status", Status.ACTIVE),
                entry("mac_address", mac),
                entry("fixed_ips", List.of(new Port.FixedIp(id(Subnet.class, network), address))),
                entry("device_owner", owner),
                entry("security_groups", groups),
                entry("port_security_enabled", !owner.equals(Port.ROUTER_INTERFACE)),
                entry("binding:host_id", host),
                entry("key", 1 + number));
    }

    /** What is not said takes what a client would get who does not say it. */
    @SafeVarargs
    @SuppressWarnings("varargs") // They are only read.
    private static <E extends Entity> E made(Class<E> type, Entry<String, Object>... said) {
        var values = new HashMap<String, Object>(Map.of("created_at", THEN, "updated_at", THEN, "revision_number", 0L));
        for (var entry : said) {
            values.put(entry.getKey(), entry.getValue());
        }
        return Schema.of(type).make(values);
    }
}
