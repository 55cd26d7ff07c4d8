package org.dragonflow.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.it.Tenant.SOON;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.dragonflow.it.Tenant.Machine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Packets in pieces, of which a switch shows no ports, under a rule that names none: alice and bob are on hv1, carol is on hv2. */
class FragmentsTest {
    private static final int PORT = 7_000;
    private static final int IN_PIECES = 4_000;
    private static final Duration REACH = Duration.ofSeconds(2);

    private static Cloud cloud;
    private static Machine alice;
    private static Machine bob;
    private static Machine carol;

    @BeforeAll
    static void start() {
        cloud = Cloud.open("fragments", Tenant.freePort());
        var tenant = new Tenant(cloud);
        cloud.startServer();
        cloud.startChassis("hv1", "hv2");
        var blue = tenant.network("blue", "10.1.0.0/24");
        var group = tenant.group("datagrams");
        tenant.allow(group, Map.of("protocol", "udp"));
        var listening = Map.of("security_groups", List.of(group));
        var asking = Map.of("security_groups", List.of(tenant.group("silent")));
        alice = tenant.machine("alice", blue, "hv1", asking);
        bob = tenant.machine("bob", blue, "hv1", listening);
        carol = tenant.machine("carol", blue, "hv2", listening);
        tenant.awaitActive(alice, bob, carol);
    }

    @AfterAll
    static void end() {
        cloud.close();
    }

    @Test
    void aDatagramInPiecesPassesWithinAChassisAndSoDoesItsAnswer() {
        assertGoesThereAndBack(bob);
    }

    @Test
    void soItDoesBetweenChassis() {
        assertGoesThereAndBack(carol);
    }

    /** Nor may one piece bring another in. */
    @Test
    void aDatagramInPiecesThatNoRuleAllowsDoesNotArrive() {
        try (var listening = alice.server().listenUdp(PORT)) {
            for (var sender : List.of(bob, carol)) {
                assertThat(sender.server().udp(alice.address(), PORT, IN_PIECES, REACH))
                        .isEqualTo(Reach.TIMED_OUT);
            }
            assertThat(listening.heard()).isZero();
        }
    }

    private static void assertGoesThereAndBack(Machine server) {
        try (var _ = server.server().listenUdp(PORT)) {
            Wait.until("an answer", SOON, () -> isAnswered(server, 1));
            for (int i = 0; i < 3; i++) {
                assertThat(isAnswered(server, IN_PIECES)).isTrue();
                assertThat(isAnswered(server, 1)).isTrue();
            }
        }
    }

    private static boolean isAnswered(Machine server, int bytes) {
        return alice.server().udp(server.address(), PORT, bytes, REACH) == Reach.CONNECTED;
    }
}
