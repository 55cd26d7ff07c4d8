package org.dragonflow.it.bench;

/** Something that the bench measures. */
interface Measurement {
    /** The name of its subcommand. */
    String name();

    /** Measures, adds the figures to the report, and leaves nothing behind. */
    void run(Report report, Pace pace) throws Exception;

    /** How much time there is. */
    enum Pace {
        FULL,
        QUICK;

        int pick(int full, int quick) {
            return this == FULL ? full : quick;
        }
    }
}
