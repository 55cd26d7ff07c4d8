package org.dragonflow.apps;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.dragonflow.compile.Answers;
import org.dragonflow.compile.App;
import org.dragonflow.flow.Field;
import org.dragonflow.flow.PacketOut;
import org.dragonflow.flow.Pipeline;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.Neighbour;
import org.dragonflow.model.Query;
import org.dragonflow.model.View;

/** Every app that ships with the controller, and the pipeline they share. */
public final class Apps {
    private Apps() {}

    /** The apps as they run on a chassis. */
    public static List<App> standard(Id<Chassis> chassis) {
        return List.of(
                Locality.app(chassis),
                Classifier.app(chassis),
                PortSecurity.app(chassis),
                SecurityGroups.app(chassis),
                Pairs.app(chassis),
                Qos.app(chassis),
                Neighbours.app(chassis),
                ActivePorts.app(chassis),
                Dhcp4.app(chassis),
                Dhcp6.app(chassis),
                RouterAdvertisements.app(chassis),
                Metadata.app(chassis),
                L3.app(chassis),
                PathMtu.app(chassis),
                L2.app(chassis),
                Tunnels.app(chassis),
                Wires.app(chassis),
                WireNeighbours.app(chassis),
                Edge.app(chassis),
                Nat.app(chassis),
                SharedNat.app(chassis),
                NdpProxies.app(chassis),
                Detours.app(chassis),
                Forwardings.app(chassis),
                OutsideQos.app(chassis));
    }

    public static Pipeline pipeline() {
        return Tables.PIPELINE;
    }

    /** How a chassis asks a neighbour on a wire whether it is still there; not at all, if the chassis is not on that wire any more. */
    public static Optional<PacketOut> question(Neighbour neighbour, Id<Chassis> chassis, View view) {
        return WireNeighbours.question(neighbour.networkId(), neighbour.ipAddress(), chassis, view)
                .map(Answers::out);
    }

    /** The queues that the wires of the chassis need, for flows to put packets into; of a topology with what follows from it. */
    public static Set<Queue> queues(View view) {
        return view.find(Query.all(Guarantee.class))
                .flatMap(guarantee -> guarantee.queues(view))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The field that tells which responder a punted packet is for. */
    public static Field puntReason() {
        return Registers.PUNT_REASON;
    }
}
