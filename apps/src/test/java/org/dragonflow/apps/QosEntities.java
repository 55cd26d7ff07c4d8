package org.dragonflow.apps;

import static java.util.Map.entry;
import static org.dragonflow.apps.Entities.id;

import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.dragonflow.model.BandwidthLimitRule;
import org.dragonflow.model.DscpMarkingRule;
import org.dragonflow.model.Entity;
import org.dragonflow.model.MinimumBandwidthRule;
import org.dragonflow.model.PacketRateLimitRule;
import org.dragonflow.model.QosPolicy;
import org.dragonflow.model.QosRule;
import org.dragonflow.model.Router;
import org.dragonflow.model.Schema;
import org.dragonflow.model.SecurityGroupRule.Direction;

/** QoS policies and their rules with everything that a test does not speak of filled in. */
public final class QosEntities {
    private QosEntities() {}

    public static QosPolicy policy(String name) {
        return Entities.made(
                QosPolicy.class,
                entry("id", id(QosPolicy.class, name)),
                entry("name", name),
                entry("project_id", Entities.PROJECT));
    }

    /** The next rule of a policy, in the words of {@link Scenario}. */
    static QosRule rule(String policy, Deque<String> words) {
        var word = words.pop();
        if (word.equals("mark")) {
            return mark(policy + " mark", policy, Integer.parseInt(words.pop()));
        }
        boolean isOfWord = word.equals("packets") || word.equals("least");
        var direction = Direction.valueOf((isOfWord ? words.pop() : word).toUpperCase(Locale.ROOT));
        int rate = Integer.parseInt(words.pop());
        int burst = 0;
        if ("burst".equals(words.peek())) {
            words.pop();
            burst = Integer.parseInt(words.pop());
        }
        var name = policy + " " + direction;
        return switch (word) {
            case "packets" -> packets(name, policy, direction, rate, burst);
            case "least" -> least(name, policy, direction, rate);
            default -> bandwidth(name, policy, direction, rate, burst);
        };
    }

    public static MinimumBandwidthRule least(String name, String policy, Direction direction, int kbps) {
        return Entities.made(
                MinimumBandwidthRule.class,
                entry("id", id(MinimumBandwidthRule.class, name)),
                entry("policy_id", id(QosPolicy.class, policy)),
                entry("project_id", Entities.PROJECT),
                entry("min_kbps", kbps),
                entry("direction", direction.toString()));
    }

    public static BandwidthLimitRule bandwidth(String name, String policy, Direction direction, int kbps, int burst) {
        return Entities.made(
                BandwidthLimitRule.class,
                entry("id", id(BandwidthLimitRule.class, name)),
                entry("policy_id", id(QosPolicy.class, policy)),
                entry("project_id", Entities.PROJECT),
                entry("max_kbps", kbps),
                entry("max_burst_kbps", burst),
                entry("direction", direction.toString()));
    }

    public static PacketRateLimitRule packets(String name, String policy, Direction direction, int kpps, int burst) {
        return Entities.made(
                PacketRateLimitRule.class,
                entry("id", id(PacketRateLimitRule.class, name)),
                entry("policy_id", id(QosPolicy.class, policy)),
                entry("project_id", Entities.PROJECT),
                entry("max_kpps", kpps),
                entry("max_burst_kpps", burst),
                entry("direction", direction.toString()));
    }

    public static DscpMarkingRule mark(String name, String policy, int mark) {
        return Entities.made(
                DscpMarkingRule.class,
                entry("id", id(DscpMarkingRule.class, name)),
                entry("policy_id", id(QosPolicy.class, policy)),
                entry("project_id", Entities.PROJECT),
                entry("dscp_mark", mark));
    }

    /** The port or network with this policy, and none else. */
    static <E extends Entity> E carrying(E entity, Optional<String> policy) {
        return Schema.of(entity).with(entity, Map.of("qos_policy_id", policy.map(name -> id(QosPolicy.class, name))));
    }

    /** The router, whose gateway has this policy, and none else. */
    static Router limited(Router router, Optional<String> policy) {
        var gateway = router.externalGatewayInfo()
                .map(way -> new Router.Gateway(
                        way.networkId(),
                        way.enableSnat(),
                        way.externalFixedIps(),
                        policy.map(name -> id(QosPolicy.class, name))));
        return Schema.of(router).with(router, Map.of("external_gateway_info", gateway));
    }
}
