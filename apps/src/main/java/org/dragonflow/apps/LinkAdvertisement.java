package org.dragonflow.apps;

import java.util.List;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;
import org.dragonflow.model.Query;
import org.dragonflow.model.RouterInterface;
import org.dragonflow.packet.Ethernet;

/**
 * What a router has to tell the hosts of a network that has ports on this chassis.
 *
 * @param packets router advertisements, to all of the link
 */
record LinkAdvertisement(Id<LinkAdvertisement> id, Id<Network> networkId, List<Ethernet> packets) implements Entity {
    LinkAdvertisement {
        packets = List.copyOf(packets);
    }

    static LinkAdvertisement of(RouterInterface leg, List<Ethernet> packets) {
        return new LinkAdvertisement(Id.of(LinkAdvertisement.class, leg.id().value()), leg.networkId(), packets);
    }

    /** What is told on a network. */
    static Query<LinkAdvertisement> on(Id<Network> network) {
        return Query.by(LinkAdvertisement.class, "network_id", network);
    }
}
