package org.dragonflow.server.access;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Who may do what: rules by Neutron's names, such as {@code create_network} and {@code create_network:shared}.
 *
 * <p>The standard ones are in {@code policy.yaml} beside this class; an operator's file replaces some of them. Immutable.
 */
public final class Policy {
    /** The rule that says who is an administrator. */
    static final String ADMIN = "context_is_admin";

    /** What other rules call an administrator by. */
    static final String IS_ADMIN = "is_admin";

    private static final Logger LOG = LoggerFactory.getLogger(Policy.class);
    private static final String DEFAULT = "default";

    private final Map<String, Rule> rules;
    private final Map<String, List<String>> attributes;

    private Policy(Map<String, Rule> rules) {
        this.rules = Collections.unmodifiableMap(rules);
        this.attributes = rules.keySet().stream()
                .filter(name -> name.indexOf(':') > 0)
                .collect(Collectors.groupingBy(
                        name -> name.substring(0, name.indexOf(':')),
                        Collectors.mapping(
                                name -> name.substring(name.indexOf(':') + 1), Collectors.toUnmodifiableList())));
    }

    /**
     * A rule as an operator sees it.
     *
     * @param text in the language of OpenStack's policy files
     * @param isStandard whether it is as it comes
     */
    public record Rule(String name, String text, boolean isStandard, Check check) {}

    /** The rules as they come. */
    public static Policy standard() {
        return with(Map.of());
    }

    /**
     * The standard rules, with those of an operator's file in their place.
     *
     * @throws IllegalArgumentException if the file cannot be read or a rule in it is malformed; the message names file and rule
     */
    public static Policy read(Path file) {
        try (var in = Files.newInputStream(file)) {
            var policy = with(texts(in));
            policy.warnOfUnasked(file);
            return policy;
        } catch (IOException | JacksonException | IllegalArgumentException e) {
            throw new IllegalArgumentException("the policy file %s: %s".formatted(file, e.getMessage()), e);
        }
    }

    static Policy with(Map<String, String> overrides) {
        var rules = new TreeMap<String, Rule>();
        try (var in = Policy.class.getResourceAsStream("policy.yaml")) {
            texts(Objects.requireNonNull(in, "policy.yaml is not in the build"))
                    .forEach((name, text) -> rules.put(name, rule(name, text, true)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        overrides.forEach((name, text) -> rules.put(name, rule(name, text, false)));
        var policy = new Policy(rules);
        rules.values().forEach(policy::requireRest);
        return policy;
    }

    private static Map<String, String> texts(InputStream in) {
        var texts = new LinkedHashMap<String, String>();
        var tree = new YAMLMapper().readValue(in, Object.class);
        switch (tree) {
            case null -> {}
            case Map<?, ?> map -> map.forEach((name, text) -> texts.put(String.valueOf(name), text(name, text)));
            default -> throw new IllegalArgumentException("it is not a mapping of rules to texts");
        }
        return texts;
    }

    private static String text(Object name, @Nullable Object text) {
        if (text instanceof String string) {
            return string;
        }
        throw new IllegalArgumentException("rule '%s' is not a text in quotes".formatted(name));
    }

    private static Rule rule(String name, String text, boolean isStandard) {
        try {
            return new Rule(name, text, isStandard, CheckReader.read(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("rule '%s': %s".formatted(name, e.getMessage()), e);
        }
    }

    /** Refuses rules that ask for one that is not there, or in the end for themselves. */
    private void requireRest(Rule rule) {
        var open = new ArrayDeque<>(rule.check().rules().toList());
        var seen = new HashSet<String>();
        while (!open.isEmpty()) {
            var name = open.pop();
            if (name.equals(rule.name())) {
                throw new IllegalArgumentException("rule '%s' asks for itself".formatted(name));
            }
            var next = rules.get(name);
            if (next == null) {
                throw new IllegalArgumentException(
                        "rule '%s' asks for '%s', which there is not".formatted(rule.name(), name));
            }
            if (seen.add(name)) {
                next.check().rules().forEach(open::push);
            }
        }
    }

    private void warnOfUnasked(Path file) {
        var standard = standard();
        Set<String> asked =
                rules.values().stream().flatMap(rule -> rule.check().rules()).collect(Collectors.toSet());
        rules.keySet().stream()
                .filter(name -> !standard.rules.containsKey(name) && !asked.contains(name))
                .forEach(name -> LOG.warn("the policy file {} has a rule '{}' that nothing asks for", file, name));
    }

    /** All rules, by name. */
    public Map<String, Rule> rules() {
        return rules;
    }

    /** The attributes, and parts of attributes, that have a rule of their own under that of an operation. */
    List<String> attributesOf(String rule) {
        return attributes.getOrDefault(rule, List.of());
    }

    /** What a rule asks of the target, given who asks; of a rule that there is not, what {@code default} asks. */
    Condition condition(String name, Credentials who) {
        var rule = Optional.ofNullable(rules.get(name)).or(() -> Optional.ofNullable(rules.get(DEFAULT)));
        return rule.map(found -> found.check().reduce(who, other -> condition(other, who)))
                .orElse(Condition.never());
    }
}
