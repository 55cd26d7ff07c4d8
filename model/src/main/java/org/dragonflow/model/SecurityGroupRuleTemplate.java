package org.dragonflow.model;

import static org.dragonflow.model.Access.Writer.CLIENT_ON_CREATE;
import static org.dragonflow.model.Access.Writer.SERVER;

import java.time.Instant;
import java.util.Optional;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.model.SecurityGroupRule.Direction;
import org.dragonflow.model.SecurityGroupRule.Ethertype;

@Doc("A rule that new security groups get.")
@Resource(singular = "default_security_group_rule", plural = "default_security_group_rules")
public record SecurityGroupRuleTemplate(
        @Access(SERVER) @Doc("Names the template.") Id<SecurityGroupRuleTemplate> id,

        @Access(CLIENT_ON_CREATE) @Otherwise("\"\"") @Range(max = 255) @Doc("For people; the rules have it too.")
        String description,

        @Access(value = CLIENT_ON_CREATE, hidden = true)
        @Filled
        @Indexed
        @Wire(value = "project_id", aliases = "tenant_id")
        @Doc("Whose it is; left out: the caller's.")
        String projectId,

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

        @Access(CLIENT_ON_CREATE)
        @Range(min = 1, max = 36)
        @Doc("The other side is a port of this group; PARENT: of the group that gets the rule.")
        Optional<String> remoteGroupId,

        @Access(CLIENT_ON_CREATE) @Doc("The other side has an address of this group.")
        Optional<Id<AddressGroup>> remoteAddressGroupId,

        @Access(CLIENT_ON_CREATE) @Otherwise("false") @Doc("Whether the groups that projects have by default get it.")
        boolean usedInDefaultSg,

        @Access(CLIENT_ON_CREATE) @Otherwise("true") @Doc("Whether all other new groups get it.")
        boolean usedInNonDefaultSg,

        @Access(SERVER) @Doc("When it was made.") Instant createdAt,
        @Access(SERVER) @Doc("When it was last changed.") Instant updatedAt,
        @Access(SERVER) @Doc("How often it was changed.") long revisionNumber)
        implements Entity {
    /** Stands for the group that gets the rule. */
    public static final String PARENT = "PARENT";

    /** The rule that a new group of a project gets by it. */
    public SecurityGroupRule in(Id<SecurityGroup> group, String project, Id<SecurityGroupRule> name, Instant now) {
        return new SecurityGroupRule(
                name,
                description,
                project,
                group,
                direction,
                ethertype,
                protocol,
                portRangeMin,
                portRangeMax,
                remoteIpPrefix,
                remoteGroupId.map(remote -> remote.equals(PARENT) ? group : Id.of(SecurityGroup.class, remote)),
                remoteAddressGroupId,
                now,
                now,
                1);
    }
}
