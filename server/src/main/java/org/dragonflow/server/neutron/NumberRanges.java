package org.dragonflow.server.neutron;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.dragonflow.model.NetworkSegmentRange;
import org.dragonflow.model.Query;
import org.dragonflow.model.Segment;
import org.dragonflow.model.View;

/** The numbers that a project's segments of one kind may get where none is asked for: its own before those of all. */
record NumberRanges(List<NetworkSegmentRange> own, List<NetworkSegmentRange> shared, List<NetworkSegmentRange> others) {
    private static final int LARGEST_VLAN = 4094;

    /** @param physical the physical network whose numbers they are to be; empty for an overlay, or if any will do */
    static NumberRanges of(View view, String type, Optional<String> physical, String project) {
        var all = view.find(Query.all(NetworkSegmentRange.class))
                .filter(range -> range.networkType().equals(type))
                .filter(range -> physical.isEmpty() || range.physicalNetwork().equals(physical))
                .toList();
        return new NumberRanges(
                filtered(all, range -> !range.shared() && range.projectId().equals(project)),
                filtered(all, NetworkSegmentRange::shared),
                filtered(all, range -> !range.shared() && !range.projectId().equals(project)));
    }

    private static List<NetworkSegmentRange> filtered(
            List<NetworkSegmentRange> ranges, Predicate<NetworkSegmentRange> condition) {
        return ranges.stream().filter(condition).toList();
    }

    boolean isEmpty() {
        return own.isEmpty() && shared.isEmpty() && others.isEmpty();
    }

    /** The ranges to look in first, and those after them. */
    Stream<List<NetworkSegmentRange>> inOrder() {
        return Stream.of(own, shared).filter(ranges -> !ranges.isEmpty());
    }

    /** Whether the number of a range that all may use is kept for another project. */
    boolean isKept(Optional<String> physical, int number) {
        return others.stream()
                .anyMatch(range ->
                        range.contains(number) && range.physicalNetwork().equals(physical));
    }

    /** Whether a network may be carried so and have such numbers. */
    static boolean isNumbered(String type) {
        return switch (type) {
            case Segment.GENEVE, Segment.VXLAN, Segment.VLAN -> true;
            default -> false;
        };
    }

    /** The largest number that a segment of this kind can have. */
    static int largest(String type) {
        return type.equals(Segment.VLAN) ? LARGEST_VLAN : Carriers.LARGEST_KEY;
    }
}
