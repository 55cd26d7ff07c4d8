package org.dragonflow.model;

import static org.dragonflow.model.Access.Writer.CLIENT_ON_CREATE;
import static org.dragonflow.model.Access.Writer.SERVER;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.dragonflow.address.IpPrefix;

@Doc("Allows some packets to leave, or to reach, the ports of a security group.")
@Resource(singular = "security_group_rule", plural = "security_group_rules")
public record SecurityGroupRule(
        @Access(SERVER) @Doc("Names the rule.") Id<SecurityGroupRule> id,

        @Otherwise("\"\"") @Range(max = 255) @Doc("For people.")
        String description,

        @Access(CLIENT_ON_CREATE)
        @Filled
        @Indexed
        @Wire(value = "project_id", aliases = "tenant_id")
        @Doc("Whose it is; left out: the caller's.")
        String projectId,

        @Access(CLIENT_ON_CREATE) @Reference(Reference.Promise.PART_OF) @Doc("The group it belongs to.")
        Id<SecurityGroup> securityGroupId,

        @Access(CLIENT_ON_CREATE) @Doc("Whether it is for packets that leave the port (egress) or reach it (ingress).")
        Direction direction,

        @Access(CLIENT_ON_CREATE) @Otherwise("\"IPv4\"") @Doc("IPv4 or IPv6.")
        Ethertype ethertype,

        @Access(CLIENT_ON_CREATE) @Doc("The IP protocol by name or number; null: any.")
        Optional<String> protocol,

        @Access(CLIENT_ON_CREATE) @Range(max = 65535) @Doc("The first destination port, or the ICMP type; null: any.")
        Optional<Integer> portRangeMin,

        @Access(CLIENT_ON_CREATE) @Range(max = 65535) @Doc("The last destination port, or the ICMP code; null: any.")
        Optional<Integer> portRangeMax,

        @Access(CLIENT_ON_CREATE)
        @Block(alone = true, inside = true)
        @Doc("The other side's block of addresses; null: any.")
        Optional<IpPrefix> remoteIpPrefix,

        @Access(CLIENT_ON_CREATE) @Doc("The other side is a port of this group.")
        Optional<Id<SecurityGroup>> remoteGroupId,

        @Access(CLIENT_ON_CREATE) @Doc("The other side has an address of this group.")
        Optional<Id<AddressGroup>> remoteAddressGroupId,

        @Access(SERVER) @Doc("When it was made.") Instant createdAt,
        @Access(SERVER) @Doc("When it was last changed.") Instant updatedAt,
        @Access(SERVER) @Doc("How often it was changed.") long revisionNumber)
        implements Entity {

    /** Egress leaves the port's owner, ingress reaches it. */
    public enum Direction {
        EGRESS,
        INGRESS;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Which version of IP. */
    public enum Ethertype {
        IPV4("IPv4", 4),
        IPV6("IPv6", 6);

        private final String text;
        private final int version;

        Ethertype(String text, int version) {
            this.text = text;
            this.version = version;
        }

        /** 4 or 6. */
        public int version() {
            return version;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** The rules of a group. */
    public static Query<SecurityGroupRule> of(Id<SecurityGroup> group) {
        return Query.by(SecurityGroupRule.class, "security_group_id", group);
    }

    /** The rules whose other side is this group. */
    public static Query<SecurityGroupRule> towards(Id<SecurityGroup> group) {
        return Query.by(SecurityGroupRule.class, "remote_group_id", group);
    }
}
