package org.dragonflow.trace;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.dragonflow.address.IpAddress;

/**
 * Which packets in pieces have been seen where, by their first pieces. Immutable; nothing is ever forgotten.
 *
 * <p>Open vSwitch keeps the pieces of a packet back, at each {@code ct} action anew, until all are there, and looks up the whole. Here the
 * first piece goes on at once, and stands for those that follow it; one that comes without it is kept.
 */
record Pieces(Map<Place, First> firsts) {
    static final Pieces NONE = new Pieces(Map.of());

    Pieces {
        firsts = Map.copyOf(firsts);
    }

    /**
     * What the pieces of one packet have in common (RFC 791, section 3.2; RFC 8200, section 4.5).
     *
     * @param protocol 0 over IPv6, where later pieces do not show it
     */
    record Datagram(IpAddress source, IpAddress destination, int protocol, long identification) {}

    /**
     * Where pieces meet.
     *
     * @param pass which recirculation of the switch it is
     */
    record Place(int zone, int pass, Datagram datagram) {}

    /** What only the first piece shows. */
    record First(Tuple tuple, boolean mayBegin) {}

    Optional<First> find(Place place) {
        return Optional.ofNullable(firsts.get(place));
    }

    Pieces with(Place place, First first) {
        if (first.equals(firsts.get(place))) {
            return this;
        }
        var next = new HashMap<>(firsts);
        next.put(place, first);
        return new Pieces(next);
    }
}
