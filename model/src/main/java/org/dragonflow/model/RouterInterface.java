package org.dragonflow.model;

@Doc("That a port is a router's: the addresses of the port are the router's on that network.")
@Unique("port_id")
public record RouterInterface(
        @Doc("Names the interface; the same text as the port's.")
        Id<RouterInterface> id,

        @Doc("The router.") Id<Router> routerId,
        @Doc("The network that the port is on.") Id<Network> networkId,
        @Doc("The port.") Id<Port> portId)
        implements Entity {

    /** The interfaces of a router. */
    public static Query<RouterInterface> of(Id<Router> router) {
        return Query.by(RouterInterface.class, "router_id", router);
    }

    /** The routers' interfaces on a network. */
    public static Query<RouterInterface> on(Id<Network> network) {
        return Query.by(RouterInterface.class, "network_id", network);
    }
}
