package org.dragonflow.model;

import static org.dragonflow.model.Access.Writer.CLIENT_ON_CREATE;
import static org.dragonflow.model.Access.Writer.SERVER;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

@Doc("Rules that limit, mark or guarantee the traffic of the ports and networks that carry the policy.")
@Resource(singular = "policy", plural = "policies", path = "qos/policies")
public record QosPolicy(
        @Access(SERVER) @Doc("Names the policy.") Id<QosPolicy> id,

        @Otherwise("\"\"") @Range(max = 255) @Doc("For people; need not be unique.")
        String name,

        @Otherwise("\"\"") @Range(max = 255) @Doc("For people.")
        String description,

        @Access(CLIENT_ON_CREATE)
        @Filled
        @Indexed
        @Wire(value = "project_id", aliases = "tenant_id")
        @Doc("Whose it is; left out: the caller's.")
        String projectId,

        @Otherwise("false") @Indexed @Doc("Whether all projects may use it.")
        boolean shared,

        @Otherwise("false") @Doc("Whether the project's new networks carry it unless they say otherwise.")
        boolean isDefault,

        @Access(SERVER) @Distinct @Doc("Words that people find it by.")
        List<String> tags,

        @Access(SERVER) @Doc("When it was made.") Instant createdAt,
        @Access(SERVER) @Doc("When it was last changed.") Instant updatedAt,
        @Access(SERVER) @Doc("How often it was changed.") long revisionNumber)
        implements Entity {
    public QosPolicy {
        tags = List.copyOf(tags);
    }

    /** The policy that holds for a port: its own, else its network's. What the network itself has there is free of that, but for gateways. */
    public static Optional<Id<QosPolicy>> of(Port port, View view) {
        return port.qosPolicyId().isPresent() || port.isPartOfNetwork()
                ? port.qosPolicyId()
                : ofNetwork(port.networkId(), view);
    }

    /** The policy that holds for a floating IP: its own, else its network's. */
    public static Optional<Id<QosPolicy>> of(FloatingIp floating, View view) {
        return floating.qosPolicyId().or(() -> ofNetwork(floating.floatingNetworkId(), view));
    }

    /** The policy that holds for the addresses a router has outside: that of its gateway, else that of the network there. */
    public static Optional<Id<QosPolicy>> of(Router router, View view) {
        return router.externalGatewayInfo()
                .flatMap(gateway -> gateway.qosPolicyId().or(() -> ofNetwork(gateway.networkId(), view)));
    }

    private static Optional<Id<QosPolicy>> ofNetwork(Id<Network> network, View view) {
        return view.get(network).flatMap(Network::qosPolicyId);
    }
}
