package org.dragonflow.server.access;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Reads the text of a rule: checks joined by {@code and}, {@code or}, {@code not} and parentheses, in the language of OpenStack's policy
 * files. {@code and} binds closer than {@code or}. A malformed text is an {@link IllegalArgumentException} that says what is wrong.
 */
final class CheckReader {
    private static final int DEEPEST = 50;
    private static final Pattern TEMPLATE = Pattern.compile("%\\(([^()]+)\\)s");

    private final List<String> tokens;
    private int at;
    private int depth;

    private CheckReader(List<String> tokens) {
        this.tokens = tokens;
    }

    static Check read(String text) {
        var tokens = tokens(text);
        if (tokens.isEmpty()) {
            return new Check.Constant(true);
        }
        var reader = new CheckReader(tokens);
        var check = reader.any();
        if (reader.at < tokens.size()) {
            throw new IllegalArgumentException("'%s' is not expected here".formatted(tokens.get(reader.at)));
        }
        return check;
    }

    /** Words, with the parentheses around them as words of their own; those inside {@code %(...)s} belong to the word. */
    private static List<String> tokens(String text) {
        var tokens = new ArrayList<String>();
        for (var word : text.split("\\s+", -1)) {
            var rest = word;
            while (rest.startsWith("(")) {
                tokens.add("(");
                rest = rest.substring(1);
            }
            int closing = 0;
            while (rest.endsWith(")")) {
                closing++;
                rest = rest.substring(0, rest.length() - 1);
            }
            if (!rest.isEmpty()) {
                tokens.add(rest);
            }
            for (int i = 0; i < closing; i++) {
                tokens.add(")");
            }
        }
        return tokens;
    }

    private Check any() {
        var all = new ArrayList<>(List.of(all()));
        while (takes("or")) {
            all.add(all());
        }
        return all.size() == 1 ? all.getFirst() : new Check.Any(List.copyOf(all));
    }

    private Check all() {
        var all = new ArrayList<>(List.of(one()));
        while (takes("and")) {
            all.add(one());
        }
        return all.size() == 1 ? all.getFirst() : new Check.All(List.copyOf(all));
    }

    private Check one() {
        if (++depth > DEEPEST) {
            throw new IllegalArgumentException("it is nested more than %d deep".formatted(DEEPEST));
        }
        try {
            if (takes("not")) {
                return new Check.Not(one());
            }
            if (takes("(")) {
                var inner = any();
                if (!takes(")")) {
                    throw new IllegalArgumentException("a ')' is missing");
                }
                return inner;
            }
            if (at == tokens.size()) {
                throw new IllegalArgumentException("it ends where a check is expected");
            }
            return leaf(tokens.get(at++));
        } finally {
            depth--;
        }
    }

    private boolean takes(String token) {
        boolean isThere =
                at < tokens.size() && tokens.get(at).toLowerCase(Locale.ROOT).equals(token);
        if (isThere) {
            at++;
        }
        return isThere;
    }

    private static Check leaf(String text) {
        if (text.equals("@") || text.equals("!")) {
            return new Check.Constant(text.equals("@"));
        }
        int colon = text.indexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException("'%s' is no check; one is like role:member".formatted(text));
        }
        var kind = text.substring(0, colon);
        var match = text.substring(colon + 1);
        return switch (kind) {
            case "role" -> new Check.Role(match.toLowerCase(Locale.ROOT));
            case "rule" -> new Check.Rule(match);
            case "field" -> field(match);
            case "http", "https" ->
                throw new IllegalArgumentException("'%s' would ask another server, which is not done".formatted(text));
            default -> generic(kind, match);
        };
    }

    private static Check field(String text) {
        int colon = text.indexOf(':');
        int equals = text.indexOf('=');
        if (colon < 0 || equals < colon) {
            throw new IllegalArgumentException("'field:%s' is not like field:networks:shared=True".formatted(text));
        }
        var resource = singular(text.substring(0, colon));
        var attribute = canonical(text.substring(colon + 1, equals));
        var value = text.substring(equals + 1);
        if (!value.startsWith("~")) {
            return new Check.Field(resource, attribute, plain(value));
        }
        try {
            return new Check.FieldLike(resource, attribute, Pattern.compile(value.substring(1)));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("'%s' is no pattern: %s".formatted(value, e.getDescription()), e);
        }
    }

    private static Check generic(String kind, String match) {
        var template = TEMPLATE.matcher(match);
        if (!template.matches()) {
            return new Check.Has(kind, plain(match));
        }
        var resource = resource(template);
        var attribute = canonical(template.group(1).substring(resource.isEmpty() ? 0 : resource.length() + 1));
        boolean isLiteral = kind.startsWith("'") || kind.equals("True") || kind.equals("False");
        return isLiteral
                ? new Check.Field(resource, attribute, plain(kind.replace("'", "")))
                : new Check.SameAs(kind, resource, attribute);
    }

    private static String resource(Matcher template) {
        int colon = template.group(1).indexOf(':');
        return colon < 0 ? "" : template.group(1).substring(0, colon);
    }

    private static String singular(String resource) {
        return resource.endsWith("ies")
                ? resource.substring(0, resource.length() - 3) + "y"
                : resource.endsWith("s") ? resource.substring(0, resource.length() - 1) : resource;
    }

    private static String canonical(String attribute) {
        return attribute.equals("tenant_id")
                ? "project_id"
                : attribute.equals("target_project") ? "target_tenant" : attribute;
    }

    /** Truth as JSON writes it. */
    private static String plain(String value) {
        return value.equals("True") || value.equals("False") ? value.toLowerCase(Locale.ROOT) : value;
    }
}
