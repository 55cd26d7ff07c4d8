package org.dragonflow.server.http;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/** Bodies as JSON: maps, lists, texts, numbers, booleans and nulls. */
public final class Json {
    private static final int DEPTH = 64;
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEPTH)
                            .maxNumberLength(100)
                            .build())
                    .build())
            .build();

    private Json() {}

    /** Reads an object, or refuses. */
    static Map<String, Object> object(byte[] body) {
        Object value;
        try {
            value = MAPPER.readValue(body, Object.class);
        } catch (JacksonException e) {
            throw new Refusal(400, "HTTPBadRequest", "Malformed request body: " + e.getOriginalMessage() + ".");
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw new Refusal(400, "HTTPBadRequest", "Malformed request body: it is not a JSON object.");
        }
        var object = new LinkedHashMap<String, Object>();
        map.forEach((key, element) -> object.put(String.valueOf(key), element));
        return object;
    }

    static byte[] bytes(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }
}
