package org.dragonflow.model;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Ipv6;
import org.dragonflow.address.Mac;
import org.jspecify.annotations.Nullable;

/** Makes entities at random that any client could have asked for, and JSON that none should have sent. */
final class Instances {
    private static final String LETTERS = "az09 _-/%äß漢\u0000\n\"\\'{}";

    private static final Object DEEP = deep(20_000);

    private final Random random;

    Instances(long seed) {
        random = new Random(seed);
    }

    <E extends Entity> E next(Schema<E> schema) {
        var values = new LinkedHashMap<String, Object>();
        for (var attribute : schema.attributes()) {
            values.put(attribute.name(), value(attribute.shape()));
        }
        return schema.make(values);
    }

    private Object value(Shape shape) {
        return switch (shape) {
            case Shape.Text(var length) -> text((int) between(length.min(), Math.min(length.max(), 20)));
            case Shape.Whole whole -> {
                long number = between(whole.bounds().min(), whole.bounds().max());
                yield whole.wide() ? (Object) number : (Object) (int) number;
            }
            case Shape.Truth _ -> random.nextBoolean();
            case Shape.Choice choice -> pick(List.copyOf(choice.constants().values()));
            case Shape.Name name -> Id.of(name.target(), name.isUuid() ? uuid() : text(1 + random.nextInt(9)));
            case Shape.Address _ -> address();
            case Shape.Prefix _ -> {
                var address = address();
                yield IpPrefix.around(address, random.nextInt(address.width() + 1));
            }
            case Shape.HardwareAddress _ -> new Mac(1 + random.nextLong(1L << 47));
            case Shape.Time _ -> Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000));
            case Shape.Json _ -> Json.frozen(object(3));
            case Shape.Limited limited -> pick(limited.values());
            case Shape.Maybe(var of) -> random.nextBoolean() ? Optional.empty() : Optional.of(value(of));
            case Shape.Many many -> list(many);
            case Shape.Nested(var structure) -> nested(structure);
        };
    }

    private List<Object> list(Shape.Many many) {
        var list = new ArrayList<Object>();
        var seen = new HashSet<Object>();
        long size = between(many.length().min(), Math.min(many.length().max(), 4));
        for (int i = 0; i < size; i++) {
            var value = value(many.of());
            Object key = many.of() instanceof Shape.Nested(var structure)
                            && many.distinct().filter(d -> !d.isEmpty()).isPresent()
                    ? structure.getter(many.distinct().orElseThrow()).get(value)
                    : value;
            if (many.distinct().isEmpty() || seen.add(key)) {
                list.add(value);
            }
        }
        return list;
    }

    private Object nested(Structure structure) {
        var values = new LinkedHashMap<String, Object>();
        structure.attributes().forEach(a -> values.put(a.name(), value(a.shape())));
        return structure.make(values);
    }

    private IpAddress address() {
        return random.nextBoolean() ? new Ipv4(random.nextInt()) : new Ipv6(random.nextLong(), random.nextLong());
    }

    String uuid() {
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    private String text(int length) {
        var text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return text.toString();
    }

    private long between(long min, long max) {
        return max - min > 0 && max - min < Long.MAX_VALUE ? min + random.nextLong(max - min + 1) : random.nextLong();
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private Map<String, @Nullable Object> object(int depth) {
        var object = new LinkedHashMap<String, @Nullable Object>();
        for (int i = random.nextInt(4); i > 0; i--) {
            object.put(text(random.nextInt(5)), json(depth - 1));
        }
        return object;
    }

    /** Any JSON, and now and then what is none. */
    @Nullable
    Object json(int depth) {
        return switch (random.nextInt(depth > 0 ? 16 : 12)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> random.nextInt(3);
            case 3 -> random.nextLong();
            case 4 -> new BigDecimal("1E" + random.nextInt(5));
            case 5 -> new BigDecimal("0.5");
            case 6 -> uuid();
            case 7 -> address().toString();
            case 8 -> address() + "/" + random.nextInt(140);
            case 9 -> new Mac(random.nextLong(1L << 48)).toString();
            case 10 -> pick(List.of("", "true", "IPv4", "ingress", "7", "geneve", "slaac", "ACTIVE", "-1", "null"));
            case 11 -> text(random.nextInt(300));
            case 12, 13 -> object(depth);
            default -> {
                var list = new ArrayList<@Nullable Object>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    list.add(json(depth - 1));
                }
                yield list;
            }
        };
    }

    /** A body whose attributes are known and whose values are anything, some of which nearly fit. */
    Map<String, @Nullable Object> body(Structure structure) {
        var body = new LinkedHashMap<String, @Nullable Object>();
        for (var attribute : structure.attributes()) {
            if (random.nextInt(3) > 0) {
                var nested = attribute.nestedStructure();
                boolean nearly = nested.isPresent() && random.nextBoolean();
                attribute.aliases().forEach(alias -> body.put(alias, hostile()));
                body.put(attribute.name(), nearly ? List.of(body(nested.orElseThrow())) : hostile());
            }
        }
        if (random.nextInt(4) == 0) {
            body.put(text(random.nextInt(20)), json(2));
        }
        return body;
    }

    private @Nullable Object hostile() {
        return switch (random.nextInt(60)) {
            case 0 -> DEEP;
            case 1 -> "x".repeat(100_000);
            case 2 -> new BigDecimal("1E+1000000000");
            case 3 -> Double.NaN;
            case 4 -> List.of(List.of(DEEP), Map.of("a", DEEP));
            case 5 -> Map.of(1, 2);
            case 6 -> new Object[] {"no JSON"};
            case 7 -> "9".repeat(40);
            default -> json(3);
        };
    }

    static Object deep(int levels) {
        Object deep = "";
        for (int i = 0; i < levels; i++) {
            deep = i % 2 == 0 ? List.of(deep) : new LinkedHashMap<>(singleton(deep));
        }
        return deep;
    }

    // Not Map.of: it would ask the whole depth for its hash code.
    private static Map<String, Object> singleton(Object value) {
        var map = new LinkedHashMap<String, Object>();
        map.put("a", value);
        return map;
    }
}
