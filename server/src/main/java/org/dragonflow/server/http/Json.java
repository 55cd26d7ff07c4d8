package org.dragonflow.server.http;

import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/** Bodies as JSON: maps, lists, texts, numbers, booleans and nulls. */
public final class Json {
    private static final int DEPTH = 64;
    private static final int INITIAL_SIZE = 1024;
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
    public static Map<String, Object> object(byte[] body) {
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

    public static byte[] bytes(Object value) {
        var bytes = new ByteArrayOutputStream(INITIAL_SIZE);
        try (var generator = MAPPER.createGenerator(bytes)) {
            write(generator, value);
        }
        return bytes.toByteArray();
    }

    /** Knows what there is in JSON, so that no serializer is looked up for each value of a long list. */
    private static void write(JsonGenerator to, @Nullable Object value) {
        switch (value) {
            case null -> to.writeNull();
            case String text -> to.writeString(text);
            case Boolean truth -> to.writeBoolean(truth);
            case Integer number -> to.writeNumber(number);
            case Long number -> to.writeNumber(number);
            case Map<?, ?> map -> {
                to.writeStartObject();
                map.forEach((name, member) -> {
                    to.writeName(String.valueOf(name));
                    write(to, member);
                });
                to.writeEndObject();
            }
            case List<?> list -> {
                to.writeStartArray();
                list.forEach(element -> write(to, element));
                to.writeEndArray();
            }
            default -> to.writePOJO(value);
        }
    }
}
