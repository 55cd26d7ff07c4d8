package org.dragonflow.feed;

import java.time.Duration;
import java.util.List;
import org.dragonflow.model.Entity;

/** What the server says on a stream. */
sealed interface Message {
    int VERSION = 2;

    /** The longest line that a peer has to read, in bytes. An entity has at most a MiB in the store. */
    int MAX_LINE = 4 << 20;

    /**
     * Comes first.
     *
     * @param session names this stream in what the chassis sends back
     * @param heartbeat the server says something at least this often, and wants to hear of the chassis as often
     */
    record Hello(int version, String session, String line, Duration heartbeat) implements Message {}

    record Snapshot(long revision, List<Entity> entities) implements Message {}

    /**
     * Also the heartbeat, then with nothing in it.
     *
     * @param after the revision that the server said before; what comes in between does not concern the chassis
     */
    record Changes(long after, long revision, List<Change> changes) implements Message {}

    /** Comes last, where the server can still say so. */
    record Bye(Reason reason, String detail) implements Message {}
}
