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
        Optional<String> physicalNetwork)
        implements Entity {

    /** One that leads onto no physical network. */
    public Interface(Id<Interface> id, int ofport, Optional<Id<Port>> ifaceId, Optional<TunnelType> tunnel) {
        this(id, ofport, ifaceId, tunnel, Optional.empty());
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
