package org.dragonflow.server.neutron;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dragonflow.model.AddressGroup;
import org.dragonflow.model.AddressScope;
import org.dragonflow.model.Entity;
import org.dragonflow.model.FloatingIp;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.QosPolicy;
import org.dragonflow.model.Query;
import org.dragonflow.model.RbacPolicy;
import org.dragonflow.model.Router;
import org.dragonflow.model.SecurityGroup;
import org.dragonflow.model.SecurityGroupRule;
import org.dragonflow.model.Subnet;
import org.dragonflow.model.SubnetPool;
import org.dragonflow.model.View;

/** The projects that use something in a way that an RBAC policy lets them, if it is not their own. */
final class Borrowers {
    private static final String QOS_POLICY = "qos_policy_id";

    private Borrowers() {}

    static Set<String> of(View view, String action, Entity object) {
        var projects = switch (object) {
            case Network network when action.equals(RbacPolicy.EXTERNAL) -> outside(view, network.id());
            case Network network -> plugged(view, network.id());
            case SecurityGroup group -> view.find(Port.membersOf(group.id())).map(Port::projectId);
            case AddressGroup group ->
                view.find(Query.by(SecurityGroupRule.class, "remote_address_group_id", group.id()))
                        .map(SecurityGroupRule::projectId);
            case AddressScope scope -> view.find(SubnetPool.in(scope.id())).map(SubnetPool::projectId);
            case SubnetPool pool -> view.find(Subnet.from(pool.id())).map(Subnet::projectId);
            case QosPolicy policy -> limited(view, policy.id());
            default -> Stream.<String>empty();
        };
        return projects.collect(Collectors.toSet());
    }

    /** Whose ports are on a network; those by which routers and floating IPs lead out are there by another policy. */
    private static Stream<String> plugged(View view, Id<Network> network) {
        return view.find(Port.on(network))
                .filter(port -> switch (port.deviceOwner()) {
                    case Port.ROUTER_GATEWAY, Port.FLOATING_IP -> false;
                    default -> true;
                })
                .map(Port::projectId);
    }

    private static Stream<String> outside(View view, Id<Network> network) {
        return view.find(Query.by(Router.class, "external_gateway_info.network_id", network))
                .map(Router::projectId);
    }

    private static Stream<String> limited(View view, Id<QosPolicy> policy) {
        return Stream.of(
                        view.find(Query.by(Network.class, QOS_POLICY, policy)).map(Network::projectId),
                        view.find(Query.by(Port.class, QOS_POLICY, policy)).map(Port::projectId),
                        view.find(Query.by(FloatingIp.class, QOS_POLICY, policy))
                                .map(FloatingIp::projectId),
                        view.find(Query.by(Router.class, "external_gateway_info." + QOS_POLICY, policy))
                                .map(Router::projectId))
                .flatMap(projects -> projects);
    }
}
