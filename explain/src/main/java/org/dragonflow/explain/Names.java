package org.dragonflow.explain;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dragonflow.model.AddressGroup;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.QosPolicy;
import org.dragonflow.model.Query;
import org.dragonflow.model.Router;
import org.dragonflow.model.RouterInterface;
import org.dragonflow.model.SecurityGroup;
import org.dragonflow.model.SecurityGroupRule;
import org.dragonflow.model.Subnet;
import org.dragonflow.model.Topology;

/** What entities are called when one speaks to this audience. */
final class Names {
    private final Topology topology;
    private final Audience audience;

    Names(Topology topology, Audience audience) {
        this.topology = topology;
        this.audience = audience;
    }

    Topology topology() {
        return topology;
    }

    Audience audience() {
        return audience;
    }

    String of(Entity entity) {
        return switch (entity) {
            case Port port -> owned("port", port.projectId(), port.name(), port.id());
            case Network network when network.shared() -> label("network", network.name(), network.id());
            case Network network -> owned("network", network.projectId(), network.name(), network.id());
            case Subnet subnet -> owned("subnet", subnet.projectId(), subnet.name(), subnet.id());
            case Router router -> owned("router", router.projectId(), router.name(), router.id());
            case SecurityGroup group -> owned("security group", group.projectId(), group.name(), group.id());
            case AddressGroup group -> owned("address group", group.projectId(), group.name(), group.id());
            case QosPolicy policy when policy.shared() -> label("QoS policy", policy.name(), policy.id());
            case QosPolicy policy -> owned("QoS policy", policy.projectId(), policy.name(), policy.id());
            case SecurityGroupRule rule -> rule(rule);
            case RouterInterface own -> "%s on %s".formatted(of(own.routerId()), of(own.networkId()));
            case Chassis chassis -> chassis(chassis.id().value());
            case Entity other -> "%s %s".formatted(type(other.id()), other.id());
        };
    }

    String of(Id<?> id) {
        return find(id).map(this::of)
                .orElseGet(() -> "%s %s".formatted(type(id), audience.isOperator() ? id : "of others"));
    }

    private Optional<Entity> find(Id<?> id) {
        return topology.get(id).map(Entity.class::cast);
    }

    /** Whether the audience may know it by its id. */
    boolean isKnown(Id<?> id) {
        return audience.isOperator() || find(id).map(this::isOwned).orElse(false);
    }

    private boolean isOwned(Entity entity) {
        return switch (entity) {
            case Port port -> audience.sees(port.projectId());
            case Network network -> network.shared() || audience.sees(network.projectId());
            case Subnet subnet -> audience.sees(subnet.projectId());
            case Router router -> audience.sees(router.projectId());
            case SecurityGroup group -> audience.sees(group.projectId());
            case AddressGroup group -> audience.sees(group.projectId());
            case QosPolicy policy -> policy.shared() || audience.sees(policy.projectId());
            case SecurityGroupRule rule -> audience.sees(rule.projectId());
            case Entity _ -> false;
        };
    }

    private String owned(String kind, String project, String name, Id<?> id) {
        return audience.sees(project) ? label(kind, name, id) : "a %s of another project".formatted(kind);
    }

    private static String label(String kind, String name, Id<?> id) {
        return "%s %s".formatted(kind, name.isEmpty() ? id.value() : name);
    }

    static String type(Id<?> id) {
        return id.type().getSimpleName().replaceAll("([a-z])([A-Z])", "$1 $2").toLowerCase(Locale.ROOT);
    }

    /** Where things are is for operators to know. */
    String chassis(String name) {
        return audience.isOperator() ? "chassis " + name : "a chassis";
    }

    private String rule(SecurityGroupRule rule) {
        return audience.sees(rule.projectId())
                ? "rule \"%s\" of %s".formatted(content(rule), of(rule.securityGroupId()))
                : "a rule of another project";
    }

    private String content(SecurityGroupRule rule) {
        var side = rule.direction() == SecurityGroupRule.Direction.EGRESS ? "to" : "from";
        var remote = Stream.of(
                        rule.remoteIpPrefix().map(Object::toString),
                        rule.remoteGroupId().map(this::of),
                        rule.remoteAddressGroupId().map(this::of))
                .flatMap(Optional::stream)
                .map(other -> " %s %s".formatted(side, other))
                .collect(Collectors.joining());
        return "%s %s %s%s%s"
                .formatted(rule.direction(), rule.ethertype(), rule.protocol().orElse("any"), ports(rule), remote);
    }

    private static String ports(SecurityGroupRule rule) {
        var first = rule.portRangeMin().map(Object::toString).orElse("");
        var last = rule.portRangeMax().map(Object::toString).orElse(first);
        return first.isEmpty() ? "" : first.equals(last) ? " " + first : " %s-%s".formatted(first, last);
    }

    /** The port of this key, in words. */
    String port(long key) {
        return portOf(key).map(this::of).orElse("no known port");
    }

    Optional<Port> portOf(long key) {
        return topology.find(Port.withKey((int) key)).findFirst();
    }

    String network(long key) {
        return topology.find(Query.all(Network.class))
                .filter(network -> network.key() == key)
                .findFirst()
                .map(this::of)
                .orElse("no known network");
    }

    String router(long key) {
        return topology.find(Query.all(Router.class))
                .filter(router -> router.key() == key)
                .findFirst()
                .map(this::of)
                .orElse("no known router");
    }

    /** The security group of this key, in words. */
    String group(long key) {
        return topology.find(Query.all(SecurityGroup.class))
                .filter(group -> group.key() == key)
                .findFirst()
                .map(this::of)
                .orElse("no known security group");
    }

    String groups(Port port) {
        return port.securityGroups().stream().map(this::of).collect(Collectors.joining(" or "));
    }
}
