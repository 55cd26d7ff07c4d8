package org.dragonflow.compile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.dragonflow.address.Mac;
import org.dragonflow.packet.Bytes;
import org.dragonflow.packet.Ethernet;
import org.dragonflow.packet.RawPayload;
import org.junit.jupiter.api.Test;

/** When hosts are told what. */
class TimetableTest {
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final List<Ethernet> ONE = List.of(packet("01"));
    private static final List<Ethernet> TWO = List.of(packet("02"));

    private final Random random = new Random(1);
    private Timetable timetable = Timetable.BLANK;
    private Pace pace = Pace.ROUTER_ADVERTISEMENTS;
    private Instant now = Instant.EPOCH;

    private static Ethernet packet(String content) {
        return Ethernet.of(
                Mac.ZERO,
                Mac.BROADCAST,
                new RawPayload(0x88cc, Bytes.hex(content).plus(Bytes.zeros(45))));
    }

    private static Announcement told(String listener, List<Ethernet> packets) {
        return new Announcement(listener, packets, 7);
    }

    /** What is sent at this moment; what is taken back is told beside what is so. */
    private int send(Announcement... current) {
        var step = timetable.at(
                now,
                List.of(current),
                (before, after) -> java.util.stream.Stream.concat(after.stream(), before.stream())
                        .toList(),
                pace,
                random);
        timetable = step.next();
        return step.due().size();
    }

    /** The seconds at which something is sent from now on. */
    private List<Long> times(Duration how, Announcement... current) {
        var times = new ArrayList<Long>();
        var start = now;
        while (now.isBefore(start.plus(how))) {
            if (send(current) > 0) {
                times.add(Duration.between(start, now).toSeconds());
            }
            now = now.plus(TICK);
        }
        return times;
    }

    private void begin() {
        send();
    }

    @Test
    void whoIsNewHearsItAtOnceThenSoonThenAtRandomIntervals() {
        begin();
        var times = times(Duration.ofHours(10), told("alice", ONE));
        assertThat(times.getFirst()).isZero();
        for (int i = 1; i < times.size(); i++) {
            long pause = times.get(i) - times.get(i - 1);
            if (i < pace.timesSoon()) {
                assertThat(pause).isBetween(3L, 17L);
            } else {
                assertThat(pause).isBetween(200L, 601L);
            }
        }
        assertThat(times).hasSizeBetween(60, 180);
    }

    @Test
    void afterAStartAllAreToldSpreadOverAWhile() {
        var all = java.util.stream.IntStream.range(0, 100)
                .mapToObj(i -> told("host" + i, ONE))
                .toArray(Announcement[]::new);
        assertThat(send(all)).isLessThan(30);
        now = now.plus(pace.soon());
        send(all);
        assertThat(timetable.turns().values()).allMatch(turn -> turn.last().isPresent());
    }

    @Test
    void aChangeIsToldAtOnceWithWhatIsTakenBackButNotTwiceAtATime() {
        begin();
        times(Duration.ofMinutes(2), told("alice", ONE));
        assertThat(send(told("alice", TWO))).isEqualTo(2);
        now = now.plus(TICK);
        assertThat(times(Duration.ofSeconds(3), told("alice", ONE))).containsExactly(2L);
    }

    @Test
    void whatIsTakenBackIsToldAFewTimesOnly() {
        begin();
        times(Duration.ofMinutes(2), told("alice", ONE));
        var sent = new ArrayList<Integer>();
        for (int i = 0; i < 2_000; i++) {
            int count = send(told("alice", TWO));
            if (count > 0) {
                sent.add(count);
            }
            now = now.plus(TICK);
        }
        assertThat(sent.subList(0, 3)).containsExactly(2, 2, 2);
        assertThat(sent.subList(3, sent.size())).isNotEmpty().containsOnly(1);
    }

    @Test
    void whoHearsThatThereIsNothingMoreHearsItAFewTimesAndIsLeftAlone() {
        begin();
        times(Duration.ofMinutes(2), told("alice", ONE));
        assertThat(times(Duration.ofHours(2), told("alice", List.of()))).hasSize(pace.timesSoon());
    }

    @Test
    void whoIsGoneHearsNothing() {
        begin();
        times(Duration.ofMinutes(2), told("alice", ONE));
        assertThat(times(Duration.ofHours(2))).isEmpty();
        assertThat(timetable.turns()).isEmpty();
        assertThat(send(told("alice", ONE))).isEqualTo(1);
    }

    @Test
    void whereThereIsNothingToTellNothingIsSent() {
        begin();
        assertThat(times(Duration.ofHours(2), told("alice", List.of()))).isEmpty();
        assertThat(send(told("alice", ONE))).isEqualTo(1);
    }

    @Test
    void whereAnAddressIsIsToldAFewTimesAndThenNeverAgainUntilItIsElsewhere() {
        pace = Pace.ADDRESSES;
        begin();
        assertThat(times(Duration.ofHours(1), told("alice", ONE)))
                .hasSize(3)
                .startsWith(0L)
                .allMatch(second -> second <= 8);
        assertThat(times(Duration.ofMinutes(1), told("alice", TWO)))
                .startsWith(0L)
                .hasSize(3);
    }
}
