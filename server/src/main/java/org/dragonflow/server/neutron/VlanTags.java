package org.dragonflow.server.neutron;

import java.util.List;
import org.dragonflow.model.Network;
import org.dragonflow.model.Query;
import org.dragonflow.model.Segment;
import org.dragonflow.model.View;

/** What carriers can do with the VLAN tags of senders. */
final class VlanTags {
    private VlanTags() {}

    /** Refuses carriers on which a network's tags could not be, or could be taken for another's. */
    static void requirePossible(View view, List<Carriers.Chosen> chosen, boolean qinq, boolean passesTags) {
        for (var carrier : chosen) {
            if (qinq && !carrier.type().equals(Segment.VLAN)) {
                throw Refusals.invalidInput("qinq needs a network of type vlan, and there is no service tag on %s"
                        .formatted(carrier.type()));
            }
            carrier.physical().ifPresent(name -> {
                switch (carrier.type()) {
                    case Segment.VLAN -> requireNoTransparentNeighbour(view, chosen, passesTags, name);
                    default -> requireNoVlans(view, passesTags, name);
                }
            });
        }
    }

    /** On a wire, a tag of a sender of its flat network is that of a VLAN. */
    private static void requireNoTransparentNeighbour(
            View view, List<Carriers.Chosen> chosen, boolean passesTags, String physical) {
        var flat = Carriers.Chosen.flat(physical);
        boolean isThere = view.find(Query.by(Segment.class, "carrier", flat.claim()))
                .flatMap(segment -> view.get(segment.networkId()).stream())
                .anyMatch(Network::passesTags);
        if (isThere || (passesTags && chosen.contains(flat))) {
            throw Refusals.tagsMeetVlans(physical);
        }
    }

    private static void requireNoVlans(View view, boolean passesTags, String physical) {
        if (passesTags
                && view.find(Segment.on(physical))
                        .anyMatch(segment -> segment.networkType().equals(Segment.VLAN))) {
            throw Refusals.tagsMeetVlans(physical);
        }
    }
}
