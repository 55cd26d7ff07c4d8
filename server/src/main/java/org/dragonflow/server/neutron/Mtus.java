package org.dragonflow.server.neutron;

import java.util.List;
import org.dragonflow.model.Segment;

/**
 * The largest IP packets that what carries networks takes whole.
 *
 * @param physical what the wires take, those between chassis as those of physical networks
 * @param underlay the version of IP by which chassis send each other tunnelled packets
 */
public record Mtus(int physical, int underlay) {
    /** UDP, Geneve with the option that carries the ports, and the Ethernet header of the packet within. */
    private static final int WRAPPING = 8 + 8 + 12 + 14;

    private int most(boolean isOverlay) {
        int outer = underlay == 6 ? 40 : 20;
        return isOverlay ? physical - outer - WRAPPING : physical;
    }

    /** What crosses a new network of such segments. */
    int ofChosen(List<Carriers.Chosen> segments) {
        return segments.stream()
                .mapToInt(segment -> most(segment.isOverlay()))
                .min()
                .orElse(physical);
    }

    /** What crosses a network of these segments. */
    int of(List<Segment> segments) {
        return segments.stream()
                .mapToInt(segment -> most(segment.isOverlay()))
                .min()
                .orElse(physical);
    }
}
