package org.dragonflow.model;

@Doc(
        "That a chassis whose link to an external network is down, or that has none, reaches it by way of another chassis.")
public record Detour(
        @Doc("Made of the network and the chassis.") Id<Detour> id,

        @Reference(Reference.Promise.PART_OF) @Doc("The external network.")
        Id<Network> networkId,

        @Reference(Reference.Promise.PART_OF) @Doc("The chassis that cannot reach it by itself.")
        Id<Chassis> chassis,

        @Reference(Reference.Promise.PART_OF) @Doc("The chassis that it goes by.")
        Id<Chassis> via)
        implements Entity {

    /** What takes the place of the chassis' own way onto the network. */
    public static Id<Detour> of(Id<Network> network, Id<Chassis> chassis) {
        return Id.of(Detour.class, "%s/%s".formatted(network, chassis));
    }

    public static Detour of(Id<Network> network, Id<Chassis> chassis, Id<Chassis> via) {
        return new Detour(of(network, chassis), network, chassis, via);
    }

    /** The detours to a network. */
    public static Query<Detour> to(Id<Network> network) {
        return Query.by(Detour.class, "network_id", network);
    }

    /** The detours that a chassis makes. */
    public static Query<Detour> from(Id<Chassis> chassis) {
        return Query.by(Detour.class, "chassis", chassis);
    }

    /** The detours by way of a chassis. */
    public static Query<Detour> by(Id<Chassis> via) {
        return Query.by(Detour.class, "via", via);
    }
}
