package org.dragonflow.model;

import static org.dragonflow.model.Access.Writer.CLIENT_ON_CREATE;
import static org.dragonflow.model.Access.Writer.SERVER;

import java.time.Instant;
import java.util.Optional;
import org.dragonflow.address.IpAddress;

@Doc("That a router answers outside for an IPv6 address inside, which is thereby reached without translation.")
@Resource(singular = "ndp_proxy", plural = "ndp_proxies")
@Unique({"router_id", "ip_address"})
public record NdpProxy(
        @Access(SERVER) @Doc("Names the proxy.") Id<NdpProxy> id,

        @Otherwise("\"\"") @Range(max = 255) @Doc("For people; need not be unique.")
        String name,

        @Otherwise("\"\"") @Range(max = 1024) @Doc("For people.")
        String description,

        @Access(CLIENT_ON_CREATE)
        @Filled
        @Indexed
        @Wire(value = "project_id", aliases = "tenant_id")
        @Doc("Whose it is; left out: the caller's.")
        String projectId,

        @Access(CLIENT_ON_CREATE) @Reference(Reference.Promise.PART_OF) @Doc("The router that answers.")
        Id<Router> routerId,

        @Access(CLIENT_ON_CREATE) @Reference(Reference.Promise.PART_OF) @Doc("The port inside.")
        Id<Port> portId,

        @Access(CLIENT_ON_CREATE)
        @Filled
        @Indexed
        @Doc("The port's address; left out: its first IPv6 address on a subnet of the router.")
        Optional<IpAddress> ipAddress,

        @Access(value = SERVER, hidden = true) @Doc("The router's interface by which packets go in.")
        Id<RouterInterface> interfaceId,

        @Access(value = SERVER, hidden = true) @Doc("The router's port outside, where it answers.")
        Id<Port> gatewayPortId,

        @Access(SERVER) @Doc("When it was made.") Instant createdAt,
        @Access(SERVER) @Doc("When it was last changed.") Instant updatedAt,
        @Access(SERVER) @Doc("How often it was changed.") long revisionNumber)
        implements Entity {

    /** The proxies of a router. */
    public static Query<NdpProxy> of(Id<Router> router) {
        return Query.by(NdpProxy.class, "router_id", router);
    }

    /** The proxies that answer at a router's port outside. */
    public static Query<NdpProxy> through(Id<Port> gatewayPort) {
        return Query.by(NdpProxy.class, "gateway_port_id", gatewayPort);
    }

    /** The proxies for an address. */
    public static Query<NdpProxy> at(IpAddress address) {
        return Query.by(NdpProxy.class, "ip_address", address);
    }
}
