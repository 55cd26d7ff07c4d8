package org.dragonflow.ovsdb;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** A consumer that keeps what it hears, and builds the contents from the changes alone. */
final class Recorder implements Consumer<Event> {
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final Map<UUID, Row> rows = new HashMap<>();

    @Override
    public void accept(Event event) {
        synchronized (rows) {
            for (var change : event.changes()) {
                var known = Optional.ofNullable(rows.get(change.uuid()));
                if (!known.equals(change.before())) {
                    throw new IllegalStateException("before is %s, not %s".formatted(known, change.before()));
                }
                change.after().ifPresentOrElse(row -> rows.put(change.uuid(), row), () -> rows.remove(change.uuid()));
            }
        }
        events.add(event);
    }

    List<Event> events() {
        return events;
    }

    Map<UUID, Row> rows() {
        synchronized (rows) {
            return Map.copyOf(rows);
        }
    }

    List<Change> changesSince(int mark, String table) {
        return events.stream()
                .skip(mark)
                .flatMap(event -> event.changes().stream())
                .filter(change -> change.table().equals(table))
                .toList();
    }

    /** Waits for such an event after the first {@code mark} events, and gives the number of events up to it. */
    int awaitSince(int mark, Predicate<Event> wanted) {
        var found = await().atMost(Duration.ofSeconds(15))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> firstSince(mark, wanted), OptionalInt::isPresent);
        return found.orElseThrow() + 1;
    }

    private OptionalInt firstSince(int mark, Predicate<Event> wanted) {
        return IntStream.range(mark, events.size())
                .filter(i -> wanted.test(events.get(i)))
                .findFirst();
    }

    int awaitConnected(int mark) {
        return awaitSince(mark, Event.Connected.class::isInstance);
    }

    int awaitInterface(int mark, Predicate<InterfaceRow> wanted) {
        return awaitSince(
                mark,
                event -> event.changes().stream()
                        .filter(change -> change.table().equals(InterfaceRow.TABLE))
                        .flatMap(change -> change.after().stream())
                        .map(InterfaceRow::of)
                        .anyMatch(wanted));
    }
}
