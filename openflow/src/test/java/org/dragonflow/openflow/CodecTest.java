package org.dragonflow.openflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.Match;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Messages against their bytes, and bytes that are no messages. */
class CodecTest {
    private static final Logger LOG = LoggerFactory.getLogger(CodecTest.class);

    private final Codec codec = new Codec(RandomFlows.PIPELINE, RandomFlows.OWNER.tag());

    static List<Samples.Sample> samples() {
        return Samples.all();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void bytesReadAsTheMessage(Samples.Sample sample) {
        if (sample.use() != Samples.Use.WRITTEN) {
            assertThat(codec.decode(sample.bytes())).isEqualTo(new Codec.Envelope(7, sample.message()));
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void theMessageIsWrittenAsTheBytes(Samples.Sample sample) {
        if (sample.use() != Samples.Use.READ) {
            var hex = HexFormat.of();
            assertThat(hex.formatHex(codec.encode(7, sample.message()))).isEqualTo(hex.formatHex(sample.bytes()));
        }
    }

    @Test
    void everyRandomFlowIsReadAsItWasWritten() {
        for (Flow flow : new RandomFlows(1).take(2_000)) {
            var mod = new Message.FlowMod(Message.FlowMod.Command.ADD, flow, 0);
            assertThat(codec.decode(codec.encode(1, mod)).message()).isEqualTo(mod);
        }
    }

    @Test
    void anActionThatNobodyKnowsIsKeptAsItIs() {
        var note = "ffff0010000023200008" + "010203040506";
        var flow = Flow.in(RandomFlows.FIRST, 1, Match.ANY, new Action.Unknown(note));
        var mod = new Message.FlowMod(Message.FlowMod.Command.ADD, flow, 0);
        assertThat(codec.decode(codec.encode(1, mod)).message()).isEqualTo(mod);
    }

    @Test
    void whatIsCutShortIsMalformedOrAShorterMessageAndNothingElse() {
        for (var sample : Samples.all()) {
            var whole = sample.bytes();
            for (int length = 0; length < whole.length; length++) {
                var cut = Arrays.copyOf(whole, length);
                readOrRefuse(cut);
                if (length >= 4) {
                    cut[2] = 0;
                    cut[3] = (byte) length;
                }
                readOrRefuse(cut);
            }
        }
    }

    @Test
    void anyBytesAreAMessageOrMalformedAndNothingElse() {
        var random = new Random(42);
        var samples = Samples.all();
        for (int i = 0; i < 50_000; i++) {
            var bytes = i % 4 == 0
                    ? noise(random)
                    : samples.get(random.nextInt(samples.size())).bytes();
            for (int flips = random.nextInt(6); flips > 0 && bytes.length > 8; flips--) {
                bytes[8 + random.nextInt(bytes.length - 8)] = (byte) random.nextInt();
            }
            readOrRefuse(bytes);
        }
    }

    @Test
    void actionsNestedWithoutEndNeitherOverflowNorMultiply() {
        int levels = 4_000;
        var out = new WireWriter(1 << 16);
        for (int i = 0; i < levels; i++) {
            out.u16(0xffff).u16(16 * (levels - i)).u32(0x2320).u16(42).zeros(6);
        }
        var actions = new ActionReader(new Names(RandomFlows.PIPELINE), 0).read(WireReader.of(out.toBytes()));
        assertThat(actions).hasSize(1);
    }

    private static byte[] noise(Random random) {
        var bytes = new byte[8 + random.nextInt(200)];
        random.nextBytes(bytes);
        bytes[0] = 6;
        bytes[1] = (byte) random.nextInt(36);
        bytes[2] = 0;
        bytes[3] = (byte) bytes.length;
        return bytes;
    }

    // Any other exception than the documented one fails the test.
    private void readOrRefuse(byte[] bytes) {
        try {
            var _ = codec.decode(bytes);
        } catch (MalformedMessage e) {
            LOG.trace("refused", e);
        }
    }
}
