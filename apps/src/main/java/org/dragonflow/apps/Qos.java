package org.dragonflow.apps;

import static org.dragonflow.apps.Registers.COPIED;
import static org.dragonflow.apps.Registers.SOURCE_PORT;
import static org.dragonflow.apps.Registers.TARGET_PORT;
import static org.dragonflow.apps.Registers.ZONE;
import static org.dragonflow.apps.Tables.DISPATCH;
import static org.dragonflow.apps.Tables.FROM_PORT_BANDWIDTH;
import static org.dragonflow.apps.Tables.FROM_PORT_PACKETS;
import static org.dragonflow.apps.Tables.FROM_PORT_QOS;
import static org.dragonflow.apps.Tables.SERVICES;
import static org.dragonflow.apps.Tables.TO_PORT_BANDWIDTH;
import static org.dragonflow.apps.Tables.TO_PORT_PACKETS;
import static org.dragonflow.apps.Tables.TO_PORT_QOS;
import static org.dragonflow.flow.Action.goTo;
import static org.dragonflow.flow.Action.set;
import static org.dragonflow.flow.Action.track;
import static org.dragonflow.flow.Field.CT_STATE;
import static org.dragonflow.flow.Field.IP_DSCP;
import static org.dragonflow.flow.Flow.MISS;
import static org.dragonflow.flow.Flow.NORMAL;
import static org.dragonflow.flow.Flow.SPECIFIC;

import java.util.ArrayList;
import java.util.Optional;
import java.util.stream.Stream;
import org.dragonflow.compile.App;
import org.dragonflow.compile.Bridge;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Entry;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.Match;
import org.dragonflow.flow.Meter;
import org.dragonflow.flow.Table;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.DscpMarkingRule;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.QosPolicy;
import org.dragonflow.model.QosRule;
import org.dragonflow.model.Query;
import org.dragonflow.model.SecurityGroupRule.Direction;
import org.dragonflow.model.View;

/**
 * Holds ports to the limits of their QoS policies, marks what they send, and puts it into the queue that is held free for it.
 *
 * <p>What security groups stop is not counted, and neither is what the network itself answers. A port without a policy has no flow here.
 */
final class Qos {
    private static final int TRACKED = 0x20;

    private Qos() {}

    static App app(Id<Chassis> chassis) {
        return App.named("qos")
                .derive(
                        "guarantee",
                        Port.class,
                        (port, view) -> isHeld(port, chassis)
                                ? QosPolicy.of(port, view).stream().flatMap(policy -> Guarantee.of(port, policy, view))
                                : Stream.of())
                .forEach("unlimited", Bridge.class, (_, _) -> unlimited())
                .forEach(
                        "policy",
                        Port.class,
                        (port, view) -> isHeld(port, chassis)
                                ? QosPolicy.of(port, view).stream()
                                        .flatMap(policy ->
                                                Stream.concat(egress(port, policy, view), ingress(port, policy, view)))
                                : Stream.of())
                .reaching(
                        Port.class,
                        (port, self) -> port.isExpectedAt(self)
                                ? port.qosPolicyId().stream().flatMap(Qos::rules)
                                : Stream.of())
                .reaching(
                        Network.class,
                        (network, _) -> network.qosPolicyId().stream().flatMap(Qos::rules));
    }

    private static boolean isHeld(Port port, Id<Chassis> chassis) {
        return port.isExpectedAt(chassis) && !port.isOutside();
    }

    /** What a chassis must know to hold somebody to the policy. */
    static Stream<Query<?>> rules(Id<QosPolicy> policy) {
        return QosRule.types().filter(QosRule::isEnforced).map(type -> QosRule.of(type, policy));
    }

    private static Stream<Flow> unlimited() {
        return Stream.of(
                Flow.in(FROM_PORT_QOS, MISS, Match.ANY, goTo(SERVICES)),
                Flow.in(FROM_PORT_BANDWIDTH, MISS, Match.ANY, goTo(FROM_PORT_PACKETS)),
                Flow.in(FROM_PORT_PACKETS, MISS, Match.ANY, goTo(SERVICES)),
                Flow.in(TO_PORT_QOS, MISS, Match.ANY, goTo(DISPATCH)),
                Flow.in(TO_PORT_BANDWIDTH, MISS, Match.ANY, goTo(TO_PORT_PACKETS)),
                Flow.in(TO_PORT_PACKETS, MISS, Match.ANY, goTo(DISPATCH)));
    }

    private static Stream<Entry> egress(Port port, Id<QosPolicy> policy, View view) {
        var from = Match.on(SOURCE_PORT, port.key());
        var limits = Limits.of(policy, Direction.EGRESS, port.key(), view);
        var on = new ArrayList<Action>();
        view.get(Guarantee.to(port.id()))
                .flatMap(guarantee -> guarantee.queue(view))
                .ifPresent(queue -> on.add(new Action.SetQueue(queue)));
        boolean isSpecial = !limits.isEmpty() || !on.isEmpty();
        on.add(goTo(limits.isEmpty() ? SERVICES : FROM_PORT_BANDWIDTH));
        var marked = mark(policy, view).stream()
                .flatMap(mark -> Packets.eachIp(ip -> Stream.of(Flow.in(
                        FROM_PORT_QOS,
                        SPECIFIC,
                        from.and(ip),
                        Stream.concat(Stream.of(set(IP_DSCP, mark)), on.stream())
                                .toList()))));
        var unmarked = isSpecial ? Stream.of(Flow.in(FROM_PORT_QOS, NORMAL, from, on)) : Stream.<Flow>of();
        return Stream.of(
                        marked,
                        unmarked,
                        metered(FROM_PORT_BANDWIDTH, from, limits.bandwidth(), FROM_PORT_PACKETS),
                        metered(FROM_PORT_PACKETS, from, limits.packets(), SERVICES))
                .flatMap(entries -> entries);
    }

    private static Optional<Integer> mark(Id<QosPolicy> policy, View view) {
        return view.find(QosRule.of(DscpMarkingRule.class, policy))
                .min(QosRule.ORDER)
                .map(DscpMarkingRule::dscpMark);
    }

    private static Stream<Entry> ingress(Port port, Id<QosPolicy> policy, View view) {
        var limits = Limits.of(policy, Direction.INGRESS, port.key(), view);
        if (limits.isEmpty()) {
            return Stream.of();
        }
        var to = Match.on(TARGET_PORT, port.key());
        return Stream.of(
                        Stream.of(Flow.in(TO_PORT_QOS, NORMAL, to, goTo(TO_PORT_BANDWIDTH))),
                        copies(to),
                        metered(TO_PORT_BANDWIDTH, to, limits.bandwidth(), TO_PORT_PACKETS),
                        metered(TO_PORT_PACKETS, to, limits.packets(), DISPATCH))
                .flatMap(entries -> entries);
    }

    /**
     * The switch does all copies of a packet in one list of actions, and a meter that drops one ends the list: the copies for others would be
     * lost too. So a copy goes through connection tracking first, from where it comes back alone. What is not IP cannot, and is not limited.
     */
    private static Stream<Flow> copies(Match to) {
        var together = to.and(COPIED, 1).and(CT_STATE, 0, TRACKED);
        var apart = track(new Action.Zone.In(ZONE), TO_PORT_BANDWIDTH);
        return Stream.of(
                Flow.in(TO_PORT_QOS, SPECIFIC, together, goTo(DISPATCH)),
                Flow.in(TO_PORT_QOS, SPECIFIC + 1, together.and(Match.IPV4), apart),
                Flow.in(TO_PORT_QOS, SPECIFIC + 1, together.and(Match.IPV6), apart));
    }

    // Two meters stand in two tables: the tools of Open vSwitch, which save flows over its restart, take no flow with
    // both.
    static Stream<Entry> metered(Table table, Match match, Optional<Meter> meter, Table next) {
        return meter.stream()
                .flatMap(m -> Stream.of(m, Flow.in(table, NORMAL, match, new Action.Metered(m.id()), goTo(next))));
    }
}
