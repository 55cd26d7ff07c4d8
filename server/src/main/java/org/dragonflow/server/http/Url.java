package org.dragonflow.server.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a request is for.
 *
 * @param path decoded, from the root
 * @param query the values of each parameter, in the order of the request
 */
public record Url(String path, Map<String, List<String>> query) {
    /** Reads a path that may have a query behind it. */
    public static Url of(String text) {
        int mark = text.indexOf('?');
        return mark < 0 ? of(text, "") : of(text.substring(0, mark), text.substring(mark + 1));
    }

    static Url of(String rawPath, String rawQuery) {
        // In a path, unlike in a query, a plus is a plus.
        return new Url(decoded(rawPath.replace("+", "%2B")), query(rawQuery));
    }

    private static Map<String, List<String>> query(String raw) {
        var query = new LinkedHashMap<String, List<String>>();
        for (var pair : raw.split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                var name = equals < 0 ? pair : pair.substring(0, equals);
                var value = equals < 0 ? "" : pair.substring(equals + 1);
                query.computeIfAbsent(decoded(name), _ -> new ArrayList<>()).add(decoded(value));
            }
        }
        return query;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Refusal.badRequest("'%s' is not well encoded.".formatted(text));
        }
    }
}
