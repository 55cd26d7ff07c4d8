package org.dragonflow.apps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.trace.Draft.eth;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.Mac;
import org.dragonflow.apps.Oracle.Question;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.model.Query;
import org.dragonflow.model.Trunk;
import org.dragonflow.model.View;
import org.dragonflow.packet.Ethernet;
import org.dragonflow.trace.Draft;
import org.dragonflow.trace.Journey;
import org.junit.jupiter.api.Test;

/** What the switches of random clouds do with random packets is what the words of the API say, told by somebody who knows no flows. */
class OracleTest {
    private static final int SEEDS = 300;
    private static final int PACKETS = 20;
    private static final Mac STRANGER = Scenario.mac(":77");
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int ICMP = 1;
    private static final int ICMPV6 = 58;

    @Test
    void everyPacketComesOutWhereItShould() {
        var wrong = new ArrayList<String>();
        int delivered = 0;
        int dropped = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            var random = new Random(seed);
            var text = RandomScenario.from(random);
            var scenario = Scenario.of(text);
            var cloud = Cloud.of(scenario);
            var oracle = new Oracle(scenario.northbound());
            var ports = scenario.northbound().find(Query.all(Port.class)).toList();
            var packets = new Packets(ports, random);
            for (int i = 0; i < PACKETS; i++) {
                // A source port of its own: no packet belongs to the connection of another.
                var packet = packets.next(1_000 + i);
                var expected = packet.expected(oracle);
                var journey = send(packet, cloud, scenario.northbound());
                if (!receivers(journey, scenario.northbound()).equals(expected)) {
                    wrong.add("seed %d, packet %d: should come out at %s, but:%n%s%n%s"
                            .formatted(seed, i, expected, journey, text));
                }
                if (expected.isEmpty()) {
                    dropped++;
                } else {
                    delivered++;
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(delivered).as("packets that came out").isGreaterThan(SEEDS * PACKETS / 5);
        assertThat(dropped).as("packets that did not").isGreaterThan(SEEDS * PACKETS / 5);
    }

    /** Each alone, but for those of ports that track nothing: of a piece they see no port. */
    @Test
    void thePiecesOfAPacketComeOutWhereItShould() {
        var wrong = new ArrayList<String>();
        int delivered = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            var random = new Random(seed);
            var text = RandomScenario.from(random);
            var scenario = Scenario.of(text);
            var view = scenario.northbound();
            var cloud = Cloud.of(scenario);
            var oracle = new Oracle(view);
            var packets = new Packets(view.find(Query.all(Port.class)).toList(), random);
            for (int i = 0; i < PACKETS; i++) {
                var packet = packets.next(1_000 + i);
                var expected = packet.expected(oracle);
                if (!isCut(packet) || !isTrackedByAll(packet, expected, view)) {
                    continue;
                }
                for (var piece : packet.draft().pieces(8, i)) {
                    var journey = send(packet.sender(), piece, cloud, view);
                    if (!receivers(journey, view).equals(expected)) {
                        wrong.add("seed %d, packet %d: should come out at %s, but:%n%s%n%s"
                                .formatted(seed, i, expected, journey, text));
                    }
                }
                delivered += expected.isEmpty() ? 0 : 1;
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(delivered).as("packets that came out").isGreaterThan(SEEDS / 5);
    }

    /** TCP is not: its header is longer than the first piece. */
    private static boolean isCut(Sent packet) {
        return packet instanceof Ip(var question) && question.protocol() != TCP;
    }

    /** What comes back to the sender is a router's word of a packet, which it says of no later piece (RFC 1122, section 3.2.2). */
    private static boolean isTrackedByAll(Sent packet, List<String> receivers, View view) {
        return !receivers.contains(packet.sender().id().value())
                && Stream.concat(
                                Stream.of(packet.sender()),
                                receivers.stream()
                                        .map(name -> view.get(Id.of(Port.class, name))
                                                .orElseThrow()))
                        .flatMap(port -> port.securityGroups().stream())
                        .allMatch(group -> view.get(group).orElseThrow().stateful());
    }

    private static Journey send(Sent packet, Cloud cloud, View view) {
        return send(packet.sender(), packet.draft(), cloud, view);
    }

    /** By the sender's card, or by that of its trunk with its tag. */
    private static Journey send(Port sender, Draft packet, Cloud cloud, View view) {
        var draft = view.find(Trunk.carrying(sender.id()))
                .flatMap(trunk -> trunk.subPort(sender.id()).stream())
                .findFirst()
                .map(subPort -> packet.vlan(subPort.segmentationId()))
                .orElse(packet);
        return cloud.send(Trunk.cardOf(sender.id(), view).value(), draft);
    }

    private static List<String> receivers(Journey journey, View view) {
        return journey.deliveries().stream()
                .map(delivery -> receiver(
                        Id.of(Port.class, delivery.port()), delivery.packet().ethernet(), view))
                .sorted()
                .toList();
    }

    /** Whose the frame is: of the card's own port without a tag, else of the subport that has it. */
    private static String receiver(Id<Port> card, Ethernet frame, View view) {
        return frame.tags().stream()
                .findFirst()
                .map(tag -> view.find(Trunk.carriedBy(card))
                        .flatMap(trunk -> trunk.subPorts().stream())
                        .filter(subPort -> subPort.segmentationId() == tag.id())
                        .map(subPort -> subPort.portId().value())
                        .findFirst()
                        .orElse("nobody"))
                .orElse(card.value());
    }

    /** A packet, or a question for an address. */
    private sealed interface Sent {
        Port sender();

        Draft draft();

        List<String> expected(Oracle oracle);
    }

    private record Ip(Question question) implements Sent {
        @Override
        public Port sender() {
            return question.sender();
        }

        @Override
        public Draft draft() {
            var frame = eth().from(question.source()).to(question.destination());
            var from = question.from().toString();
            var to = question.to().toString();
            var ip = question.from().version() == 4 ? frame.ip4(from, to) : frame.ip6(from, to);
            var whole = switch (question.protocol()) {
                case TCP -> ip.tcp(question.first(), question.port());
                case UDP -> ip.udp(question.first(), question.port());
                default -> ip.icmpEcho();
            };
            return whole.ttl(question.hops());
        }

        @Override
        public List<String> expected(Oracle oracle) {
            return oracle.fate(question);
        }
    }

    private record WhoHas(Port sender, Mac source, IpAddress from, IpAddress wanted) implements Sent {
        @Override
        public Draft draft() {
            var frame = eth().from(source).to(Mac.BROADCAST);
            return from.version() == 4
                    ? frame.arpRequest(from.toString(), wanted.toString())
                    : frame.ndSolicit(from.toString(), wanted.toString());
        }

        @Override
        public List<String> expected(Oracle oracle) {
            return oracle.answer(sender, source, from, wanted);
        }
    }

    private record Packets(List<Port> ports, Random random) {
        private boolean isOneIn(int n) {
            return random.nextInt(n) == 0;
        }

        private <T> T oneOf(List<T> list) {
            return list.get(random.nextInt(list.size()));
        }

        Sent next(int number) {
            var sender = oneOf(
                    ports.stream().filter(port -> !port.isRouterInterface()).toList());
            int version = isOneIn(3) ? 6 : 4;
            var from = source(sender, version);
            var mac = isOneIn(20) ? STRANGER : isOneIn(20) ? Scenario.mac(":99") : sender.macAddress();
            var target = oneOf(ports);
            var to = address(target, version);
            if (isOneIn(5)) {
                return new WhoHas(sender, mac, from, to.orElse(unknown(version)));
            }
            boolean isNear = target.networkId().equals(sender.networkId()) && !isOneIn(4);
            var destination = isOneIn(12)
                    ? Mac.BROADCAST
                    : isOneIn(15)
                            ? oneOf(List.of(STRANGER, Scenario.mac(":99")))
                            : isNear ? target.macAddress() : gateway(sender);
            var address = isOneIn(8) ? far(version) : to.orElse(unknown(version));
            int protocol = isOneIn(3) ? (version == 4 ? ICMP : ICMPV6) : isOneIn(2) ? TCP : UDP;
            boolean isEcho = protocol == ICMP || protocol == ICMPV6;
            int first = isEcho ? (version == 4 ? 8 : 128) : number;
            int port = isEcho ? 0 : 15 + random.nextInt(30);
            return new Ip(
                    new Question(sender, mac, destination, from, address, protocol, first, port, isOneIn(12) ? 1 : 64));
        }

        private static Optional<IpAddress> address(Port port, int version) {
            return port.addresses()
                    .filter(address -> address.version() == version)
                    .findFirst();
        }

        private IpAddress source(Port sender, int version) {
            if (isOneIn(10)) {
                return address(oneOf(ports), version).orElse(unknown(version));
            }
            return isOneIn(12) && version == 4
                    ? IpAddress.parse("10.0.%d.200".formatted(random.nextInt(3)))
                    : address(sender, version).orElse(unknown(version));
        }

        private IpAddress unknown(int version) {
            return IpAddress.parse((version == 4 ? "10.0.%d.77" : "2001:db8:%d::77").formatted(random.nextInt(3)));
        }

        private IpAddress far(int version) {
            return IpAddress.parse(version == 4 ? "172.16.%d.9".formatted(random.nextInt(2)) : "2001:db8:99::9");
        }

        private Mac gateway(Port sender) {
            var routers = ports.stream()
                    .filter(port -> port.isRouterInterface() && port.networkId().equals(sender.networkId()))
                    .toList();
            return routers.isEmpty() ? STRANGER : oneOf(routers).macAddress();
        }
    }
}
