package org.dragonflow.agent;

import java.util.List;
import org.dragonflow.apps.Apps;
import org.dragonflow.compile.App;
import org.dragonflow.flow.Field;
import org.dragonflow.flow.Pipeline;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;

/**
 * What an agent makes flows of: the features, and the tables they share.
 *
 * @param puntReason the field that tells which responder a punted packet is for
 */
record Features(Pipeline pipeline, List<App> apps, Field puntReason) {
    Features {
        apps = List.copyOf(apps);
    }

    static Features standard(Id<Chassis> chassis) {
        return new Features(Apps.pipeline(), Apps.standard(chassis), Apps.puntReason());
    }
}
