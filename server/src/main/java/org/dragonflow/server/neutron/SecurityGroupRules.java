package org.dragonflow.server.neutron;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.dragonflow.model.AddressGroup;
import org.dragonflow.model.Id;
import org.dragonflow.model.SecurityGroup;
import org.dragonflow.model.SecurityGroupRule;
import org.dragonflow.model.View;
import org.dragonflow.server.access.Caller;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.store.Edit;
import org.jspecify.annotations.Nullable;

/** The rules of security groups: which make sense, and which are there already. */
final class SecurityGroupRules implements Kind<SecurityGroupRule> {
    private static final Set<String> PORTS = Set.of("port_range_min", "port_range_max");
    private static final Set<String> GROUPS = Set.of("security_group_id", "remote_group_id");
    private static final int LAST_PORT = 65_535;
    private static final Pattern UUID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private final Mint mint;

    SecurityGroupRules(Mint mint) {
        this.mint = mint;
    }

    @Override
    public Class<SecurityGroupRule> type() {
        return SecurityGroupRule.class;
    }

    @Override
    public Refusal notFound(Id<SecurityGroupRule> id) {
        return Refusals.securityGroupRuleNotFound(id);
    }

    @Override
    public Map<String, Object> normalize(Map<String, Object> body) {
        GROUPS.forEach(name -> requireName(body.get(name)));
        return normalized(body);
    }

    /** Protocols may come as numbers, and any protocol has three names. */
    static Map<String, Object> normalized(Map<String, Object> body) {
        var normal = new HashMap<String, @Nullable Object>(body);
        if (body.get("protocol") instanceof Integer number) {
            normal.put("protocol", number.toString());
        } else if (body.get("protocol") instanceof String name) {
            var lower = name.toLowerCase(Locale.ROOT);
            normal.put("protocol", lower.equals("any") || lower.isEmpty() ? null : lower);
        }
        for (var attribute : List.of("remote_ip_prefix", "remote_group_id", "remote_address_group_id")) {
            if ("".equals(body.get(attribute))) {
                normal.put(attribute, null);
            }
        }
        PORTS.forEach(name -> requirePort(normal.get(name)));
        return uncheckedCopy(normal);
    }

    /** What is no port has an answer of its own, which clients look for; other types the schema refuses. */
    private static void requirePort(@Nullable Object value) {
        var text = String.valueOf(value);
        if (text.matches("-[0-9]+|[0-9]{6,}") || text.matches("[0-9]{1,5}") && Integer.parseInt(text) > LAST_PORT) {
            throw Refusals.badRule("SecurityGroupInvalidPortValue", "Invalid value for port %s".formatted(value));
        }
    }

    /** A group whose id is no UUID is one that there is not. */
    private static void requireName(@Nullable Object id) {
        if (id instanceof String text && !text.isEmpty() && !UUID.matcher(text).matches()) {
            throw Refusals.securityGroupNotFound(text);
        }
    }

    /** JSON has nulls as values. */
    @SuppressWarnings({"unchecked", "NullAway"})
    private static Map<String, Object> uncheckedCopy(Map<String, @Nullable Object> map) {
        return (Map<String, Object>) (Map<?, ?>) new LinkedHashMap<>(map);
    }

    @Override
    public void together(List<Values> all) {
        if (all.stream()
                        .map(values -> values.get("security_group_id", Id.class))
                        .distinct()
                        .count()
                > 1) {
            throw Refusals.badRule(
                    "SecurityGroupNotSingleGroupRules",
                    "Only allowed to update rules for one security profile at a time");
        }
        var seen = new ArrayList<Map<String, Object>>();
        for (var values : all) {
            var meaning = new HashMap<>(values.map());
            meaning.keySet().removeAll(List.of("description", "project_id"));
            if (seen.contains(meaning)) {
                throw Refusals.duplicateSecurityGroupRuleInPost();
            }
            seen.add(meaning);
        }
    }

    @Override
    public SecurityGroupRule create(Edit edit, Caller caller, Values values) {
        var group = group(edit, caller, values.get("security_group_id", Id.class));
        values.nullable("remote_group_id", Id.class).ifPresent(id -> group(edit, caller, id));
        values.nullable("remote_address_group_id", Id.class).ifPresent(id -> requireAddressGroup(edit, caller, id));
        values.putIfAbsent("project_id", group.projectId());
        RuleRules.canonicalize(values);
        var rule = mint.create(edit, SecurityGroupRule.class, values);
        RuleRules.check(rule);
        edit.find(SecurityGroupRule.of(group.id()))
                .filter(other -> !other.id().equals(rule.id()) && RuleRules.isSame(other, rule))
                .findFirst()
                .ifPresent(other -> {
                    throw Refusals.securityGroupRuleExists(other.id());
                });
        // Also keeps the same rule from being made twice at a time.
        touch(edit, group.id());
        return rule;
    }

    private static SecurityGroup group(Edit edit, Caller caller, Id<?> id) {
        return Guard.of(SecurityGroup.class)
                .find(edit, Id.of(SecurityGroup.class, id.value()), caller)
                .orElseThrow(() -> Refusals.securityGroupNotFound(id));
    }

    private static void requireAddressGroup(Edit edit, Caller caller, Id<?> id) {
        if (Guard.of(AddressGroup.class)
                .find(edit, Id.of(AddressGroup.class, id.value()), caller)
                .isEmpty()) {
            throw Refusals.addressGroupNotFound(id);
        }
    }

    private void touch(Edit edit, Id<SecurityGroup> id) {
        edit.get(id).ifPresent(group -> mint.touch(edit, group));
    }

    @Override
    public SecurityGroupRule update(Edit edit, Caller caller, SecurityGroupRule before, Values values) {
        return mint.change(edit, before, values.map());
    }

    @Override
    public void delete(Edit edit, Caller caller, SecurityGroupRule rule) {
        edit.delete(rule);
        touch(edit, rule.securityGroupId());
    }

    @Override
    public Map<String, Object> derived(SecurityGroupRule rule, Caller caller, View view) {
        return normalized(rule);
    }

    /** The block of the remote side in its shortest form. */
    static Map<String, Object> normalized(SecurityGroupRule rule) {
        return rule.remoteIpPrefix()
                .<Map<String, Object>>map(prefix -> Map.of("normalized_cidr", prefix.toString()))
                .orElseGet(() -> Collections.singletonMap("normalized_cidr", null));
    }
}
