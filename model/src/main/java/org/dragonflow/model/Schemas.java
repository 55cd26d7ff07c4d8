package org.dragonflow.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The northbound types; a new record is added here, and nowhere else. */
public final class Schemas {
    private static final List<Class<? extends Entity>> TYPES = List.of(
            Network.class,
            AddressScope.class,
            SubnetPool.class,
            Subnet.class,
            Segment.class,
            NetworkSegmentRange.class,
            Port.class,
            Router.class,
            RouterInterface.class,
            FollowedProtocol.class,
            FloatingIp.class,
            AutoAllocation.class,
            PortForwarding.class,
            LocalIp.class,
            LocalIpAssociation.class,
            NdpProxy.class,
            NatLease.class,
            Detour.class,
            ActivePort.class,
            SecurityGroup.class,
            SecurityGroupRule.class,
            SecurityGroupRuleTemplate.class,
            AddressGroup.class,
            RbacPolicy.class,
            QosPolicy.class,
            BandwidthLimitRule.class,
            DscpMarkingRule.class,
            MinimumBandwidthRule.class,
            PacketRateLimitRule.class,
            MinimumPacketRateRule.class,
            Trunk.class,
            MeteringLabel.class,
            MeteringLabelRule.class,
            FlavorProfile.class,
            Flavor.class,
            Log.class,
            AgentNote.class,
            Quota.class,
            Chassis.class,
            Seat.class,
            JoinToken.class,
            Beginning.class,
            Receipt.class,
            Delivery.class,
            Interface.class,
            Neighbour.class);

    private static final Map<String, Class<? extends Entity>> BY_NAME =
            TYPES.stream().collect(Collectors.toUnmodifiableMap(Class::getSimpleName, type -> type));

    private Schemas() {}

    public static Stream<Schema<?>> all() {
        return TYPES.stream().map(Schema::of);
    }

    /** The schema of the type of this simple name, such as {@code SecurityGroup}. */
    public static Optional<Schema<?>> named(String type) {
        return Optional.ofNullable(BY_NAME.get(type)).map(Schema::of);
    }

    /** The schema of the resource of this plural, such as {@code security_groups}. */
    public static Optional<Schema<?>> ofResource(String plural) {
        return all().filter(
                        s -> s.resource().filter(r -> r.plural().equals(plural)).isPresent())
                .findFirst();
    }

    /** The reference page of all types. */
    public static String toMarkdown() {
        return all().map(Schema::toMarkdown).collect(Collectors.joining("\n", "# Northbound types\n\n", ""));
    }

    /** The API of all resources in OpenAPI 3.1. */
    public static Map<String, Object> toOpenApi() {
        return OpenApi.document(all().toList());
    }
}
