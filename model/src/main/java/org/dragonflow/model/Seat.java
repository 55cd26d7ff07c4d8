package org.dragonflow.model;

@Doc("Which server has a chassis on its feed, or had it last.")
public record Seat(
        @Doc("The name of the chassis.") Id<Seat> id,

        @Reference(Reference.Promise.PART_OF) @Doc("The chassis.")
        Id<Chassis> chassis,

        @Doc("Where the server's feed is.") String server)
        implements Entity {
    public static Id<Seat> of(Id<Chassis> chassis) {
        return Id.of(Seat.class, chassis.value());
    }
}
