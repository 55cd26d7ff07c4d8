package org.dragonflow.server.neutron;

import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;
import org.dragonflow.model.Network.Carrier;
import org.dragonflow.model.Port;
import org.dragonflow.model.Segment;
import org.dragonflow.model.Subnet;
import org.dragonflow.model.View;
import org.dragonflow.server.access.Caller;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.store.Edit;

/**
 * Segments: what networks are carried by. What a network shows of that, as provider attributes, is what its segments say.
 *
 * <p>Overlays lead to every chassis; a physical network to those that say they are connected to it.
 */
final class Segments implements Kind<Segment> {
    private final Mint mint;
    private final Carriers carriers;
    private final List<String> types;

    /** @param types what carries networks of which nobody says it, the first choice first */
    Segments(Mint mint, List<String> types) {
        this.mint = mint;
        this.types = types;
        this.carriers = new Carriers(mint);
    }

    @Override
    public Class<Segment> type() {
        return Segment.class;
    }

    @Override
    public Refusal notFound(Id<Segment> id) {
        return SegmentRefusals.segmentNotFound(id);
    }

    /** The segments of a network, in order. */
    static List<Segment> of(View view, Id<Network> network) {
        return view.find(Segment.of(network))
                .sorted(Comparator.comparingInt(Segment::place))
                .toList();
    }

    /** The physical network that carries the network, or a part of it; none for an overlay. */
    static Optional<String> physical(View view, Id<Network> network) {
        return of(view, network).stream()
                .flatMap(segment -> segment.physicalNetwork().stream())
                .findFirst();
    }

    /** Whether packets of the segment get to this chassis. */
    static boolean reaches(View view, Segment segment, Id<Chassis> host) {
        return view.get(host)
                .filter(chassis -> segment.physicalNetwork().stream().allMatch(chassis::isConnectedTo))
                .isPresent();
    }

    /** The segment that carries the network's ports at this chassis. */
    static Optional<Segment> at(View view, Id<Network> network, Id<Chassis> host) {
        return of(view, network).stream()
                .filter(segment -> reaches(view, segment, host))
                .findFirst();
    }

    /** Finds what is to carry a new network, and takes what was said of it out of its values. */
    List<Carriers.Chosen> choose(Edit edit, Values values) {
        var project = values.get("project_id", String.class);
        var wanted = wanted(values);
        // Only VLANs have the tag that it asks for.
        var fitting = values.get("qinq", Boolean.class) ? List.of(Segment.VLAN) : types;
        var chosen = wanted.isEmpty()
                ? List.of(carriers.chooseAny(edit, project, fitting))
                : carriers.choose(edit, project, wanted);
        values.put("segments", List.of());
        forget(values);
        return chosen;
    }

    /** Segments say what carries a network, and its own attributes nothing. */
    private static void forget(Values values) {
        for (var name : List.of(Carriers.TYPE, Carriers.PHYSICAL, Carriers.NUMBER)) {
            values.put(name, Optional.empty());
        }
    }

    private static Carrier single(Values values) {
        return new Carrier(
                values.nullable(Carriers.TYPE, String.class),
                values.nullable(Carriers.PHYSICAL, String.class),
                values.nullable(Carriers.NUMBER, Integer.class));
    }

    /** What a client says of the carriers of a new network; nothing if it is all the same to them. */
    private static List<Carrier> wanted(Values values) {
        var single = single(values);
        boolean isNothing = single.equals(new Carrier(Optional.empty(), Optional.empty(), Optional.empty()));
        var several = values.list("segments", Carrier.class);
        if (several.isEmpty()) {
            return isNothing ? List.of() : List.of(single);
        }
        if (!isNothing) {
            throw SegmentRefusals.segmentsSetInConjunctionWithProviders();
        }
        var whole = several.stream()
                .filter(carrier -> carrier.segmentationId().isPresent()
                        || carrier.networkType().equals(Optional.of(Segment.FLAT)))
                .toList();
        if (new HashSet<>(whole).size() < whole.size()) {
            throw SegmentRefusals.segmentsContainDuplicateEntry();
        }
        return several;
    }

    /** Makes the segments of a new network. */
    void make(Edit edit, Network network, List<Carriers.Chosen> chosen) {
        for (int i = 0; i < chosen.size(); i++) {
            var values = new Values(Map.of())
                    .put("name", Optional.empty())
                    .put("description", "")
                    .put("project_id", network.projectId());
            make(edit, network, chosen.get(i), i, values);
        }
    }

    private Segment make(Edit edit, Network network, Carriers.Chosen chosen, int place, Values values) {
        values.put("network_id", network.id())
                .put("network_type", chosen.type())
                .put("physical_network", chosen.physical())
                .put("segmentation_id", chosen.number())
                .put("carrier", chosen.claim())
                .put("place", place);
        return mint.create(edit, Segment.class, values);
    }

    /** Changes what carries a network, and takes what was said of it out of the network's values. What stays may be said again. */
    void change(Edit edit, Network network, Values values) {
        var wanted = single(values);
        forget(values);
        var segments = of(edit, network.id());
        var only = segments.size() == 1 ? Optional.of(segments.getFirst()) : Optional.<Segment>empty();
        boolean isOther = wanted.networkType()
                        .filter(type -> !Optional.of(type).equals(only.map(Segment::networkType)))
                        .isPresent()
                || wanted.physicalNetwork()
                        .filter(name -> !Optional.of(name).equals(only.flatMap(Segment::physicalNetwork)))
                        .isPresent();
        if (isOther) {
            throw SegmentRefusals.carrierStays();
        }
        wanted.segmentationId()
                .ifPresent(number -> renumber(edit, only.orElseThrow(SegmentRefusals::severalSegmentsStay), number));
    }

    private void renumber(Edit edit, Segment segment, int number) {
        if (edit.find(Port.on(segment.networkId()))
                .anyMatch(port -> port.hostId().isPresent())) {
            throw SegmentRefusals.numberStaysWhileBound();
        }
        if (!segment.networkType().equals(Segment.VLAN)) {
            throw SegmentRefusals.onlyVlansChange();
        }
        if (!segment.segmentationId().equals(Optional.of(number))) {
            var chosen = carriers.move(edit, segment, number);
            mint.change(edit, segment, Map.of("segmentation_id", chosen.number(), "carrier", chosen.claim()));
        }
    }

    @Override
    public Segment create(Edit edit, Caller caller, Values values) {
        var network = Networks.visible(
                edit, Id.of(Network.class, values.get("network_id", Id.class).value()), caller);
        var wanted = new Carrier(
                values.find("network_type", String.class),
                values.nullable("physical_network", String.class),
                values.nullable("segmentation_id", Integer.class));
        var chosen = carriers.choose(edit, network.projectId(), List.of(wanted)).getFirst();
        VlanTags.requirePossible(edit, List.of(chosen), network.qinq(), network.passesTags());
        int place =
                of(edit, network.id()).stream().mapToInt(Segment::place).max().orElse(-1) + 1;
        return make(edit, network, chosen, place, values);
    }

    @Override
    public Segment update(Edit edit, Caller caller, Segment before, Values values) {
        return mint.change(edit, before, values.map());
    }

    @Override
    public void delete(Edit edit, Caller caller, Segment segment) {
        var subnets = edit.find(Subnet.on(segment)).toList();
        if (!subnets.isEmpty()) {
            throw SegmentRefusals.stillHasSubnets(segment.id(), subnets);
        }
        long ports = edit.find(Port.on(segment.networkId()))
                .filter(port -> port.hostId()
                        .flatMap(host -> at(edit, segment.networkId(), host))
                        .filter(segment::equals)
                        .isPresent())
                .count();
        if (ports > 0) {
            throw SegmentRefusals.stillHasPorts(segment.id(), ports);
        }
        edit.delete(segment);
    }

    /** What a network shows of its segments: the provider attributes of the only one, or a list of several. */
    static Map<String, Object> shown(View view, Id<Network> network) {
        var segments = of(view, network);
        return switch (segments.size()) {
            case 0 -> shown(Optional.empty());
            case 1 -> shown(Optional.of(segments.getFirst()));
            default ->
                Map.of(
                        "segments",
                        segments.stream()
                                .map(segment -> shown(Optional.of(segment)))
                                .toList());
        };
    }

    private static Map<String, Object> shown(Optional<Segment> segment) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put(Carriers.TYPE, segment.map(Segment::networkType).orElse(null));
        shown.put(Carriers.PHYSICAL, segment.flatMap(Segment::physicalNetwork).orElse(null));
        shown.put(Carriers.NUMBER, segment.flatMap(Segment::segmentationId).orElse(null));
        return shown;
    }

    /** Whether the segment has one of the texts as this provider attribute. */
    static boolean matches(Segment segment, String attribute, List<String> texts) {
        var value = shown(Optional.of(segment)).get(attribute);
        return texts.contains(value == null ? "" : value.toString());
    }
}
