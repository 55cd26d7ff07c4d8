package org.dragonflow.model;

import java.util.Optional;

@Doc("An interface that was seen on the integration bridge of this chassis.")
public record Interface(
        @Doc("Its name in Open vSwitch.") Id<Interface> id,
        @Doc("Its OpenFlow port number, 1 to 0xfeff.") int ofport,

        @Doc("The port it is for, from external_ids:iface-id.")
        Optional<Id<Port>> ifaceId,

        @Doc("The tunnel that it is an end of.") Optional<TunnelType> tunnel,

        @Indexed @Doc("The physical network that it leads onto.")
        Optional<String> physicalNetwork,

        @Doc("Whether the metadata service and the resolver of this chassis are behind it.")
        boolean metadata)
        implements Entity {

    /** One that is for a port or ends a tunnel. */
    public Interface(Id<Interface> id, int ofport, Optional<Id<Port>> ifaceId, Optional<TunnelType> tunnel) {
        this(id, ofport, ifaceId, tunnel, Optional.empty());
    }

    /** One that no service is behind. */
    public Interface(
            Id<Interface> id,
            int ofport,
            Optional<Id<Port>> ifaceId,
            Optional<TunnelType> tunnel,
            Optional<String> physicalNetwork) {
        this(id, ofport, ifaceId, tunnel, physicalNetwork, false);
    }

    /** The one that the services of the chassis are behind. */
    public static Interface forMetadata(Id<Interface> id, int ofport) {
        return new Interface(id, ofport, Optional.empty(), Optional.empty(), Optional.empty(), true);
    }

    /** The interfaces that are for a port; more than one is a mistake of whoever plugged them. */
    public static Query<Interface> of(Id<Port> port) {
        return Query.by(Interface.class, "iface_id", port);
    }

    /** The interfaces that lead onto a physical network. */
    public static Query<Interface> onto(String physicalNetwork) {
        return Query.by(Interface.class, "physical_network", physicalNetwork);
    }
}
