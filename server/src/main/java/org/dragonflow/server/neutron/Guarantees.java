package org.dragonflow.server.neutron;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.dragonflow.model.Id;
import org.dragonflow.model.MinimumBandwidthRule;
import org.dragonflow.model.MinimumPacketRateRule;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.QosPolicy;
import org.dragonflow.model.QosRule;
import org.dragonflow.model.Query;
import org.dragonflow.model.View;

/**
 * What QoS policies guarantee to ports: where a guarantee can be given, and what Nova is to ask Placement for so that a port's chassis
 * has it.
 */
final class Guarantees {
    private static final String COMPUTE = "compute:";

    private Guarantees() {}

    /** The policy that holds for a port: its own, or its network's. */
    private static Optional<Id<QosPolicy>> policy(View view, Port port) {
        return port.qosPolicyId().or(() -> view.get(port.networkId()).flatMap(Network::qosPolicyId));
    }

    private static Stream<? extends QosRule> rules(View view, Id<QosPolicy> policy) {
        return Stream.concat(bandwidths(view, policy).stream(), rates(view, policy).stream());
    }

    private static List<MinimumBandwidthRule> bandwidths(View view, Id<QosPolicy> policy) {
        return view.find(QosRule.of(MinimumBandwidthRule.class, policy))
                .sorted(QosRule.ORDER)
                .toList();
    }

    private static List<MinimumPacketRateRule> rates(View view, Id<QosPolicy> policy) {
        return view.find(QosRule.of(MinimumPacketRateRule.class, policy))
                .sorted(QosRule.ORDER)
                .toList();
    }

    /** Refuses a port to which its policy promises bandwidth that nobody counts: an overlay shares its links with all others. */
    static void requirePossible(View view, Port port) {
        policy(view, port)
                .filter(policy -> !bandwidths(view, policy).isEmpty() && isOverlay(view, port.networkId()))
                .ifPresent(policy -> {
                    throw QosRefusals.qosRuleNotSupported(QosRules.typeName(MinimumBandwidthRule.class), port.id());
                });
    }

    /** The same for a network, and those of its ports that go by its policy. */
    static void requirePossible(View view, Network network) {
        network.qosPolicyId()
                .filter(policy -> isOverlay(view, network.id())
                        && !bandwidths(view, policy).isEmpty())
                .ifPresent(policy -> {
                    throw QosRefusals.qosRuleNotSupportedByNetwork(
                            QosRules.typeName(MinimumBandwidthRule.class), network.id());
                });
    }

    private static boolean isOverlay(View view, Id<Network> network) {
        return Segments.physical(view, network).isEmpty();
    }

    /** Refuses a change of a policy's guarantees that those who have it cannot be given, or have been given by Placement. */
    static void requireChangeable(View view, QosPolicy policy) {
        carriers(view, policy.id()).forEach(port -> {
            requirePossible(view, port);
            if (port.deviceOwner().startsWith(COMPUTE)) {
                throw QosRefusals.trackedInPlacement();
            }
        });
    }

    /** The ports that a policy holds for. */
    private static List<Port> carriers(View view, Id<QosPolicy> policy) {
        var own = view.find(Query.by(Port.class, QosPolicies.ATTRIBUTE, policy));
        var ofNetworks = view.find(Query.by(Network.class, QosPolicies.ATTRIBUTE, policy))
                .flatMap(network -> followers(view, network));
        return Stream.concat(own, ofNetworks).toList();
    }

    private static Stream<Port> followers(View view, Network network) {
        return view.find(Port.on(network.id()))
                .filter(port -> port.qosPolicyId().isEmpty());
    }

    /** Refuses another policy for a port whose server holds an allocation in Placement for the present one: only Nova can move that. */
    static void requireKept(View view, Port before, Port after) {
        if (!policy(view, before).equals(policy(view, after))) {
            requireNoAllocation(view, before, policy(view, before));
        }
    }

    static void requireKept(View view, Network before, Network after) {
        if (!before.qosPolicyId().equals(after.qosPolicyId())) {
            followers(view, after).forEach(port -> {
                requirePossible(view, port);
                requireNoAllocation(view, port, before.qosPolicyId());
            });
        }
    }

    private static void requireNoAllocation(View view, Port port, Optional<Id<QosPolicy>> policy) {
        boolean isAllocated = port.deviceOwner().startsWith(COMPUTE)
                && port.profile().get("allocation") instanceof Map<?, ?> allocation
                && !allocation.isEmpty();
        if (isAllocated
                && policy.stream().flatMap(id -> rules(view, id)).findAny().isPresent()) {
            throw QosRefusals.trackedInPlacement();
        }
    }

    /** What the port needs of the chassis that it goes to, in Placement's words; empty if nothing is guaranteed. */
    static Optional<Map<String, Object>> request(View view, Port port) {
        var policy = policy(view, port);
        if (policy.isEmpty()) {
            return Optional.empty();
        }
        var groups = Stream.of(ofBandwidth(view, port, policy.get()), ofRate(view, port, policy.get()))
                .flatMap(Optional::stream)
                .toList();
        return groups.isEmpty()
                ? Optional.empty()
                : Optional.of(Map.of(
                        "request_groups",
                        groups,
                        "same_subtree",
                        groups.stream().map(group -> group.get("id")).toList()));
    }

    private static Optional<Map<String, Object>> ofBandwidth(View view, Port port, Id<QosPolicy> policy) {
        var physical = Segments.physical(view, port.networkId());
        var rules = bandwidths(view, policy);
        var resources = new LinkedHashMap<String, Object>();
        rules.forEach(rule -> resources.put(
                "NET_BW_%s_KILOBIT_PER_SEC".formatted(rule.direction().equals("ingress") ? "IGR" : "EGR"),
                rule.minKbps()));
        return physical.filter(_ -> !rules.isEmpty())
                .map(name -> group(
                        port,
                        rules,
                        List.of(trait("PHYSNET_" + name), trait("VNIC_TYPE_" + port.vnicType())),
                        resources));
    }

    private static Optional<Map<String, Object>> ofRate(View view, Port port, Id<QosPolicy> policy) {
        var rules = rates(view, policy);
        var resources = new LinkedHashMap<String, Object>();
        rules.forEach(rule -> resources.put(
                switch (rule.direction()) {
                    case "ingress" -> "NET_PACKET_RATE_IGR_KILOPACKET_PER_SEC";
                    case "egress" -> "NET_PACKET_RATE_EGR_KILOPACKET_PER_SEC";
                    default -> "NET_PACKET_RATE_KILOPACKET_PER_SEC";
                },
                rule.minKpps()));
        return rules.isEmpty()
                ? Optional.empty()
                : Optional.of(group(port, rules, List.of(trait("VNIC_TYPE_" + port.vnicType())), resources));
    }

    private static Map<String, Object> group(
            Port port, List<? extends QosRule> rules, List<String> traits, Map<String, Object> resources) {
        var names = new ArrayList<String>();
        rules.forEach(rule -> names.add(rule.id().value()));
        var id = NamedUuid.of(UUID.fromString(port.id().value()), String.join(":", names));
        return Map.of("id", id.toString(), "required", traits, "resources", resources);
    }

    /** A trait of our own naming, as Placement lets them be. */
    private static String trait(String name) {
        return "CUSTOM_" + name.replaceAll("[^0-9A-Za-z]+", "_").toUpperCase(Locale.ROOT);
    }
}
