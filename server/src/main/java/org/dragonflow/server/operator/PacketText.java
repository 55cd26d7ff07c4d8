package org.dragonflow.server.operator;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.dragonflow.explain.Probe;
import org.dragonflow.server.http.Refusal;
import org.jspecify.annotations.Nullable;

/** A packet in a request's body: as text, or as an object of the same words. */
final class PacketText {
    private PacketText() {}

    static Probe probe(@Nullable Object packet) {
        try {
            return switch (packet) {
                case String text -> Probe.parse(text);
                case Map<?, ?> object -> Probe.parse(text(object));
                case null -> throw new IllegalArgumentException("'packet' is missing; write " + Probe.GRAMMAR);
                default -> throw new IllegalArgumentException("'packet' is a text or an object");
            };
        } catch (IllegalArgumentException e) {
            throw Refusal.badRequest("Invalid packet: %s.".formatted(e.getMessage()));
        }
    }

    /** {@code {"protocol": "tcp", "to": "10.0.0.5", "to_port": 80, "ttl": 1}} is {@code tcp to [10.0.0.5]:80 ttl 1}. */
    private static String text(Map<?, ?> object) {
        var words = new LinkedHashMap<String, String>();
        object.forEach((key, value) -> words.put(word(key), word(value)));
        var protocol = words.remove("protocol");
        if (protocol == null) {
            throw new IllegalArgumentException("a packet has a 'protocol'");
        }
        join(words, "to");
        join(words, "from");
        return protocol
                + words.entrySet().stream()
                        .map(entry -> " %s %s".formatted(entry.getKey().replace('_', '-'), entry.getValue()))
                        .collect(Collectors.joining());
    }

    /** Values are single words, so that none can pass for another key. */
    private static String word(@Nullable Object value) {
        var text = String.valueOf(value);
        if (!text.matches("[A-Za-z0-9_.:-]{1,64}")) {
            throw new IllegalArgumentException("'%s' is nothing that a packet can have".formatted(text));
        }
        return text;
    }

    private static void join(Map<String, String> words, String end) {
        var port = words.remove(end + "_port");
        if (port != null) {
            words.computeIfPresent(end, (_, address) -> "[%s]:%s".formatted(address, port));
        }
    }
}
