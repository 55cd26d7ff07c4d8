package org.dragonflow.server.http;

import java.util.LinkedHashMap;
import java.util.Map;
import org.dragonflow.store.Bytes;

/**
 * What a client is told.
 *
 * @param headers beside those that follow from the body
 */
public record Response(int status, Map<String, String> headers, Bytes body) {
    private static final String CONTENT_TYPE = "Content-Type";

    public Response {
        headers = Map.copyOf(headers);
    }

    public static Response json(int status, Object value) {
        return new Response(status, Map.of(CONTENT_TYPE, "application/json"), Bytes.of(Json.bytes(value)));
    }

    public static Response text(int status, String contentType, String text) {
        return new Response(status, Map.of(CONTENT_TYPE, contentType), Bytes.utf8(text));
    }

    public static Response empty(int status) {
        return new Response(status, Map.of(), Bytes.of());
    }

    public Response with(String header, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Response(status, more, body);
    }
}
