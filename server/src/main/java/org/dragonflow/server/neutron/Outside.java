package org.dragonflow.server.neutron;

import java.util.List;
import java.util.Optional;
import org.dragonflow.model.Network;
import org.dragonflow.model.Query;
import org.dragonflow.model.View;
import org.dragonflow.store.Edit;

/** The network that leads to the outside where none is named. */
final class Outside {
    private Outside() {}

    /** Makes the network the default way to the outside, or no longer. */
    static void claimDefault(Edit edit, boolean isDefault, boolean leadsOut, Values values) {
        boolean is = isDefault && leadsOut;
        values.put("default_for", is ? Optional.of("outside") : Optional.empty());
        if (is) {
            edit.refuseIfTaken(
                    Network.class,
                    List.of("default_for"),
                    List.of("outside"),
                    () -> OutsideRefusals.defaultExternalNetworkExists(
                            find(edit).map(network -> network.id().value()).orElse("another")));
        }
    }

    static Optional<Network> find(View view) {
        return view.find(Query.by(Network.class, "default_for", "outside")).findFirst();
    }
}
