package org.dragonflow.compile;

import org.dragonflow.model.Id;

/**
 * The signature of an entry: whose it is, and which rule made it for which entity.
 *
 * <pre>
 *   63       48 47       32 31                 0
 *  +-----------+-----------+-------------------+
 *  | OWNER     | app, rule | entity            |
 *  +-----------+-----------+-------------------+
 * </pre>
 *
 * <p>The lower two parts are hashes of names, so a cookie depends on what the flow is for and on nothing else; the compiler knows the names
 * behind it ({@link Compiler#makersOf}). The entity part of an entry that several entities made is 0. Flows whose upper 16 bits are not
 * {@link #OWNER} belong to somebody else, and are never touched.
 */
public final class Cookie {
    /** The upper 16 bits of every cookie of ours. */
    public static final int OWNER = 0xd7a6;

    /** The bits that tell whose an entry is. */
    public static final long OWNER_MASK = 0xffff_0000_0000_0000L;

    private Cookie() {}

    static long of(String app, String rule, Id<?> subject) {
        return shared(app, rule) | spread(subject.hashCode()) & 0xffff_ffffL;
    }

    static long shared(String app, String rule) {
        int maker = spread(31 * app.hashCode() + rule.hashCode()) >>> 16;
        return (long) OWNER << 48 | (long) maker << 32;
    }

    // Names differ in few characters; let each reach all bits.
    private static int spread(int hash) {
        int h = hash * 0x9e37_79b9;
        return h ^ h >>> 16;
    }
}
