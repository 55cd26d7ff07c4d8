package org.dragonflow.apps;

import static java.util.Map.entry;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.address.Mac;
import org.dragonflow.model.AddressGroup;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Entity;
import org.dragonflow.model.FloatingIp;
import org.dragonflow.model.Id;
import org.dragonflow.model.Interface;
import org.dragonflow.model.Ipv6Mode;
import org.dragonflow.model.NatLease;
import org.dragonflow.model.NdpProxy;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.PortForwarding;
import org.dragonflow.model.Router;
import org.dragonflow.model.RouterInterface;
import org.dragonflow.model.Schema;
import org.dragonflow.model.SecurityGroup;
import org.dragonflow.model.SecurityGroupRule;
import org.dragonflow.model.SecurityGroupRule.Direction;
import org.dragonflow.model.SecurityGroupRule.Ethertype;
import org.dragonflow.model.Segment;
import org.dragonflow.model.Status;
import org.dragonflow.model.Subnet;
import org.dragonflow.model.Trunk;
import org.dragonflow.model.TunnelType;

/** Entities with everything that a test does not speak of filled in. Names serve as ids. */
public final class Entities {
    private static final Instant THEN = Instant.EPOCH;
    static final String PROJECT = "p1";

    private Entities() {}

    public static <E extends Entity> Id<E> id(Class<E> type, String name) {
        return Id.of(type, name);
    }

    public static Network network(String name, int key) {
        return network(name, key, 1438);
    }

    public static Network network(String name, int key, int mtu) {
        return network(name, key, mtu, "");
    }

    public static Network network(String name, int key, int mtu, String domain) {
        return made(
                Network.class,
                entry("id", id(Network.class, name)),
                entry("name", name),
                entry("project_id", PROJECT),
                entry("status", Status.ACTIVE),
                entry("mtu", mtu),
                entry("dns_domain", domain),
                entry("provider:segmentation_id", Optional.of(key)),
                entry("key", key));
    }

    public static Subnet subnet(
            String name,
            String network,
            String cidr,
            Optional<IpAddress> gateway,
            boolean dhcp,
            List<IpAddress> dns,
            List<Subnet.HostRoute> routes) {
        return subnet(name, network, cidr, gateway, dhcp, dns, routes, Optional.empty(), Optional.empty());
    }

    public static Subnet subnet(
            String name,
            String network,
            String cidr,
            Optional<IpAddress> gateway,
            boolean dhcp,
            List<IpAddress> dns,
            List<Subnet.HostRoute> routes,
            Optional<Ipv6Mode> announced,
            Optional<Ipv6Mode> addressing) {
        var block = IpPrefix.parse(cidr);
        return made(
                Subnet.class,
                entry("id", id(Subnet.class, name)),
                entry("name", name),
                entry("project_id", PROJECT),
                entry("network_id", id(Network.class, network)),
                entry("ip_version", block.version()),
                entry("cidr", block),
                entry("gateway_ip", gateway),
                entry("enable_dhcp", dhcp),
                entry("dns_nameservers", dns),
                entry("host_routes", routes),
                entry("ipv6_ra_mode", announced),
                entry("ipv6_address_mode", addressing));
    }

    public static Router router(String name, int key, Router.Route... routes) {
        return made(
                Router.class,
                entry("id", id(Router.class, name)),
                entry("name", name),
                entry("project_id", PROJECT),
                entry("status", Status.ACTIVE),
                entry("routes", List.of(routes)),
                entry("distributed", false),
                entry("ha", false),
                entry("key", key));
    }

    public static RouterInterface routerInterface(String port, String router, String network) {
        return new RouterInterface(
                id(RouterInterface.class, port),
                id(Router.class, router),
                id(Network.class, network),
                id(Port.class, port));
    }

    public static Trunk trunk(String name, String parent, List<Trunk.SubPort> subPorts) {
        return made(
                Trunk.class,
                entry("id", id(Trunk.class, name)),
                entry("project_id", PROJECT),
                entry("port_id", id(Port.class, parent)),
                entry("sub_ports", subPorts));
    }

    public static SecurityGroup group(String name, int key, boolean stateful) {
        return made(
                SecurityGroup.class,
                entry("id", id(SecurityGroup.class, name)),
                entry("name", name),
                entry("project_id", PROJECT),
                entry("stateful", stateful),
                entry("key", key));
    }

    public static AddressGroup addressGroup(String name, int key, List<IpPrefix> blocks) {
        return made(
                AddressGroup.class,
                entry("id", id(AddressGroup.class, name)),
                entry("name", name),
                entry("project_id", PROJECT),
                entry("addresses", blocks),
                entry("key", key));
    }

    public static SecurityGroupRule rule(
            String name,
            String group,
            Direction direction,
            Ethertype ethertype,
            Optional<String> protocol,
            Optional<Integer> min,
            Optional<Integer> max) {
        return made(
                SecurityGroupRule.class,
                entry("id", id(SecurityGroupRule.class, name)),
                entry("project_id", PROJECT),
                entry("security_group_id", id(SecurityGroup.class, group)),
                entry("direction", direction),
                entry("ethertype", ethertype),
                entry("protocol", protocol),
                entry("port_range_min", min),
                entry("port_range_max", max));
    }

    public static SecurityGroupRule from(
            SecurityGroupRule rule, Optional<IpPrefix> block, Optional<String> group, Optional<String> addresses) {
        return made(
                SecurityGroupRule.class,
                entry("id", rule.id()),
                entry("project_id", PROJECT),
                entry("security_group_id", rule.securityGroupId()),
                entry("direction", rule.direction()),
                entry("ethertype", rule.ethertype()),
                entry("protocol", rule.protocol()),
                entry("port_range_min", rule.portRangeMin()),
                entry("port_range_max", rule.portRangeMax()),
                entry("remote_ip_prefix", block),
                entry("remote_group_id", group.map(g -> id(SecurityGroup.class, g))),
                entry("remote_address_group_id", addresses.map(a -> id(AddressGroup.class, a))));
    }

    public static Chassis chassis(String name, String address, TunnelType... types) {
        return new Chassis(id(Chassis.class, name), IpAddress.parse(address), List.of(types), "system-" + name, THEN);
    }

    public static Chassis chassis(String name, String address, List<TunnelType> types, List<Chassis.Uplink> uplinks) {
        return new Chassis(
                id(Chassis.class, name),
                IpAddress.parse(address),
                types,
                "system-" + name,
                "br-int",
                "netdev",
                uplinks,
                true,
                THEN);
    }

    public static Interface uplink(String physicalNetwork, int ofport) {
        return new Interface(
                id(Interface.class, "patch-" + physicalNetwork),
                ofport,
                Optional.empty(),
                Optional.empty(),
                Optional.of(physicalNetwork));
    }

    /** What carries a network over a physical one; untagged if there is no VLAN. */
    public static Segment segment(String network, String physicalNetwork, Optional<Integer> vlan) {
        return made(
                Segment.class,
                entry("id", id(Segment.class, "segment-of-" + network)),
                entry("name", Optional.empty()),
                entry("project_id", PROJECT),
                entry("network_id", id(Network.class, network)),
                entry("network_type", vlan.isPresent() ? Segment.VLAN : Segment.FLAT),
                entry("physical_network", Optional.of(physicalNetwork)),
                entry("segmentation_id", vlan),
                entry("carrier", "%s %s".formatted(physicalNetwork, vlan)),
                entry("place", 0));
    }

    public static Interface plug(String port, int ofport) {
        return new Interface(
                id(Interface.class, "tap-" + port), ofport, Optional.of(id(Port.class, port)), Optional.empty());
    }

    public static Interface tunnel(TunnelType type, int ofport) {
        return new Interface(id(Interface.class, "df-" + type), ofport, Optional.empty(), Optional.of(type));
    }

    public static Interface metadata(int ofport) {
        return Interface.forMetadata(id(Interface.class, "df-metadata"), ofport);
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
            List<Port.ExtraDhcpOption> options,
            String dnsName) {
        /** A port without a name in DNS. */
        public PortSpec(
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
                List<Port.ExtraDhcpOption> options) {
            this(name, network, key, mac, addresses, chassis, groups, pairs, secure, owner, options, "");
        }
    }

    public static Port port(PortSpec spec) {
        return made(
                Port.class,
                entry("id", id(Port.class, spec.name)),
                entry("name", spec.name),
                entry("project_id", PROJECT),
                entry("network_id", id(Network.class, spec.network)),
                entry("status", Status.ACTIVE),
                entry("mac_address", spec.mac),
                entry("fixed_ips", spec.addresses),
                entry("device_owner", spec.owner),
                entry(
                        "security_groups",
                        spec.groups.stream()
                                .map(g -> id(SecurityGroup.class, g))
                                .toList()),
                entry("allowed_address_pairs", spec.pairs),
                entry("port_security_enabled", spec.secure),
                entry("extra_dhcp_opts", spec.options),
                entry("dns_name", spec.dnsName),
                entry("binding:host_id", spec.chassis.map(c -> id(Chassis.class, c))),
                entry("key", spec.key));
    }

    /** A port that holds an address of an external network. */
    public static Port outside(
            String name,
            String network,
            int key,
            Mac mac,
            List<Port.FixedIp> addresses,
            Optional<String> chassis,
            String owner,
            String device) {
        var spec = new PortSpec(
                name, network, key, mac, addresses, chassis, List.of(), List.of(), false, owner, List.of());
        return with(port(spec), Map.of("device_id", device));
    }

    /** The router with a way outside. */
    public static Router withGateway(
            Router router, String port, String network, List<Port.FixedIp> addresses, boolean translates) {
        var gateway = new Router.Gateway(id(Network.class, network), translates, addresses, Optional.empty());
        return with(
                router,
                Map.of(
                        "external_gateway_info",
                        Optional.of(gateway),
                        "gateway_port_id",
                        Optional.of(id(Port.class, port))));
    }

    public static FloatingIp floatingIp(
            String name,
            String network,
            String port,
            IpAddress address,
            Optional<String> inside,
            Optional<IpAddress> fixed,
            String router) {
        return made(
                FloatingIp.class,
                entry("id", id(FloatingIp.class, name)),
                entry("project_id", PROJECT),
                entry("floating_network_id", id(Network.class, network)),
                entry("floating_ip_address", Optional.of(address)),
                entry("floating_port_id", id(Port.class, port)),
                entry("port_id", inside.map(i -> id(Port.class, i))),
                entry("fixed_ip_address", fixed),
                entry("router_id", Optional.of(id(Router.class, router))),
                entry("gateway_port_id", Optional.of(id(Port.class, "gateway-" + router))));
    }

    public static NatLease lease(String port, String router, IpAddress address, int first, int ports) {
        return new NatLease(
                id(NatLease.class, "%s-%s-%d".formatted(router, port, ports)),
                PROJECT,
                id(Router.class, router),
                id(Port.class, "gateway-" + router),
                id(Port.class, port),
                address,
                first,
                ports,
                false,
                false,
                THEN);
    }

    public static NdpProxy proxy(String name, String router, String gateway, String port, IpAddress address) {
        return made(
                NdpProxy.class,
                entry("id", id(NdpProxy.class, name)),
                entry("project_id", PROJECT),
                entry("router_id", id(Router.class, router)),
                entry("port_id", id(Port.class, port)),
                entry("ip_address", Optional.of(address)),
                entry("interface_id", id(RouterInterface.class, "unused")),
                entry("gateway_port_id", id(Port.class, gateway)));
    }

    public static PortForwarding forwarding(
            String name,
            String floating,
            String protocol,
            String outside,
            String port,
            IpAddress address,
            String inside) {
        return made(
                PortForwarding.class,
                entry("id", id(PortForwarding.class, name)),
                entry("project_id", PROJECT),
                entry("floatingip_id", id(FloatingIp.class, floating)),
                entry("protocol", protocol),
                entry("external_port_range", Optional.of(outside)),
                entry("internal_port_id", id(Port.class, port)),
                entry("internal_ip_address", address),
                entry("internal_port_range", Optional.of(inside)),
                entry("interface_id", id(RouterInterface.class, "any")));
    }

    /** A port that may yet be at the chassis. */
    static Port awaited(Port port, String chassis) {
        var binding = new Port.Binding(Id.of(Chassis.class, chassis), "normal", Map.of());
        return with(port, Map.of("inactive_bindings", List.of(binding)));
    }

    /** A port that is where the port is that carries it, and may yet be where that may be. */
    static Port carriedBy(Port parent, Port port) {
        return with(port, Map.of("binding:host_id", parent.hostId(), "inactive_bindings", parent.inactiveBindings()));
    }

    /** The entity with some values changed. */
    static <E extends Entity> E with(E entity, Map<String, Object> values) {
        return Schema.of(entity).with(entity, values);
    }

    /** What is not said takes what a client would get who does not say it. */
    @SafeVarargs
    @SuppressWarnings("varargs") // They are only read.
    static <E extends Entity> E made(Class<E> type, Entry<String, Object>... said) {
        var values = new HashMap<String, Object>();
        Map.of("created_at", THEN, "updated_at", THEN, "revision_number", 0L).forEach((name, value) -> {
            if (Schema.of(type).attribute(name).isPresent()) {
                values.put(name, value);
            }
        });
        for (var entry : said) {
            values.put(entry.getKey(), entry.getValue());
        }
        return Schema.of(type).make(values);
    }
}
