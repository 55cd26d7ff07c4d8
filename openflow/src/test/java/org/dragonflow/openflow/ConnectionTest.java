package org.dragonflow.openflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.dragonflow.flow.SwitchEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How we behave towards a switch that this test plays. */
@Timeout(20)
class ConnectionTest {
    private static final Timing TIMING =
            new Timing(Duration.ofMillis(100), Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofMillis(20));

    private final ConcurrentLinkedQueue<SwitchEvent> events = new ConcurrentLinkedQueue<>();

    @TempDir
    private Path directory;

    private ServerSocketChannel server;
    private OpenFlowSwitch device;

    @BeforeEach
    void listen() throws IOException {
        var socket = directory.resolve("switch.sock");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
        device = OpenFlowSwitch.connect(
                Endpoint.parse("unix:" + socket), RandomFlows.PIPELINE, RandomFlows.OWNER, TIMING, events::add);
    }

    @AfterEach
    void close() throws IOException {
        device.close();
        server.close();
    }

    private PlayedSwitch greeted() throws IOException {
        return PlayedSwitch.greeted(server);
    }

    @Test
    void aSwitchOfAnOlderVersionIsToldWhyWeLeave() throws IOException {
        try (var played = PlayedSwitch.accept(server)) {
            played.say(HexFormat.of().parseHex("0400000800000001"));
            assertThat(played.next(Message.Failure.class).message())
                    .isEqualTo(new Message.Failure(new OpenFlowError(0, 0, 0), ""));
        }
        assertThat(events).isEmpty();
    }

    @Test
    void anEchoIsAnsweredWithWhatItCarried() throws IOException {
        try (var played = greeted()) {
            played.say(9, new Message.EchoRequest("abcd"));
            assertThat(played.next(Message.EchoReply.class).message()).isEqualTo(new Message.EchoReply("abcd"));
        }
    }

    @Test
    void aQuietSwitchIsAskedForAnEcho() throws IOException {
        try (var played = greeted()) {
            assertThat(played.next(Message.EchoRequest.class).message()).isEqualTo(new Message.EchoRequest(""));
        }
    }

    @Test
    void anUnreadableMessageIsPassedOver() throws IOException {
        try (var played = greeted()) {
            played.say(HexFormat.of().parseHex("060c000900000001ff"));
            played.say(9, new Message.EchoRequest("01"));
            assertThat(played.next(Message.EchoReply.class).message()).isEqualTo(new Message.EchoReply("01"));
        }
        assertThat(events).doesNotHaveAnyElementsOfTypes(SwitchEvent.PortStatus.class);
    }

    @Test
    void aLostSwitchIsToldOfAndMetAgain() throws IOException {
        greeted().close();
        await().until(() -> events.stream().anyMatch(SwitchEvent.Disconnected.class::isInstance));
        try (var _ = greeted()) {
            await().until(() -> events.stream()
                            .filter(SwitchEvent.Connected.class::isInstance)
                            .count()
                    == 2);
        }
    }
}
