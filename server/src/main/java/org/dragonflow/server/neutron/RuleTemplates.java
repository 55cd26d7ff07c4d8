package org.dragonflow.server.neutron;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.dragonflow.model.AddressGroup;
import org.dragonflow.model.Beginning;
import org.dragonflow.model.Id;
import org.dragonflow.model.Query;
import org.dragonflow.model.SecurityGroup;
import org.dragonflow.model.SecurityGroupRule;
import org.dragonflow.model.SecurityGroupRule.Direction;
import org.dragonflow.model.SecurityGroupRule.Ethertype;
import org.dragonflow.model.SecurityGroupRuleTemplate;
import org.dragonflow.model.View;
import org.dragonflow.server.access.Caller;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.store.Edit;

/** The rules that new security groups get: at first, that all may leave, and that members of a project's default group reach each other. */
final class RuleTemplates implements Kind<SecurityGroupRuleTemplate> {
    private static final Id<Beginning> BEGINNING = Id.of(Beginning.class, "default_security_group_rules");

    private final Mint mint;

    RuleTemplates(Mint mint) {
        this.mint = mint;
    }

    @Override
    public Class<SecurityGroupRuleTemplate> type() {
        return SecurityGroupRuleTemplate.class;
    }

    @Override
    public Refusal notFound(Id<SecurityGroupRuleTemplate> id) {
        return Refusals.missing(
                "SecurityGroupRuleTemplateNotFound", "Default Security Group rule %s does not exist".formatted(id));
    }

    /** The rules of a new group. */
    static Stream<SecurityGroupRule> of(View view, SecurityGroup group, boolean isDefault, Instant now) {
        return view.find(Query.all(SecurityGroupRuleTemplate.class))
                .filter(template -> isDefault ? template.usedInDefaultSg() : template.usedInNonDefaultSg())
                .map(template -> template.in(
                        group.id(),
                        group.projectId(),
                        Id.of(SecurityGroupRule.class, UUID.randomUUID().toString()),
                        now));
    }

    /** Whether new groups get rules towards this group. */
    static boolean areTowards(View view, Id<SecurityGroup> group) {
        return view.find(Query.all(SecurityGroupRuleTemplate.class))
                .anyMatch(template -> template.remoteGroupId().equals(Optional.of(group.value())));
    }

    @Override
    public Map<String, Object> normalize(Map<String, Object> body) {
        var normal = new LinkedHashMap<>(SecurityGroupRules.normalized(body));
        if (normal.get("remote_group_id") instanceof String remote
                && remote.equalsIgnoreCase(SecurityGroupRuleTemplate.PARENT)) {
            normal.put("remote_group_id", SecurityGroupRuleTemplate.PARENT);
        }
        return normal;
    }

    @Override
    public SecurityGroupRuleTemplate create(Edit edit, Caller caller, Values values) {
        values.nullable("remote_group_id", String.class)
                .filter(remote -> !remote.equals(SecurityGroupRuleTemplate.PARENT)
                        && edit.get(Id.of(SecurityGroup.class, remote)).isEmpty())
                .ifPresent(remote -> {
                    throw Refusals.securityGroupNotFound(remote);
                });
        values.nullable("remote_address_group_id", Id.class)
                .filter(group ->
                        edit.get(Id.of(AddressGroup.class, group.value())).isEmpty())
                .ifPresent(group -> {
                    throw Refusals.addressGroupNotFound(group);
                });
        RuleRules.canonicalize(values);
        var template = mint.create(edit, SecurityGroupRuleTemplate.class, values);
        RuleRules.check(meaning(template));
        edit.find(Query.all(SecurityGroupRuleTemplate.class))
                .filter(other -> !other.id().equals(template.id()) && isSame(other, template))
                .findFirst()
                .ifPresent(other -> {
                    throw Refusals.conflict(
                            "SecurityGroupRuleTemplateExists",
                            "Default Security group rule already exists. Rule id is %s.".formatted(other.id()));
                });
        return template;
    }

    private static boolean isSame(SecurityGroupRuleTemplate one, SecurityGroupRuleTemplate other) {
        return RuleRules.isSame(meaning(one), meaning(other))
                && one.usedInDefaultSg() == other.usedInDefaultSg()
                && one.usedInNonDefaultSg() == other.usedInNonDefaultSg();
    }

    private static SecurityGroupRule meaning(SecurityGroupRuleTemplate template) {
        var parent = Id.of(SecurityGroup.class, SecurityGroupRuleTemplate.PARENT);
        return template.in(
                parent, "", Id.of(SecurityGroupRule.class, template.id().value()), template.createdAt());
    }

    @Override
    public SecurityGroupRuleTemplate update(Edit edit, Caller caller, SecurityGroupRuleTemplate before, Values values) {
        return mint.change(edit, before, values.map());
    }

    static boolean areBegun(View view) {
        return view.get(BEGINNING).isPresent();
    }

    /** Makes the templates that there are at first. */
    void begin(Edit edit) {
        if (areBegun(edit)) {
            return;
        }
        edit.create(new Beginning(BEGINNING));
        for (var ethertype : Ethertype.values()) {
            begin(edit, Direction.EGRESS, ethertype, Optional.empty());
            begin(edit, Direction.INGRESS, ethertype, Optional.of(SecurityGroupRuleTemplate.PARENT));
        }
    }

    private void begin(Edit edit, Direction direction, Ethertype ethertype, Optional<String> remote) {
        var values = new Values(Map.of())
                .put("description", "")
                .put("project_id", "")
                .put("direction", direction)
                .put("ethertype", ethertype)
                .put("remote_group_id", remote)
                .put("used_in_default_sg", true)
                .put("used_in_non_default_sg", remote.isEmpty());
        for (var absent : List.of(
                "protocol", "port_range_min", "port_range_max", "remote_ip_prefix", "remote_address_group_id")) {
            values.put(absent, Optional.empty());
        }
        mint.create(edit, SecurityGroupRuleTemplate.class, values);
    }
}
