package org.dragonflow.agent;

import java.io.IOException;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.dragonflow.compile.ConntrackZone;
import org.dragonflow.compile.ZoneAllocation;
import org.dragonflow.compile.ZoneWanted;
import org.dragonflow.flow.Switch;
import org.dragonflow.model.Delta;
import org.dragonflow.model.Id;
import org.dragonflow.model.Topology;

/**
 * Gives conntrack zones to those who want one, and takes them back, so that nobody inherits connections.
 *
 * <p>A zone is taken back once the flows that used it are gone, and what it holds is flushed. A number of which this life of the agent does
 * not know that it was flushed is flushed before it is given: an earlier life may have used it, and not have been able to remember that.
 *
 * <p>Of an owner who is elsewhere for now the zone is flushed too, but stays the owner's: connections go on there, and by what is known here
 * of the bytes that they had come to, the packets after the owner's return would be none of theirs.
 */
final class Zones {
    private final Switch bridge;
    private final BitSet flushed = new BitSet();
    private ZoneAllocation allocation;

    Zones(Switch bridge, Topology remembered) {
        this.bridge = bridge;
        this.allocation = ZoneAllocation.EMPTY.with(remembered
                .all()
                .flatMap(entity -> entity instanceof ConntrackZone zone ? Stream.of(zone) : Stream.of())
                .toList());
    }

    /** The zones that are somebody's, for the program to be told at the start. */
    List<ConntrackZone> given() {
        return allocation.given();
    }

    void hear(List<Delta> facts) {
        allocation = allocation.hearing(facts);
    }

    boolean isAnybodyWaiting() {
        return !allocation.waiting().isEmpty();
    }

    /** What has not all its flows, because a zone is wanting. */
    Stream<Id<?>> lacking() {
        return allocation.waiting().stream().map(ZoneWanted::subject);
    }

    /** Gives those who wait their zones, when no flow in the switch uses any number but those that were given; all of them, or none. */
    List<ConntrackZone> give() throws IOException {
        var next = allocation.next();
        for (var zone : next) {
            if (!flushed.get(zone.number())) {
                bridge.flushZone(zone.number());
            }
        }
        next.forEach(zone -> flushed.clear(zone.number()));
        allocation = next.isEmpty() ? allocation : allocation.with(next);
        return next;
    }

    /** Takes back the zones that nobody wants, when their flows are gone, all of them or none; and empties those whose owners are elsewhere. */
    Collection<ConntrackZone> takeBack() throws IOException {
        var stale = List.copyOf(allocation.stale());
        for (var zone : stale) {
            bridge.flushZone(zone.number());
        }
        allocation = stale.isEmpty() ? allocation : allocation.emptied(stale);
        var abandoned = List.copyOf(allocation.abandoned());
        for (var zone : abandoned) {
            bridge.flushZone(zone.number());
            flushed.set(zone.number());
        }
        allocation = abandoned.isEmpty() ? allocation : allocation.without(abandoned);
        return abandoned;
    }
}
