package org.dragonflow.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.dragonflow.address.Ipv4;
import org.junit.jupiter.api.Test;

class TopologyTest {
    private static final Id<Chassis> HV1 = Id.of(Chassis.class, "hv1");

    record Host(
            Id<Host> id,
            Optional<Id<Chassis>> chassis,
            List<Card> cards,
            @Indexed String colour) implements Entity {}

    record Card(Ipv4 address, Id<Network> networkId) {}

    private static Host host(String id, String colour, String... networks) {
        var cards = new ArrayList<Card>();
        for (var network : networks) {
            cards.add(new Card(new Ipv4(1), Id.of(Network.class, network)));
        }
        return new Host(Id.of(Host.class, id), Optional.of(HV1), cards, colour);
    }

    private static final List<String> COLOURS = List.of("red", "blue");

    @Test
    void allAtOnceIsTheSameAsOneByOneAlsoWhereHashesCollide() {
        var random = new Random(7);
        for (int size : List.of(0, 1, 2, 33, 300)) {
            var hosts = new ArrayList<Host>();
            for (int i = 0; i < size; i++) {
                // "Aa" and "BB" have one hash, and so has every word of them of one length.
                var name = Integer.toBinaryString(i).replace("0", "Aa").replace("1", "BB");
                hosts.add(host(name, COLOURS.get(random.nextInt(2)), "n" + i % 5));
            }
            var oneByOne = Topology.EMPTY;
            for (var host : hosts) {
                oneByOne = oneByOne.put(host);
            }
            var atOnce = Topology.of(hosts);
            assertThat(atOnce).isEqualTo(oneByOne);
            assertThat(atOnce.size()).isEqualTo(size);
            for (var query : List.of(
                    Query.all(Host.class),
                    Query.by(Host.class, "colour", "red"),
                    Query.by(Host.class, "cards.network_id", Id.of(Network.class, "n3")))) {
                assertThat(atOnce.find(query))
                        .containsExactlyInAnyOrderElementsOf(
                                oneByOne.find(query).toList());
            }
            for (var host : hosts) {
                assertThat(atOnce.get(host.id())).contains(host);
                atOnce = atOnce.remove(host.id());
            }
            assertThat(atOnce).isEqualTo(Topology.EMPTY);
        }
    }

    @Test
    void anEntityIsFoundByEveryReferenceAlsoInsideLists() {
        var topology = Topology.of(host("a", "red", "n1", "n2", "n1"), host("b", "red", "n2"));
        assertThat(topology.find(Query.by(Host.class, "cards.network_id", Id.of(Network.class, "n1"))))
                .extracting(h -> h.id().value())
                .containsExactly("a");
        assertThat(topology.find(Query.by(Host.class, "cards.network_id", Id.of(Network.class, "n2"))))
                .hasSize(2);
        assertThat(topology.find(Query.by(Host.class, "chassis", HV1))).hasSize(2);
        assertThat(topology.find(Query.by(Host.class, "colour", "red"))).hasSize(2);
        assertThat(topology.find(Query.by(Host.class, "colour", "blue"))).isEmpty();
    }

    @Test
    void aQuestionWithoutAnIndexIsRefused() {
        assertThatThrownBy(() -> Query.by(Host.class, "weight", 3))
                .hasMessageContaining("weight")
                .hasMessageContaining("colour");
    }

    @Test
    void equalContentsAreEqualWhateverTheWayThere() {
        for (long seed = 0; seed < 50; seed++) {
            var random = new Random(seed);
            var topology = Topology.EMPTY;
            Map<String, Host> expected = new HashMap<>();
            for (int step = 0; step < 300; step++) {
                var id = "h" + random.nextInt(40);
                if (random.nextInt(3) == 0) {
                    expected.remove(id);
                    topology = topology.remove(Id.of(Host.class, id));
                } else {
                    var host = host(id, random.nextBoolean() ? "red" : "blue", "n" + random.nextInt(4));
                    expected.put(id, host);
                    topology = topology.put(host);
                }
            }
            assertThat(topology).isEqualTo(Topology.of(expected.values()));
            assertThat(topology.size()).isEqualTo(expected.size());
            assertThat(topology.find(Query.by(Host.class, "colour", "red")))
                    .containsExactlyInAnyOrderElementsOf(expected.values().stream()
                            .filter(h -> h.colour().equals("red"))
                            .toList());
        }
    }

    @Test
    void whatChangedSinceAnotherTopologyLeadsFromItToThisOne() {
        var before = Topology.of(host("a", "red", "n1"), host("b", "red", "n2"), host("c", "red"));
        var after = Topology.of(host("a", "red", "n1"), host("b", "blue", "n2"), host("d", "red"));
        var deltas = after.since(before).toList();
        assertThat(deltas).hasSize(3);
        assertThat(before.apply(deltas)).isEqualTo(after);
    }

    @Test
    void aChangeTouchesTheQuestionsThatItsEntityAnsweredBeforeOrAnswersNow() {
        var delta = Delta.replace(host("a", "red", "n1"), host("a", "blue", "n2"));
        assertThat(delta.touched())
                .contains(
                        Query.by(Host.class, "colour", "red"),
                        Query.by(Host.class, "colour", "blue"),
                        Query.by(Host.class, "cards.network_id", Id.of(Network.class, "n1")),
                        Query.by(Host.class, "cards.network_id", Id.of(Network.class, "n2")),
                        Query.all(Host.class));
    }

    /** Keys whose hashes collide: two of a kind, and many. */
    private record Colliding(int number) {
        @Override
        public int hashCode() {
            return number % 3;
        }
    }

    @Test
    void keysOfEqualHashAreKeptApart() {
        for (long seed = 0; seed < 50; seed++) {
            var random = new Random(seed);
            PersistentMap<Colliding, Integer> map = PersistentMap.empty();
            var expected = new HashMap<Colliding, Integer>();
            for (int step = 0; step < 200; step++) {
                var key = new Colliding(random.nextInt(12));
                if (random.nextBoolean()) {
                    map = map.put(key, step);
                    expected.put(key, step);
                } else {
                    map = map.remove(key);
                    expected.remove(key);
                }
                assertThat(map.size()).isEqualTo(expected.size());
                for (int i = 0; i < 12; i++) {
                    assertThat(map.find(new Colliding(i))).isEqualTo(expected.get(new Colliding(i)));
                }
            }
        }
    }
}
