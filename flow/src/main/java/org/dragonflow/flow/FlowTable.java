package org.dragonflow.flow;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** All that a switch should hold, or holds: a set of entries with distinct keys. Equal contents are equal. */
public final class FlowTable {
    public static final FlowTable EMPTY = new FlowTable(Map.of());

    private final Map<Entry.Key, Entry> entries;

    private FlowTable(Map<Entry.Key, Entry> entries) {
        this.entries = entries;
    }

    /** Takes the entries as they are; two of one key are an error of the caller. */
    public static FlowTable of(Collection<? extends Entry> entries) {
        var map = HashMap.<Entry.Key, Entry>newHashMap(entries.size());
        for (var entry : entries) {
            if (map.put(entry.key(), entry) != null) {
                throw new IllegalArgumentException("two entries have the key " + entry.key());
            }
        }
        return new FlowTable(Collections.unmodifiableMap(map));
    }

    public Collection<Entry> entries() {
        return entries.values();
    }

    public Stream<Flow> flows() {
        return entries.values().stream().filter(Flow.class::isInstance).map(Flow.class::cast);
    }

    public Optional<Entry> get(Entry.Key key) {
        return Optional.ofNullable(entries.get(key));
    }

    public int size() {
        return entries.size();
    }

    /** The smallest change that turns {@code installed} into this. */
    public Bundle since(FlowTable installed) {
        var mods = new ArrayList<Bundle.Mod>();
        for (var key : installed.entries.keySet()) {
            if (!entries.containsKey(key)) {
                mods.add(new Bundle.Delete(key));
            }
        }
        for (var entry : entries.values()) {
            if (!entry.equals(installed.entries.get(entry.key()))) {
                mods.add(new Bundle.Put(entry));
            }
        }
        return new Bundle(mods);
    }

    /** What a switch holds after it has taken the bundle. */
    public FlowTable apply(Bundle bundle) {
        var next = new HashMap<>(entries);
        for (var mod : bundle.mods()) {
            switch (mod) {
                case Bundle.Put(var entry) -> next.put(entry.key(), entry);
                case Bundle.Delete(var key) -> next.remove(key);
            }
        }
        return new FlowTable(Collections.unmodifiableMap(next));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FlowTable table && entries.equals(table.entries);
    }

    @Override
    public int hashCode() {
        return entries.hashCode();
    }

    @Override
    public String toString() {
        return List.copyOf(entries.values()).toString();
    }
}
