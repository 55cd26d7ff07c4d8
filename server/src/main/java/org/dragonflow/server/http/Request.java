package org.dragonflow.server.http;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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
    private static final Pattern JSON =
            Pattern.compile("\\s*application/([\\w.-]+\\+)?json\\s*(;.*)?", Pattern.CASE_INSENSITIVE);
    private static final Pattern WEIGHT_OF_NOTHING = Pattern.compile("q\\s*=\\s*0(\\.0{0,3})?");

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

    /** Refuses a client that does not take an answer of this media type (RFC 9110, 12.5.1). */
    public void requireAccepted(String mediaType) {
        if (!isAmong("accept", List.of(mediaType, mediaType.replaceFirst("/.*", "/*"), "*/*"))) {
            throw new Refusal(406, "HTTPNotAcceptable", "Answers are in %s only.".formatted(mediaType));
        }
    }

    /** Whether the client takes a body in this content coding (RFC 9110, 12.5.3); one who says nothing wants it as it is. */
    boolean acceptsCoding(String coding) {
        return header("accept-encoding").isPresent() && isAmong("accept-encoding", List.of(coding, "*"));
    }

    /** Whether a header lists one of some names, with a weight above 0; the first name that it lists decides. */
    private boolean isAmong(String header, List<String> names) {
        var listed = new HashMap<String, Boolean>();
        for (var element : header(header).orElse("").split(",", -1)) {
            var parts = element.toLowerCase(Locale.ROOT).split(";", -1);
            boolean isRefused =
                    Stream.of(parts).skip(1).map(String::strip).anyMatch(WEIGHT_OF_NOTHING.asMatchPredicate());
            listed.put(parts[0].strip(), !isRefused);
        }
        listed.remove("");
        return listed.isEmpty()
                || names.stream()
                        .filter(listed::containsKey)
                        .findFirst()
                        .map(listed::get)
                        .orElse(false);
    }

    /** The body as a JSON object, whose keys are distinct. */
    public Map<String, Object> json() {
        if (body.size() == 0) {
            throw Refusal.badRequest("Resource body required");
        }
        header("content-type").filter(type -> !JSON.matcher(type).matches()).ifPresent(type -> {
            throw new Refusal(
                    415,
                    "HTTPUnsupportedMediaType",
                    "A body of type '%s' is not understood; send application/json.".formatted(type));
        });
        return Json.object(body.toArray());
    }
}
