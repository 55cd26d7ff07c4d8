package org.dragonflow.flow;

import java.util.List;

/** An all-or-nothing change of a switch: at most one change a key. */
public record Bundle(List<Mod> mods) {
    public static final Bundle EMPTY = new Bundle(List.of());

    public Bundle {
        mods = List.copyOf(mods);
    }

    /** A change of one entry. */
    public sealed interface Mod permits Put, Delete {}

    /** Adds the entry, or replaces the one of the same key. */
    public record Put(Entry entry) implements Mod {}

    /** Removes the entry of this key, if there is one. */
    public record Delete(Entry.Key key) implements Mod {}

    public boolean isEmpty() {
        return mods.isEmpty();
    }
}
