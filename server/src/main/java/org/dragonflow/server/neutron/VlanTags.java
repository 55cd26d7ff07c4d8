package org.dragonflow.server.neutron;

import java.util.List;
import org.dragonflow.model.Network;
import org.dragonflow.model.Query;
import org.dragonflow.model.Segment;
import org.dragonflow.store.Edit;

/** What carriers can do with the VLAN tags of senders. */
final class VlanTags {
    private VlanTags() {}

    /** Refuses carriers on which a network's tags could not be, or could be taken for another's. */
    static void requirePossible(Edit edit, List<Carriers.Chosen> chosen, boolean qinq, boolean passesTags) {
        for (var carrier : chosen) {
            if (qinq && !carrier.type().equals(Segment.VLAN)) {
                throw Refusals.invalidInput("qinq needs a network of type vlan, and there is no service tag on %s"
                        .formatted(carrier.type()));
            }
            carrier.physical().ifPresent(name -> {
                switch (carrier.type()) {
                    case Segment.VLAN -> requireNoTransparentNeighbour(edit, chosen, passesTags, name);
                    default -> requireNoVlans(edit, passesTags, name);
                }
            });
        }
    }

    /** On a wire, a tag of a sender of its flat network is that of a VLAN. */
    private static void requireNoTransparentNeighbour(
            Edit edit, List<Carriers.Chosen> chosen, boolean passesTags, String physical) {
        var flat = Carriers.Chosen.flat(physical);
        takeTurn(edit, physical);
        boolean isThere = edit.find(Query.by(Segment.class, "carrier", flat.claim()))
                .flatMap(segment -> edit.get(segment.networkId()).stream())
                .anyMatch(Network::passesTags);
        if (isThere || (passesTags && chosen.contains(flat))) {
            throw Refusals.tagsMeetVlans(physical);
        }
    }

    private static void requireNoVlans(Edit edit, boolean passesTags, String physical) {
        if (!passesTags) {
            return;
        }
        takeTurn(edit, physical);
        if (edit.find(Segment.on(physical))
                .anyMatch(segment -> segment.networkType().equals(Segment.VLAN))) {
            throw Refusals.tagsMeetVlans(physical);
        }
    }

    /** So that no other server makes meanwhile what excludes this. */
    private static void takeTurn(Edit edit, String physical) {
        edit.takeTurn("tags on " + physical);
    }
}
