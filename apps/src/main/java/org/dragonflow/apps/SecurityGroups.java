package org.dragonflow.apps;

import static org.dragonflow.apps.Registers.ALLOWED;
import static org.dragonflow.apps.Registers.ALLOWED_STATELESS;
import static org.dragonflow.apps.Registers.SECURITY_GROUP;
import static org.dragonflow.apps.Registers.SOURCE_PORT;
import static org.dragonflow.apps.Registers.TARGET_PORT;
import static org.dragonflow.apps.Tables.FROM_PORT_GROUPS;
import static org.dragonflow.apps.Tables.FROM_PORT_RULES;
import static org.dragonflow.apps.Tables.FROM_PORT_VERDICT;
import static org.dragonflow.apps.Tables.TO_PORT_GROUPS;
import static org.dragonflow.apps.Tables.TO_PORT_RULES;
import static org.dragonflow.apps.Tables.TO_PORT_VERDICT;
import static org.dragonflow.flow.Action.goTo;
import static org.dragonflow.flow.Action.resubmit;
import static org.dragonflow.flow.Action.set;
import static org.dragonflow.flow.Field.CONJ_ID;
import static org.dragonflow.flow.Field.IPV4_DST;
import static org.dragonflow.flow.Field.IPV4_SRC;
import static org.dragonflow.flow.Field.IPV6_DST;
import static org.dragonflow.flow.Field.IPV6_SRC;
import static org.dragonflow.flow.Flow.NORMAL;
import static org.dragonflow.flow.Flow.SPECIFIC;

import java.util.ArrayList;
import java.util.stream.Stream;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.compile.App;
import org.dragonflow.compile.Bridge;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Field;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.Match;
import org.dragonflow.flow.Table;
import org.dragonflow.model.AddressGroup;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.model.Query;
import org.dragonflow.model.SecurityGroup;
import org.dragonflow.model.SecurityGroupRule;
import org.dragonflow.model.SecurityGroupRule.Direction;
import org.dragonflow.model.SecurityGroupRule.Ethertype;
import org.dragonflow.model.View;

/**
 * Lets packets pass that a rule of one of the port's security groups allows, and the answers to them.
 *
 * <p>Flows grow as ports + rules + members, never as a product of them: a port asks each of its groups in turn, so that a rule is there once
 * however many ports carry its group; and a rule about the members of a group meets them in a conjunction ({@link Peers}).
 */
final class SecurityGroups {
    private SecurityGroups() {}

    static App app(Id<Chassis> chassis) {
        return App.named("security_groups")
                .derive(
                        "applied",
                        Port.class,
                        (port, _) ->
                                port.isExpectedAt(chassis) && port.portSecurityEnabled() ? applied(port) : Stream.of())
                .derive(
                        "peers",
                        SecurityGroupRule.class,
                        (rule, view) -> applied(rule, view).flatMap(group -> peers(rule, group, view)))
                .forEach(
                        "connections",
                        Bridge.class,
                        (_, _) -> Stream.concat(Connections.fromPort(), Connections.toPort()))
                .forEach(
                        "groups",
                        Port.class,
                        (port, view) -> port.isExpectedAt(chassis) && port.portSecurityEnabled()
                                ? groups(port, view)
                                : Stream.of())
                .forEach(
                        "rules",
                        SecurityGroupRule.class,
                        (rule, view) -> applied(rule, view).flatMap(group -> flows(rule, group, view)))
                .forEach(
                        "peers",
                        Peers.class,
                        (peers, _) -> Stream.of(Flow.in(
                                rules(peers.direction()),
                                NORMAL,
                                Protocols.ip(peers.ethertype()).and(CONJ_ID, peers.conjunction()),
                                allow(peers.stateful()))))
                .forEach("members", Port.class, SecurityGroups::members)
                .forEach("addresses", AddressGroup.class, SecurityGroups::addresses)
                .reaching(
                        Port.class,
                        (port, self) -> port.isExpectedAt(self)
                                ? port.securityGroups().stream()
                                        .flatMap(id -> Stream.of(Query.byId(id), SecurityGroupRule.of(id)))
                                : Stream.of())
                .reaching(
                        SecurityGroupRule.class,
                        (rule, _) -> Stream.concat(
                                rule.remoteGroupId().stream()
                                        .flatMap(id -> Stream.of(Query.byId(id), Port.membersOf(id))),
                                rule.remoteAddressGroupId().stream().map(Query::byId)));
    }

    /** Whether connections of the port must be tracked: a group of it is stateful. */
    static boolean isStateful(Port port, View view) {
        return port.securityGroups().stream()
                .flatMap(id -> view.get(id).stream())
                .anyMatch(SecurityGroup::stateful);
    }

    private static Stream<AppliedGroup> applied(Port port) {
        return port.securityGroups().stream().map(id -> new AppliedGroup(AppliedGroup.of(id)));
    }

    private static Stream<SecurityGroup> applied(SecurityGroupRule rule, View view) {
        return view
                .get(AppliedGroup.of(rule.securityGroupId()))
                .flatMap(_ -> view.get(rule.securityGroupId()))
                .stream();
    }

    private static Stream<Peers> peers(SecurityGroupRule rule, SecurityGroup group, View view) {
        var groups = rule.remoteGroupId()
                .flatMap(view::get)
                .map(g -> Peers.of(g, rule.direction(), rule.ethertype(), group.stateful()));
        var addresses = rule.remoteAddressGroupId()
                .flatMap(view::get)
                .map(g -> Peers.of(g, rule.direction(), rule.ethertype(), group.stateful()));
        return Stream.concat(groups.stream(), addresses.stream());
    }

    private static Table rules(Direction direction) {
        return switch (direction) {
            case EGRESS -> FROM_PORT_RULES;
            case INGRESS -> TO_PORT_RULES;
        };
    }

    private static Action allow(boolean stateful) {
        return set(stateful ? ALLOWED : ALLOWED_STATELESS, 1);
    }

    private static Stream<Flow> groups(Port port, View view) {
        var keys = port.securityGroups().stream()
                .flatMap(id -> view.get(id).stream())
                .map(SecurityGroup::key)
                .sorted()
                .toList();
        var from = new ArrayList<Action>();
        var to = new ArrayList<Action>();
        for (int key : keys) {
            from.add(set(SECURITY_GROUP, key));
            from.add(resubmit(FROM_PORT_RULES));
            to.add(set(SECURITY_GROUP, key));
            to.add(resubmit(TO_PORT_RULES));
        }
        from.add(goTo(FROM_PORT_VERDICT));
        to.add(goTo(TO_PORT_VERDICT));
        return Stream.of(
                Flow.in(FROM_PORT_GROUPS, NORMAL, Match.on(SOURCE_PORT, port.key()), from),
                Flow.in(TO_PORT_GROUPS, NORMAL, Match.on(TARGET_PORT, port.key()), to));
    }

    private static Stream<Flow> flows(SecurityGroupRule rule, SecurityGroup group, View view) {
        var table = rules(rule.direction());
        var in = Match.on(SECURITY_GROUP, group.key());
        var kinds = Stream.concat(
                        Protocols.matches(rule), group.stateful() ? Protocols.pieces(rule) : Stream.<Match>of())
                .map(in::and)
                .toList();
        if (rule.remoteGroupId().isPresent() || rule.remoteAddressGroupId().isPresent()) {
            return peers(rule, group, view)
                    .flatMap(peers -> kinds.stream()
                            .map(match ->
                                    Flow.in(table, NORMAL, match, new Action.Conjunction(peers.conjunction(), 0, 2))));
        }
        var block = rule.remoteIpPrefix()
                .filter(prefix -> prefix.version() == rule.ethertype().version());
        if (rule.remoteIpPrefix().isPresent() && block.isEmpty()) {
            return Stream.of();
        }
        return kinds.stream()
                .map(match -> Flow.in(
                        table,
                        SPECIFIC,
                        block.map(prefix -> match.and(other(rule.direction(), rule.ethertype()), prefix))
                                .orElse(match),
                        allow(group.stateful())));
    }

    /** Where the other side's address stands. */
    private static Field other(Direction direction, Ethertype ethertype) {
        return switch (direction) {
            case EGRESS -> ethertype == Ethertype.IPV4 ? IPV4_DST : IPV6_DST;
            case INGRESS -> ethertype == Ethertype.IPV4 ? IPV4_SRC : IPV6_SRC;
        };
    }

    private static Stream<Flow> members(Port port, View view) {
        var fixed = port.addresses().map(IpPrefix::host);
        var further = port.allowedAddressPairs().stream().map(Port.AddressPair::ipAddress);
        var blocks = Stream.concat(fixed, further).distinct().toList();
        return port.securityGroups().stream()
                .flatMap(id -> view.find(Peers.membersOf(id)))
                .flatMap(peers -> blocks.stream().flatMap(block -> member(peers, block)));
    }

    private static Stream<Flow> addresses(AddressGroup group, View view) {
        return view.find(Peers.addressesOf(group.id()))
                .flatMap(peers -> group.addresses().stream().distinct().flatMap(block -> member(peers, block)));
    }

    private static Stream<Flow> member(Peers peers, IpPrefix block) {
        if (block.version() != peers.ethertype().version()) {
            return Stream.of();
        }
        var match = Protocols.ip(peers.ethertype()).and(other(peers.direction(), peers.ethertype()), block);
        return Stream.of(
                Flow.in(rules(peers.direction()), NORMAL, match, new Action.Conjunction(peers.conjunction(), 1, 2)));
    }
}
