package org.dragonflow.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dragonflow.compile.ConntrackZone;
import org.dragonflow.feed.Position;
import org.dragonflow.model.Delta;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Schema;
import org.dragonflow.model.Schemas;
import org.dragonflow.model.Topology;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the agent knew, kept on disk so that it can do its work after a restart with the server away.
 *
 * <p>A change is one record at the end of a {@link Journal}, so it costs in proportion to itself; when what is outdated outweighs the rest,
 * the file is written anew. What is read is trusted no more than what comes from the network: a file that does not make sense is put aside,
 * and the agent starts without.
 */
final class Cache implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Cache.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final TypeReference<LinkedHashMap<String, Object>> OBJECT = new TypeReference<>() {};
    private static final long SMALL = 1 << 20;
    private static final int ENTITIES_A_RECORD = 1_000;

    private final Journal journal;
    private final Map<Id<?>, Integer> sizes = new HashMap<>();
    private Topology contents = Topology.EMPTY;
    private Optional<Position> position = Optional.empty();
    private long liveBytes;
    private long bytes;

    // Whether a write has failed half way, so that nothing may be written behind it.
    private boolean isTorn;

    private Cache(Journal journal) {
        this.journal = journal;
    }

    /** Reads what is there; a file that is of no use is renamed, and said so. */
    static Cache open(Path path) throws IOException {
        var read = Journal.read(path);
        if (read instanceof Journal.Contents.Sound(var records, long cut)) {
            if (cut > 0) {
                LOG.warn("{}: the last write was interrupted; {} bytes are cut off", path, cut);
            }
            var cache = new Cache(Journal.open(path));
            try {
                cache.load(records);
                return cache;
            } catch (IllegalArgumentException | JacksonException e) {
                cache.journal.close();
                return without(path, String.valueOf(e.getMessage()));
            }
        }
        return without(path, ((Journal.Contents.Damaged) read).reason());
    }

    private static Cache without(Path path, String reason) throws IOException {
        var aside = path.resolveSibling(path.getFileName() + ".damaged");
        Files.move(path, aside, StandardCopyOption.REPLACE_EXISTING);
        LOG.warn("{} is of no use ({}); it is kept as {}, and the topology comes from the server", path, reason, aside);
        return new Cache(Journal.open(path));
    }

    /** One record: changes, and the position they lead to; a record without one is a part of the next that has it. */
    private record Step(List<Delta> deltas, Optional<Position> to, int bytes) {
        static Step of(byte[] record) {
            var json = JSON.readValue(record, OBJECT);
            var to = json.get("line") instanceof String line && json.get("revision") instanceof Number revision
                    ? Optional.of(new Position(line, revision.longValue()))
                    : Optional.<Position>empty();
            return new Step(Cache.deltas(json), to, record.length);
        }
    }

    // To decode is most of the work of a start, and the records do not depend on each other.
    private void load(List<byte[]> records) {
        var entities = new LinkedHashMap<Id<?>, Entity>();
        var staged = new ArrayList<Delta>();
        for (var step : records.parallelStream().map(Step::of).toList()) {
            staged.addAll(step.deltas());
            int each = step.bytes() / Math.max(1, step.deltas().size());
            step.deltas().forEach(delta -> weigh(delta, each));
            if (step.to().isPresent()) {
                staged.forEach(delta ->
                        delta.after().ifPresentOrElse(e -> entities.put(e.id(), e), () -> entities.remove(delta.id())));
                staged.clear();
                position = step.to();
            }
            bytes += step.bytes();
        }
        contents = Topology.of(entities.values());
    }

    private static List<Delta> deltas(Map<String, Object> json) {
        var deltas = new ArrayList<Delta>();
        list(json, "put").forEach(put -> deltas.add(Delta.create(entity(put))));
        list(json, "remove").forEach(remove -> {
            var schema = schema(remove);
            deltas.add(new Delta(
                    Id.of(schema.type(), String.valueOf(remove.get("id"))), Optional.empty(), Optional.empty()));
        });
        return deltas;
    }

    private static List<Map<?, ?>> list(Map<String, Object> json, String name) {
        var found = new ArrayList<Map<?, ?>>();
        if (json.get(name) instanceof List<?> list) {
            for (var element : list) {
                if (element instanceof Map<?, ?> map) {
                    found.add(map);
                }
            }
        }
        return found;
    }

    private static Schema<? extends Entity> schema(Map<?, ?> json) {
        var type = String.valueOf(json.get("type"));
        if (type.equals(ConntrackZone.class.getSimpleName())) {
            return Schema.of(ConntrackZone.class);
        }
        return Schemas.named(type).orElseThrow(() -> new IllegalArgumentException("no type is named " + type));
    }

    @SuppressWarnings("unchecked") // what the JSON parser makes of an object has strings for keys
    private static Entity entity(Map<?, ?> json) {
        if (!(json.get("entity") instanceof Map<?, ?> attributes)) {
            throw new IllegalArgumentException("nothing to put in " + json);
        }
        return schema(json).decode((Map<String, ?>) attributes).orThrow();
    }

    /** All that was known: northbound entities and zones. */
    Topology contents() {
        return contents;
    }

    /** How far the northbound entities have come; none if the server has not been heard yet. */
    Optional<Position> position() {
        return position;
    }

    /**
     * Takes in changes that lead to this position, whole or, if the process dies meanwhile, not at all. What is known already is not written
     * again: after a start, that is all there is.
     */
    void append(Position to, Collection<Delta> changes) throws IOException {
        var deltas = changes.stream().filter(this::isNews).toList();
        if (deltas.isEmpty() && position.equals(Optional.of(to)) && !isTorn) {
            return;
        }
        contents = contents.apply(deltas);
        position = Optional.of(to);
        deltas.forEach(delta -> weigh(delta, size(delta)));
        if (isTorn || bytes > 2 * liveBytes + SMALL) {
            compact();
            return;
        }
        isTorn = true;
        for (var record : records(to, deltas)) {
            journal.append(record);
            bytes += record.length;
        }
        isTorn = false;
    }

    private boolean isNews(Delta delta) {
        return !delta.after().equals(contents.get(delta.id()));
    }

    private void compact() throws IOException {
        var records = records(
                position.orElseThrow(), contents.all().map(Delta::create).toList());
        journal.rewrite(records);
        isTorn = false;
        bytes = records.stream().mapToLong(record -> record.length).sum();
        liveBytes = bytes;
        int each = Math.toIntExact(bytes / Math.max(1, contents.size()));
        sizes.replaceAll((_, _) -> each);
    }

    private void weigh(Delta delta, int size) {
        liveBytes -= Optional.ofNullable(sizes.remove(delta.id())).orElse(0);
        if (delta.after().isPresent()) {
            sizes.put(delta.id(), size);
            liveBytes += size;
        }
    }

    /** About how many bytes it takes in the file. */
    private static int size(Delta delta) {
        return 2 * delta.after().map(entity -> String.valueOf(entity).length()).orElse(0);
    }

    private static List<byte[]> records(Position to, List<Delta> deltas) {
        var records = new ArrayList<byte[]>();
        int from = 0;
        do {
            int next = Math.min(deltas.size(), from + ENTITIES_A_RECORD);
            records.add(record(deltas.subList(from, next), next == deltas.size(), to));
            from = next;
        } while (from < deltas.size());
        return records;
    }

    private static byte[] record(List<Delta> deltas, boolean isLast, Position to) {
        var json = new LinkedHashMap<String, Object>();
        json.put(
                "put",
                deltas.stream().flatMap(d -> d.after().stream()).map(Cache::put).toList());
        json.put(
                "remove",
                deltas.stream()
                        .filter(d -> d.after().isEmpty())
                        .map(d -> Map.of("type", d.id().type().getSimpleName(), "id", d.id().value()))
                        .toList());
        if (isLast) {
            json.put("line", to.line());
            json.put("revision", to.revision());
        }
        return JSON.writeValueAsString(json).getBytes(StandardCharsets.UTF_8);
    }

    private static Map<String, Object> put(Entity entity) {
        return Map.of("type", entity.getClass().getSimpleName(), "entity", encode(entity));
    }

    private static Map<String, Object> encode(Entity entity) {
        return Schema.of(entity).encode(entity);
    }

    @Override
    public void close() throws IOException {
        journal.close();
    }
}
