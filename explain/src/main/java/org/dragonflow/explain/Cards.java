package org.dragonflow.explain;

import java.util.List;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.model.Trunk;
import org.dragonflow.model.View;
import org.dragonflow.packet.Ethernet;
import org.dragonflow.packet.VlanTag;

/** Tells the ports of one card apart by the tags of their frames, as the server behind it does. */
final class Cards {
    private Cards() {}

    /** Whether the port has a card of its own. */
    static boolean hasItsOwn(Port port, View view) {
        return Trunk.cardOf(port.id(), view).equals(port.id());
    }

    /** The frame as it is on the card. */
    static Ethernet tagged(Ethernet frame, Port port, View view) {
        return view.find(Trunk.carrying(port.id()))
                .flatMap(trunk -> trunk.subPort(port.id()).stream())
                .findFirst()
                .map(subPort -> frame.withTags(List.of(VlanTag.of(subPort.segmentationId()))))
                .orElse(frame);
    }

    /** Whose frame it is that comes out of a card. */
    static Id<Port> portOf(Id<Port> card, Ethernet frame, View view) {
        return view.find(Trunk.carriedBy(card))
                .flatMap(trunk -> trunk.subPorts().stream())
                .filter(subPort -> frame.tags().stream()
                        .findFirst()
                        .filter(tag -> tag.id() == subPort.segmentationId())
                        .isPresent())
                .map(Trunk.SubPort::portId)
                .findFirst()
                .orElse(card);
    }
}
