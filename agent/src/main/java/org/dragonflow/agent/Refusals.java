package org.dragonflow.agent;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.dragonflow.compile.Maker;
import org.dragonflow.flow.Bundle;
import org.dragonflow.flow.Entry;
import org.dragonflow.flow.FlowTable;
import org.dragonflow.flow.Switch;
import org.dragonflow.model.Id;

/** What the switch would not take: left out, so that the rest gets in, until its makers change or it is tried again. */
final class Refusals {
    private final Map<Entry.Key, Refusal> refused = new LinkedHashMap<>();

    /** One change that the switch would not make, and who wanted it. */
    record Refusal(Bundle.Mod mod, List<Maker> makers, String reason) {
        String text() {
            var who = makers.isEmpty()
                    ? "nobody's"
                    : makers.stream().map(Maker::toString).sorted().limit(3).collect(Collectors.joining(" and "));
            return "the switch refuses an entry of %s with %s: %s".formatted(who, reason, mod);
        }
    }

    /** Remembers; false if nothing new was learnt, so that trying once more would be of no use. */
    boolean add(Switch.Refused refusal, Program program) {
        var key = key(refusal.culprit());
        var news = new Refusal(refusal.culprit(), program.makersOf(key), refusal.reason());
        var before = refused.put(key, news);
        return before == null || !before.mod().equals(news.mod());
    }

    private static Entry.Key key(Bundle.Mod mod) {
        return switch (mod) {
            case Bundle.Put(var entry) -> entry.key();
            case Bundle.Delete(var key) -> key;
        };
    }

    /** Forgets what a bundle is about to change, since it is to be tried anew. */
    void reconsider(Bundle bundle) {
        if (!refused.isEmpty()) {
            bundle.mods().forEach(mod -> refused.remove(key(mod)));
        }
    }

    void reconsiderAll() {
        refused.clear();
    }

    /** The change without what was refused. An entry whose present form was refused does not stay in an older form. */
    Bundle since(FlowTable desired, FlowTable installed) {
        var wanted = desired;
        if (!refused.isEmpty()) {
            wanted = FlowTable.of(desired.entries().stream()
                    .filter(entry -> !isRefused(new Bundle.Put(entry), entry.key()))
                    .toList());
        }
        var bundle = wanted.since(installed);
        return refused.isEmpty()
                ? bundle
                : new Bundle(bundle.mods().stream()
                        .filter(mod -> !isRefused(mod, key(mod)))
                        .toList());
    }

    private boolean isRefused(Bundle.Mod mod, Entry.Key key) {
        var refusal = refused.get(key);
        return refusal != null && refusal.mod().equals(mod);
    }

    boolean isEmpty() {
        return refused.isEmpty();
    }

    int size() {
        return refused.size();
    }

    /** The entities that lack an entry. */
    Set<Id<?>> subjects() {
        return refused.values().stream()
                .flatMap(refusal -> refusal.makers().stream())
                .<Id<?>>map(Maker::subject)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** A text for each entry. */
    Map<String, String> texts() {
        var texts = new HashMap<String, String>();
        refused.forEach((key, refusal) -> texts.put(key.toString(), refusal.text()));
        return texts;
    }
}
