package org.dragonflow.server.neutron;

import java.util.List;
import java.util.Optional;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;
import org.dragonflow.model.Segment;
import org.dragonflow.model.Subnet;
import org.dragonflow.model.View;

/** Subnets that are each on one segment of their network, so that routers are between them: all subnets of the network then, or none. */
final class RoutedSubnets {
    /** The owner of ports whose subnets may be beside those on segments. */
    private static final String ROUTED = "network:routed";

    private RoutedSubnets() {}

    /** Refuses a new subnet that is on a segment where others are not, or the other way round. */
    static void requireCreate(View view, Network network, Values values) {
        var wanted = wanted(values);
        var segment = wanted.map(id -> segment(view, id));
        boolean isBeside = values.list("service_types", String.class).contains(ROUTED);
        boolean differs = held(view, network.id()).stream()
                .anyMatch(other -> other.segmentId().isPresent() != wanted.isPresent());
        if (differs && !isBeside) {
            throw SegmentRefusals.subnetsNotAllAssociatedWithSegments(network.id());
        }
        segment.ifPresent(found -> requireOf(network.id(), found));
    }

    /** Refuses to move a subnet to a segment if it is on another, or hosts were told that there is but one. */
    static void requireUpdate(View view, Subnet before, Values values) {
        if (!values.has("segment_id")) {
            return;
        }
        var wanted = wanted(values);
        var segment = wanted.map(id -> segment(view, id));
        if (!wanted.equals(before.segmentId())) {
            var all = held(view, before.networkId());
            if (all.size() > 1) {
                throw SegmentRefusals.subnetsNotAllAssociatedWithSegments(before.networkId());
            }
            if (before.segmentId().isPresent()) {
                throw SegmentRefusals.subnetSegmentAssociationChangeNotAllowed();
            }
            if (Segments.of(view, before.networkId()).size() > 1) {
                throw SegmentRefusals.noUpdateSubnetWhenMultipleSegmentsOnNetwork(before.networkId());
            }
        }
        segment.ifPresent(found -> requireOf(before.networkId(), found));
    }

    private static Optional<Id<Segment>> wanted(Values values) {
        return values.nullable("segment_id", Id.class).map(id -> Id.of(Segment.class, id.value()));
    }

    private static Segment segment(View view, Id<Segment> id) {
        return view.get(id).orElseThrow(() -> SegmentRefusals.segmentNotFound(id));
    }

    private static void requireOf(Id<Network> network, Segment segment) {
        if (!segment.networkId().equals(network)) {
            throw SegmentRefusals.networkIdsDontMatch(network, segment.id());
        }
    }

    /** The subnets that are all on segments, or all not. */
    private static List<Subnet> held(View view, Id<Network> network) {
        return view.find(Subnet.on(network))
                .filter(subnet -> !subnet.serviceTypes().contains(ROUTED))
                .toList();
    }

    /** Those that a port can have an address from: not on a segment, or on the one that reaches its chassis. */
    static List<Subnet> reaching(View view, List<Subnet> subnets, Optional<Id<Chassis>> host) {
        var reaching = subnets.stream()
                .filter(subnet -> subnet.segmentId().isEmpty()
                        || host.isPresent() && reaches(view, subnet.segmentId().get(), host.get()))
                .toList();
        if (segments(reaching) > 1) {
            throw SegmentRefusals.hostConnectedToMultipleSegments(
                    host.orElseThrow(), reaching.getFirst().networkId());
        }
        return reaching;
    }

    private static boolean reaches(View view, Id<Segment> id, Id<Chassis> host) {
        return view.get(id)
                .filter(segment -> Segments.reaches(view, segment, host))
                .isPresent();
    }

    private static long segments(List<Subnet> subnets) {
        return subnets.stream()
                .flatMap(subnet -> subnet.segmentId().stream())
                .distinct()
                .count();
    }

    /** Refuses addresses of several segments: no chassis is on all of them. */
    static void requireOneSegment(List<Subnet> subnets) {
        if (subnets.stream().map(Subnet::segmentId).distinct().count() > 1) {
            throw SegmentRefusals.fixedIpsSubnetsNotOnSameSegment();
        }
    }

    /** Refuses a chassis that no segment with a subnet leads to, where all subnets are on segments. */
    static void requireReached(
            Id<Network> network, List<Subnet> subnets, List<Subnet> reaching, Optional<Id<Chassis>> host) {
        boolean isRouted =
                subnets.stream().anyMatch(subnet -> subnet.segmentId().isPresent());
        if (reaching.isEmpty() && isRouted && host.isPresent()) {
            throw SegmentRefusals.hostNotConnectedToAnySegment(host.get(), network);
        }
    }
}
