package org.dragonflow.trace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.Header;
import org.dragonflow.flow.Match;

/**
 * The flows of one table, found by a hash lookup for each distinct mask (tuple space search), with conjunctive matches as in
 * {@code classifier_lookup} of OVS' lib/classifier.c.
 */
final class Classifier {
    private final List<Tuples> tuples;

    Classifier(List<Flow> flows) {
        var byMask = new LinkedHashMap<List<Object>, Tuples>();
        for (var flow : flows) {
            byMask.computeIfAbsent(mask(flow.match()), _ -> new Tuples(flow.match()))
                    .add(flow);
        }
        byMask.values().forEach(Tuples::sort);
        tuples = byMask.values().stream()
                .sorted(Comparator.comparingInt(Tuples::highest).reversed())
                .toList();
    }

    private static List<Object> mask(Match match) {
        var mask = new ArrayList<Object>();
        match.tests().forEach(test -> mask.addAll(List.of(test.header(), test.mask())));
        return mask;
    }

    Optional<Flow> lookup(Headers headers) {
        return lookup(headers, true);
    }

    private Optional<Flow> lookup(Headers headers, boolean withConjunctions) {
        Optional<Flow> hard = Optional.empty();
        int priority = -1;
        var soft = new ArrayList<Soft>();
        for (var tuple : tuples) {
            if (tuple.highest() <= priority) {
                break;
            }
            var found = tuple.find(headers);
            if (found.isEmpty() || found.getFirst().priority() <= priority) {
                continue;
            }
            if (!isSoft(found.getFirst())) {
                hard = Optional.of(found.getFirst());
                priority = found.getFirst().priority();
            } else if (withConjunctions) {
                soft.add(new Soft(found, 0));
            }
        }
        return soft.isEmpty() ? hard : withSoft(headers, hard, soft);
    }

    static boolean isSoft(Flow flow) {
        return flow.actions().stream().anyMatch(Action.Conjunction.class::isInstance);
    }

    /** A flow that meets dimensions of conjunctions: one of those of the same match, highest priority first. */
    private record Soft(List<Flow> sameMatch, int index) {
        Flow flow() {
            return sameMatch.get(index);
        }

        int priority() {
            return flow().priority();
        }

        Optional<Soft> next() {
            return index + 1 < sameMatch.size() ? Optional.of(new Soft(sameMatch, index + 1)) : Optional.empty();
        }
    }

    // From the highest priority down: either a conjunction is met, or what the soft flows hid comes into view.
    private Optional<Flow> withSoft(Headers headers, Optional<Flow> certain, List<Soft> candidates) {
        var hard = certain;
        var soft = candidates;
        while (true) {
            int floor = hard.map(Flow::priority).orElse(-1);
            soft = soft.stream().filter(s -> s.priority() > floor).toList();
            if (soft.isEmpty()) {
                return hard;
            }
            int top = soft.stream().mapToInt(Soft::priority).max().orElseThrow();
            var atTop = soft.stream().filter(s -> s.priority() == top).toList();
            var met = conjunctive(headers, atTop);
            if (met.isPresent()) {
                return met;
            }
            var rest = new ArrayList<>(
                    soft.stream().filter(s -> s.priority() < top).toList());
            for (var hidden : atTop) {
                var next = hidden.next();
                if (next.isPresent() && isSoft(next.get().flow())) {
                    rest.add(next.get());
                } else if (next.isPresent()
                        && next.get().priority() > hard.map(Flow::priority).orElse(-1)) {
                    hard = Optional.of(next.get().flow());
                }
            }
            soft = rest;
        }
    }

    private Optional<Flow> conjunctive(Headers headers, List<Soft> soft) {
        var missing = new HashMap<Long, Long>();
        for (var candidate : soft) {
            for (var action : candidate.flow().actions()) {
                if (action instanceof Action.Conjunction(long id, int clause, int of)) {
                    long left = missing.getOrDefault(id, of >= 64 ? -1L : (1L << of) - 1) & ~(1L << clause);
                    missing.put(id, left);
                    if (left == 0) {
                        var met = lookup(headers.with(Header.CONJ_ID, id), false);
                        if (met.isPresent()) {
                            return met;
                        }
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** The flows whose matches have the same mask. */
    private static final class Tuples {
        private final Header[] headers;
        private final long[] masks;
        private final Map<Key, List<Flow>> flows = new HashMap<>();
        private int highest;

        Tuples(Match match) {
            var tests = match.tests();
            headers = tests.stream().map(Match.Test::header).toArray(Header[]::new);
            masks = new long[2 * headers.length];
            for (int i = 0; i < headers.length; i++) {
                masks[2 * i] = tests.get(i).mask().high();
                masks[2 * i + 1] = tests.get(i).mask().low();
            }
        }

        void add(Flow flow) {
            var tests = flow.match().tests();
            var values = new long[masks.length];
            for (int i = 0; i < headers.length; i++) {
                values[2 * i] = tests.get(i).value().high();
                values[2 * i + 1] = tests.get(i).value().low();
            }
            flows.computeIfAbsent(new Key(values), _ -> new ArrayList<>(1)).add(flow);
            highest = Math.max(highest, flow.priority());
        }

        void sort() {
            flows.values()
                    .forEach(same ->
                            same.sort(Comparator.comparingInt(Flow::priority).reversed()));
        }

        int highest() {
            return highest;
        }

        List<Flow> find(Headers packet) {
            var values = new long[masks.length];
            for (int i = 0; i < headers.length; i++) {
                values[2 * i] = packet.high(headers[i]) & masks[2 * i];
                values[2 * i + 1] = packet.number(headers[i]) & masks[2 * i + 1];
            }
            return flows.getOrDefault(new Key(values), List.of());
        }
    }

    private static final class Key {
        private final long[] values;
        private final int hash;

        Key(long[] values) {
            this.values = values;
            this.hash = Arrays.hashCode(values) * 0x9e37_79b9;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && Arrays.equals(values, key.values);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }
}
