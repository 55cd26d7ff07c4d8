package org.dragonflow.server.neutron;

import java.util.function.Function;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.server.access.Caller;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.store.Edit;

/**
 * A kind of which Neutron asks nothing beyond what its schema says.
 *
 * @param missing what is said of one that there is not
 */
record Plain<E extends Entity>(Class<E> type, Mint mint, Function<Id<E>, Refusal> missing) implements Kind<E> {
    @Override
    public Refusal notFound(Id<E> id) {
        return missing.apply(id);
    }

    @Override
    public E create(Edit edit, Caller caller, Values values) {
        return mint.create(edit, type, values);
    }

    @Override
    public E update(Edit edit, Caller caller, E before, Values values) {
        return mint.change(edit, before, values.map());
    }
}
