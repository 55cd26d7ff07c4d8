package org.dragonflow.model;

import java.util.Optional;

@Doc("An interface that was seen on the integration bridge of this chassis.")
public record Interface(
        @Doc("Its name in Open vSwitch.") Id<Interface> id,
        @Doc("Its OpenFlow port number, 1 to 0xfeff.") int ofport,

        @Doc("The port it is for, from external_ids:iface-id.")
        Optional<Id<Port>> ifaceId,

        @Doc("The tunnel that it is an end of.") Optional<TunnelType> tunnel)
        implements Entity {

    /** The interfaces that are for a port; more than one is a mistake of whoever plugged them. */
    public static Query<Interface> of(Id<Port> port) {
        return Query.by(Interface.class, "iface_id", port);
    }
}
