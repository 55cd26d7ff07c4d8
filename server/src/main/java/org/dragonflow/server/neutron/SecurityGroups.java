package org.dragonflow.server.neutron;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dragonflow.model.Claim;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.model.Query;
import org.dragonflow.model.Schema;
import org.dragonflow.model.SecurityGroup;
import org.dragonflow.model.SecurityGroupRule;
import org.dragonflow.model.View;
import org.dragonflow.server.access.Caller;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.store.Edit;

/** Security groups, and the one that each project has by default. */
final class SecurityGroups implements Kind<SecurityGroup> {
    private static final int LARGEST_KEY = 0x0fff_ffff;
    private static final String DEFAULT = "default";

    private static final String RULE = "security_group_rule";

    private final Mint mint;
    private final Quotas quotas;

    SecurityGroups(Mint mint, Quotas quotas) {
        this.mint = mint;
        this.quotas = quotas;
    }

    @Override
    public Class<SecurityGroup> type() {
        return SecurityGroup.class;
    }

    @Override
    public Refusal notFound(Id<SecurityGroup> id) {
        return Refusals.securityGroupNotFound(id);
    }

    /** The groups of these ids, for ports to carry. */
    List<Id<SecurityGroup>> usable(Edit edit, Caller caller, List<?> ids) {
        var groups = new ArrayList<SecurityGroup>();
        for (var id : ids) {
            groups.add(Guard.of(SecurityGroup.class)
                    .find(edit, Id.of(SecurityGroup.class, id.toString()), caller)
                    .orElseThrow(() -> Refusals.securityGroupNotFound(id)));
        }
        if (groups.stream().map(SecurityGroup::stateful).distinct().count() > 1) {
            throw Refusals.securityGroupConflict(
                    "Cannot apply both stateful and stateless security groups on the same port at the same time");
        }
        return groups.stream().map(SecurityGroup::id).toList();
    }

    static Optional<SecurityGroup> findDefault(View view, String project) {
        return view.find(Query.by(SecurityGroup.class, "project_id", project))
                .filter(SecurityGroups::isDefault)
                .findFirst();
    }

    /** The project's default group, made now if need be. */
    SecurityGroup ensureDefault(Edit edit, String project) {
        return findDefault(edit, project).orElseGet(() -> {
            var values = new Values(Map.of())
                    .put("name", DEFAULT)
                    .put("description", "Default security group")
                    .put("stateful", true)
                    .put("project_id", project);
            var group = make(edit, values, true);
            edit.claim(group, claim(project));
            return group;
        });
    }

    @Override
    public boolean lacksDefault(Caller caller, View view) {
        return findDefault(view, caller.project()).isEmpty();
    }

    @Override
    public void makeDefault(Edit edit, Caller caller) {
        ensureDefault(edit, caller.project());
    }

    private static boolean isDefault(SecurityGroup group) {
        return group.name().equals(DEFAULT);
    }

    private static Claim claim(String project) {
        return new Claim(List.of(DEFAULT), List.of(project));
    }

    @Override
    public SecurityGroup create(Edit edit, Caller caller, Values values) {
        if (values.get("name", String.class).equalsIgnoreCase(DEFAULT)) {
            throw Refusals.securityGroupDefaultAlreadyExists();
        }
        var group = make(edit, values, false);
        requireRoom(edit, group.projectId());
        ensureDefault(edit, group.projectId());
        return group;
    }

    /** Refuses a group whose rules from the templates are too many for its project. */
    private void requireRoom(Edit edit, String project) {
        int limit = quotas.of(edit, project).getOrDefault(RULE, -1);
        if (limit >= 0 && edit.topology().count(Query.by(SecurityGroupRule.class, "project_id", project)) > limit) {
            throw Refusals.overQuota(List.of("'" + RULE + "'"));
        }
    }

    private SecurityGroup make(Edit edit, Values values, boolean isDefault) {
        mint.number(values, LARGEST_KEY);
        var group = mint.create(edit, SecurityGroup.class, values);
        RuleTemplates.of(edit, group, isDefault, mint.now()).toList().forEach(edit::create);
        return group;
    }

    @Override
    public SecurityGroup update(Edit edit, Caller caller, SecurityGroup before, Values values) {
        var name = values.find("name", String.class).orElse(before.name());
        if (isDefault(before) && !name.equals(before.name())) {
            throw Refusals.securityGroupCannotUpdateDefault();
        }
        if (!isDefault(before) && name.equalsIgnoreCase(DEFAULT)) {
            throw Refusals.securityGroupDefaultAlreadyExists();
        }
        boolean stateful = values.find("stateful", Boolean.class).orElse(before.stateful());
        if (stateful != before.stateful() && edit.topology().count(Port.membersOf(before.id())) > 0) {
            throw Refusals.securityGroupInUse(before.id());
        }
        return mint.change(edit, before, values.map());
    }

    @Override
    public void delete(Edit edit, Caller caller, SecurityGroup group) {
        if (isDefault(group) && !caller.isAdmin()) {
            throw Refusals.securityGroupCannotRemoveDefault();
        }
        boolean isRemote = edit.find(SecurityGroupRule.towards(group.id()))
                .anyMatch(rule -> !rule.securityGroupId().equals(group.id()));
        if (isRemote
                || RuleTemplates.areTowards(edit, group.id())
                || edit.topology().count(Port.membersOf(group.id())) > 0) {
            throw Refusals.securityGroupInUse(group.id());
        }
        edit.delete(group);
        if (isDefault(group)) {
            edit.free(group, claim(group.projectId()));
        }
    }

    @Override
    public Map<String, Object> derived(SecurityGroup group, Caller caller, View view) {
        var rules = view.find(SecurityGroupRule.of(group.id()))
                .sorted(Comparator.comparing(SecurityGroupRule::createdAt).thenComparing(SecurityGroupRule::id))
                .map(SecurityGroups::show)
                .toList();
        return Map.of("security_group_rules", rules);
    }

    private static Map<String, Object> show(SecurityGroupRule rule) {
        var shown = new LinkedHashMap<>(Schema.of(SecurityGroupRule.class).show(rule));
        shown.putAll(SecurityGroupRules.normalized(rule));
        return shown;
    }
}
