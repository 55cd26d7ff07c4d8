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

    private final Codec codec = new Codec(RandomFlows.PIPELINE, RandomFlows.OWNER.tag());
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

    private FrameChannel accept() throws IOException {
        return new FrameChannel(server.accept());
    }

    private void say(FrameChannel channel, int xid, Message message) throws IOException {
        channel.write(codec.encode(xid, message));
    }

    /** Greets, and answers barriers until the set-up is through. */
    private FrameChannel greeted() throws IOException {
        var channel = accept();
        say(channel, 1, new Message.Hello(6, 1 << 6));
        for (int barriers = 0; barriers < 2; ) {
            var envelope = codec.decode(channel.read());
            if (envelope.message() instanceof Message.BarrierRequest) {
                say(channel, envelope.xid(), new Message.BarrierReply());
                barriers++;
            }
        }
        return channel;
    }

    private Message next(FrameChannel channel, Class<? extends Message> type) throws IOException {
        while (true) {
            var message = codec.decode(channel.read()).message();
            if (type.isInstance(message)) {
                return message;
            }
        }
    }

    @Test
    void aSwitchOfAnOlderVersionIsToldWhyWeLeave() throws IOException {
        try (var channel = accept()) {
            channel.write(HexFormat.of().parseHex("0400000800000001"));
            assertThat(next(channel, Message.Failure.class))
                    .isEqualTo(new Message.Failure(new OpenFlowError(0, 0, 0), ""));
        }
        assertThat(events).isEmpty();
    }

    @Test
    void anEchoIsAnsweredWithWhatItCarried() throws IOException {
        try (var channel = greeted()) {
            say(channel, 9, new Message.EchoRequest("abcd"));
            assertThat(next(channel, Message.EchoReply.class)).isEqualTo(new Message.EchoReply("abcd"));
        }
    }

    @Test
    void aQuietSwitchIsAskedForAnEcho() throws IOException {
        try (var channel = greeted()) {
            assertThat(next(channel, Message.EchoRequest.class)).isEqualTo(new Message.EchoRequest(""));
        }
    }

    @Test
    void anUnreadableMessageIsPassedOver() throws IOException {
        try (var channel = greeted()) {
            channel.write(HexFormat.of().parseHex("060c000900000001ff"));
            say(channel, 9, new Message.EchoRequest("01"));
            assertThat(next(channel, Message.EchoReply.class)).isEqualTo(new Message.EchoReply("01"));
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
