package org.dragonflow.server.neutron;

import java.util.Optional;
import org.dragonflow.model.Id;
import org.dragonflow.model.Log;
import org.dragonflow.model.Port;
import org.dragonflow.model.SecurityGroup;
import org.dragonflow.server.access.Caller;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.store.Edit;

/** Logs of what security groups do, of what there is to be watched. */
final class Logs implements Kind<Log> {
    /** The only kind of thing that can be watched. */
    static final String SECURITY_GROUP = "security_group";

    private final Mint mint;

    Logs(Mint mint) {
        this.mint = mint;
    }

    @Override
    public Class<Log> type() {
        return Log.class;
    }

    @Override
    public Refusal notFound(Id<Log> id) {
        return OperatorRefusals.logResourceNotFound(id);
    }

    @Override
    public Log create(Edit edit, Caller caller, Values values) {
        var type = values.get("resource_type", String.class);
        if (!type.equals(SECURITY_GROUP)) {
            throw OperatorRefusals.invalidLogResourceType(type);
        }
        var group = values.nullable("resource_id", Id.class).map(id -> group(edit, id));
        var port = values.nullable("target_id", Id.class).map(id -> port(edit, id));
        if (port.isPresent() && group.isPresent() && !carries(port.get(), group)) {
            throw OperatorRefusals.invalidResourceConstraint(
                    group.get().id(), port.get().id());
        }
        return mint.create(edit, Log.class, values);
    }

    private static SecurityGroup group(Edit edit, Id<?> id) {
        return edit.get(Id.of(SecurityGroup.class, id.value()))
                .orElseThrow(() -> OperatorRefusals.resourceNotFound(id));
    }

    private static Port port(Edit edit, Id<?> id) {
        return edit.get(Id.of(Port.class, id.value())).orElseThrow(() -> OperatorRefusals.targetResourceNotFound(id));
    }

    private static boolean carries(Port port, Optional<SecurityGroup> group) {
        return group.map(SecurityGroup::id)
                .filter(port.securityGroups()::contains)
                .isPresent();
    }

    @Override
    public Log update(Edit edit, Caller caller, Log before, Values values) {
        return mint.change(edit, before, values.map());
    }
}
