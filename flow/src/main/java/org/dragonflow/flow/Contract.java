package org.dragonflow.flow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A table's contract, made quick to check: which bits of each header its flows may match, and which fields they may set. */
final class Contract {
    private final Table table;
    private final Bits[] matched = new Bits[Header.values().length];
    private final Set<Field> set;

    Contract(Table table) {
        this.table = table;
        this.set = new HashSet<>(table.sets());
        Arrays.fill(matched, Bits.ZERO);
        table.matches().forEach(this::allow);
    }

    private void allow(Field field) {
        if (field.header().isWideRegister()) {
            for (int i = 0; i < 4; i++) {
                allow(field.header().quarter(i), quarter(field, i));
            }
        } else {
            allow(field.header(), field.mask());
        }
    }

    private void allow(Header header, Bits bits) {
        matched[header.ordinal()] = matched[header.ordinal()].or(bits);
    }

    /** The bits that a field of a wide register takes of one of its quarters. */
    static Bits quarter(Field wide, int number) {
        return wide.mask().shiftRight(96 - 32 * number).and(Bits.ones(32));
    }

    boolean maySet(Field field) {
        return set.contains(field);
    }

    boolean mayMatch(Match match) {
        for (int i = 0; i < match.size(); i++) {
            if (!match.isWithin(i, matched[match.header(i).ordinal()])) {
                return false;
            }
        }
        return true;
    }

    /** What the flow matches that this table's flows may not. */
    List<String> strangersIn(Match match) {
        var found = new ArrayList<String>();
        for (int i = 0; i < match.size(); i++) {
            if (!match.isWithin(i, matched[match.header(i).ordinal()])) {
                found.add("%s may not match %s".formatted(table, match.header(i)));
            }
        }
        return found;
    }
}
