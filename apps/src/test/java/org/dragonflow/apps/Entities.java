package org.dragonflow.apps;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.address.Mac;
import org.dragonflow.model.AddressGroup;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Interface;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.Router;
import org.dragonflow.model.RouterInterface;
import org.dragonflow.model.SecurityGroup;
import org.dragonflow.model.SecurityGroupRule;
import org.dragonflow.model.SecurityGroupRule.Direction;
import org.dragonflow.model.SecurityGroupRule.Ethertype;
import org.dragonflow.model.Status;
import org.dragonflow.model.Subnet;
import org.dragonflow.model.TunnelType;

/** Entities with everything that a test does not speak of filled in. Names serve as ids. */
public final class Entities {
    private static final Instant THEN = Instant.EPOCH;
    private static final String PROJECT = "p1";

    private Entities() {}

    public static <E extends Entity> Id<E> id(Class<E> type, String name) {
        return Id.of(type, name);
    }

    public static Network network(String name, int key) {
        return network(name, key, 1438);
    }

    public static Network network(String name, int key, int mtu) {
        return new Network(
                id(Network.class, name),
                name,
                "",
                PROJECT,
                true,
                Status.ACTIVE,
                false,
                false,
                true,
                mtu,
                "geneve",
                Optional.empty(),
                Optional.of(key),
                key,
                THEN,
                THEN,
                0);
    }

    public static Subnet subnet(
            String name,
            String network,
            String cidr,
            Optional<IpAddress> gateway,
            boolean dhcp,
            List<IpAddress> dns,
            List<Subnet.HostRoute> routes) {
        var block = IpPrefix.parse(cidr);
        return new Subnet(
                id(Subnet.class, name),
                name,
                "",
                PROJECT,
                id(Network.class, network),
                block.version(),
                block,
                gateway,
                List.of(),
                dhcp,
                dns,
                routes,
                Optional.empty(),
                Optional.empty(),
                THEN,
                THEN,
                0);
    }

    public static Router router(String name, int key, Router.Route... routes) {
        return new Router(
                id(Router.class, name), name, "", PROJECT, true, Status.ACTIVE, List.of(routes), key, THEN, THEN, 0);
    }

    public static RouterInterface routerInterface(String port, String router, String network) {
        return new RouterInterface(
                id(RouterInterface.class, port),
                id(Router.class, router),
                id(Network.class, network),
                id(Port.class, port));
    }

    public static SecurityGroup group(String name, int key, boolean stateful) {
        return new SecurityGroup(id(SecurityGroup.class, name), name, "", PROJECT, stateful, key, THEN, THEN, 0);
    }

    public static AddressGroup addressGroup(String name, int key, List<IpPrefix> blocks) {
        return new AddressGroup(id(AddressGroup.class, name), name, "", PROJECT, blocks, key, THEN, THEN, 0);
    }

    public static SecurityGroupRule rule(
            String name,
            String group,
            Direction direction,
            Ethertype ethertype,
            Optional<String> protocol,
            Optional<Integer> min,
            Optional<Integer> max) {
        return new SecurityGroupRule(
                id(SecurityGroupRule.class, name),
                "",
                PROJECT,
                id(SecurityGroup.class, group),
                direction,
                ethertype,
                protocol,
                min,
                max,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                THEN,
                THEN,
                0);
    }

    public static SecurityGroupRule from(
            SecurityGroupRule rule, Optional<IpPrefix> block, Optional<String> group, Optional<String> addresses) {
        return new SecurityGroupRule(
                rule.id(),
                "",
                PROJECT,
                rule.securityGroupId(),
                rule.direction(),
                rule.ethertype(),
                rule.protocol(),
                rule.portRangeMin(),
                rule.portRangeMax(),
                block,
                group.map(g -> id(SecurityGroup.class, g)),
                addresses.map(a -> id(AddressGroup.class, a)),
                THEN,
                THEN,
                0);
    }

    public static Chassis chassis(String name, String address, TunnelType... types) {
        return new Chassis(id(Chassis.class, name), IpAddress.parse(address), List.of(types), "system-" + name, THEN);
    }

    public static Interface plug(String port, int ofport) {
        return new Interface(
                id(Interface.class, "tap-" + port), ofport, Optional.of(id(Port.class, port)), Optional.empty());
    }

    public static Interface tunnel(TunnelType type, int ofport) {
        return new Interface(id(Interface.class, "df-" + type), ofport, Optional.empty(), Optional.of(type));
    }

    /** What a port is, as far as tests speak of it. */
    public record PortSpec(
            String name,
            String network,
            int key,
            Mac mac,
            List<Port.FixedIp> addresses,
            Optional<String> chassis,
            List<String> groups,
            List<Port.AddressPair> pairs,
            boolean secure,
            String owner,
            List<Port.ExtraDhcpOption> options) {}

    public static Port port(PortSpec spec) {
        return new Port(
                id(Port.class, spec.name),
                spec.name,
                "",
                PROJECT,
                id(Network.class, spec.network),
                true,
                Status.ACTIVE,
                spec.mac,
                spec.addresses,
                "",
                spec.owner,
                spec.groups.stream().map(g -> id(SecurityGroup.class, g)).toList(),
                spec.pairs,
                spec.secure,
                spec.options,
                spec.chassis.map(c -> id(Chassis.class, c)),
                "normal",
                Map.of(),
                spec.key,
                THEN,
                THEN,
                0);
    }
}
