package org.dragonflow.agent;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is wrong now: said once when it comes up, once when it is put differently, and once when it has gone. */
final class Complaints {
    private static final Logger LOG = LoggerFactory.getLogger(Complaints.class);

    private final Map<String, Map<String, String>> byTopic = new TreeMap<>();

    /** The complaint of this topic about this culprit. */
    record Complaint(String topic, String culprit, String text) {
        @Override
        public String toString() {
            return "%s: %s".formatted(topic, text);
        }
    }

    /** These are all complaints of the topic: a text for each culprit. */
    void are(String topic, Map<String, String> present) {
        var known = byTopic.computeIfAbsent(topic, _ -> new HashMap<>());
        present.forEach((culprit, text) -> {
            if (!text.equals(known.put(culprit, text))) {
                LOG.warn("{}: {}", topic, text);
            }
        });
        known.entrySet().removeIf(entry -> {
            boolean isGone = !present.containsKey(entry.getKey());
            if (isGone) {
                LOG.info("{}: no longer: {}", topic, entry.getValue());
            }
            return isGone;
        });
    }

    /** There is this one complaint of the topic. */
    void is(String topic, String text) {
        are(topic, Map.of("", text));
    }

    /** There is none of the topic. */
    void none(String topic) {
        if (byTopic.containsKey(topic)) {
            are(topic, Map.of());
        }
    }

    List<Complaint> all() {
        return byTopic.entrySet().stream()
                .flatMap(topic -> topic.getValue().entrySet().stream()
                        .map(entry -> new Complaint(topic.getKey(), entry.getKey(), entry.getValue())))
                .sorted(Comparator.comparing(Complaint::topic).thenComparing(Complaint::culprit))
                .toList();
    }
}
