package org.dragonflow.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.dragonflow.address.IpAddress;
import org.junit.jupiter.api.Test;

class DnsTest {
    /** An answer as resolvers send it: the name of the record, and that of the mail server, point back. */
    private static final Bytes COMPRESSED = Bytes.hex("""
            1234 8180 0001 0002 0000 0001
            03 777777 07 6578616d706c65 03 6f7267 00  0001 0001
            c00c 0005 0001 0000003c 0007  04 6d61696c c010
            04 6d61696c c010  0001 0001 0000003c 0004  c0000201
            00 0029 04d0 00008000 0000
            """);

    @Test
    void whatIsCompressedIsReadAndNamesInTheDataAreWrittenOut() {
        var message = Dns.decode(COMPRESSED).orThrow();
        assertThat(message.id()).isEqualTo(0x1234);
        assertThat(message.questions().getFirst().name()).isEqualTo(DnsName.of("www.example.org"));
        assertThat(message.answers().getFirst().data()).isEqualTo(Bytes.hex("046d61696c076578616d706c65036f726700"));
        assertThat(message.answers().getLast().name().key()).isEqualTo("mail.example.org");
        assertThat(message.edns()).contains(new Dns.Edns(1_232, 0x8000));
        assertThat(Dns.decode(message.encode()).orThrow()).isEqualTo(message);
    }

    @Test
    void anAnswerKeepsTheCaseOfTheQuestionAndPointsToIt() {
        var question = Dns.ask(7, "aLiCe.OpenStackLocal", Dns.Type.A);
        var name = question.questions().getFirst().name();
        var reply = question.reply(
                Dns.NO_ERROR, true, List.of(Dns.ResourceRecord.address(name, IpAddress.parse("10.0.0.5"), 30)));
        assertThat(reply.encode()).isEqualTo(Bytes.hex("""
                0007 8580 0001 0001 0000 0000
                05 614c694365 0e 4f70656e537461636b4c6f63616c 00  0001 0001
                c00c 0001 0001 0000001e 0004  0a000005
                """));
        assertThat(name.key()).isEqualTo("alice.openstacklocal");
    }

    @Test
    void whatDoesNotFitSaysSoAndKeepsTheQuestion() {
        var question = Dns.ask(7, "many.example", Dns.Type.A);
        var record = Dns.ResourceRecord.address(DnsName.of("many.example"), IpAddress.parse("10.0.0.5"), 30);
        var reply = question.reply(Dns.NO_ERROR, true, Collections.nCopies(60, record));
        var cut = Dns.decode(reply.encode(question.room())).orThrow();
        assertThat(cut.flags() & Dns.TRUNCATED).isNotZero();
        assertThat(cut.answers()).isEmpty();
        assertThat(cut.questions()).isEqualTo(question.questions());
        assertThat(Dns.decode(reply.encode(65_535)).orThrow()).isEqualTo(reply);
    }

    @Test
    void theRoomForAnAnswerIsWhatWasSaidWithinBounds() {
        var question = Dns.ask(7, "a", Dns.Type.A);
        assertThat(question.room()).isEqualTo(512);
        assertThat(with(question, 100).room()).isEqualTo(512);
        assertThat(with(question, 1_000).room()).isEqualTo(1_000);
        assertThat(with(question, 65_535).room()).isEqualTo(1_232);
    }

    private static Dns with(Dns question, int size) {
        return new Dns(
                question.id(),
                question.flags(),
                question.questions(),
                List.of(),
                List.of(),
                List.of(),
                Optional.of(new Dns.Edns(size, 0)));
    }

    @Test
    void pointersInACircleAndForwardAreRefused() {
        for (var name : List.of("c00c", "c00e 00", "01 61 c00e", "01 61 c00c", "41", "80 00")) {
            var message = Bytes.hex("0001 0100 0001 0000 0000 0000" + name + "0001 0001 0000 0000");
            assertThat(Dns.decode(message)).as(name).isInstanceOf(Decoded.Bad.class);
        }
    }

    @Test
    void aLabelWithADotInItIsNotTwoLabels() {
        var name = new DnsName(List.of(Bytes.utf8("a.b"), Bytes.utf8("example")));
        assertThat(name.key()).isNotEqualTo(DnsName.of("a.b.example").key());
    }

    @Test
    void whateverComesNothingIsThrownAndWhatIsReadIsReadAgainTheSame() {
        for (long seed = 0; seed < 200; seed++) {
            var random = new Random(seed);
            for (int i = 0; i < 100; i++) {
                var bytes = COMPRESSED.toArray();
                for (int flips = random.nextInt(6); flips >= 0; flips--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                }
                var decoded = Dns.decode(Bytes.of(bytes).head(random.nextInt(bytes.length + 1)));
                decoded.optional()
                        .ifPresent(message -> assertThat(
                                        Dns.decode(message.encode()).orThrow())
                                .isEqualTo(message));
            }
        }
    }
}
