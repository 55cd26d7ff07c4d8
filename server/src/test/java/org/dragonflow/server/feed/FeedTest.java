package org.dragonflow.server.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.dragonflow.address.IpAddress;
import org.dragonflow.feed.FeedEvent;
import org.dragonflow.feed.FeedLimits;
import org.dragonflow.feed.PortState;
import org.dragonflow.feed.Position;
import org.dragonflow.feed.Reason;
import org.dragonflow.model.ActivePort;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.LeaseUsedUp;
import org.dragonflow.model.NatLease;
import org.dragonflow.model.Status;
import org.dragonflow.model.Topology;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The feed from end to end on this machine, without certificates. */
final class FeedTest {
    private static final FeedLimits LIMITS =
            new FeedLimits(Duration.ofMillis(100), Duration.ofSeconds(5), Duration.ofMinutes(5), 500, 200);
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
        return serve(LIMITS);
    }

    private FeedServer serve(FeedLimits limits) {
        return serve(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), limits);
    }

    private FeedServer serve(InetSocketAddress address, FeedLimits limits) {
        return new FeedServer(
                "here", land.replica(), address, Optional.empty(), Optional.empty(), limits, Clock.systemUTC());
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
        try (var hv1 = listen(HV1)) {
            for (int i = 0; i < 2000; i++) {
                land.change(random);
                if (random.nextInt(40) == 0) {
                    hv1.comeWithin(random.nextInt(20));
                    proxy.cut();
                }
            }
            hv1.catchUp();
            assertThat(hv1.ends().size()).isGreaterThan(20);
        }
    }

    @Test
    void whoAnnouncesAnAddressThatItIsAllowedHasIt() throws Exception {
        var address = IpAddress.parse("10.0.1.200");
        try (var hv1 = listen(HV1);
                var hv2 = listen(HV2)) {
            land.bind(1, "hv1");
            land.bind(5, "hv2");
            land.bind(9, "hv2");
            hv1.catchUp();
            hv2.catchUp();
            var one = land.allow(1, "10.0.1.200");
            var other = land.allow(5, "10.0.1.200");
            var third = land.port(9);
            assertThat(other.networkId()).isEqualTo(one.networkId()).isEqualTo(third.networkId());
            // Again and again, as a host does: what falls between two streams is lost.
            await().untilAsserted(() -> {
                hv1.tell(ActivePort.of(one, address, one.macAddress()));
                assertThat(land.holder(one, "10.0.1.200")).contains(one.id());
            });
            // Not its own port; not a pair of that port; and last, what is right, so that the others were looked at.
            await().untilAsserted(() -> {
                hv2.tell(ActivePort.of(one, IpAddress.parse("10.0.1.201"), one.macAddress()));
                hv2.tell(ActivePort.of(third, IpAddress.parse("10.0.1.202"), third.macAddress()));
                hv2.tell(ActivePort.of(other, address, other.macAddress()));
                assertThat(land.holder(one, "10.0.1.200")).contains(other.id());
            });
            assertThat(land.holder(one, "10.0.1.201")).isEmpty();
            assertThat(land.holder(one, "10.0.1.202")).isEmpty();
            hv1.catchUp();
        }
    }

    @Test
    void thatALeaseIsUsedUpIsForTheChassisOfItsPortToSay() throws Exception {
        try (var hv1 = listen(HV1);
                var hv2 = listen(HV2)) {
            land.bind(1, "hv1");
            land.bind(5, "hv2");
            var one = land.lease(1);
            var other = land.lease(5);
            hv1.catchUp();
            hv2.catchUp();
            await().untilAsserted(() -> {
                hv2.tell(new LeaseUsedUp(one));
                hv2.tell(new LeaseUsedUp(Id.of(NatLease.class, "nowhere")));
                hv2.tell(new LeaseUsedUp(other));
                assertThat(land.isUsedUp(other)).isTrue();
            });
            assertThat(land.isUsedUp(one)).isFalse();
            await().untilAsserted(() -> {
                hv1.tell(new LeaseUsedUp(one));
                assertThat(land.isUsedUp(one)).isTrue();
            });
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

    @Test
    void whoComesBackWithWhatItKnewIsToldOnlyWhatItMissed() throws Exception {
        land.bind(1, "hv1");
        Position position;
        Topology known;
        try (var hv1 = listen(HV1)) {
            hv1.catchUp();
            position = hv1.position();
            known = hv1.topology();
        }
        land.rename(2, "while it was restarted");
        try (var again = new Listening(land, HV1, proxy.uri("http"), Optional.empty(), Optional.of(position), known)) {
            again.catchUp();
            assertThat(again.snapshots()).isZero();
        }
    }

    @Test
    void whoMissedTooMuchGetsASnapshot() throws Exception {
        land.bind(1, "hv1");
        try (var hv1 = listen(HV1)) {
            hv1.catchUp();
            proxy.down();
            for (int i = 0; i < 2 * LIMITS.pending(); i++) {
                land.rename(2, "name" + i);
            }
            proxy.up();
            hv1.catchUp();
            assertThat(hv1.snapshots()).isEqualTo(2);
        }
    }

    @Test
    void whoDoesNotReadHoldsUpNobodyAndGetsASnapshotInTheEnd() throws Exception {
        land.bind(1, "hv1");
        land.bind(2, "hv2");
        try (var strict = serve(
                        new FeedLimits(Duration.ofMillis(100), Duration.ofMinutes(5), Duration.ofMinutes(5), 20, 20));
                var slow = new Proxy(strict.port());
                var hv2 = new Listening(land, HV2, slow.uri("http"), Optional.empty());
                var hv1 = listen(HV1)) {
            hv2.catchUp();
            slow.hold();
            for (int i = 0; strict.figures().gaps() == 0; i++) {
                assertThat(i).as("changes of 60 kB each that nobody reads").isLessThan(5000);
                land.fill(
                        2,
                        Integer.toString(i).repeat(60_000 / Integer.toString(i).length()));
                land.rename(2, "name" + i);
                hv1.comeWithin(10);
            }
            hv1.catchUp();
            slow.release();
            hv2.catchUp();
            assertThat(hv2.snapshots()).isGreaterThan(1);
            assertThat(hv1.ends()).isEmpty();
        }
    }

    @Test
    void aSecondSystemOfTheSameNameIsRefusedAndTheFirstStaysUndisturbed() {
        try (var first = listen(HV1)) {
            first.catchUp();
            try (var second = listen(Land.chassis("hv1", "192.0.2.9", "system-9"))) {
                second.awaitEnd(Reason.CHASSIS_TAKEN);
                assertThat(second.events().getFirst())
                        .isInstanceOfSatisfying(
                                FeedEvent.Disconnected.class,
                                end -> assertThat(end.detail()).contains("system-1", "system-9"));
            }
            assertThat(first.ends()).isEmpty();
            assertThat(land.replica()
                            .state()
                            .topology()
                            .get(HV1.id())
                            .orElseThrow()
                            .systemId())
                    .isEqualTo("system-1");
        }
    }

    @Test
    void aNewStreamOfTheSameSystemTakesThePlaceOfTheOldOne() {
        try (var old = listen(HV1)) {
            old.catchUp();
            try (var fresh = listen(HV1)) {
                fresh.catchUp();
                old.awaitEnd(Reason.REPLACED);
            }
            await().until(() -> server.figures().connected() == 1);
            old.catchUp();
        }
    }

    @Test
    void aChassisIsRecordedAsItReportsItself() {
        try (var hv1 = listen(HV1)) {
            hv1.catchUp();
        }
        try (var moved = listen(Land.chassis("hv1", "192.0.2.77", "system-1"))) {
            moved.catchUp();
            var record = land.replica().state().topology().get(HV1.id()).orElseThrow();
            assertThat(record.address()).hasToString("192.0.2.77");
            assertThat(record.createdAt()).isAfter(HV1.createdAt());
        }
    }

    @Test
    void afterGarbageOnTheStreamTheChassisBeginsAnew() throws Exception {
        land.bind(1, "hv1");
        try (var hv1 = listen(HV1)) {
            hv1.catchUp();
            proxy.inject("{\"kind\":\"changes\",]}\n");
            hv1.awaitEnd(Reason.MALFORMED);
            land.rename(2, "after the garbage");
            hv1.catchUp();
            assertThat(hv1.snapshots()).isEqualTo(2);
        }
    }

    @Test
    void aHoleInTheStreamIsNoticed() throws Exception {
        try (var hv1 = listen(HV1)) {
            hv1.catchUp();
            long ahead = land.revision() + 10;
            proxy.inject(
                    "{\"kind\":\"changes\",\"after\":%d,\"revision\":%d,\"changes\":[]}\n".formatted(ahead, ahead + 1));
            hv1.awaitEnd(Reason.MALFORMED);
            hv1.catchUp();
        }
    }

    @Test
    void whatOnlyNewerVersionsSayIsLeftOut() throws Exception {
        land.bind(1, "hv1");
        try (var hv1 = listen(HV1)) {
            // Its own word of the port is a change too.
            awaitStatus(1, Status.ACTIVE);
            hv1.catchUp();
            long now = hv1.position().revision();
            proxy.inject("{\"kind\":\"weather\",\"sunny\":true}\n");
            proxy.inject(("{\"kind\":\"changes\",\"after\":%d,\"revision\":%d,\"changes\":"
                            + "[{\"type\":\"Cloud\",\"id\":\"c\",\"after\":{\"grey\":1}}]}\n")
                    .formatted(now, now));
            land.rename(2, "after the weather");
            hv1.catchUp();
            assertThat(hv1.ends()).isEmpty();
        }
    }

    @Test
    void aServerThatFallsSilentIsGivenUp() throws Exception {
        land.bind(1, "hv1");
        try (var hv1 = listen(HV1)) {
            hv1.catchUp();
            proxy.hold();
            hv1.awaitEnd(Reason.SILENT);
            proxy.release();
            land.rename(2, "after the silence");
            hv1.catchUp();
        }
    }

    @Test
    void afterARestartOfTheServerTheChassisGoesOn() throws Exception {
        var random = new Random(3);
        try (var hv1 = listen(HV1)) {
            for (int restart = 0; restart < 3; restart++) {
                for (int i = 0; i < 50; i++) {
                    land.change(random);
                }
                hv1.catchUp();
                server.close();
                land.change(random);
                server = serve();
                proxy.redirect(server.port());
            }
            hv1.catchUp();
            assertThat(hv1.snapshots()).isGreaterThanOrEqualTo(3);
        }
    }

    @Test
    void aPortIsActiveOnceItsChassisHasConfirmedItAndDownOnceItIsUnplugged() throws Exception {
        try (var hv1 = listen(HV1)) {
            hv1.catchUp();
            land.bind(1, "hv1");
            land.bind(2, "hv2");
            awaitStatus(1, Status.ACTIVE);
            assertThat(land.port(1).revisionNumber()).isEqualTo(1);
            hv1.catchUp();
            hv1.report(Map.of(land.port(1).id(), PortState.DOWN, land.port(2).id(), PortState.UP));
            awaitStatus(1, Status.DOWN);
            hv1.report(Map.of(land.port(1).id(), PortState.DEGRADED));
            awaitStatus(1, Status.ERROR);
            assertThat(land.port(2).status()).as("a port of another chassis").isEqualTo(Status.DOWN);
            await().until(() -> server.confirmed().get(HV1.id()) >= land.revision());
        }
    }

    private void awaitStatus(int port, Status status) {
        await().atMost(Duration.ofSeconds(20)).until(() -> land.port(port).status() == status);
    }

    @Test
    void thePlainFeedIsForThisMachineOnly() throws Exception {
        var everywhere = new InetSocketAddress(InetAddress.getByName("0.0.0.0"), 0);
        assertThatThrownBy(() -> serve(everywhere, LIMITS).close()).hasMessageContaining("needs certificates");
    }
}
