package org.dragonflow.agent;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.dragonflow.feed.FeedEvent;
import org.dragonflow.flow.SwitchEvent;

/** What the loop is told; whoever tells it does nothing else. */
sealed interface Input {
    record FromDatabase(org.dragonflow.ovsdb.Event event) implements Input {}

    record FromSwitch(SwitchEvent event) implements Input {}

    record FromNorthbound(FeedEvent event) implements Input {}

    /** What came of seeing to the bridge and what is ours on it: what is not as it should be, in words. */
    record BridgeSeenTo(List<String> faults) implements Input {}

    /** A question of an operator; the answer is JSON. */
    record Question(StatusQuery query, CompletableFuture<String> answer) implements Input {}

    /**
     * What the loop has to deal with in one turn.
     *
     * @param punts packets that wait for an answer
     * @param puntsDropped how many more there were than could wait, since the last batch
     */
    record Batch(List<Input> inputs, List<SwitchEvent.PacketIn> punts, long puntsDropped) {
        static final Batch NOTHING = new Batch(List.of(), List.of(), 0);

        public Batch {
            inputs = List.copyOf(inputs);
            punts = List.copyOf(punts);
        }

        static Batch of(Input... inputs) {
            return new Batch(List.of(inputs), List.of(), 0);
        }
    }
}
