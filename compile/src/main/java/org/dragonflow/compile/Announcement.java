package org.dragonflow.compile;

import java.util.List;
import org.dragonflow.packet.Ethernet;

/**
 * What one listener is told unasked, again and again.
 *
 * @param listener who it is, for as long as it is the same host on the same network
 * @param packets as they are sent; none, if there is nothing to tell
 */
public record Announcement(String listener, List<Ethernet> packets, Exit exit) {
    public Announcement {
        packets = List.copyOf(packets);
    }

    /** For the host on a port of this switch. */
    public Announcement(String listener, List<Ethernet> packets, long ofport) {
        this(listener, packets, Exit.port(ofport));
    }
}
