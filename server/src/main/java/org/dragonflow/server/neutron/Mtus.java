package org.dragonflow.server.neutron;

import java.util.List;
import java.util.stream.Stream;
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

    /** The tag that a packet may have where its network lets those of senders pass; the wires between chassis may take no more than this. */
    private static final int TAG = 4;

    private int most(boolean isOverlay) {
        int outer = underlay == 6 ? 40 : 20;
        return isOverlay ? physical - outer - WRAPPING : physical;
    }

    /** What crosses a new network of such segments, which lets its senders' tags pass or not. */
    int ofChosen(List<Carriers.Chosen> segments, boolean passesTags) {
        return least(segments.stream().map(Carriers.Chosen::isOverlay), passesTags);
    }

    /** What crosses a network of these segments. */
    int of(List<Segment> segments, boolean passesTags) {
        return least(segments.stream().map(Segment::isOverlay), passesTags);
    }

    private int least(Stream<Boolean> overlays, boolean passesTags) {
        return overlays.mapToInt(this::most).min().orElse(physical) - (passesTags ? TAG : 0);
    }
}
