package org.dragonflow.server.neutron;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.dragonflow.address.IpAddress;
import org.dragonflow.model.Subnet.AllocationPool;

/**
 * The addresses that one subnet gives out: those of its allocation pools that no port has and no request has reserved.
 *
 * <p>Kept as free ranges, so that a block of 2^64 addresses costs no more than one of eight. An address that was given back is given again
 * as late as can be: the search goes on where it ended.
 */
final class Pool {
    private final List<AllocationPool> ranges;
    private final Set<IpAddress> used = new HashSet<>();
    private final Set<IpAddress> reserved = new HashSet<>();

    /** The last address of each free range, by its first. */
    private final NavigableMap<IpAddress, IpAddress> free = new TreeMap<>();

    private Optional<IpAddress> latest = Optional.empty();

    Pool(List<AllocationPool> ranges) {
        this.ranges = List.copyOf(ranges);
        this.ranges.forEach(range -> free.put(range.start(), range.end()));
    }

    /** The pool of these ranges, with the same addresses in use. */
    synchronized Pool with(List<AllocationPool> otherRanges) {
        if (otherRanges.equals(ranges)) {
            return this;
        }
        var other = new Pool(otherRanges);
        used.forEach(other::use);
        reserved.forEach(other::reserve);
        return other;
    }

    /** Reserves a free address until it is {@link #release released}; empty if there is none. */
    synchronized Optional<IpAddress> take() {
        var next = latest.flatMap(this::after)
                .or(() -> Optional.ofNullable(free.firstEntry()).map(Map.Entry::getKey));
        next.ifPresent(address -> {
            reserve(address);
            latest = next;
        });
        return next;
    }

    /** Keeps the address from being given to others until it is released, whether it is free or not. */
    synchronized void reserve(IpAddress address) {
        reserved.add(address);
        occupy(address);
    }

    synchronized void release(IpAddress address) {
        reserved.remove(address);
        vacate(address);
    }

    /** The address belongs to a port from now on. */
    synchronized void use(IpAddress address) {
        used.add(address);
        occupy(address);
    }

    /** The address belongs to no port any more. */
    synchronized void unuse(IpAddress address) {
        used.remove(address);
        vacate(address);
    }

    private Optional<IpAddress> after(IpAddress address) {
        var around = free.floorEntry(address);
        if (around != null && around.getValue().compareTo(address) > 0) {
            return Optional.of(address.plus(1));
        }
        var later = free.higherEntry(address);
        return Optional.ofNullable(later != null ? later : free.firstEntry()).map(Map.Entry::getKey);
    }

    private void occupy(IpAddress address) {
        var range = free.floorEntry(address);
        if (range == null || range.getValue().compareTo(address) < 0) {
            return;
        }
        free.remove(range.getKey());
        if (range.getKey().compareTo(address) < 0) {
            free.put(range.getKey(), address.plus(-1));
        }
        if (address.compareTo(range.getValue()) < 0) {
            free.put(address.plus(1), range.getValue());
        }
    }

    private void vacate(IpAddress address) {
        if (used.contains(address) || reserved.contains(address) || !isOurs(address) || isFree(address)) {
            return;
        }
        var start = address;
        var end = address;
        var before = free.lowerEntry(address);
        if (before != null && before.getValue().plus(1).equals(address)) {
            start = before.getKey();
        }
        var next = free.get(address.plus(1));
        if (next != null && next.version() == address.version()) {
            free.remove(address.plus(1));
            end = next;
        }
        free.put(start, end);
    }

    private boolean isFree(IpAddress address) {
        var range = free.floorEntry(address);
        return range != null && range.getValue().compareTo(address) >= 0;
    }

    private boolean isOurs(IpAddress address) {
        return ranges.stream()
                .anyMatch(range -> range.start().compareTo(address) <= 0 && address.compareTo(range.end()) <= 0);
    }
}
