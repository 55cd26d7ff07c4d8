package org.dragonflow.agent;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.dragonflow.apps.Apps;
import org.dragonflow.apps.Queue;
import org.dragonflow.compile.App;
import org.dragonflow.flow.Field;
import org.dragonflow.flow.PacketOut;
import org.dragonflow.flow.Pipeline;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.Neighbour;
import org.dragonflow.model.View;

/**
 * What an agent makes flows of: the features, and the tables they share.
 *
 * @param puntReason the field that tells which responder a punted packet is for
 * @param question how a neighbour on a wire is asked whether it is still there
 * @param queues which queues the wires must have, for flows to put packets into
 */
record Features(
        Pipeline pipeline,
        List<App> apps,
        Field puntReason,
        BiFunction<Neighbour, View, Optional<PacketOut>> question,
        Function<View, Set<Queue>> queues) {
    Features {
        apps = List.copyOf(apps);
    }

    /** Features without neighbours and queues. */
    Features(Pipeline pipeline, List<App> apps, Field puntReason) {
        this(pipeline, apps, puntReason, (_, _) -> Optional.empty(), _ -> Set.of());
    }

    static Features standard(Id<Chassis> chassis) {
        return new Features(
                Apps.pipeline(),
                Apps.standard(chassis),
                Apps.puntReason(),
                (neighbour, view) -> Apps.question(neighbour, chassis, view),
                Apps::queues);
    }
}
