package org.dragonflow.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.dragonflow.address.Mac;
import org.dragonflow.compile.Announcement;
import org.dragonflow.compile.Announcer;
import org.dragonflow.compile.App;
import org.dragonflow.compile.Pace;
import org.dragonflow.flow.Field;
import org.dragonflow.flow.Pipeline;
import org.dragonflow.flow.Table;
import org.dragonflow.model.Interface;
import org.dragonflow.model.Query;
import org.dragonflow.model.View;
import org.dragonflow.packet.Bytes;
import org.dragonflow.packet.Ethernet;
import org.dragonflow.packet.RawPayload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the agent sends unasked, and when. */
class AnnouncementTest {
    private static final Ethernet PACKET =
            Ethernet.of(Mac.ZERO, Mac.BROADCAST, new RawPayload(0x88cc, Bytes.zeros(46)));
    private static final Table ONE = Table.of("one", "test", "").matching(Field.IN_PORT);

    @TempDir
    private Path directory;

    private Bench bench(Announcer... announcers) throws Exception {
        var app = App.named("test");
        for (var announcer : announcers) {
            app = app.announcing(announcer);
        }
        return new Bench(directory, new Features(Pipeline.of(ONE), List.of(app), Field.reg("reason", 0, 0, 8)))
                .start()
                .snapshot(1, Blue.port(10, Blue.HV1))
                .plug("tap10", 1, Blue.id(10))
                .database();
    }

    private static Stream<Announcement> toEverybody(View view) {
        return view.find(Query.all(Interface.class))
                .map(seen -> new Announcement(seen.id().value(), List.of(PACKET), seen.ofport()));
    }

    private static final Announcer HONEST =
            new Announcer("honest", AnnouncementTest::toEverybody, (_, after) -> after, Pace.ROUTER_ADVERTISEMENTS);
    private static final Announcer BROKEN = new Announcer(
            "broken",
            _ -> {
                throw new IllegalStateException("no voice");
            },
            (_, after) -> after,
            Pace.ROUTER_ADVERTISEMENTS);

    @Test
    void nothingIsSentUntilTheSwitchHoldsItsFlows() throws Exception {
        var bench = bench(HONEST);
        bench.wait(Duration.ofMinutes(1));
        assertThat(bench.sent()).isEmpty();
        bench.connect();
        bench.wait(Duration.ofSeconds(2)).wait(Duration.ofSeconds(17));
        assertThat(bench.sent()).hasSize(1);
        bench.disconnect().wait(Duration.ofHours(1));
        assertThat(bench.sent()).hasSize(1);
    }

    @Test
    void whoIsPluggedInLaterIsToldAtOnce() throws Exception {
        var bench = bench(HONEST).connect();
        bench.wait(Duration.ofSeconds(1));
        int before = bench.sent().size();
        bench.wait(Duration.ofMillis(500));
        bench.change(2, Blue.port(11, Blue.HV1)).plug("tap11", 2, Blue.id(11));
        assertThat(bench.sent().subList(before, bench.sent().size()))
                .anyMatch(sent -> sent.actions().toString().contains("2"));
    }

    @Test
    void anAnnouncerThatFailsIsComplainedOfAndHindersNobody() throws Exception {
        var bench = bench(BROKEN, HONEST).connect();
        bench.wait(Duration.ofSeconds(1)).wait(Duration.ofSeconds(17)).wait(Duration.ofSeconds(1));
        assertThat(bench.sent()).isNotEmpty();
        assertThat(bench.loop().complaints().all()).anyMatch(c -> c.text().contains("announcer broken fails"));
    }
}
