package org.dragonflow.compile;

import java.util.List;
import org.dragonflow.packet.Ethernet;

/**
 * What the host on one port of this switch is told unasked, again and again.
 *
 * @param listener who it is, for as long as it is the same host on the same network
 * @param packets as they are sent; none, if there is nothing to tell
 */
public record Announcement(String listener, List<Ethernet> packets, long ofport) {
    public Announcement {
        packets = List.copyOf(packets);
    }
}
