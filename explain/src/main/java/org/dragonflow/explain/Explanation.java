package org.dragonflow.explain;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What became of a packet, and why.
 *
 * @param summary the answer in a sentence
 * @param packet what was sent
 * @param hops every switch that the packet was in, in order; what a controller sends in answer is a hop too
 * @param notes what a reader should know beside it
 */
public record Explanation(Verdict verdict, String summary, String packet, List<Hop> hops, List<String> notes) {
    public Explanation {
        hops = List.copyOf(hops);
        notes = List.copyOf(notes);
    }

    /** How it ended. */
    public enum Verdict {
        /** Some port got it. */
        DELIVERED,
        /** The sender got an answer from the network itself: a router, ARP, DHCP. */
        ANSWERED,
        /** Nobody got it. */
        DROPPED,
        /** The sender's host does not send it, for lack of an address or a route, or has no place to send it from. */
        UNSENT;

        /** Whether it came to where it should. */
        public boolean isArrival() {
            return this == DELIVERED || this == ANSWERED;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One pass through one switch.
     *
     * @param entry how the packet came there
     * @param ends where it, and each copy of it, ended
     */
    public record Hop(String chassis, String entry, List<Stage> stages, List<End> ends) {
        public Hop {
            stages = List.copyOf(stages);
            ends = List.copyOf(ends);
        }
    }

    /**
     * One table that the packet was looked up in.
     *
     * @param number of the table in the switch
     * @param depth how deep the lookup is nested in others
     * @param flow that was done; empty if none matched, or if its contents are none of the reader's business
     * @param makers whose flow it is
     * @param changes of headers and registers; empty if they are none of the reader's business
     * @param why in words
     */
    public record Stage(
            int number,
            String table,
            int depth,
            Optional<FlowText> flow,
            List<Reason> makers,
            List<String> changes,
            String why) {
        public Stage {
            makers = List.copyOf(makers);
            changes = List.copyOf(changes);
        }
    }

    /** A flow as an operator knows it. */
    public record FlowText(int priority, String match, List<String> actions, long cookie) {
        public FlowText {
            actions = List.copyOf(actions);
        }
    }

    /**
     * Why a flow is there: which rule of which app made it, for what.
     *
     * @param type of the entity
     * @param id of the entity; empty if it is none of the reader's business
     * @param entity by name
     */
    public record Reason(String app, String rule, String type, Optional<String> id, String entity) {}

    /** Where the packet, or a copy of it, ended. */
    public record End(Kind kind, String text) {}

    /** The kinds of ends. */
    public enum Kind {
        DELIVERED,
        TUNNELLED,
        PUNTED,
        DROPPED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
