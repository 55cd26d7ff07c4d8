package org.dragonflow.server.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.dragonflow.feed.FeedLimits;
import org.dragonflow.model.Chassis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The feed from end to end on this machine, without certificates. */
final class FeedTest {
    private static final FeedLimits LIMITS = new FeedLimits(Duration.ofMillis(100), Duration.ofSeconds(5), 500, 200);
    private static final Chassis HV1 = Land.chassis("hv1", "192.0.2.1", "system-1");
    private static final Chassis HV2 = Land.chassis("hv2", "192.0.2.2", "system-2");

    private Land land;
    private FeedServer server;
    private Proxy proxy;

    @BeforeEach
    void start() throws Exception {
        land = new Land();
        server = serve();
        proxy = new Proxy(server.port());
    }

    private FeedServer serve() {
        return new FeedServer(
                land.replica(),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Optional.empty(),
                Optional.empty(),
                LIMITS,
                Clock.systemUTC());
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        server.close();
        land.close();
    }

    private Listening listen(Chassis chassis) {
        return new Listening(land, chassis, proxy.uri("http"), Optional.empty());
    }

    @Test
    void aChassisIsToldWhatConcernsItThroughTwoThousandChangesAndManyCuts() throws Exception {
        var random = new Random(20261122);
        try (var hv1 = listen(HV1);
                var hv2 = listen(HV2)) {
            for (int i = 0; i < 2000; i++) {
                land.change(random);
                if (random.nextInt(40) == 0) {
                    hv1.comeWithin(random.nextInt(20));
                    proxy.cut();
                }
            }
            hv1.catchUp();
            hv2.catchUp();
            assertThat(hv1.topology()).isEqualTo(land.concerning("hv1", land.revision()));
            assertThat(hv1.ends().size()).isGreaterThan(20);
        }
    }

    @Test
    void whoComesBackSoonIsToldOnlyWhatItMissed() throws Exception {
        land.bind(1, "hv1");
        try (var hv1 = listen(HV1)) {
            hv1.catchUp();
            proxy.down();
            land.rename(2, "while it was away");
            proxy.up();
            hv1.catchUp();
            assertThat(hv1.snapshots()).isEqualTo(1);
            assertThat(hv1.ends()).isNotEmpty();
        }
    }
}
