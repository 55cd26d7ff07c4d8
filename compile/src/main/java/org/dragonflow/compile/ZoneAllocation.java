package org.dragonflow.compile;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
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

    private ZoneAllocation() {
        given = new TreeMap<>();
        wanted = new TreeMap<>();
        waiting = new TreeMap<>();
        abandoned = new TreeMap<>();
    }

    private ZoneAllocation(ZoneAllocation other) {
        given = new TreeMap<>(other.given);
        wanted = new TreeMap<>(other.wanted);
        waiting = new TreeMap<>(other.waiting);
        abandoned = new TreeMap<>(other.abandoned);
    }

    /** After derivations have said, or have ceased to say, who wants a zone; other facts do not matter. */
    public ZoneAllocation hearing(Collection<Delta> facts) {
        var changes = facts.stream()
                .filter(fact -> fact.id().type() == ZoneWanted.class)
                .toList();
        return changes.isEmpty() ? this : changed(next -> changes.forEach(next::hear));
    }

    private void hear(Delta change) {
        change.before().map(ZoneWanted.class::cast).ifPresent(wish -> {
            wanted.remove(wish.zone());
            compare(wish.zone());
        });
        change.after().map(ZoneWanted.class::cast).ifPresent(wish -> {
            wanted.put(wish.zone(), wish);
            compare(wish.zone());
        });
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
