package org.dragonflow.feed;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.dragonflow.model.Entity;

/**
 * Puts messages on a stream, each on a line of its own as a JSON object.
 *
 * <p>A message that is long becomes several lines, of which all but the last say that there is more.
 */
final class MessageWriter {
    /** When a line is this long, the next one is begun. */
    private static final int LINE = 256 << 10;

    private final OutputStream out;

    MessageWriter(OutputStream out) {
        this.out = out;
    }

    void write(Message message) throws IOException {
        switch (message) {
            case Message.Hello hello -> line(hello(hello));
            case Message.Snapshot(var revision, var entities) ->
                parts(Map.of("kind", "snapshot", "revision", revision), "entities", entities, MessageWriter::entity);
            case Message.Changes(var after, var revision, var changes) ->
                parts(
                        Map.of("kind", "changes", "after", after, "revision", revision),
                        "changes",
                        changes,
                        MessageWriter::change);
            case Message.Bye(var reason, var detail) ->
                line(Json.bytes(Map.of("kind", "bye", "reason", reason.wire(), "detail", detail)));
        }
        out.flush();
    }

    private static byte[] hello(Message.Hello hello) {
        var members = new LinkedHashMap<String, Object>();
        members.put("kind", "hello");
        members.put("version", hello.version());
        members.put("session", hello.session());
        members.put("line", hello.line());
        members.put("heartbeat_millis", hello.heartbeat().toMillis());
        return Json.bytes(members);
    }

    private static Map<String, Object> entity(Entity entity) {
        return Map.of("type", Entities.type(entity.id()), "value", Entities.encode(entity));
    }

    private static Map<String, Object> change(Change change) {
        var members = new LinkedHashMap<String, Object>();
        members.put("type", Entities.type(change.id()));
        members.put("id", change.id().value());
        change.after().ifPresent(entity -> members.put("after", Entities.encode(entity)));
        return members;
    }

    private <T> void parts(
            Map<String, Object> head, String name, List<T> elements, Function<T, Map<String, Object>> form)
            throws IOException {
        var rest = elements.iterator();
        do {
            var line = new ByteArrayOutputStream();
            try (var json = Json.MAPPER.createGenerator(line)) {
                json.writeStartObject();
                head.forEach(json::writePOJOProperty);
                json.writeArrayPropertyStart(name);
                while (rest.hasNext() && line.size() < LINE) {
                    json.writePOJO(form.apply(rest.next()));
                    json.flush();
                }
                json.writeEndArray();
                json.writeBooleanProperty("more", rest.hasNext());
                json.writeEndObject();
            }
            line(line.toByteArray());
        } while (rest.hasNext());
    }

    private void line(byte[] json) throws IOException {
        out.write(json);
        out.write('\n');
    }
}
