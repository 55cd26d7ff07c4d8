package org.dragonflow.model;

import static org.dragonflow.model.Access.Writer.CLIENT_ON_CREATE;
import static org.dragonflow.model.Access.Writer.SERVER;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.dragonflow.address.IpAddress;

@Doc("An address of an external network that stands for an address inside, or forwards some of its ports.")
@Resource(singular = "floatingip", plural = "floatingips")
@Unique({"floating_network_id", "port_id", "fixed_ip_address"})
public record FloatingIp(
        @Access(SERVER) @Doc("Names the floating IP.") Id<FloatingIp> id,

        @Otherwise("\"\"") @Range(max = 255) @Doc("For people.")
        String description,

        @Access(CLIENT_ON_CREATE)
        @Filled
        @Indexed
        @Wire(value = "project_id", aliases = "tenant_id")
        @Doc("Whose it is; left out: the caller's.")
        String projectId,

        @Access(CLIENT_ON_CREATE) @Doc("The external network that it is an address of.")
        Id<Network> floatingNetworkId,

        @Access(value = CLIENT_ON_CREATE, hidden = true)
        @Reference(Reference.Promise.LOOSE)
        @Doc("The subnet that its address was asked to be from.")
        Optional<Id<Subnet>> subnetId,

        @Access(CLIENT_ON_CREATE) @Filled @Indexed @Doc("The address outside; left out: a free one is given.")
        Optional<IpAddress> floatingIpAddress,

        @Access(value = SERVER, hidden = true) @Doc("The port that holds the address outside.")
        Id<Port> floatingPortId,

        @Doc("The port that it stands for.") Optional<Id<Port>> portId,

        @Filled @Doc("The port's address that it stands for; left out: the only IPv4 address of the port.")
        Optional<IpAddress> fixedIpAddress,

        @Doc("What of its traffic is limited, marked or guaranteed; null: as its network says.")
        Optional<Id<QosPolicy>> qosPolicyId,

        @Access(CLIENT_ON_CREATE) @Otherwise("\"\"") @Range(max = 255) @Doc("Its name in DNS, within dns_domain.")
        String dnsName,

        @Access(CLIENT_ON_CREATE)
        @Otherwise("\"\"")
        @Range(max = 255)
        @Doc("The domain to publish its name in, with a dot at the end.")
        String dnsDomain,

        @Access(SERVER) @Doc("The router between outside and inside.")
        Optional<Id<Router>> routerId,

        @Access(value = SERVER, hidden = true) @Doc("The router's interface to the port that it stands for.")
        Optional<Id<RouterInterface>> interfaceId,

        @Access(value = SERVER, hidden = true) @Doc("The router's port outside.")
        Optional<Id<Port>> gatewayPortId,

        @Access(SERVER) @Otherwise("\"DOWN\"") @Doc("ACTIVE once it is translated.")
        Status status,

        @Access(SERVER) @Distinct @Doc("Words that people find it by.")
        List<String> tags,

        @Access(SERVER) @Doc("When it was made.") Instant createdAt,
        @Access(SERVER) @Doc("When it was last changed.") Instant updatedAt,
        @Access(SERVER) @Doc("How often it was changed.") long revisionNumber)
        implements Entity {
    public FloatingIp {
        tags = List.copyOf(tags);
    }

    /** The floating IPs that stand for addresses of a port. */
    public static Query<FloatingIp> of(Id<Port> port) {
        return Query.by(FloatingIp.class, "port_id", port);
    }

    /** The floating IP whose address outside the port holds. */
    public static Query<FloatingIp> at(Id<Port> outside) {
        return Query.by(FloatingIp.class, "floating_port_id", outside);
    }

    /** The floating IPs that reach the outside by a router's gateway port. */
    public static Query<FloatingIp> through(Id<Port> gatewayPort) {
        return Query.by(FloatingIp.class, "gateway_port_id", gatewayPort);
    }
}
