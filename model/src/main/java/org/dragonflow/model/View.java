package org.dragonflow.model;

import java.util.Optional;
import java.util.stream.Stream;

/** All that a rule may ask of the topology. The order of answers is not specified. */
public interface View {
    <E extends Entity> Stream<E> find(Query<E> query);

    default <E extends Entity> Optional<E> get(Id<E> id) {
        return find(Query.byId(id)).findFirst();
    }
}
