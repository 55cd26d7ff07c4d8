package org.dragonflow.server.neutron;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.dragonflow.server.http.Json;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.server.http.Request;
import org.dragonflow.server.http.Url;
import org.dragonflow.store.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * One request of a bundle.
 *
 * @param index its place in the bundle
 * @param name what later operations call it; empty if they need not
 * @param ifMatch for the header of that name; empty for none
 */
record Operation(int index, String name, String method, Url url, Optional<Object> body, String ifMatch) {
    private static final int MOST = 500;
    private static final Set<String> MEMBERS = Set.of("name", "method", "path", "body", "if_match");
    private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "DELETE");
    private static final Set<String> NOT_OF_ONE = Set.of(World.AS_OF, World.DRY_RUN, "wait");
    private static final String NAME = "[A-Za-z_][A-Za-z0-9_-]{0,63}";

    /** Headers that speak of the bundle, and not of each operation. */
    private static final Set<String> NOT_HANDED_ON = Set.of("if-match", "idempotency-key", "content-length");

    /** All operations of a bundle, in order. */
    static List<Operation> all(Map<String, Object> body) {
        if (!(body.get("bundle") instanceof Map<?, ?> bundle)
                || body.size() != 1
                || bundle.size() != 1
                || !(bundle.get("operations") instanceof List<?> listed)) {
            throw Refusal.badRequest("A bundle is {\"bundle\": {\"operations\": [...]}}");
        }
        if (listed.isEmpty() || listed.size() > MOST) {
            throw Refusal.badRequest(
                    "A bundle has 1 to %d operations, and this one has %d".formatted(MOST, listed.size()));
        }
        var all = new ArrayList<Operation>();
        var names = new HashSet<String>();
        for (var given : listed) {
            var operation = read(all.size(), given);
            if (!operation.name().isEmpty() && !names.add(operation.name())) {
                throw fault(all.size(), "another has the name '%s'".formatted(operation.name()));
            }
            all.add(operation);
        }
        return all;
    }

    private static Operation read(int index, @Nullable Object given) {
        if (!(given instanceof Map<?, ?> operation)) {
            throw fault(index, "it is no object");
        }
        operation.keySet().stream()
                .filter(member -> !MEMBERS.contains(member))
                .findFirst()
                .ifPresent(member -> {
                    throw fault(
                            index,
                            "there is no '%s'; an operation has %s"
                                    .formatted(member, MEMBERS.stream().sorted().toList()));
                });
        var name = text(index, operation, "name");
        if (!name.isEmpty() && !name.matches(NAME)) {
            throw fault(index, "'%s' is no name: letters, digits, underscores and hyphens, at most 64".formatted(name));
        }
        var method = text(index, operation, "method");
        if (!METHODS.contains(method)) {
            throw fault(
                    index,
                    "the method is one of %s, and not '%s'"
                            .formatted(METHODS.stream().sorted().toList(), method));
        }
        var body = Optional.<Object>ofNullable(operation.get("body"));
        return new Operation(
                index,
                name,
                method,
                url(index, text(index, operation, "path")),
                body,
                text(index, operation, "if_match"));
    }

    private static Url url(int index, String text) {
        var url = Url.of(text);
        if (!url.path().startsWith("/v2.0/")) {
            throw fault(index, "the path is one below /v2.0, and not '%s'".formatted(text));
        }
        NOT_OF_ONE.stream().filter(url.query()::containsKey).findFirst().ifPresent(parameter -> {
            throw fault(index, "'%s' is not for a part of a bundle".formatted(parameter));
        });
        return url;
    }

    private static String text(int index, Map<?, ?> operation, String member) {
        var value = operation.get(member);
        if (value == null) {
            return "";
        }
        if (!(value instanceof String text)) {
            throw fault(index, "'%s' is no text".formatted(member));
        }
        return text;
    }

    private static Refusal fault(int index, String what) {
        return Refusal.badRequest("Operation %d of the bundle is not understood: %s".formatted(index, what));
    }

    /** The request that it stands for, by the client who sent the bundle. */
    Request request(Request bundle, References references) {
        var headers = new HashMap<>(bundle.headers());
        headers.keySet().removeAll(NOT_HANDED_ON);
        if (!ifMatch.isEmpty()) {
            headers.put("if-match", references.text(ifMatch));
        }
        var query = new LinkedHashMap<String, List<String>>();
        url.query()
                .forEach((parameter, values) -> query.put(
                        parameter, values.stream().map(references::text).toList()));
        var content = body.map(references::resolved)
                .map(value -> Bytes.of(Json.bytes(value)))
                .orElse(Bytes.of());
        return new Request(bundle.id(), method, references.path(url.path()), query, headers, content);
    }

    /** The refusal of this operation, as that of the bundle. */
    RuntimeException blamed(RuntimeException refusal) {
        return refusal instanceof Refusal neutral ? neutral.with("operation", shown()) : refusal;
    }

    private Map<String, Object> shown() {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("index", index);
        if (!name.isEmpty()) {
            shown.put("name", name);
        }
        shown.put("method", method);
        shown.put("path", url.path());
        return shown;
    }
}
