package org.dragonflow.server.http;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.dragonflow.store.Bytes;

/**
 * What a client asks.
 *
 * @param id names the request in answers and in the log
 * @param method in capitals
 * @param path decoded, from the root
 * @param query the values of each parameter, in the order of the request
 * @param headers the first value of each, by name in lower case
 */
public record Request(
        String id,
        String method,
        String path,
        Map<String, List<String>> query,
        Map<String, String> headers,
        Bytes body) {
    public Request {
        query = Collections.unmodifiableMap(new LinkedHashMap<>(query));
        headers = Map.copyOf(headers);
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    /** The values of a query parameter; none if it was not given. */
    public List<String> parameters(String name) {
        return query.getOrDefault(name, List.of());
    }

    /** The last value of a query parameter. */
    public Optional<String> parameter(String name) {
        var values = parameters(name);
        return values.isEmpty() ? Optional.empty() : Optional.of(values.getLast());
    }

    /** Nothing of what proves who asks. */
    @Override
    public String toString() {
        return "%s %s %s".formatted(id, method, path);
    }

    /** The body as a JSON object, whose keys are distinct. */
    public Map<String, Object> json() {
        if (body.size() == 0) {
            throw Refusal.badRequest("Resource body required");
        }
        return Json.object(body.toArray());
    }
}
