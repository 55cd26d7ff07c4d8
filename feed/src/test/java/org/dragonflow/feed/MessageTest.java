package org.dragonflow.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;
import org.dragonflow.model.Schema;
import org.junit.jupiter.api.Test;

final class MessageTest {
    private static Network network(int number) {
        return Schema.of(Network.class)
                .decode(Map.of(
                        "id",
                        "network" + number,
                        "name",
                        "a name with a \n in it",
                        "project_id",
                        "demo",
                        "key",
                        number,
                        "mtu",
                        1438,
                        "created_at",
                        "2026-01-01T00:00:00Z",
                        "updated_at",
                        "2026-01-01T00:00:00Z",
                        "revision_number",
                        1))
                .orThrow();
    }

    private static List<Entity> networks(int count) {
        return IntStream.rangeClosed(1, count)
                .<Entity>mapToObj(MessageTest::network)
                .toList();
    }

    private static final List<Message> CONVERSATION = List.of(
            new Message.Hello(Message.VERSION, "session", "line", Duration.ofSeconds(5)),
            new Message.Snapshot(41, networks(3)),
            new Message.Changes(
                    41,
                    43,
                    List.of(
                            new Change(Id.of(Network.class, "network1"), Optional.empty()),
                            new Change(Id.of(Network.class, "network4"), Optional.of(network(4))))),
            new Message.Changes(43, 43, List.of()),
            new Message.Bye(Reason.REPLACED, "hv1 has opened another stream"));

    private static byte[] written(List<Message> messages) throws IOException {
        var out = new ByteArrayOutputStream();
        var writer = new MessageWriter(out);
        for (var message : messages) {
            writer.write(message);
        }
        return out.toByteArray();
    }

    private static List<Message> read(byte[] bytes) throws IOException {
        var reader = new MessageReader(new ByteArrayInputStream(bytes));
        var messages = new ArrayList<Message>();
        try {
            while (true) {
                messages.add(reader.next());
            }
        } catch (Refused end) {
            return messages;
        }
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        assertThat(read(written(CONVERSATION))).isEqualTo(CONVERSATION);
    }

    @Test
    void aLongMessageIsSeveralLinesAndOneMessage() throws IOException {
        var long1 = List.<Message>of(new Message.Snapshot(7, networks(5000)));
        var bytes = written(long1);
        assertThat(new String(bytes, StandardCharsets.UTF_8).lines().count()).isGreaterThan(3);
        assertThat(read(bytes)).isEqualTo(long1);
    }

    @Test
    void aStreamThatEndsAnywhereGivesWhatWasWholeAndAReason() throws IOException {
        var bytes = written(CONVERSATION);
        for (int length = 0; length < bytes.length; length++) {
            var messages = read(Arrays.copyOf(bytes, length));
            assertThat(messages).isEqualTo(CONVERSATION.subList(0, messages.size()));
        }
    }

    @Test
    void noGarbageDoesMoreThanEndTheStream() throws IOException {
        var random = new Random(20261122);
        var bytes = written(CONVERSATION);
        for (int i = 0; i < 20_000; i++) {
            var bad = bytes.clone();
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            try {
                var _ = read(bad);
            } catch (RuntimeException e) {
                fail("seed 20261122, case %d: %s".formatted(i, new String(bad, StandardCharsets.ISO_8859_1)), e);
            }
        }
    }

    @Test
    void aLineWithoutEndIsGivenUp() {
        var endless = new InputStream() {
            @Override
            public int read() {
                return 'x';
            }
        };
        assertThatThrownBy(() -> new MessageReader(endless).next())
                .isInstanceOfSatisfying(
                        Refused.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_LARGE));
    }

    @Test
    void aMessageThatBeginsMustEndAsItself() {
        var text = """
                {"kind":"snapshot","revision":7,"entities":[],"more":true}
                {"kind":"changes","after":7,"revision":7,"changes":[],"more":false}
                """;
        var reader = new MessageReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        assertThatThrownBy(reader::next)
                .isInstanceOfSatisfying(
                        Refused.class, e -> assertThat(e.reason()).isEqualTo(Reason.MALFORMED));
    }
}
