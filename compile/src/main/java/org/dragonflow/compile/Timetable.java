package org.dragonflow.compile;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.dragonflow.flow.PacketOut;
import org.dragonflow.packet.Ethernet;

/**
 * When what is told: by the way of router advertisements (RFC 4861, section 6.2), at the pace of the announcer.
 *
 * <p>Who is new hears it at once, and so does everybody when it is something else. A few times it is repeated soon, then at leisure, if at all;
 * never twice within the least gap. After a start, all are told spread over what is soon.
 *
 * <p>A value: from it, the time and chance follows what is due, and the next one.
 *
 * @param turns by listener
 */
public record Timetable(boolean hasBegun, Map<String, Turn> turns) {
    /** Before anything was told. */
    public static final Timetable BLANK = new Timetable(false, Map.of());

    public Timetable {
        turns = Map.copyOf(turns);
    }

    /**
     * What one listener is told, and when.
     *
     * @param so what is so
     * @param told what it is told: that, and for a few times what is so no more
     * @param timesSoon how often it is still to be repeated soon
     * @param last when it was told, if ever
     * @param next when it is to be told
     */
    public record Turn(List<Ethernet> so, List<Ethernet> told, int timesSoon, Optional<Instant> last, Instant next) {
        private boolean isDue(Instant now) {
            return !told.isEmpty() && !next.isAfter(now);
        }
    }

    /** What is due now, and how it goes on. */
    public record Step(List<PacketOut> due, Timetable next) {
        public Step {
            due = List.copyOf(due);
        }
    }

    /**
     * Goes on to now.
     *
     * @param current an announcement for each listener; who has none is forgotten
     */
    public Step at(
            Instant now,
            Collection<Announcement> current,
            BinaryOperator<List<Ethernet>> revised,
            Pace pace,
            RandomGenerator random) {
        var due = new ArrayList<PacketOut>();
        var next = new HashMap<String, Turn>();
        for (var announcement : current) {
            var turn = turn(announcement, now, revised, pace, random);
            if (turn.isDue(now)) {
                turn.told().stream()
                        .map(packet -> Answers.out(new Responder.Answer(packet, announcement.exit())))
                        .forEach(due::add);
                turn = after(turn, now, pace, random);
            }
            next.put(announcement.listener(), turn);
        }
        return new Step(due, new Timetable(true, next));
    }

    private Turn turn(
            Announcement announcement,
            Instant now,
            BinaryOperator<List<Ethernet>> revised,
            Pace pace,
            RandomGenerator random) {
        var so = announcement.packets();
        var turn = turns.get(announcement.listener());
        if (turn == null) {
            var first = hasBegun ? now : now.plus(pace.untilFirst(random));
            return new Turn(so, so, pace.timesSoon(), Optional.empty(), first);
        }
        if (turn.so().equals(so)) {
            return turn;
        }
        var earliest = turn.last().map(last -> last.plus(pace.leastGap()));
        return new Turn(
                so,
                revised.apply(turn.told(), so),
                pace.timesSoon(),
                turn.last(),
                Stream.concat(earliest.stream(), Stream.of(now))
                        .max(Instant::compareTo)
                        .orElseThrow());
    }

    private static Turn after(Turn turn, Instant now, Pace pace, RandomGenerator random) {
        int left = Math.max(0, turn.timesSoon() - 1);
        var next = left > 0
                ? now.plus(pace.untilRepeated(random))
                : pace.leisure().map(pause -> now.plus(pause.any(random))).orElse(Instant.MAX);
        return new Turn(turn.so(), left > 0 ? turn.told() : turn.so(), left, Optional.of(now), next);
    }
}
