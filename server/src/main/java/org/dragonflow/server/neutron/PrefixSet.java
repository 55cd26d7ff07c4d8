package org.dragonflow.server.neutron;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.dragonflow.address.IpPrefix;

/** Some addresses of one IP version, as the fewest blocks, in order. */
record PrefixSet(List<IpPrefix> blocks) {
    PrefixSet {
        blocks = compact(blocks);
    }

    static PrefixSet of(Stream<IpPrefix> blocks) {
        return new PrefixSet(blocks.toList());
    }

    private static List<IpPrefix> compact(Collection<IpPrefix> blocks) {
        var done = new ArrayList<IpPrefix>();
        for (var next : blocks.stream().sorted().toList()) {
            if (!done.isEmpty() && done.getLast().contains(next)) {
                continue;
            }
            var block = next;
            while (!done.isEmpty() && areHalves(done.getLast(), block)) {
                block = IpPrefix.around(done.removeLast().address(), block.length() - 1);
            }
            done.add(block);
        }
        return List.copyOf(done);
    }

    private static boolean areHalves(IpPrefix one, IpPrefix other) {
        return one.length() == other.length()
                && one.length() > 0
                && IpPrefix.around(one.address(), one.length() - 1)
                        .equals(IpPrefix.around(other.address(), one.length() - 1));
    }

    PrefixSet with(PrefixSet more) {
        return of(Stream.concat(blocks.stream(), more.blocks.stream()));
    }

    PrefixSet without(PrefixSet others) {
        var left = blocks;
        for (var hole : others.blocks) {
            left = left.stream().flatMap(block -> without(block, hole)).toList();
        }
        return new PrefixSet(left);
    }

    private static Stream<IpPrefix> without(IpPrefix block, IpPrefix hole) {
        if (!block.overlaps(hole)) {
            return Stream.of(block);
        }
        if (hole.contains(block)) {
            return Stream.of();
        }
        var half = new IpPrefix(block.first(), block.length() + 1);
        var other = new IpPrefix(half.last().plus(1), half.length());
        return Stream.concat(without(half, hole), without(other, hole));
    }

    boolean overlaps(PrefixSet other) {
        return blocks.stream().anyMatch(block -> other.blocks.stream().anyMatch(block::overlaps));
    }

    boolean contains(PrefixSet other) {
        return other.blocks.stream().allMatch(this::contains);
    }

    /** Whether the block is here; one that is not here whole may still overlap. */
    boolean contains(IpPrefix wanted) {
        return blocks.stream().anyMatch(block -> block.contains(wanted));
    }
}
