package org.dragonflow.server.neutron;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.View;
import org.dragonflow.server.access.Caller;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.store.Edit;

/** What Neutron asks of one kind of resource, beyond what its schema says. A change that is not to be made throws a {@link Refusal}. */
interface Kind<E extends Entity> {
    Class<E> type();

    Refusal notFound(Id<E> id);

    /** The entity that a path names. */
    default Id<E> named(List<String> path) {
        return Id.of(type(), path.getLast());
    }

    /** Makes the entity, of a client's values and of those that the server finds. */
    E create(Edit edit, Caller caller, Values values);

    /** Changes the entity to have these values. */
    E update(Edit edit, Caller caller, E before, Values values);

    default void delete(Edit edit, Caller caller, E entity) {
        edit.delete(entity);
    }

    /** Whether the caller's project lacks what every project has by default. */
    default boolean lacksDefault(Caller caller, View view) {
        return false;
    }

    /** Makes what every project has by default. */
    default void makeDefault(Edit edit, Caller caller) {}

    /** Attributes that are shown beside those of the record. */
    default Map<String, Object> derived(E entity, Caller caller, View view) {
        return Map.of();
    }

    /** What a list's parameter asks for that is no attribute of the record; empty if the kind knows of none such. */
    default Optional<Predicate<E>> filter(String parameter, List<String> texts, View view) {
        return Optional.empty();
    }

    /** A body as the schema reads it, where clients write more freely. */
    default Map<String, Object> normalize(Map<String, Object> body) {
        return body;
    }

    /** Whether those who may use what is not theirs hear that there is no such thing when they try to change it, as Neutron tells them. */
    default boolean hidesFromBorrowers() {
        return false;
    }

    /** Refuses combinations of several new ones. */
    default void together(List<Values> all) {}
}
