package org.dragonflow.compile;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.dragonflow.model.Delta;
import org.dragonflow.model.Id;

/**
 * Which conntrack zone is whose, and who wants one.
 *
 * <p>A zone stays its owner's until it is freed, also while nobody wants it: an owner who comes back finds its connections. An owner who is
 * new gets the lowest number that is nobody's. Immutable; a step that changes nothing costs nothing.
 */
public final class ZoneAllocation {
    public static final ZoneAllocation EMPTY = new ZoneAllocation();

    private final SortedMap<Id<ConntrackZone>, ConntrackZone> given;
    private final SortedMap<Id<ConntrackZone>, ZoneWanted> wanted;

    // What the two above differ in.
    private final SortedMap<Id<ConntrackZone>, ZoneWanted> waiting;
    private final SortedMap<Id<ConntrackZone>, ConntrackZone> abandoned;

    // Of idle owners: the zones that may hold what is past, and those that have been emptied since.
    private final SortedMap<Id<ConntrackZone>, ConntrackZone> stale;
    private final SortedSet<Id<ConntrackZone>> emptied;

    private ZoneAllocation() {
        given = new TreeMap<>();
        wanted = new TreeMap<>();
        waiting = new TreeMap<>();
        abandoned = new TreeMap<>();
        stale = new TreeMap<>();
        emptied = new TreeSet<>();
    }

    private ZoneAllocation(ZoneAllocation other) {
        given = new TreeMap<>(other.given);
        wanted = new TreeMap<>(other.wanted);
        waiting = new TreeMap<>(other.waiting);
        abandoned = new TreeMap<>(other.abandoned);
        stale = new TreeMap<>(other.stale);
        emptied = new TreeSet<>(other.emptied);
    }

    /** After derivations have said, or have ceased to say, who wants a zone; other facts do not matter. */
    public ZoneAllocation hearing(Collection<Delta> facts) {
        var changes = facts.stream()
                .filter(fact -> fact.id().type() == ZoneWanted.class)
                .toList();
        return changes.isEmpty() ? this : changed(next -> changes.forEach(next::hear));
    }

    private void hear(Delta change) {
        var zone = Id.of(ConntrackZone.class, change.id().value());
        wanted.remove(zone);
        change.after().map(ZoneWanted.class::cast).ifPresent(wish -> wanted.put(zone, wish));
        compare(zone);
    }

    public ZoneAllocation with(Collection<ConntrackZone> zones) {
        return changed(next -> zones.forEach(zone -> {
            next.given.put(zone.id(), zone);
            next.compare(zone.id());
        }));
    }

    public ZoneAllocation without(Collection<ConntrackZone> zones) {
        return changed(next -> zones.forEach(zone -> {
            next.given.remove(zone.id());
            next.compare(zone.id());
        }));
    }

    /** After these, which are stale, have been emptied. */
    public ZoneAllocation emptied(Collection<ConntrackZone> zones) {
        return changed(next -> zones.forEach(zone -> {
            next.emptied.add(zone.id());
            next.compare(zone.id());
        }));
    }

    private ZoneAllocation changed(Consumer<ZoneAllocation> change) {
        var next = new ZoneAllocation(this);
        change.accept(next);
        return next;
    }

    private void compare(Id<ConntrackZone> id) {
        var zone = Optional.ofNullable(given.get(id));
        var wish = Optional.ofNullable(wanted.get(id));
        waiting.remove(id);
        abandoned.remove(id);
        stale.remove(id);
        if (!wish.map(ZoneWanted::isIdle).orElse(false)) {
            emptied.remove(id);
        } else if (!emptied.contains(id)) {
            zone.ifPresent(z -> stale.put(id, z));
        }
        wish.filter(_ -> zone.isEmpty()).ifPresent(w -> waiting.put(id, w));
        zone.filter(_ -> wish.isEmpty()).ifPresent(z -> abandoned.put(id, z));
    }

    /** Every zone that is somebody's. */
    public List<ConntrackZone> given() {
        return List.copyOf(given.values());
    }

    /** Those who want a zone and have none. */
    public Collection<ZoneWanted> waiting() {
        return Collections.unmodifiableCollection(waiting.values());
    }

    /** The zones that nobody wants any more, and that hold somebody's connections still. */
    public Collection<ConntrackZone> abandoned() {
        return Collections.unmodifiableCollection(abandoned.values());
    }

    /** The zones whose owners are elsewhere, and that may hold connections which have gone on there without them. */
    public Collection<ConntrackZone> stale() {
        return Collections.unmodifiableCollection(stale.values());
    }

    /** The zones that those who wait should get; fewer, if the numbers do not suffice. */
    public List<ConntrackZone> next() {
        if (waiting.isEmpty()) {
            return List.of();
        }
        var used = new BitSet(ConntrackZone.FIRST_FIXED);
        given.values().forEach(zone -> used.set(zone.number()));
        var next = new ArrayList<ConntrackZone>();
        int number = ConntrackZone.FIRST;
        for (var wish : waiting.values()) {
            number = used.nextClearBit(number);
            if (number >= ConntrackZone.FIRST_FIXED) {
                break;
            }
            next.add(new ConntrackZone(wish.zone(), number++));
        }
        return next;
    }
}
