package org.dragonflow.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Ipv6;
import org.dragonflow.address.Mac;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class HostileInputTest {
    private static final int HEADER = 14;

    @Test
    void whatIsEncodedIsDecodedAsTheSameAndSound() {
        var frames = new RandomFrames(1);
        for (int i = 0; i < 20_000; i++) {
            var frame = frames.next();
            assertThat(Ethernet.decode(frame.encode())).as("frame %d", i).isEqualTo(new Decoded.Ok<>(frame));
        }
    }

    @Test
    void aTruncatedFrameIsReadAsFarAsItGoes() {
        var frames = new RandomFrames(2);
        for (int i = 0; i < 400; i++) {
            var frame = frames.next();
            var bytes = frame.encode();
            int header = HEADER + 4 * frame.tags().size();
            for (int length = 0; length < bytes.length; length++) {
                var cut = Ethernet.decode(Bytes.of(bytes).head(length).toArray());
                assertThat(cut.optional().isPresent()).isEqualTo(length >= header);
                cut.optional().ifPresent(HostileInputTest::readEverything);
            }
        }
    }

    @Test
    void aQuoteIsReadFromItsHeaderOn() {
        var frames = new RandomFrames(3);
        for (int i = 0; i < 1_000; i++) {
            switch (frames.next().payload()) {
                case Ipv4Packet packet -> {
                    var whole = packet.encode();
                    for (int length = 20 + packet.options().length(); length < whole.length(); length++) {
                        var quoted = Ipv4Packet.decodeQuote(whole.head(length)).orThrow();
                        assertThat(quoted.destination()).isEqualTo(packet.destination());
                        readEverything(quoted);
                    }
                }
                case Ipv6Packet packet -> {
                    var whole = packet.encode();
                    for (int length = 40; length < whole.length(); length++) {
                        var quoted = Ipv6Packet.decodeQuote(whole.head(length)).orThrow();
                        assertThat(quoted.destination()).isEqualTo(packet.destination());
                        readEverything(quoted);
                    }
                }
                case Arp _, RawPayload _ -> {}
            }
        }
    }

    @Test
    void garbledBytesAreStillAValueThatSurvivesItsOwnCodec() {
        var frames = new RandomFrames(4);
        var random = new Random(4);
        for (int i = 0; i < 50_000; i++) {
            var bytes = frames.next().encode();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            Ethernet.decode(bytes).optional().ifPresent(HostileInputTest::readEverything);
        }
    }

    @Test
    void noiseIsNoTrouble() {
        var random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            var noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            Ethernet.decode(noise).optional().ifPresent(HostileInputTest::readEverything);
            Ipv4Packet.decodeQuote(Bytes.of(noise)).optional().ifPresent(HostileInputTest::readEverything);
            Ipv6Packet.decodeQuote(Bytes.of(noise)).optional().ifPresent(HostileInputTest::readEverything);
        }
    }

    @Test
    void aGarbledDhcpMessageIsBadOrAValueThatSurvivesItsOwnCodec() {
        var random = new Random(6);
        var whole = Dhcpv4.request(
                        Dhcpv4MessageType.REQUEST,
                        1,
                        Mac.ZERO,
                        Dhcpv4Option.domainSearch(List.of("a.example", "b.example")),
                        Dhcpv4Option.classlessRoutes(
                                List.of(new Dhcpv4Option.Route(IpPrefix.parse("10.0.0.0/8"), Ipv4.ANY))),
                        Dhcpv4Option.leaseTime(Duration.ofDays(1)))
                .encode();
        for (int i = 0; i < 50_000; i++) {
            var bytes = whole.toArray();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                // Nine of ten in the options, where the structure is.
                int at = random.nextInt(10) == 0 ? random.nextInt(240) : 240 + random.nextInt(bytes.length - 240);
                bytes[at] = (byte) random.nextInt();
            }
            var cut = Bytes.of(bytes).head(random.nextInt(4) == 0 ? random.nextInt(bytes.length) : bytes.length);
            Dhcpv4.decode(cut).optional().ifPresent(HostileInputTest::readEverything);
        }
    }

    @Test
    void aGarbledDhcpv6MessageIsBadOrAValueThatSurvivesItsOwnCodec() {
        var random = new Random(7);
        var lease = new Dhcpv6Option.Lease(Ipv6.ALL_NODES, Duration.ofHours(1), Duration.ofDays(1), List.of());
        var whole = Dhcpv6.of(
                        Dhcpv6MessageType.REQUEST,
                        1,
                        Dhcpv6Option.clientId(Bytes.zeros(10)),
                        Dhcpv6Option.association(
                                Dhcpv6Option.IA_NA,
                                new Dhcpv6Option.Association(
                                        1, Duration.ZERO, Duration.ZERO, List.of(Dhcpv6Option.lease(lease)))),
                        Dhcpv6Option.ofDomains(Dhcpv6Option.DOMAIN_SEARCH, List.of("a.example", "b.example")),
                        Dhcpv6Option.bootFileParameters(List.of("a", "b")),
                        Dhcpv6Option.optionRequest(23, 24))
                .encode();
        for (int i = 0; i < 50_000; i++) {
            var bytes = whole.toArray();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            var cut = Bytes.of(bytes).head(random.nextInt(4) == 0 ? random.nextInt(bytes.length) : bytes.length);
            Dhcpv6.decode(cut).optional().ifPresent(HostileInputTest::readEverything);
        }
    }

    @Test
    @Timeout(10)
    void nestingWithoutEndTakesNoTime() {
        var headers = Bytes.hex("3c00010400000000".repeat(8_191));
        var packet = Bytes.hex("60000000" + "fff8" + "3c40" + "00".repeat(32)).plus(headers);
        assertThat(Ipv6Packet.decode(packet).orThrow().extensions()).hasSize(8_191);

        var pointers = new Writer().u16(0x0000);
        for (int i = 0; i < 8_000; i++) {
            pointers.u16(0xc000 | 2 * i);
        }
        assertThat(new Dhcpv4Option(Dhcpv4Option.DOMAIN_SEARCH, pointers.toBytes()).asDomains())
                .isEmpty();
    }

    private static void readEverything(Ethernet frame) {
        var again = Ethernet.decode(frame.encode());
        assertThat(again.orThrow()).isEqualTo(frame);
        if (frame.payload() instanceof IpPacket packet) {
            readEverything(packet);
        }
    }

    private static void readEverything(IpPacket packet) {
        assertThat(packet.peek().protocol()).isEqualTo(packet.transport().protocol());
        assertThat(packet.encode().isEmpty()).isFalse();
    }

    private static void readEverything(Dhcpv4 message) {
        assertThat(Dhcpv4.decode(message.encode())).isEqualTo(new Decoded.Ok<>(message));
        for (var option : message.options()) {
            assertThat(option.asCodes()).hasSize(option.value().length());
            option.asRoutes()
                    .forEach(route -> assertThat(route.destination().version()).isEqualTo(4));
            option.asDomains().forEach(name -> assertThat(name.length()).isLessThan(256));
            assertThat(option.asText().length())
                    .isLessThanOrEqualTo(option.value().length());
        }
    }

    private static void readEverything(Dhcpv6 message) {
        assertThat(Dhcpv6.decode(message.encode())).isEqualTo(new Decoded.Ok<>(message));
        for (var option : message.options()) {
            option.asDomains().forEach(name -> assertThat(name.length()).isLessThan(256));
            option.asAssociation().ifPresent(association -> {
                assertThat(association.addresses().size())
                        .isLessThanOrEqualTo(association.options().size());
                var again = Dhcpv6Option.association(option.code(), association);
                assertThat(again).isEqualTo(option);
            });
            option.asLease()
                    .ifPresent(lease ->
                            assertThat(Dhcpv6Option.lease(lease).value()).isEqualTo(option.value()));
            assertThat(option.asText()).isNotNull();
            assertThat(option.asParameters().size())
                    .isLessThanOrEqualTo(option.value().length());
            assertThat(option.asCodes().size())
                    .isLessThanOrEqualTo(option.value().length());
            assertThat(option.asAddresses().size())
                    .isLessThanOrEqualTo(option.value().length());
            assertThat(option.asOptions().size())
                    .isLessThanOrEqualTo(option.value().length());
            option.asTemporaryId()
                    .ifPresent(id -> assertThat(
                                    Dhcpv6Option.temporary(id, List.of()).value())
                            .isEqualTo(option.value().head(4)));
        }
    }
}
