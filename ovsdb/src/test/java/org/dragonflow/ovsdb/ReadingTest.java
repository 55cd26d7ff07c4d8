package org.dragonflow.ovsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ReadingTest {
    private static final int LIMIT = 1 << 16;
    private static final String MESSAGES = """
            {"id":1,"result":["map",[["k","v\\"]}"],["é","\\\\"]]],"error":null}{"id":null,"method":"m","params":[{}]}
              {"id":2,"result":[1,-2.5,true,null],"error":null}""";
    private static final String UPDATE = """
            {"Interface":{"00000000-0000-0000-0000-000000000001":{"modify":{"external_ids":["map",[["a","1"],["b","2"]]],\
            "ofport":7}},"00000000-0000-0000-0000-000000000002":{"initial":{"name":"tap2"}},\
            "00000000-0000-0000-0000-000000000003":{"delete":null}}}""";
    private static final UUID FIRST = new UUID(0, 1);

    /** Gives at most so many bytes at a time, as a socket may. */
    private static InputStream inPieces(byte[] bytes, int size) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] target) {
                return read(target, 0, size);
            }
        };
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Schema schema() throws IOException {
        var json = Files.readString(Path.of("/usr/share/openvswitch/vswitch.ovsschema"));
        return Schema.of(MessageReader.JSON.readTree(json)).only(Monitored.vswitch());
    }

    @Test
    void messagesAreCutAlikeHoweverTheBytesArrive() throws Exception {
        for (int size = 1; size < 100; size++) {
            var reader = new MessageReader(inPieces(utf8(MESSAGES), size), LIMIT, () -> {});
            assertThat(reader.next().at("/result/1/0/1").asString()).isEqualTo("v\"]}");
            assertThat(reader.next().path("method").asString()).isEqualTo("m");
            assertThat(reader.next().path("id").asInt()).isEqualTo(2);
            assertThatThrownBy(reader::next)
                    .isInstanceOfSatisfying(
                            OvsdbException.class, e -> assertThat(e.fault()).isEqualTo(new Fault.ClosedByPeer()));
        }
    }

    @Test
    void theLimitIsExact() throws Exception {
        var message = "{\"a\":\"" + "x".repeat(92) + "\"}";
        assertThat(new MessageReader(inPieces(utf8(message), 7), 100, () -> {})
                        .next()
                        .size())
                .isEqualTo(1);
        assertThatThrownBy(new MessageReader(inPieces(utf8(message), 7), 99, () -> {})::next)
                .isInstanceOfSatisfying(
                        OvsdbException.class, e -> assertThat(e.fault()).isEqualTo(new Fault.TooLarge(99)));
    }

    @Test
    void damagedMessagesGiveATypedFaultAndNothingElse() {
        var random = new Random(7);
        var original = utf8(MESSAGES);
        for (int round = 0; round < 20_000; round++) {
            var bytes = damaged(original, random);
            assertThatThrownBy(() -> {
                        var reader = new MessageReader(new ByteArrayInputStream(bytes), LIMIT, () -> {});
                        while (true) {
                            reader.next();
                        }
                    })
                    .isInstanceOf(OvsdbException.class);
        }
    }

    @Test
    void damagedUpdatesChangeAllOrNothing() throws Exception {
        var schema = schema();
        var random = new Random(8);
        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            var contents = contents(schema);
            try {
                var reader =
                        new MessageReader(new ByteArrayInputStream(damaged(utf8(UPDATE), random)), LIMIT, () -> {});
                contents.update(reader.next(), schema);
            } catch (OvsdbException _) {
                refused++;
                // What was there is there still: a reload of it tells no change.
                assertThat(contents.reload(initial(), schema)).isEmpty();
            }
        }
        assertThat(refused).isBetween(1_000, 19_999);
    }

    private static byte[] damaged(byte[] original, Random random) {
        var bytes = original.clone();
        for (int i = random.nextInt(3); i >= 0; i--) {
            bytes[random.nextInt(bytes.length)] =
                    random.nextBoolean() ? (byte) random.nextInt() : original[random.nextInt(original.length)];
        }
        return random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
    }

    private static JsonNode initial() {
        return MessageReader.JSON.readTree("""
                {"Interface":{"00000000-0000-0000-0000-000000000001":{"initial":{"name":"tap1",\
                "external_ids":["map",[["a","1"],["b","1"]]]}},\
                "00000000-0000-0000-0000-000000000003":{"initial":{"name":"tap3"}}}}""");
    }

    private static Contents contents(Schema schema) throws OvsdbException {
        var contents = new Contents();
        contents.reload(initial(), schema);
        return contents;
    }

    @Test
    void aModificationIsADifferenceOfSetsAndMapsAndAValueOfTheRest() throws Exception {
        var changes = contents(schema()).update(MessageReader.JSON.readTree(UPDATE), schema());
        assertThat(changes).extracting(Change::uuid).containsExactly(FIRST, new UUID(0, 2), new UUID(0, 3));
        var after = InterfaceRow.of(changes.getFirst().after().orElseThrow());
        assertThat(after.externalIds()).isEqualTo(Map.of("b", "2"));
        assertThat(after.ofport()).isEqualTo(new InterfaceRow.Ofport.Assigned(7));
        assertThat(after.name()).isEqualTo("tap1");
    }

    @Test
    void aChangeOfARowThatIsNotKnownIsRefused() throws Exception {
        var update = MessageReader.JSON.readTree(UPDATE);
        assertThatThrownBy(() -> new Contents().update(update, schema()))
                .isInstanceOfSatisfying(
                        OvsdbException.class,
                        e -> assertThat(e.fault())
                                .isEqualTo(new Fault.Malformed(
                                        "a modification of row %s in Interface, which is not known".formatted(FIRST))));
    }

    @Test
    void whatDiffersByTheDifferenceOfTwoSetsIsTheOtherSet() {
        var random = new Random(9);
        for (int round = 0; round < 2_000; round++) {
            var old = someTexts(random);
            var now = someTexts(random);
            var difference = new HashSet<>(old);
            difference.addAll(now);
            difference.removeIf(text -> old.contains(text) && now.contains(text));
            assertThat(Contents.toggled(Value.texts(old), Value.texts(difference)))
                    .isEqualTo(Value.texts(now));
        }
    }

    private static Set<String> someTexts(Random random) {
        return IntStream.range(0, 5)
                .filter(_ -> random.nextBoolean())
                .mapToObj(Integer::toString)
                .collect(Collectors.toSet());
    }

    @Test
    void everyValueReadsAsItWasWritten() throws Exception {
        var random = new Random(10);
        for (int round = 0; round < 5_000; round++) {
            var value = someValue(random);
            assertThat(Wire.value(MessageReader.JSON.readTree(Wire.encode(value).toString())))
                    .isEqualTo(value);
        }
    }

    private static Value someValue(Random random) {
        var atoms = IntStream.range(0, random.nextInt(4))
                .mapToObj(_ -> someAtom(random))
                .toList();
        if (random.nextBoolean()) {
            return Value.set(atoms);
        }
        var entries = new HashMap<Value.Atom, Value.Atom>();
        atoms.forEach(atom -> entries.put(atom, someAtom(random)));
        return new Value.MapOf(entries);
    }

    private static Value.Atom someAtom(Random random) {
        return switch (random.nextInt(5)) {
            case 0 ->
                new Value.Text(
                        List.of("", "\"", "set", "map", "uuid", "é\u0000\n").get(random.nextInt(6)));
            case 1 -> new Value.Whole(random.nextLong());
            case 2 -> new Value.Real(random.nextGaussian() * 1e9);
            case 3 -> new Value.Truth(random.nextBoolean());
            default -> new Value.Ref(new UUID(random.nextLong(), random.nextLong()));
        };
    }
}
