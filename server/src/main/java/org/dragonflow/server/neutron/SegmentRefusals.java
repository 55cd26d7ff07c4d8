package org.dragonflow.server.neutron;

import java.util.List;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;
import org.dragonflow.model.NetworkSegmentRange;
import org.dragonflow.model.Port;
import org.dragonflow.model.Segment;
import org.dragonflow.model.Subnet;
import org.dragonflow.server.http.Refusal;

/** Neutron's errors about segments, and about the numbers they have. */
final class SegmentRefusals {
    private SegmentRefusals() {}

    static Refusal segmentNotFound(Id<Segment> id) {
        return Refusals.missing("SegmentNotFound", "Segment %s could not be found.".formatted(id));
    }

    static Refusal stillHasSubnets(Id<Segment> id, List<Subnet> subnets) {
        var names = String.join(
                ", ", subnets.stream().map(subnet -> subnet.id().value()).toList());
        return segmentInUse(id, "The segment is still associated with subnet(s) %s".formatted(names));
    }

    static Refusal stillHasPorts(Id<Segment> id, long ports) {
        return segmentInUse(id, "The segment is still bound with %d port(s)".formatted(ports));
    }

    private static Refusal segmentInUse(Id<Segment> id, String reason) {
        return Refusals.conflict("SegmentInUse", "Segment '%s' cannot be deleted: %s.".formatted(id, reason));
    }

    static Refusal segmentsSetInConjunctionWithProviders() {
        return Refusals.bad(
                "SegmentsSetInConjunctionWithProviders", "Segments and provider values cannot both be set.");
    }

    static Refusal segmentsContainDuplicateEntry() {
        return Refusals.bad("SegmentsContainDuplicateEntry", "Duplicate segment entry in request.");
    }

    static Refusal networkIdsDontMatch(Id<Network> network, Id<Segment> segment) {
        return Refusals.bad(
                "NetworkIdsDontMatch",
                "The subnet's network id, '%s', doesn't match the network_id of segment '%s'"
                        .formatted(network, segment));
    }

    static Refusal subnetsNotAllAssociatedWithSegments(Id<Network> network) {
        return Refusals.bad(
                "SubnetsNotAllAssociatedWithSegments",
                ("All of the subnets on network '%s' must either all be associated with segments or all not associated"
                                + " with any segment.")
                        .formatted(network));
    }

    static Refusal subnetSegmentAssociationChangeNotAllowed() {
        return Refusals.bad(
                "SubnetSegmentAssociationChangeNotAllowed",
                "A subnet that is already associated with a segment cannot have its segment association changed.");
    }

    static Refusal noUpdateSubnetWhenMultipleSegmentsOnNetwork(Id<Network> network) {
        return Refusals.bad(
                "NoUpdateSubnetWhenMultipleSegmentsOnNetwork",
                ("The network '%s' has multiple segments, it is only possible to associate an existing subnet with a"
                                + " segment on networks with a single segment.")
                        .formatted(network));
    }

    static Refusal hostConnectedToMultipleSegments(Id<Chassis> host, Id<Network> network) {
        return Refusals.conflict(
                "HostConnectedToMultipleSegments",
                ("Host %s is connected to multiple segments on routed provider network '%s'.  It should be connected to"
                                + " one.")
                        .formatted(host, network));
    }

    static Refusal hostNotConnectedToAnySegment(Id<Chassis> host, Id<Network> network) {
        return Refusals.conflict(
                "HostNotConnectedToAnySegment",
                ("Host %s is not connected to any segments on routed provider network '%s'.  It should be connected to"
                                + " one.")
                        .formatted(host, network));
    }

    static Refusal hostNotCompatibleWithFixedIps(Id<Chassis> host, Id<Port> port) {
        return Refusals.conflict(
                "HostNotCompatibleWithFixedIps",
                ("Host %s is not connected to a segment where the existing fixed_ips on port %s will function given the"
                                + " routed network topology.")
                        .formatted(host, port));
    }

    static Refusal fixedIpsSubnetsNotOnSameSegment() {
        return Refusals.bad("FixedIpsSubnetsNotOnSameSegment", "Cannot allocate addresses from different segments.");
    }

    // Ranges of numbers

    static Refusal rangeNotFound(Id<NetworkSegmentRange> id) {
        return Refusals.missing(
                "NetworkSegmentRangeNotFound", "Network Segment Range %s could not be found.".formatted(id));
    }

    static Refusal rangeTypeNotSupported(String type) {
        return Refusals.bad(
                "NetworkSegmentRangeNetTypeNotSupported",
                "Network type %s does not support network segment ranges.".formatted(type));
    }

    static Refusal rangeOverlaps(List<NetworkSegmentRange> others) {
        var names = String.join(
                ", ", others.stream().map(range -> range.id().value()).toList());
        return Refusals.conflict(
                "NetworkSegmentRangeOverlaps", "Network segment range overlaps with range(s) with id " + names);
    }

    static Refusal rangeReferencedByProject(Id<NetworkSegmentRange> id) {
        return Refusals.conflict(
                "NetworkSegmentRangeReferencedByProject",
                "Network Segment Range %s is referenced by one or more tenant networks.".formatted(id));
    }

    static Refusal rangeDefaultReadOnly(Id<NetworkSegmentRange> id) {
        return Refusals.bad(
                "NetworkSegmentRangeDefaultReadOnly",
                "Network Segment Range %s is a default segment range which could not be updated or deleted."
                        .formatted(id));
    }

    // Neutron's status of the next two is 500; but it is the request that is wrong.
    static Refusal networkVlanRangeError(int minimum, int maximum, String error) {
        return Refusals.bad(
                "NetworkVlanRangeError",
                "Invalid network VLAN range: '%d:%d' - '%s'.".formatted(minimum, maximum, error));
    }

    static Refusal networkTunnelRangeError(int minimum, int maximum, String error) {
        return Refusals.bad(
                "NetworkTunnelRangeError",
                "Invalid network tunnel range: '%d:%d' - %s.".formatted(minimum, maximum, error));
    }

    static Refusal carrierStays() {
        return Refusals.invalidInput(
                "Plugin does not support updating the following provider network attributes: %s, %s"
                        .formatted(Carriers.TYPE, Carriers.PHYSICAL));
    }

    static Refusal severalSegmentsStay() {
        return Refusals.invalidInput(
                "Provider network attributes can be updated only in provider networks with a single segment.");
    }

    static Refusal numberStaysWhileBound() {
        return Refusals.invalidInput(
                ("Provider network attribute %s cannot be updated if any port in the network has not the following"
                                + " binding:vif_type: unbound, binding_failed")
                        .formatted(Carriers.NUMBER));
    }

    static Refusal onlyVlansChange() {
        return Refusals.invalidInput("Only VLAN type networks can be updated.");
    }
}
