package org.dragonflow.server.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.dragonflow.feed.FeedLimits;
import org.dragonflow.feed.Standing;
import org.dragonflow.feed.Standing.State;
import org.dragonflow.model.Chassis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a server knows of chassis that come, go and are slow. */
final class StandingTest {
    private static final FeedLimits LIMITS =
            new FeedLimits(Duration.ofMillis(100), Duration.ofMinutes(5), Duration.ofMinutes(5), 500, 200);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Chassis HV1 = Land.chassis("hv1", "192.0.2.1", "system-1");
    private static final Chassis HV2 = Land.chassis("hv2", "192.0.2.2", "system-2");

    private Land land;
    private FeedServer server;
    private Proxy proxy;

    @BeforeEach
    void start() throws Exception {
        land = new Land();
        server = new FeedServer(
                "here",
                land.replica(),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Optional.empty(),
                Optional.empty(),
                LIMITS,
                Clock.systemUTC());
        proxy = new Proxy(server.port());
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        server.close();
        land.close();
    }

    private Listening listen(Chassis chassis, Proxy through) {
        return new Listening(land, chassis, through.uri("http"), Optional.empty());
    }

    private List<Standing> now() {
        return server.realised().of(land.revision()).orElseThrow();
    }

    private List<State> states() {
        return now().stream().map(Standing::state).toList();
    }

    @Test
    void aChassisThatIsGoneIsAbsentAndNotWaitedForAndDoneOnceItIsBack() throws Exception {
        land.bind(1, "hv1");
        try (var hv1 = listen(HV1, proxy)) {
            hv1.catchUp();
        }
        land.rename(2, "while it is away");
        long revision = land.revision();
        assertThat(server.realised().await(revision, LONG).orElseThrow())
                .extracting(Standing::state)
                .containsExactly(State.ABSENT);
        assertThat(now()).extracting(Standing::chassis).containsExactly(HV1.id());
        try (var hv1 = listen(HV1, proxy)) {
            hv1.catchUp();
            await().until(() -> states().equals(List.of(State.CONFIRMED)));
        }
    }

    @Test
    void aChassisThatHasNeverBeenThereIsKnownToBeConcerned() throws Exception {
        land.bind(2, "hv2");
        await().until(() -> states().equals(List.of(State.ABSENT)));
        land.rename(3, "the network of its port");
        assertThat(now()).extracting(Standing::chassis).containsExactly(HV2.id());
        land.rename(1, "a network that it has no port on");
        assertThat(now()).isEmpty();
    }

    @Test
    void aChassisThatDoesNotReadHoldsUpNobodyWhoseChangesAreNotItsConcern() throws Exception {
        land.bind(1, "hv1");
        land.bind(2, "hv2");
        try (var slow = new Proxy(server.port());
                var hv2 = listen(HV2, slow);
                var hv1 = listen(HV1, proxy)) {
            hv2.catchUp();
            hv1.catchUp();
            slow.hold();
            for (int i = 0; i < 300; i++) {
                land.fill(2, "x".repeat(60_000));
                land.bind(2, "hv2");
            }
            land.rename(3, "the network of its port");
            // It may have given up on a server that it does not hear, and come again.
            assertThat(server.realised()
                            .await(land.revision(), Duration.ofMillis(50))
                            .orElseThrow())
                    .singleElement()
                    .returns(HV2.id(), Standing::chassis)
                    .doesNotReturn(State.CONFIRMED, Standing::state);
            land.rename(2, "that of the other's");
            assertThat(server.realised().await(land.revision(), LONG).orElseThrow())
                    .extracting(Standing::chassis, Standing::state)
                    .containsExactly(tuple(HV1.id(), State.CONFIRMED));
            slow.release();
            hv2.catchUp();
        }
    }

    @Test
    void whoAsksAllTheTimeChangesNothingOfWhatChassisAreTold() throws Exception {
        var random = new Random(20261123);
        var isOver = new AtomicBoolean();
        var asking = Thread.ofPlatform().start(() -> {
            while (!isOver.get()) {
                var _ = server.realised().of(land.revision());
            }
        });
        try (var hv1 = listen(HV1, proxy)) {
            for (int i = 0; i < 1000; i++) {
                land.change(random);
                if (random.nextInt(40) == 0) {
                    hv1.comeWithin(random.nextInt(20));
                    proxy.cut();
                }
            }
            hv1.catchUp();
        } finally {
            isOver.set(true);
            asking.join();
        }
    }
}
