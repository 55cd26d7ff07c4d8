package org.dragonflow.compile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CompactTest {
    /** A key whose hash is one of few, so that ways cross. */
    private record Key(int number) {
        @Override
        public int hashCode() {
            return number % 5;
        }
    }

    private record Element(Key key, int value) {}

    @Test
    void itHoldsWhatAMapHolds() {
        for (int seed = 0; seed < 200; seed++) {
            var random = new Random(seed);
            var compact = new Compact<Key, Element>(Element::key);
            var map = new HashMap<Key, Element>();
            for (int step = 0; step < 300; step++) {
                var key = new Key(random.nextInt(60));
                // First it grows, then it shrinks.
                if (random.nextInt(300) > step) {
                    compact.put(new Element(key, step));
                    map.put(key, new Element(key, step));
                } else {
                    assertThat(compact.remove(key)).isEqualTo(map.remove(key) != null);
                }
                assertThat(compact.elements()).as("seed %d step %d", seed, step).hasSize(map.size());
            }
            assertThat(compact.elements()).containsExactlyInAnyOrderElementsOf(map.values());
            for (int number = 0; number < 60; number++) {
                assertThat(compact.find(new Key(number))).isEqualTo(map.get(new Key(number)));
            }
        }
    }
}
