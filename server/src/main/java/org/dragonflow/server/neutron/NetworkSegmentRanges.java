package org.dragonflow.server.neutron;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dragonflow.model.Id;
import org.dragonflow.model.NetworkSegmentRange;
import org.dragonflow.model.Query;
import org.dragonflow.model.Segment;
import org.dragonflow.model.View;
import org.dragonflow.server.access.Caller;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.store.Edit;

/** Ranges of the numbers that segments get: those of the configuration, and those that operators make beside them. */
final class NetworkSegmentRanges implements Kind<NetworkSegmentRange> {
    /** How many free numbers are shown at most: a range of an overlay can have sixteen million. */
    private static final int MOST_SHOWN = 65_536;

    private final Mint mint;

    NetworkSegmentRanges(Mint mint) {
        this.mint = mint;
    }

    @Override
    public Class<NetworkSegmentRange> type() {
        return NetworkSegmentRange.class;
    }

    @Override
    public Refusal notFound(Id<NetworkSegmentRange> id) {
        return SegmentRefusals.rangeNotFound(id);
    }

    @Override
    public NetworkSegmentRange create(Edit edit, Caller caller, Values values) {
        var type = values.get("network_type", String.class);
        if (!NumberRanges.isNumbered(type)) {
            throw SegmentRefusals.rangeTypeNotSupported(type);
        }
        boolean isVlan = type.equals(Segment.VLAN);
        var physical = values.nullable("physical_network", String.class).filter(_ -> isVlan);
        values.put("physical_network", physical);
        if (values.get("shared", Boolean.class)) {
            values.put("project_id", "");
        } else if (values.get("project_id", String.class).isEmpty()) {
            throw Refusals.badRequest("network_segment_range", "a range that is not shared must have a project_id");
        }
        var range = mint.create(edit, NetworkSegmentRange.class, values);
        requireValid(range);
        if (isVlan && physical.isEmpty()) {
            throw Refusals.badRequest(
                    "network_segment_range",
                    "Network type vlan requires 'physical_network' to be specified while creating new range");
        }
        requireApart(edit, range);
        return range;
    }

    private static void requireValid(NetworkSegmentRange range) {
        int first = range.minimum();
        int last = range.maximum();
        int most = NumberRanges.largest(range.networkType());
        var problem = IntStream.of(first, last)
                .filter(number -> number > most)
                .mapToObj(number -> "%d is not a valid %s identifier".formatted(number, range.networkType()))
                .findFirst();
        if (range.networkType().equals(Segment.VLAN)) {
            problem.or(() -> backwards("VLAN", range)).ifPresent(error -> {
                throw SegmentRefusals.networkVlanRangeError(first, last, error);
            });
        } else {
            problem.or(() -> backwards("tunnel", range)).ifPresent(error -> {
                throw SegmentRefusals.networkTunnelRangeError(first, last, error);
            });
        }
    }

    private static Optional<String> backwards(String noun, NetworkSegmentRange range) {
        return range.maximum() < range.minimum()
                ? Optional.of("End of %s range is less than start of %s range".formatted(noun, noun))
                : Optional.empty();
    }

    private static void requireApart(Edit edit, NetworkSegmentRange range) {
        var others = edit.find(Query.all(NetworkSegmentRange.class))
                .filter(other -> !other.standard()
                        && !other.id().equals(range.id())
                        && other.networkType().equals(range.networkType())
                        && other.physicalNetwork().equals(range.physicalNetwork())
                        && other.minimum() <= range.maximum()
                        && range.minimum() <= other.maximum())
                .toList();
        if (!others.isEmpty()) {
            throw SegmentRefusals.rangeOverlaps(others);
        }
    }

    @Override
    public NetworkSegmentRange update(Edit edit, Caller caller, NetworkSegmentRange before, Values values) {
        requireChangeable(before);
        var after = mint.change(edit, before, values.map());
        // As in Neutron, a number that is used must not come to be the first or the last of its range either.
        boolean isTouched = inside(edit, before)
                .mapToInt(segment -> segment.segmentationId().orElseThrow())
                .anyMatch(number -> number <= after.minimum() || number >= after.maximum());
        if (isTouched) {
            throw SegmentRefusals.rangeReferencedByProject(before.id());
        }
        requireValid(after);
        requireApart(edit, after);
        return after;
    }

    @Override
    public void delete(Edit edit, Caller caller, NetworkSegmentRange range) {
        requireChangeable(range);
        if (inside(edit, range).findAny().isPresent()) {
            throw SegmentRefusals.rangeReferencedByProject(range.id());
        }
        edit.delete(range);
    }

    private static void requireChangeable(NetworkSegmentRange range) {
        if (range.standard()) {
            throw SegmentRefusals.rangeDefaultReadOnly(range.id());
        }
    }

    /** The segments that have a number of the range. */
    private static Stream<Segment> inside(View view, NetworkSegmentRange range) {
        return view.find(Query.all(Segment.class)).filter(isInside(range));
    }

    private static Predicate<Segment> isInside(NetworkSegmentRange range) {
        return segment -> segment.networkType().equals(range.networkType())
                && segment.physicalNetwork().equals(range.physicalNetwork())
                && segment.segmentationId().filter(range::contains).isPresent();
    }

    @Override
    public Map<String, Object> derived(NetworkSegmentRange range, Caller caller, View view) {
        var derived = new LinkedHashMap<String, Object>();
        if (range.shared()) {
            derived.put("project_id", null);
            derived.put("tenant_id", null);
        }
        derived.put(
                "available",
                IntStream.rangeClosed(range.minimum(), range.maximum())
                        .filter(number -> isFree(view, range, number))
                        .limit(MOST_SHOWN)
                        .boxed()
                        .toList());
        var used = new LinkedHashMap<String, Object>();
        inside(view, range)
                .forEach(segment -> view.get(segment.networkId())
                        .ifPresent(network ->
                                used.put(String.valueOf(segment.segmentationId().orElseThrow()), network.projectId())));
        derived.put("used", used);
        return derived;
    }

    private static boolean isFree(View view, NetworkSegmentRange range, int number) {
        return Carriers.isFree(view, range.physicalNetwork(), number);
    }

    /** Has the ranges of the configuration be there, and none that it no longer has. */
    void keep(Edit edit, List<StandardCarriers.Range> wanted) {
        var ids = wanted.stream().map(StandardCarriers.Range::id).toList();
        edit.find(Query.all(NetworkSegmentRange.class))
                .filter(range -> range.standard() && !ids.contains(range.id()))
                .toList()
                .forEach(edit::delete);
        for (var range : wanted) {
            if (edit.get(range.id()).isEmpty()) {
                mint.create(
                        edit,
                        NetworkSegmentRange.class,
                        new Values(Map.of())
                                .put("id", range.id())
                                .put("name", "")
                                .put("description", "")
                                .put("default", true)
                                .put("shared", true)
                                .put("project_id", "")
                                .put("network_type", range.type())
                                .put("physical_network", range.physical())
                                .put("minimum", range.minimum())
                                .put("maximum", range.maximum())
                                .put("tags", List.of()));
            }
        }
    }

    /** Whether {@link #keep} would change nothing. */
    static boolean isKept(View view, List<StandardCarriers.Range> wanted) {
        var ids = wanted.stream().map(StandardCarriers.Range::id).toList();
        var present = view.find(Query.all(NetworkSegmentRange.class))
                .filter(NetworkSegmentRange::standard)
                .map(NetworkSegmentRange::id)
                .toList();
        return present.size() == ids.size() && present.containsAll(ids);
    }
}
