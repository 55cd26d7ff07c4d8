package org.dragonflow.agent;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.dragonflow.flow.PacketOut;
import org.dragonflow.model.Delta;
import org.dragonflow.model.Id;
import org.dragonflow.model.Neighbour;

/**
 * The machines on wires that this chassis has heard: who they are, when they were heard last, and which packets wait for whom.
 *
 * <p>Who is not heard for a while is asked, and forgotten if that is not answered. There is room for so many; who was heard longest ago makes
 * room for the next.
 */
final class Neighbourhood {
    private static final int MOST = 4_096;
    private static final int MOST_AWAITED = 256;
    private static final int MOST_WAITING = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration FRESH = Duration.ofSeconds(30);
    private static final Duration BETWEEN_QUESTIONS = Duration.ofSeconds(5);
    private static final Duration FORGOTTEN = Duration.ofSeconds(60);

    private final Map<Id<Neighbour>, Known> known = new HashMap<>();
    private final Map<Id<Neighbour>, Awaited> awaited = new LinkedHashMap<>();

    private record Known(Neighbour neighbour, Instant heard, Instant asked) {}

    private record Awaited(Instant since, Deque<PacketOut> packets) {}

    /** Those who were known before a restart; they are asked soon. */
    Neighbourhood(Stream<Neighbour> remembered) {
        remembered.forEach(neighbour -> known.put(neighbour.id(), new Known(neighbour, Instant.MIN, Instant.MIN)));
    }

    /** Everybody who is known. */
    Stream<Neighbour> all() {
        return known.values().stream().map(Known::neighbour);
    }

    /** Takes in who was heard; what is new of that. Who was neither known nor waited for is not believed. */
    List<Delta> hear(Neighbour neighbour, Instant now) {
        var before = Optional.ofNullable(known.get(neighbour.id()));
        if (before.isEmpty() && !awaited.containsKey(neighbour.id())) {
            return List.of();
        }
        var news = new ArrayList<Delta>();
        if (before.isEmpty() && known.size() >= MOST) {
            known.values().stream()
                    .min(Comparator.comparing(Known::heard))
                    .ifPresent(oldest -> news.add(forget(oldest.neighbour())));
        }
        known.put(neighbour.id(), new Known(neighbour, now, now));
        var delta = new Delta(neighbour.id(), before.map(Known::neighbour), Optional.of(neighbour));
        if (delta.isChange()) {
            news.add(delta);
        }
        return news;
    }

    private Delta forget(Neighbour neighbour) {
        known.remove(neighbour.id());
        return Delta.delete(neighbour);
    }

    /** Keeps the packet until the neighbour is known, if there is room. */
    void await(Id<Neighbour> neighbour, PacketOut packet, Instant now) {
        if (awaited.size() < MOST_AWAITED || awaited.containsKey(neighbour)) {
            var packets = awaited.computeIfAbsent(neighbour, _ -> new Awaited(now, new ArrayDeque<>()))
                    .packets();
            if (packets.size() < MOST_WAITING) {
                packets.add(packet);
            }
        }
    }

    /** The packets that need wait no more. */
    List<PacketOut> released() {
        var released = new ArrayList<PacketOut>();
        awaited.entrySet().removeIf(entry -> {
            boolean isKnown = known.containsKey(entry.getKey());
            if (isKnown) {
                released.addAll(entry.getValue().packets());
            }
            return isKnown;
        });
        return released;
    }

    /** Who is to be asked now. */
    List<Neighbour> stale(Instant now) {
        var stale = known.values().stream()
                .filter(one -> isPast(one.heard(), FRESH, now) && isPast(one.asked(), BETWEEN_QUESTIONS, now))
                .toList();
        stale.forEach(one -> known.put(
                one.neighbour().id(),
                // Who is known from before a restart has from now on as long as everybody else.
                new Known(one.neighbour(), one.heard().equals(Instant.MIN) ? now.minus(FRESH) : one.heard(), now)));
        return stale.stream().map(Known::neighbour).toList();
    }

    /** Who has not answered, and is forgotten; and what has waited too long. */
    List<Delta> lapsed(Instant now) {
        awaited.values().removeIf(one -> isPast(one.since(), PATIENCE, now));
        return known.values().stream()
                .filter(one -> !one.heard().equals(Instant.MIN) && isPast(one.heard(), FORGOTTEN, now))
                .toList()
                .stream()
                .map(one -> forget(one.neighbour()))
                .toList();
    }

    private static boolean isPast(Instant then, Duration duration, Instant now) {
        return then.equals(Instant.MIN) || !now.isBefore(then.plus(duration));
    }
}
