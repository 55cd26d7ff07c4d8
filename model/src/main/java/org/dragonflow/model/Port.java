package org.dragonflow.model;

import static org.dragonflow.model.Access.Writer.CLIENT_ON_CREATE;
import static org.dragonflow.model.Access.Writer.CLIENT_ON_UPDATE;
import static org.dragonflow.model.Access.Writer.SERVER;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.address.Mac;

@Doc("A place on a network where one network card is plugged in, and the addresses that it may use.")
@Resource(singular = "port", plural = "ports")
@Unique({"network_id", "mac_address"})
@Unique({"network_id", "fixed_ips.ip_address"})
@Unique("key")
public record Port(
        @Access(SERVER) @Doc("Names the port.") Id<Port> id,

        @Otherwise("\"\"") @Range(max = 255) @Doc("For people; need not be unique.")
        String name,

        @Otherwise("\"\"") @Range(max = 255) @Doc("For people.")
        String description,

        @Access(CLIENT_ON_CREATE)
        @Filled
        @Indexed
        @Wire(value = "project_id", aliases = "tenant_id")
        @Doc("Whose it is; left out: the caller's.")
        String projectId,

        @Access(CLIENT_ON_CREATE) @Doc("The network it is on.")
        Id<Network> networkId,

        @Otherwise("true") @Doc("Whether packets pass.") boolean adminStateUp,

        @Access(SERVER) @Otherwise("\"DOWN\"") @Doc("ACTIVE once its chassis has confirmed its flows.")
        Status status,

        @Filled @Doc("The card's address; left out: one is given.")
        Mac macAddress,

        @Filled @Distinct("ip_address") @Doc("Its IP addresses; left out: one of each kind of subnet is given.")
        List<FixedIp> fixedIps,

        @Otherwise("\"\"") @Range(max = 255) @Indexed @Doc("What is plugged in: a server, a router.")
        String deviceId,

        @Otherwise("\"\"")
        @Range(max = 255)
        @Indexed
        @Doc("The kind of device, such as compute:nova or network:router_interface.")
        String deviceOwner,

        @Filled @Distinct @Doc("The groups whose rules hold for it; left out: the project's default group.")
        List<Id<SecurityGroup>> securityGroups,

        @Otherwise("[]") @Range(max = 100) @Distinct @Doc("Further addresses that it may use.")
        List<AddressPair> allowedAddressPairs,

        @Filled @Doc("Whether it is held to its addresses and groups; left out: as its network says.")
        boolean portSecurityEnabled,

        @Otherwise("[]") @Range(max = 50) @Doc("DHCP options of its own.")
        List<ExtraDhcpOption> extraDhcpOpts,

        @Reference(Reference.Promise.LOOSE)
        @Wire(value = "binding:host_id", absent = "\"\"")
        @Doc("The chassis where it is to be plugged in.")
        Optional<Id<Chassis>> hostId,

        @Otherwise("\"normal\"")
        @OneOf({
            "normal",
            "direct",
            "macvtap",
            "baremetal",
            "direct-physical",
            "virtio-forwarder",
            "smart-nic",
            "vdpa",
            "accelerator-direct",
            "accelerator-direct-physical",
            "remote-managed"
        })
        @Wire("binding:vnic_type")
        @Doc("The kind of card.")
        String vnicType,

        @Otherwise("{}") @Wire("binding:profile") @Doc("What the compute service has to say; kept, and not looked at.")
        Map<String, Object> profile,

        @Access(value = SERVER, hidden = true)
        @Doc("Where else it may be plugged in, once such a binding is made active.")
        List<Binding> inactiveBindings,

        @Doc("What of its traffic is limited, marked or guaranteed; null: as its network says.")
        Optional<Id<QosPolicy>> qosPolicyId,

        @Otherwise("\"\"")
        @Indexed
        @Range(max = 255)
        @Doc("Its name in DNS, without a domain or with that of all ports.")
        String dnsName,

        @Otherwise("\"\"")
        @Range(max = 255)
        @Doc("The domain to publish its name in, with a dot at the end; empty: its network's.")
        String dnsDomain,

        @Access(SERVER)
        @Otherwise("\"immediate\"")
        @Doc("When it got its addresses: immediate, deferred until it is known where it is plugged in, or none.")
        String ipAllocation,

        @Access(CLIENT_ON_CREATE)
        @Otherwise("true")
        @Doc("Whether a virtual function hears of the state of its uplink; kept, and not looked at.")
        boolean propagateUplinkStatus,

        @OneOf({"required", "preferred", "legacy"})
        @Doc("How the compute service places memory near the card; kept, and not looked at.")
        Optional<String> numaAffinityPolicy,

        @Access(CLIENT_ON_CREATE) @Range(max = 255) @Doc("The accelerator that it needs; kept, and not looked at.")
        Optional<String> deviceProfile,

        @Doc("How the port is best plugged in, by the kind of switch; kept, and not looked at.")
        Optional<Map<String, Object>> hints,

        @Access(CLIENT_ON_UPDATE)
        @OneOf({"ACTIVE", "DOWN"})
        @Doc("What somebody who watches the data plane says of it.")
        Optional<String> dataPlaneStatus,

        @Access(value = SERVER, hidden = true)
        @Indexed
        @Range(min = 1, max = Port.LARGEST_KEY)
        @Doc("The number of the port in flows and tunnels, 28 bits.")
        int key,

        @Access(CLIENT_ON_CREATE) @Distinct @Doc("Words that people find it by.")
        List<String> tags,

        @Access(SERVER) @Doc("When it was made.") Instant createdAt,
        @Access(SERVER) @Doc("When it was last changed.") Instant updatedAt,
        @Access(SERVER) @Doc("How often it was changed.") long revisionNumber)
        implements Entity {

    public static final int LARGEST_KEY = 0x0fff_ffff;

    public static final String ROUTER_INTERFACE = "network:router_interface";

    public static final String ROUTER_GATEWAY = "network:router_gateway";

    public static final String FLOATING_IP = "network:floatingip";

    public static final String LOCAL_IP = "network:local_ip";

    public static final String SUB_PORT = "trunk:subport";

    /** Holds an address of a chassis on an external network, which the routers there share. */
    public static final String CHASSIS_GATEWAY = "network:floatingip_agent_gateway";

    private static final Set<String> OUTSIDE = Set.of(ROUTER_GATEWAY, FLOATING_IP, CHASSIS_GATEWAY);

    public Port {
        tags = List.copyOf(tags);
        fixedIps = List.copyOf(fixedIps);
        securityGroups = List.copyOf(securityGroups);
        allowedAddressPairs = List.copyOf(allowedAddressPairs);
        extraDhcpOpts = List.copyOf(extraDhcpOpts);
        profile = Json.frozen(profile);
        inactiveBindings = List.copyOf(inactiveBindings);
        hints = hints.map(Json::frozen);
    }

    @Doc("An address of a port, from a subnet of its network.")
    public record FixedIp(
            @Filled @Doc("The subnet that it is from.") Id<Subnet> subnetId,
            @Filled @Indexed @Doc("The address.") IpAddress ipAddress) {}

    @Doc("Addresses that a port may use beside its own.")
    public record AddressPair(
            @Block(alone = true) @Doc("The block of IP addresses.")
            IpPrefix ipAddress,

            @Filled @Doc("The card's address that goes with them; left out: the port's own.")
            Mac macAddress) {}

    @Doc("A place where a port may be plugged in, beside the one where it is.")
    public record Binding(
            @Reference(Reference.Promise.LOOSE) @Doc("The chassis.")
            Id<Chassis> host,

            @Doc("The kind of card.") String vnicType,
            @Doc("What the compute service has to say.") Map<String, Object> profile,

            @Otherwise("false") @Doc("Whether it is plugged in there, and the chassis has confirmed its flows.")
            boolean ready) {
        public Binding {
            profile = Json.frozen(profile);
        }

        /** One of which nothing is confirmed. */
        public Binding(Id<Chassis> host, String vnicType, Map<String, Object> profile) {
            this(host, vnicType, profile, false);
        }

        public Binding withReady(boolean isReady) {
            return new Binding(host, vnicType, profile, isReady);
        }
    }

    @Doc("A DHCP option for one port.")
    public record ExtraDhcpOption(
            @Range(min = 1, max = 255) @Doc("The option's name or number.")
            String optName,

            @Doc("Its value; null: the option is not sent.") Optional<String> optValue,

            @Otherwise("4") @OneOf({"4", "6"}) @Doc("Whether DHCP for IPv4 or IPv6 carries it.")
            int ipVersion) {}

    public Stream<IpAddress> addresses() {
        return fixedIps.stream().map(FixedIp::ipAddress);
    }

    public boolean isBoundTo(Id<Chassis> chassis) {
        return hostId.isPresent() && hostId.get().equals(chassis);
    }

    /** Whether the chassis is to be ready for it: it is bound to it, or may yet be. */
    public boolean isExpectedAt(Id<Chassis> chassis) {
        return isBoundTo(chassis)
                || inactiveBindings.stream().anyMatch(binding -> binding.host().equals(chassis));
    }

    /** The same with the word of a chassis about it: its status, if it is bound to the chassis, or whether the chassis is ready for it. */
    public Port confirmed(Id<Chassis> chassis, Status word) {
        if (isBoundTo(chassis)) {
            return Schema.of(this).with(this, Map.of("status", word));
        }
        var bindings = inactiveBindings.stream()
                .map(binding -> binding.host().equals(chassis) ? binding.withReady(word == Status.ACTIVE) : binding)
                .toList();
        return Schema.of(this).with(this, Map.of("inactive_bindings", bindings));
    }

    /** The same without the word of any chassis. */
    public Port unconfirmed() {
        var bindings = inactiveBindings.stream()
                .map(binding -> binding.withReady(false))
                .toList();
        return Schema.of(this).with(this, Map.of("status", Status.DOWN, "inactive_bindings", bindings));
    }

    public boolean isRouterInterface() {
        return deviceOwner.equals(ROUTER_INTERFACE);
    }

    /** Whether it holds an address of an external network that is translated, and nothing is plugged in there. */
    public boolean isOutside() {
        return OUTSIDE.contains(deviceOwner);
    }

    /** Whether it is there for the network's own sake, as a router's interface is; a router's gateway is a guest. */
    boolean isPartOfNetwork() {
        return (deviceOwner.startsWith("network:") || deviceOwner.startsWith("neutron:"))
                && !deviceOwner.startsWith(ROUTER_GATEWAY);
    }

    /** The ports of a network. */
    public static Query<Port> on(Id<Network> network) {
        return Query.by(Port.class, "network_id", network);
    }

    /** The ports that have an address of a subnet. */
    public static Query<Port> in(Id<Subnet> subnet) {
        return Query.by(Port.class, "fixed_ips.subnet_id", subnet);
    }

    /** The ports that have an address, on whichever network. */
    public static Query<Port> having(IpAddress address) {
        return Query.by(Port.class, "fixed_ips.ip_address", address);
    }

    /** The ports bound to a chassis. */
    public static Query<Port> at(Id<Chassis> chassis) {
        return Query.by(Port.class, "binding:host_id", chassis);
    }

    /** The ports that have an inactive binding at the chassis. */
    public static Query<Port> awaitedAt(Id<Chassis> chassis) {
        return Query.by(Port.class, "inactive_bindings.host", chassis);
    }

    /** The ports that a security group's rules hold for. */
    public static Query<Port> membersOf(Id<SecurityGroup> group) {
        return Query.by(Port.class, "security_groups", group);
    }

    /** The port of this key. */
    public static Query<Port> withKey(int key) {
        return Query.by(Port.class, "key", key);
    }
}
