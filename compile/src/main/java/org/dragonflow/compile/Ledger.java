package org.dragonflow.compile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Bundle;
import org.dragonflow.flow.Entry;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.FlowTable;
import org.jspecify.annotations.Nullable;

/**
 * Who makes which entries, and what the switch therefore holds.
 *
 * <p>A key has one maker. In a merging table several may contribute to one key, and their actions are joined as a set. If a second maker
 * turns up elsewhere, the first by order is kept and the other is reported, so that the outcome does not depend on who came first.
 */
final class Ledger {
    private final Compact<Entry.Key, Slot> slots = new Compact<>(Slot::key);
    private final List<Slot> touched = new ArrayList<>();
    private final Map<Entry.Key, Problem> conflicts = new HashMap<>();

    /** A key, who claims it, and the entry that came of it when last settled. */
    private static final class Slot {
        private @Nullable Claims claims;
        // What was settled, once anything was; until then, what was claimed first.
        private Entry entry;
        private boolean isSettled;
        private boolean isTouched;

        Slot(Entry claimed) {
            this.entry = claimed;
        }

        Entry.Key key() {
            return entry.key();
        }
    }

    /** Takes out what the unit made. */
    void withdraw(Unit unit) {
        for (var entry : unit.entries()) {
            var slot = slots.find(entry.key());
            if (slot != null && slot.claims != null) {
                slot.claims = slot.claims.without(unit);
                touch(slot);
            }
        }
    }

    /** Puts in what the unit makes now. */
    void enter(Unit unit) {
        for (var entry : unit.entries()) {
            var slot = slots.find(entry.key());
            if (slot == null) {
                slot = new Slot(entry);
                slots.put(slot);
            }
            slot.claims = slot.claims == null ? new Claims.One(unit, entry) : slot.claims.with(unit, entry);
            touch(slot);
        }
    }

    private void touch(Slot slot) {
        if (!slot.isTouched) {
            slot.isTouched = true;
            touched.add(slot);
        }
    }

    /** Who claims a key. Nearly every key has one maker, who is kept bare. */
    private sealed interface Claims {
        NavigableMap<Unit, Entry> all();

        @Nullable
        Claims without(Unit unit);

        default Claims with(Unit unit, Entry entry) {
            var more = new TreeMap<>(all());
            more.merge(unit, entry, Ledger::joined);
            return more.size() == 1 ? new One(unit, more.firstEntry().getValue()) : new Several(more);
        }

        record One(Unit unit, Entry entry) implements Claims {
            @Override
            public NavigableMap<Unit, Entry> all() {
                return new TreeMap<>(Map.of(unit, entry));
            }

            @Override
            public @Nullable Claims without(Unit other) {
                return unit.equals(other) ? null : this;
            }
        }

        record Several(NavigableMap<Unit, Entry> all) implements Claims {
            @Override
            public Claims with(Unit unit, Entry entry) {
                all.merge(unit, entry, Ledger::joined);
                return this;
            }

            @Override
            public Claims without(Unit unit) {
                all.remove(unit);
                return all.size() > 1
                        ? this
                        : new One(all.firstKey(), all.firstEntry().getValue());
            }
        }
    }

    private static Entry joined(Entry a, Entry b) {
        return a instanceof Flow one && b instanceof Flow other
                ? join(List.of(one, other)).signed(one.cookie())
                : a;
    }

    /** The change since the last time, now that all units have had their say. */
    Bundle settle() {
        var mods = new ArrayList<Bundle.Mod>(touched.size());
        for (var slot : touched) {
            slot.isTouched = false;
            var settled = decide(slot);
            if (settled == null) {
                slots.remove(slot.key());
                if (slot.isSettled) {
                    mods.add(new Bundle.Delete(slot.key()));
                }
            } else {
                if (!slot.isSettled || !settled.equals(slot.entry)) {
                    mods.add(new Bundle.Put(settled));
                }
                slot.entry = settled;
                slot.isSettled = true;
            }
        }
        touched.clear();
        return new Bundle(mods);
    }

    private @Nullable Entry decide(Slot slot) {
        conflicts.remove(slot.key());
        return switch (slot.claims) {
            case null -> null;
            case Claims.One(var _, var entry) -> entry;
            case Claims.Several(var all) -> decide(slot.key(), all);
        };
    }

    private Entry decide(Entry.Key key, NavigableMap<Unit, Entry> claims) {
        var first = claims.firstKey();
        if (key instanceof Flow.Key flow && flow.table().merging()) {
            var work = first.work();
            return join(claims.values()).signed(Cookie.shared(work.app(), work.name()));
        }
        conflicts.put(key, claims.lastKey().problem("%s is made by %s already".formatted(key, first.maker())));
        return claims.firstEntry().getValue();
    }

    private static Flow join(Collection<? extends Entry> parts) {
        var actions = new LinkedHashSet<Action>();
        Flow any = null;
        for (var part : parts) {
            if (part instanceof Flow flow) {
                actions.addAll(flow.actions());
                any = flow;
            }
        }
        if (any == null) {
            throw new IllegalStateException("nothing to join");
        }
        var sorted = actions.size() > 1
                ? actions.stream()
                        .sorted(Comparator.comparing(Action::toString))
                        .toList()
                : List.copyOf(actions);
        return Flow.in(any.table(), any.priority(), any.match(), sorted);
    }

    FlowTable flows() {
        return FlowTable.of(slots.stream().map(slot -> slot.entry).toList());
    }

    List<Maker> makersOf(Entry.Key key) {
        var slot = slots.find(key);
        return slot == null || slot.claims == null
                ? List.of()
                : slot.claims.all().keySet().stream().map(Unit::maker).toList();
    }

    Stream<Problem> conflicts() {
        return conflicts.values().stream();
    }
}
