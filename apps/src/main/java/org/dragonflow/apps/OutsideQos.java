package org.dragonflow.apps;

import static org.dragonflow.apps.Registers.OUTSIDE;
import static org.dragonflow.apps.Tables.FROM_OUTSIDE_BANDWIDTH;
import static org.dragonflow.apps.Tables.FROM_OUTSIDE_PACKETS;
import static org.dragonflow.apps.Tables.NEIGHBOUR;
import static org.dragonflow.apps.Tables.ROUTER_ADDRESS;
import static org.dragonflow.apps.Tables.TO_OUTSIDE_BANDWIDTH;
import static org.dragonflow.apps.Tables.TO_OUTSIDE_PACKETS;
import static org.dragonflow.flow.Action.goTo;
import static org.dragonflow.flow.Flow.MISS;

import java.util.stream.Stream;
import org.dragonflow.compile.App;
import org.dragonflow.compile.Bridge;
import org.dragonflow.flow.Entry;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.Match;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.FloatingIp;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.model.QosPolicy;
import org.dragonflow.model.Router;
import org.dragonflow.model.SecurityGroupRule.Direction;
import org.dragonflow.model.View;

/**
 * Holds floating IPs, and the addresses that routers share with those behind them, to the limits of their QoS policies.
 *
 * <p>That is done where they are translated: on the chassis of the server. So the limit of a floating IP is exact, and that of a router holds
 * on each chassis for itself.
 */
final class OutsideQos {
    private OutsideQos() {}

    static App app(Id<Chassis> chassis) {
        return App.named("outside_qos")
                .forEach("unlimited", Bridge.class, (_, _) -> unlimited())
                .forEach("floating", FloatingIp.class, (floating, view) -> floating(floating, chassis, view))
                .forEach(
                        "gateway",
                        EdgeRouter.class,
                        (edge, view) -> Translation.stream(edge.router(), view)
                                .filter(Translation::translatesSource)
                                .flatMap(way -> QosPolicy.of(way.router(), view).stream()
                                        .flatMap(policy -> limited(way.gateway(), policy, view))))
                .reaching(
                        FloatingIp.class,
                        (floating, _) -> floating.qosPolicyId().stream().flatMap(Qos::rules))
                .reaching(
                        Router.class,
                        (router, _) -> router.externalGatewayInfo().flatMap(Router.Gateway::qosPolicyId).stream()
                                .flatMap(Qos::rules));
    }

    private static Stream<Flow> unlimited() {
        return Stream.of(
                Flow.in(FROM_OUTSIDE_BANDWIDTH, MISS, Match.ANY, goTo(FROM_OUTSIDE_PACKETS)),
                Flow.in(FROM_OUTSIDE_PACKETS, MISS, Match.ANY, goTo(ROUTER_ADDRESS)),
                Flow.in(TO_OUTSIDE_BANDWIDTH, MISS, Match.ANY, goTo(TO_OUTSIDE_PACKETS)),
                Flow.in(TO_OUTSIDE_PACKETS, MISS, Match.ANY, goTo(NEIGHBOUR)));
    }

    private static Stream<Entry> floating(FloatingIp floating, Id<Chassis> chassis, View view) {
        return floating.routerId().stream()
                .flatMap(router -> Translation.stream(router, view))
                .flatMap(_ -> view.get(floating.floatingPortId()).stream())
                .filter(outside -> floating.portId().isPresent()
                        ? outside.isBoundTo(chassis)
                        : Forwardings.leadsHere(floating, chassis, view))
                .flatMap(outside ->
                        QosPolicy.of(floating, view).stream().flatMap(policy -> limited(outside, policy, view)));
    }

    private static Stream<Entry> limited(Port outside, Id<QosPolicy> policy, View view) {
        var by = Match.on(OUTSIDE, outside.key());
        var out = Limits.of(policy, Direction.EGRESS, outside.key(), view);
        var in = Limits.of(policy, Direction.INGRESS, outside.key(), view);
        return Stream.of(
                        Qos.metered(TO_OUTSIDE_BANDWIDTH, by, out.bandwidth(), TO_OUTSIDE_PACKETS),
                        Qos.metered(TO_OUTSIDE_PACKETS, by, out.packets(), NEIGHBOUR),
                        Qos.metered(FROM_OUTSIDE_BANDWIDTH, by, in.bandwidth(), FROM_OUTSIDE_PACKETS),
                        Qos.metered(FROM_OUTSIDE_PACKETS, by, in.packets(), ROUTER_ADDRESS))
                .flatMap(entries -> entries);
    }
}
