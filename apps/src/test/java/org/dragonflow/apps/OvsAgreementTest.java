package org.dragonflow.apps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.dragonflow.compile.Compiler;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.FlowTable;
import org.dragonflow.flow.Header;
import org.dragonflow.model.Delta;
import org.dragonflow.model.SecurityGroupRule;
import org.dragonflow.model.Topology;
import org.dragonflow.packet.Decoded;
import org.dragonflow.packet.Ethernet;
import org.dragonflow.trace.Conntrack;
import org.dragonflow.trace.Outcome;
import org.dragonflow.trace.Packet;
import org.dragonflow.trace.Trace;
import org.dragonflow.trace.Tracer;
import org.dragonflow.trace.testing.OfprotoTrace;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds the tracer to Open vSwitch on what the apps make of random topologies; and Open vSwitch takes all of it. */
class OvsAgreementTest {
    private static final int WORLDS = 70;
    private static final int PACKETS = 240;

    private static OfprotoTrace ovs;

    private final List<String> disagreements = new ArrayList<>();
    private final Coverage coverage = new Coverage();

    @BeforeAll
    static void start() throws IOException {
        if (!OfprotoTrace.isInstalled()) {
            fail("the tracer is held to Open vSwitch, which is not installed here: apt-get install openvswitch-switch");
        }
        ovs = OfprotoTrace.start(Apps.pipeline(), RandomWorld.METADATA_PORT);
    }

    @AfterAll
    static void stop() {
        if (ovs != null) {
            ovs.close();
        }
    }

    @Test
    void everyPacketTakesTheSameWayInTheTracerAndInOpenVSwitch() throws IOException {
        for (int seed = 0; seed < WORLDS; seed++) {
            var random = new Random(seed);
            var topology = new RandomWorld(seed).enliven().topology();
            var traffic = new Traffic(new RandomTraffic(topology, random), Conntrack.EMPTY);
            for (var world : List.of(topology, withoutMostRules(topology, random), topology)) {
                send(
                        "seed " + seed,
                        world,
                        traffic,
                        Stream.generate(traffic::next).limit(PACKETS / 3));
            }
            send("seed %d, aimed".formatted(seed), topology, traffic, new AimedTraffic(topology).all());
        }
        assertThat(disagreements).isEmpty();
        coverage.assertEverythingWasSeen();
    }

    /** One packet after the other; what is next may follow from what became of the one before. */
    private void send(String name, Topology world, Traffic traffic, Stream<Packet> packets) throws IOException {
        var compiler = compiled(world);
        var flows = flows(compiler);
        coverage.expect(compiler);
        ovs.install(flows);
        var tracer = new Tracer(Apps.pipeline(), flows);
        int sent = 0;
        for (var packet : (Iterable<Packet>) packets::iterator) {
            var trace = traffic.trace(tracer, packet);
            coverage.add(trace, compiler);
            var difference = ovs.differencesFromMarked(trace);
            if (!difference.isEmpty()) {
                disagreements.add("%s, packet %d: %s".formatted(name, sent, difference));
            }
            sent++;
        }
    }

    private static Compiler compiled(Topology topology) {
        var compiler = PathTest.compiler();
        compiler.update(topology.all().map(Delta::create).toList());
        assertThat(compiler.problems()).isEmpty();
        return compiler;
    }

    /**
     * The flows of the chassis, with cookies that tell them apart. Only rules of security groups may overlap at one priority; which of them
     * Open vSwitch takes is its own affair, so those that do the same are not told apart.
     */
    private static FlowTable flows(Compiler compiler) {
        var cookies = new HashMap<Object, Integer>();
        return FlowTable.of(compiler.flows().entries().stream()
                .map(entry -> entry instanceof Flow flow
                        ? flow.signed(1 + cookies.computeIfAbsent(identity(flow), _ -> cookies.size()))
                        : entry)
                .toList());
    }

    private static Object identity(Flow flow) {
        boolean mayOverlap =
                flow.table().equals(Tables.FROM_PORT_RULES) || flow.table().equals(Tables.TO_PORT_RULES);
        return mayOverlap ? List.of(flow.table(), flow.priority(), flow.actions()) : flow.key();
    }

    /** So that connections that were allowed are allowed no more, for a while. */
    private static Topology withoutMostRules(Topology topology, Random random) {
        return Topology.of(topology.all()
                .filter(entity -> !(entity instanceof SecurityGroupRule) || random.nextInt(4) == 0)
                .toList());
    }

    /** Packets one after the other; some answer or repeat those before, so that there are connections of all states. */
    private static final class Traffic {
        private final RandomTraffic random;
        private final List<Outcome.Output> delivered = new ArrayList<>();
        private final List<Packet> repeatable = new ArrayList<>();
        private Conntrack connections;

        Traffic(RandomTraffic random, Conntrack connections) {
            this.random = random;
            this.connections = connections;
        }

        Trace trace(Tracer tracer, Packet packet) {
            var trace = tracer.trace(packet, connections);
            connections = trace.connections();
            if (isEstablished(trace)) {
                repeatable.add(trace.arrived());
            }
            trace.outputs().stream()
                    .filter(output ->
                            output.port() < RandomWorld.GENEVE_PORT || output.port() == RandomWorld.METADATA_PORT)
                    .forEach(output -> {
                        delivered.add(output);
                        repeatable.add(trace.arrived());
                    });
            return trace;
        }

        private static boolean isEstablished(Trace trace) {
            return trace.lookups()
                    .anyMatch(step -> (step.headers().number(Header.CT_STATE) & Conntrack.ESTABLISHED) != 0);
        }

        Packet next() {
            if (delivered.isEmpty() || random.isOneIn(3)) {
                return random.next();
            }
            if (random.isOneIn(2)) {
                return random.oneOf(repeatable.reversed().subList(0, Math.min(repeatable.size(), 12)));
            }
            var last = random.oneOf(delivered.reversed().subList(0, Math.min(delivered.size(), 3)));
            return Ethernet.decode(last.packet().frame().toArray()) instanceof Decoded.Ok<Ethernet>(var frame, var _)
                    ? random.answer(last.port(), frame)
                    : random.next();
        }
    }
}
