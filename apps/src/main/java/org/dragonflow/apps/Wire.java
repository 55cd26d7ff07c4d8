package org.dragonflow.apps;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.dragonflow.address.Mac;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;

/**
 * That this chassis reaches the wire which carries a network.
 *
 * @param place where the network's frames come in from it; none, if another chassis lends the wire and this one has none
 */
record Wire(Id<Wire> id, Optional<Place> place) implements Entity {
    /** Tells the wire of a network from ports: their keys have 31 bits. */
    static final long KEY = 0x8000_0000L;

    private static final long LOCALLY_ADMINISTERED = 0x0200_0000_0000L;

    static Id<Wire> of(Id<Network> network) {
        return Id.of(Wire.class, network.value());
    }

    Id<Network> network() {
        return Id.of(Network.class, id.value());
    }

    /** What stands for the wire of a network where otherwise a port's key stands. */
    static long key(Network network) {
        return KEY | network.key();
    }

    /**
     * What a chassis has for its own link-layer address on every wire. A router is on all chassis at once, but a wire must see each address
     * in one place: so packets that a router sends from elsewhere than where it is answered for bear this one.
     */
    static Mac address(Id<Chassis> chassis) {
        var name = chassis.value().getBytes(StandardCharsets.UTF_8);
        var first = new CRC32C();
        first.update(name);
        var second = new CRC32C();
        second.update(name);
        second.update(name);
        return new Mac(LOCALLY_ADMINISTERED | (second.getValue() & 0xff) << 32 | first.getValue());
    }
}
