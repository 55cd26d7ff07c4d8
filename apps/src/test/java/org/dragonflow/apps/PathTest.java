package org.dragonflow.apps;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.dragonflow.compile.Compiler;
import org.dragonflow.compile.ConntrackZone;
import org.dragonflow.compile.Interest;
import org.dragonflow.flow.Bundle;
import org.dragonflow.flow.FlowTable;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Delta;
import org.dragonflow.model.Id;
import org.dragonflow.model.Interface;
import org.dragonflow.model.Neighbour;
import org.dragonflow.model.Topology;
import org.junit.jupiter.api.Test;

/** Flows depend on the topology, and not on the path to it; nor on what does not concern the chassis. Knows of no app. */
class PathTest {
    private static final Id<Chassis> SELF = Id.of(Chassis.class, "hv1");
    private static final int SEEDS = 500;
    private static final int STEPS = 60;
    private static final Set<Class<?>> SEEN = Set.of(Interface.class, Neighbour.class, ConntrackZone.class);

    static Compiler compiler() {
        return new Compiler(Apps.pipeline(), Apps.standard(SELF));
    }

    private static Compiler fromScratch(Topology topology) {
        var compiler = compiler();
        compiler.update(topology.all().map(Delta::create).toList());
        return compiler;
    }

    @Test
    void incrementalEqualsFromScratchAndTheBundleIsTheSmallest() {
        for (long seed = 0; seed < SEEDS; seed++) {
            var world = new RandomWorld(seed);
            var compiler = compiler();
            var installed = FlowTable.EMPTY;
            for (int step = 0; step < STEPS; step++) {
                var bundle = compiler.update(List.of(world.change()));
                assertThat(new ArrayList<>(bundle.mods()))
                        .as("smallest bundle, seed %d step %d", seed, step)
                        .containsExactlyInAnyOrderElementsOf(
                                compiler.flows().since(installed).mods());
                installed = installed.apply(bundle);
                assertThat(installed).isEqualTo(compiler.flows());
                if (step % 12 == seed % 12 || step == STEPS - 1) {
                    assertSame(compiler, fromScratch(world.topology()), "seed %d step %d".formatted(seed, step));
                }
            }
            assertThat(compiler.problems()).as("seed %d", seed).isEmpty();
        }
    }

    @Test
    void manyChangesAtOnceEqualTheSameOneByOne() {
        for (long seed = 1_000; seed < 1_100; seed++) {
            var world = new RandomWorld(seed);
            var one = compiler();
            var many = compiler();
            for (int round = 0; round < 10; round++) {
                var before = world.topology();
                for (int i = 0; i < 8; i++) {
                    one.update(List.of(world.change()));
                }
                many.update(world.topology().since(before).toList());
                assertSame(many, one, "seed %d round %d".formatted(seed, round));
            }
        }
    }

    @Test
    void takingEverythingAwayLeavesWhatAnEmptyTopologyHas() {
        for (long seed = 2_000; seed < 2_050; seed++) {
            var compiler = compiler();
            var topology = new RandomWorld(seed).populate().topology();
            compiler.update(topology.all().map(Delta::create).toList());
            for (var delta : topology.all().map(Delta::delete).toList()) {
                compiler.update(List.of(delta));
            }
            assertSame(compiler, fromScratch(Topology.EMPTY), "seed " + seed);
        }
    }

    @Test
    void flowsOfWhatConcernsTheChassisEqualFlowsOfEverything() {
        for (long seed = 3_000; seed < 3_000 + SEEDS; seed++) {
            var world = new RandomWorld(seed);
            var interest = new Interest(Apps.standard(SELF), SELF);
            var known = Topology.EMPTY;
            var whole = Topology.EMPTY;
            var northbound = Topology.EMPTY;
            var compiler = compiler();
            for (int step = 0; step < STEPS; step++) {
                var delta = world.change();
                whole = whole.apply(delta);
                // What is seen on the chassis itself never comes from the server.
                boolean isSeen = SEEN.contains(delta.id().type());
                northbound = isSeen ? northbound : northbound.apply(delta);
                var heard = isSeen ? List.of(delta) : interest.update(northbound, List.of(delta));
                known = known.apply(heard);
                compiler.update(heard);
                if (step % 20 == seed % 20 || step == STEPS - 1) {
                    assertThat(northbound(known))
                            .as("incremental filter, seed %d step %d", seed, step)
                            .isEqualTo(Interest.filter(Apps.standard(SELF), SELF, northbound));
                    assertSame(compiler, fromScratch(whole), "seed %d step %d".formatted(seed, step));
                }
            }
        }
    }

    private static Topology northbound(Topology topology) {
        return Topology.of(
                topology.all().filter(e -> !SEEN.contains(e.getClass())).toList());
    }

    private static void assertSame(Compiler actual, Compiler expected, String when) {
        Bundle difference = expected.flows().since(actual.flows());
        assertThat(difference.mods()).as(when).isEmpty();
        assertThat(Apps.queues(actual.topology())).as(when).isEqualTo(Apps.queues(expected.topology()));
    }
}
