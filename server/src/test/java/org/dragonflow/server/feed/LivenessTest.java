package org.dragonflow.server.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.dragonflow.feed.FeedLimits;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Chassis.Uplink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the records say of chassis that come, change and go. */
final class LivenessTest {
    private static final FeedLimits LIMITS =
            new FeedLimits(Duration.ofMillis(100), Duration.ofMinutes(5), Duration.ofSeconds(1), 500, 200);
    private static final Chassis HV1 = Land.chassis("hv1", "192.0.2.1", "system-1");

    private Land land;
    private FeedServer server;
    private Proxy proxy;
    private volatile Duration slept = Duration.ZERO;

    @BeforeEach
    void start() throws Exception {
        land = new Land();
        // Two chassis that have never been on a feed.
        server = serve("a", Duration.ofHours(1));
        proxy = new Proxy(server.port());
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        server.close();
        land.close();
    }

    private FeedServer serve(String name, Duration downAfter) {
        return new FeedServer(
                name,
                land.replica(),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Optional.empty(),
                Optional.empty(),
                LIMITS.withDownAfter(downAfter),
                () -> Instant.now().plus(slept));
    }

    private void restart(String name) throws IOException {
        server.close();
        server = serve(name, LIMITS.downAfter());
        proxy.redirect(server.port());
    }

    private Listening listen() {
        return new Listening(land, HV1, proxy.uri("http"), Optional.empty());
    }

    private Chassis recorded() {
        return land.replica().state().topology().get(HV1.id()).orElseThrow();
    }

    private static void await(Callable<Boolean> condition) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(condition);
    }

    private static void stays(Callable<Boolean> condition) {
        Awaitility.await()
                .during(LIMITS.downAfter().multipliedBy(2))
                .atMost(Duration.ofSeconds(20))
                .until(condition);
    }

    @Test
    void aChassisThatIsGoneIsDownAndAliveOnceItIsBackWithOneWriteEach() throws Exception {
        restart("a");
        try (var hv1 = listen()) {
            hv1.catchUp();
            // The others, which never came, are written off meanwhile.
            await(() -> land.alive() == 1);
        }
        assertThat(recorded().alive()).as("an agent may be restarted").isTrue();
        long before = land.revision();
        await(() -> !recorded().alive());
        stays(() -> land.revision() == before + 1);
        try (var hv1 = listen()) {
            hv1.catchUp();
            await(() -> recorded().alive());
            stays(() -> land.revision() == before + 2);
        }
    }

    @Test
    void aChassisOfWhichNothingIsHeardIsDownThoughItsConnectionsWereNeverClosed() throws Exception {
        restart("a");
        try (var hv1 = listen()) {
            hv1.catchUp();
            await(() -> land.alive() == 1);
            proxy.hold();
            await(() -> !recorded().alive());
            stays(() -> !recorded().alive());
            proxy.release();
            await(() -> recorded().alive());
        }
    }

    @Test
    void aChassisThatHasNothingToSayIsAlive() throws Exception {
        restart("a");
        try (var hv1 = listen()) {
            hv1.catchUp();
            await(() -> land.alive() == 1);
            stays(() -> recorded().alive());
        }
    }

    @Test
    void aServerThatWasAsleepGivesChassisTimeToBeHeard() throws Exception {
        restart("a");
        try (var hv1 = listen()) {
            hv1.catchUp();
            await(() -> land.alive() == 1);
            long before = land.revision();
            slept = Duration.ofHours(1);
            stays(() -> land.revision() == before);
        }
    }

    @Test
    void aServerThatIsStartedAgainWritesOffWhoDoesNotComeBack() throws Exception {
        try (var hv1 = listen()) {
            hv1.catchUp();
        }
        restart("a");
        await(() -> !recorded().alive());
    }

    @Test
    void whoComesBackToAServerThatIsStartedAgainIsAliveThroughout() throws Exception {
        try (var hv1 = listen()) {
            hv1.catchUp();
            restart("a");
            hv1.catchUp();
            await(() -> land.alive() == 1);
            assertThat(recorded().alive()).isTrue();
        }
    }

    @Test
    void aServerSaysNothingOfWhoIsOnTheFeedOfAnother() throws Exception {
        try (var hv1 = listen();
                var _ = serve("b", LIMITS.downAfter())) {
            hv1.catchUp();
            await(() -> land.alive() == 1);
            assertThat(recorded().alive()).isTrue();
        }
    }

    @Test
    void whoWasWrittenOffWronglyIsAlive() throws Exception {
        restart("a");
        try (var hv1 = listen()) {
            hv1.catchUp();
            land.writeOff(HV1.id());
            await(() -> recorded().alive());
        }
    }

    @Test
    void aChassisSaysWhenItsUplinksAreNotAsTheyWere() {
        try (var hv1 = listen()) {
            hv1.catchUp();
            hv1.connect(new Uplink("physnet1", true));
            await(() -> recorded().reaches("physnet1"));
            hv1.connect(new Uplink("physnet1", false));
            await(() -> !recorded().reaches("physnet1"));
            assertThat(recorded().isConnectedTo("physnet1")).isTrue();
            assertThat(recorded().createdAt()).isAfter(HV1.createdAt());
        }
    }

    @Test
    void whatAChassisCouldNotSayOfItsUplinksItSaysWhenItIsBack() throws Exception {
        try (var hv1 = listen()) {
            hv1.catchUp();
            proxy.down();
            hv1.connect(new Uplink("physnet1", true));
            proxy.up();
            await(() -> recorded().reaches("physnet1"));
            hv1.connect();
            await(() -> recorded().uplinks().isEmpty());
        }
    }
}
