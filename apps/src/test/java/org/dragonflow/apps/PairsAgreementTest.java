package org.dragonflow.apps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.trace.Draft.eth;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dragonflow.address.Mac;
import org.dragonflow.flow.Flow;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.Query;
import org.dragonflow.model.Router;
import org.dragonflow.model.RouterInterface;
import org.dragonflow.model.Trunk;
import org.dragonflow.packet.Tcp;
import org.dragonflow.trace.Draft;
import org.dragonflow.trace.Journey;
import org.junit.jupiter.api.Test;

/** What {@link Pairs} spares makes no difference: whatever ports say to each other, it comes out where it does if no pair is known. */
class PairsAgreementTest {
    private static final int SEEDS = 250;
    private static final int PACKETS = 50;
    private static final List<Integer> CLIENTS = List.of(25, 40_000);
    private static final List<Integer> SERVERS = List.of(30, 50_000);
    private static final List<Integer> FLAGS = List.of(Tcp.SYN, Tcp.SYN | Tcp.ACK, Tcp.ACK, Tcp.ACK);

    @Test
    void conversationsWithinAChassisGoAsIfEachPortWereAskedAlone() {
        var wrong = new ArrayList<String>();
        int spared = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            var random = new Random(seed);
            var lines = openHanded(RandomScenario.from(random), random);
            var all = Scenario.of(String.join("\n", lines));
            var pairs = Cloud.of(all);
            var alone = Cloud.without(
                    key -> key instanceof Flow.Key flow
                            && flow.table().equals(Tables.PAIR)
                            && flow.priority() == Flow.NORMAL,
                    all);
            var talk = new Talk(all, random);
            for (int i = 0; i < PACKETS && !talk.isImpossible(); i++) {
                if (random.nextInt(8) == 0) {
                    var some = withoutSomeRules(lines, random);
                    pairs.change(some);
                    alone.change(some);
                }
                for (var said : talk.next(i)) {
                    var journey = said.in(pairs);
                    var expected = said.in(alone);
                    if (journey.lookups() < expected.lookups()) {
                        spared++;
                    }
                    if (!received(journey).equals(received(expected))) {
                        wrong.add("seed %d, packet %d: alone%n%s%nas a pair%n%s".formatted(seed, i, expected, journey));
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(spared).as("packets that were spared a lookup").isGreaterThan(SEEDS);
    }

    /** With rules enough that most ports speak, and few groups that would not track what they say. */
    private static List<String> openHanded(String scenario, Random random) {
        var text = random.nextInt(3) > 0 ? scenario.replace(" stateless", "") : scenario;
        var more = IntStream.range(0, 4)
                .mapToObj(group -> "rule g%d ".formatted(group))
                .flatMap(rule ->
                        Stream.of("egress", "ingress tcp", "ingress udp").map(rule::concat))
                .filter(_ -> random.nextInt(3) > 0);
        return Stream.concat(text.lines(), more).toList();
    }

    private static Scenario withoutSomeRules(List<String> lines, Random random) {
        return Scenario.of(lines.stream()
                .filter(line -> !line.startsWith("rule ") || random.nextInt(4) > 0)
                .collect(Collectors.joining("\n")));
    }

    private static List<String> received(Journey journey) {
        return journey.deliveries().stream()
                .map(delivery -> delivery.port() + " gets " + delivery.packet().frame())
                .toList();
    }

    /** A packet that a port sends, by its own card or by that of its trunk. */
    private record Said(String card, Draft draft) {
        Journey in(Cloud cloud) {
            return cloud.send(card, draft);
        }
    }

    /** What a few ports of one chassis say to each other, by a few connections. */
    private static final class Talk {
        private final Scenario scenario;
        private final List<Port> ports;
        private final Random random;

        Talk(Scenario scenario, Random random) {
            this.scenario = scenario;
            this.random = random;
            var local = new ArrayList<>(scenario.northbound()
                    .find(Query.all(Port.class))
                    .filter(port -> port.hostId()
                            .filter(host -> host.value().equals("hv1"))
                            .isPresent())
                    .filter(port -> port.addresses().anyMatch(address -> address.version() == 4))
                    .toList());
            Collections.shuffle(local, random);
            ports = local.stream().limit(2 + random.nextInt(2)).toList();
        }

        boolean isImpossible() {
            return ports.size() < 2;
        }

        /** A packet, or the pieces of one. */
        List<Said> next(int id) {
            int first = random.nextInt(ports.size());
            var from = ports.get(first);
            var to = ports.get((first + 1 + random.nextInt(ports.size() - 1)) % ports.size());
            var parts = switch (random.nextInt(12)) {
                case 0 -> datagram(from, to).pieces(8, id);
                case 1, 2 -> List.of(addressed(from, to).icmpUnreachable(transport(addressed(to, from), to, from)));
                default -> List.of(transport(addressed(from, to), from, to));
            };
            return parts.stream().map(part -> said(from, part)).toList();
        }

        private Draft addressed(Port from, Port to) {
            return eth().from(from.macAddress()).to(nextHop(from, to)).ip4(address(from), address(to));
        }

        private static String address(Port port) {
            return port.addresses()
                    .filter(address -> address.version() == 4)
                    .findFirst()
                    .orElseThrow()
                    .toString();
        }

        /** By way of any router that is on both networks: what none delivers, no port has seen, but the zone of one may have. */
        private Mac nextHop(Port from, Port to) {
            var there = routersOn(to.networkId())
                    .flatMap(port -> routerOf(port).stream())
                    .toList();
            var routers = routersOn(from.networkId())
                    .filter(port -> routerOf(port).filter(there::contains).isPresent())
                    .toList();
            return from.networkId().equals(to.networkId()) || routers.isEmpty()
                    ? to.macAddress()
                    : routers.get(random.nextInt(routers.size())).macAddress();
        }

        private Stream<Port> routersOn(Id<Network> network) {
            return scenario.northbound().find(Port.on(network)).filter(Port::isRouterInterface);
        }

        private Optional<Id<Router>> routerOf(Port port) {
            return scenario.northbound()
                    .find(RouterInterface.on(port.networkId()))
                    .filter(leg -> leg.portId().equals(port.id()))
                    .map(RouterInterface::routerId)
                    .findFirst();
        }

        /** The port of lesser address is the client, so that the two have one connection by each two numbers of ports. */
        private Draft transport(Draft draft, Port from, Port to) {
            boolean isClient = isClient(from, to);
            int client = CLIENTS.get(random.nextInt(CLIENTS.size()));
            int server = SERVERS.get(random.nextInt(SERVERS.size()));
            int source = isClient ? client : server;
            int destination = isClient ? server : client;
            return switch (random.nextInt(4)) {
                case 0 -> draft.udp(source, destination);
                case 1 -> echo(draft, isClient);
                default -> draft.tcp(source, destination, FLAGS.get(random.nextInt(FLAGS.size())));
            };
        }

        /** What has a header that fits the first piece. */
        private Draft datagram(Port from, Port to) {
            boolean isClient = isClient(from, to);
            int client = CLIENTS.get(random.nextInt(CLIENTS.size()));
            int server = SERVERS.get(random.nextInt(SERVERS.size()));
            var draft = addressed(from, to);
            return random.nextBoolean()
                    ? echo(draft, isClient)
                    : draft.udp(isClient ? client : server, isClient ? server : client);
        }

        private static boolean isClient(Port from, Port to) {
            return address(from).compareTo(address(to)) < 0;
        }

        private static Draft echo(Draft draft, boolean isClient) {
            return isClient ? draft.icmpEcho() : draft.icmpEchoReply();
        }

        private Said said(Port from, Draft draft) {
            var view = scenario.northbound();
            var tagged = view.find(Trunk.carrying(from.id()))
                    .flatMap(trunk -> trunk.subPort(from.id()).stream())
                    .findFirst()
                    .map(subPort -> draft.vlan(subPort.segmentationId()))
                    .orElse(draft);
            return new Said(Trunk.cardOf(from.id(), view).value(), tagged);
        }
    }
}
