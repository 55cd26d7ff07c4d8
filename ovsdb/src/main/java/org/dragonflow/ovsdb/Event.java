package org.dragonflow.ovsdb;

import java.util.List;

/** What a {@link Replica} tells its consumer, in order. Whoever applies {@link #changes()} of each has the contents. */
public sealed interface Event {

    /**
     * The replica is connected and, with these changes, equals the database. The first time they are the whole contents,
     * later what changed while there was no connection.
     */
    record Connected(List<Change> changes) implements Event {
        public Connected {
            changes = List.copyOf(changes);
        }
    }

    /** The rows of one transaction, or of several that the server folded. */
    record Changed(List<Change> changes) implements Event {
        public Changed {
            changes = List.copyOf(changes);
        }
    }

    /** There is no connection; told once per outage. The rows known so far remain. */
    record Disconnected(Fault fault) implements Event {
        @Override
        public List<Change> changes() {
            return List.of();
        }
    }

    List<Change> changes();
}
