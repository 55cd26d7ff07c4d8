package org.dragonflow.server.neutron;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.model.SecurityGroupRule;
import org.dragonflow.model.SecurityGroupRule.Ethertype;

/** Which security group rules make sense, and which say the same. */
final class RuleRules {
    /** By IANA's registry of assigned internet protocol numbers, under the names that Neutron takes. */
    private static final Map<String, Integer> PROTOCOLS = Map.ofEntries(
            Map.entry("ah", 51),
            Map.entry("dccp", 33),
            Map.entry("egp", 8),
            Map.entry("esp", 50),
            Map.entry("gre", 47),
            Map.entry("icmp", 1),
            Map.entry("icmpv6", 58),
            Map.entry("igmp", 2),
            Map.entry("ipip", 4),
            Map.entry("ipv6-encap", 41),
            Map.entry("ipv6-frag", 44),
            Map.entry("ipv6-icmp", 58),
            Map.entry("ipv6-nonxt", 59),
            Map.entry("ipv6-opts", 60),
            Map.entry("ipv6-route", 43),
            Map.entry("ospf", 89),
            Map.entry("pgm", 113),
            Map.entry("rsvp", 46),
            Map.entry("sctp", 132),
            Map.entry("tcp", 6),
            Map.entry("udp", 17),
            Map.entry("udplite", 136),
            Map.entry("vrrp", 112));

    private static final Set<Integer> WITH_PORTS = Set.of(6, 17, 33, 132, 136);
    private static final Set<Integer> ONLY_IPV6 = Set.of(41, 43, 44, 58, 59, 60);
    private static final int ICMP = 1;
    private static final int ICMPV6 = 58;
    private static final int LARGEST_ICMP = 255;
    private static final int FIRST_PORT = 1;
    private static final int LAST_PORT = 65_535;

    private RuleRules() {}

    /** One way to say one thing: ICMP in IPv6 is ipv6-icmp, and all ports are no ports. */
    static void canonicalize(Values values) {
        var protocol = values.nullable("protocol", String.class);
        if (values.get("ethertype", Ethertype.class) == Ethertype.IPV6) {
            protocol.filter(name -> List.of("icmp", "icmpv6").contains(name))
                    .ifPresent(_ -> values.put("protocol", Optional.of("ipv6-icmp")));
            protocol.filter("1"::equals).ifPresent(_ -> values.put("protocol", Optional.of("58")));
        }
        if (values.nullable("port_range_min", Integer.class).equals(Optional.of(FIRST_PORT))
                && values.nullable("port_range_max", Integer.class).equals(Optional.of(LAST_PORT))) {
            values.put("port_range_min", Optional.empty()).put("port_range_max", Optional.empty());
        }
    }

    static void check(SecurityGroupRule rule) {
        rule.protocol().ifPresent(RuleRules::number);
        checkPorts(rule);
        rule.remoteIpPrefix()
                .filter(prefix -> prefix.version() != rule.ethertype().version())
                .ifPresent(prefix -> {
                    throw Refusals.badRule(
                            "SecurityGroupRuleParameterConflict",
                            "Conflicting value ethertype %s for CIDR %s".formatted(rule.ethertype(), prefix));
                });
        boolean isOnlyIpv6 = rule.protocol()
                .map(RuleRules::number)
                .filter(ONLY_IPV6::contains)
                .isPresent();
        if (rule.ethertype() == Ethertype.IPV4 && isOnlyIpv6) {
            throw Refusals.badRule(
                    "SecurityGroupEthertypeConflictWithProtocol",
                    "Invalid ethertype %s for protocol %s."
                            .formatted(rule.ethertype(), rule.protocol().orElseThrow()));
        }
        long remotes = Stream.of(rule.remoteIpPrefix(), rule.remoteGroupId(), rule.remoteAddressGroupId())
                .filter(Optional::isPresent)
                .count();
        if (remotes > 1) {
            throw Refusals.badRule(
                    "SecurityGroupMultipleRemoteEntites",
                    "Only one of remote_ip_prefix or remote_group_id or remote_address_group_id may be provided.");
        }
    }

    private static void checkPorts(SecurityGroupRule rule) {
        if (rule.portRangeMin().isEmpty() && rule.portRangeMax().isEmpty()) {
            return;
        }
        int protocol = rule.protocol()
                .map(RuleRules::number)
                .orElseThrow(() -> Refusals.badRule(
                        "SecurityGroupProtocolRequiredWithPorts",
                        "Must also specify protocol if port range is given."));
        if (WITH_PORTS.contains(protocol)) {
            checkPortRange(rule);
        } else if (protocol == ICMP || protocol == ICMPV6) {
            checkIcmp(rule);
        } else {
            throw Refusals.badRule(
                    "SecurityGroupInvalidProtocolForPort",
                    ("Ports cannot be specified for protocol %d. Ports are only supported for DCCP, SCTP, TCP, UDP,"
                                    + " UDPLITE.")
                            .formatted(protocol));
        }
    }

    private static void checkPortRange(SecurityGroupRule rule) {
        if (rule.portRangeMin().equals(Optional.of(0)) || rule.portRangeMax().equals(Optional.of(0))) {
            throw Refusals.badRule("SecurityGroupInvalidPortValue", "Invalid value for port 0");
        }
        boolean isRange = rule.portRangeMin().isPresent()
                && rule.portRangeMax().isPresent()
                && rule.portRangeMin().get() <= rule.portRangeMax().get();
        if (!isRange) {
            throw Refusals.badRule(
                    "SecurityGroupInvalidPortRange", "For TCP/UDP protocols, port_range_min must be <= port_range_max");
        }
    }

    private static void checkIcmp(SecurityGroupRule rule) {
        checkIcmp("type", "port_range_min", rule.portRangeMin());
        checkIcmp("code", "port_range_max", rule.portRangeMax());
        if (rule.portRangeMin().isEmpty()) {
            throw Refusals.badRule(
                    "SecurityGroupMissingIcmpType",
                    "ICMP code (port-range-max) %d is provided but ICMP type (port-range-min) is missing."
                            .formatted(rule.portRangeMax().orElseThrow()));
        }
    }

    private static void checkIcmp(String field, String attribute, Optional<Integer> value) {
        value.filter(number -> number > LARGEST_ICMP).ifPresent(number -> {
            throw Refusals.badRule(
                    "SecurityGroupInvalidIcmpValue",
                    "Invalid value for ICMP %s (%s) %d. It must be 0 to 255.".formatted(field, attribute, number));
        });
    }

    private static int number(String protocol) {
        var known = PROTOCOLS.get(protocol);
        if (known != null) {
            return known;
        }
        if (protocol.matches("[0-9]{1,3}") && Integer.parseInt(protocol) <= 255) {
            return Integer.parseInt(protocol);
        }
        throw Refusals.badRule(
                "SecurityGroupRuleInvalidProtocol",
                ("Security group rule protocol %s not supported. Only protocol values %s and integer representations [0 to"
                                + " 255] are supported.")
                        .formatted(
                                protocol, PROTOCOLS.keySet().stream().sorted().toList()));
    }

    /** Whether two rules of one group allow the same packets in the same words. */
    static boolean isSame(SecurityGroupRule one, SecurityGroupRule other) {
        return one.direction() == other.direction()
                && one.ethertype() == other.ethertype()
                && one.protocol().map(RuleRules::number).equals(other.protocol().map(RuleRules::number))
                && one.portRangeMin().equals(other.portRangeMin())
                && one.portRangeMax().equals(other.portRangeMax())
                && narrowed(one).equals(narrowed(other))
                && one.remoteGroupId().equals(other.remoteGroupId())
                && one.remoteAddressGroupId().equals(other.remoteAddressGroupId());
    }

    private static Optional<IpPrefix> narrowed(SecurityGroupRule rule) {
        return rule.remoteIpPrefix().filter(prefix -> prefix.length() > 0);
    }
}
