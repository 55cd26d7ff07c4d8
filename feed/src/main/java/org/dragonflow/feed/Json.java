package org.dragonflow.feed;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** An object of JSON that a peer sent, read with suspicion. */
record Json(Map<String, @Nullable Object> members) {
    static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(32)
                            .maxNumberLength(100)
                            .maxStringLength(Message.MAX_LINE)
                            .build())
                    .build())
            .build();
    private static final TypeReference<Map<String, @Nullable Object>> OBJECT = new TypeReference<>() {};

    static Json read(byte[] bytes) throws Refused {
        try {
            return new Json(MAPPER.readValue(bytes, OBJECT));
        } catch (JacksonException e) {
            throw new Refused(Reason.MALFORMED, "not a JSON object: " + e.getOriginalMessage());
        }
    }

    static byte[] bytes(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    Optional<Object> find(String name) {
        return Optional.ofNullable(members.get(name));
    }

    String text(String name) throws Refused {
        return as(String.class, name);
    }

    int integer(String name) throws Refused {
        return as(Integer.class, name);
    }

    /** A whole number that is not negative. */
    long count(String name) throws Refused {
        var number = as(Number.class, name);
        if (!(number instanceof Integer || number instanceof Long) || number.longValue() < 0) {
            throw malformed(name);
        }
        return number.longValue();
    }

    boolean flag(String name) throws Refused {
        return find(name).isPresent() && as(Boolean.class, name);
    }

    /** An object. */
    Json object(String name) throws Refused {
        return object(name, find(name).orElse(null));
    }

    private static Json object(String name, @Nullable Object value) throws Refused {
        if (!(value instanceof Map<?, ?> map)) {
            throw malformed(name);
        }
        var members = new LinkedHashMap<String, @Nullable Object>();
        map.forEach((key, member) -> members.put(String.valueOf(key), member));
        return new Json(members);
    }

    /** A list of objects. */
    List<Json> objects(String name) throws Refused {
        var objects = new ArrayList<Json>();
        for (var element : as(List.class, name)) {
            objects.add(object(name, element));
        }
        return objects;
    }

    /** A list of texts; left out it is empty. */
    List<String> texts(String name) throws Refused {
        var texts = new ArrayList<String>();
        if (find(name).isPresent()) {
            for (var element : as(List.class, name)) {
                if (!(element instanceof String text)) {
                    throw malformed(name);
                }
                texts.add(text);
            }
        }
        return texts;
    }

    private <T> T as(Class<T> type, String name) throws Refused {
        var value = members.get(name);
        if (!type.isInstance(value)) {
            throw malformed(name);
        }
        return type.cast(value);
    }

    private static Refused malformed(String name) {
        return new Refused(Reason.MALFORMED, "%s is missing or of the wrong type".formatted(name));
    }
}
