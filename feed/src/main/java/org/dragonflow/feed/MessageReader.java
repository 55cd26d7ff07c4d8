package org.dragonflow.feed;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Schema;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the messages off a stream that a {@link MessageWriter} put there.
 *
 * <p>What a newer server may say, and this version does not know, is left out and logged once: kinds of messages, types of entities.
 */
final class MessageReader {
    private static final Logger LOG = LoggerFactory.getLogger(MessageReader.class);

    /** More entities in one message make it too large. */
    private static final int MOST_ENTITIES = 2_000_000;

    private static final int MOST_UNKNOWN = 100;

    private final InputStream in;
    private final byte[] buffer = new byte[16 << 10];
    private final Set<String> unknown = new HashSet<>();
    private int start;
    private int end;

    MessageReader(InputStream in) {
        this.in = in;
    }

    /** The next message; a {@link Refused} says why there can be none. */
    Message next() throws IOException, Refused {
        while (true) {
            var line = Json.read(line());
            var kind = line.text("kind");
            switch (kind) {
                case "hello" -> {
                    return hello(line);
                }
                case "snapshot" -> {
                    return new Message.Snapshot(line.count("revision"), entities(line));
                }
                case "changes" -> {
                    return new Message.Changes(line.count("after"), line.count("revision"), changes(line));
                }
                case "bye" -> {
                    return new Message.Bye(
                            Reason.ofWire(line.text("reason")).orElse(Reason.CLOSED), line.text("detail"));
                }
                default -> skip("a message of kind " + kind);
            }
        }
    }

    private static Message.Hello hello(Json line) throws Refused {
        return new Message.Hello(
                line.integer("version"),
                line.text("session"),
                line.text("line"),
                Duration.ofMillis(line.count("heartbeat_millis")));
    }

    private interface Element<T> {
        Optional<T> of(Json json) throws Refused;
    }

    private List<Entity> entities(Json first) throws IOException, Refused {
        return parts(first, "entities", json -> {
            var schema = schema(json.text("type"));
            return schema.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Entities.decode(schema.get(), json.object("value")));
        });
    }

    private List<Change> changes(Json first) throws IOException, Refused {
        return parts(first, "changes", json -> {
            var schema = schema(json.text("type"));
            return schema.isEmpty() ? Optional.empty() : Optional.of(change(schema.get(), json));
        });
    }

    private static Change change(Schema<?> schema, Json json) throws Refused {
        var id = Id.of(schema.type(), json.text("id"));
        if (json.find("after").isEmpty()) {
            return new Change(id, Optional.empty());
        }
        var after = Entities.decode(schema, json.object("after"));
        if (!after.id().equals(id)) {
            throw new Refused(Reason.MALFORMED, "a change of %s holds %s".formatted(id, after.id()));
        }
        return new Change(id, Optional.of(after));
    }

    /** The elements of this line and of those that belong to the same message. */
    private <T> List<T> parts(Json first, String name, Element<T> element) throws IOException, Refused {
        var all = new ArrayList<T>();
        var part = first;
        while (true) {
            for (var json : part.objects(name)) {
                element.of(json).ifPresent(all::add);
            }
            if (all.size() > MOST_ENTITIES) {
                throw new Refused(Reason.TOO_LARGE, "a message of more than %d entities".formatted(MOST_ENTITIES));
            }
            if (!part.flag("more")) {
                return all;
            }
            part = Json.read(line());
            if (!part.text("kind").equals(first.text("kind")) || part.count("revision") != first.count("revision")) {
                throw new Refused(Reason.MALFORMED, "a message that begins ends as another one");
            }
        }
    }

    private Optional<Schema<?>> schema(String type) {
        var schema = Entities.schema(type);
        if (schema.isEmpty()) {
            skip("entities of type " + type);
        }
        return schema;
    }

    private void skip(String what) {
        var shown = what.length() > 80 ? what.substring(0, 80) + "..." : what;
        if (unknown.size() < MOST_UNKNOWN && unknown.add(shown)) {
            LOG.warn(
                    "the server sends {}, which this version does not know; left out", shown.replaceAll("\\p{C}", "?"));
        }
    }

    private byte[] line() throws IOException, Refused {
        var line = new ByteArrayOutputStream();
        while (true) {
            for (int i = start; i < end; i++) {
                if (buffer[i] == '\n') {
                    line.write(buffer, start, i - start);
                    start = i + 1;
                    return line.toByteArray();
                }
            }
            line.write(buffer, start, end - start);
            if (line.size() > Message.MAX_LINE) {
                throw new Refused(Reason.TOO_LARGE, "a line of more than %d bytes".formatted(Message.MAX_LINE));
            }
            start = 0;
            end = Math.max(0, in.read(buffer));
            if (end == 0) {
                throw new Refused(Reason.CLOSED, "the stream ended");
            }
        }
    }
}
