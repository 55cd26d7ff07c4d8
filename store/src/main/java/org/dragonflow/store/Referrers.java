package org.dragonflow.store;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.dragonflow.model.Attribute;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Query;
import org.dragonflow.model.Reference.Promise;
import org.dragonflow.model.Schemas;

/**
 * An attribute by which entities of one type refer to those of another, in a way that binds.
 *
 * @param column its name as an index
 */
record Referrers(Class<? extends Entity> type, String column, Class<? extends Entity> target, Promise promise) {
    private static final List<Referrers> ALL = Schemas.all()
            .flatMap(schema -> of(schema.type(), "", schema.attributes()))
            .filter(referrers -> referrers.promise() != Promise.LOOSE)
            .toList();

    /** All that bind entities of this type. */
    static List<Referrers> of(Class<? extends Entity> target) {
        return ALL.stream().filter(referrers -> referrers.target() == target).toList();
    }

    Query<? extends Entity> query(Id<?> id) {
        return Query.by(type, column, id);
    }

    private static Stream<Referrers> of(Class<? extends Entity> type, String prefix, List<Attribute> attributes) {
        var all = new ArrayList<Referrers>();
        for (var attribute : attributes) {
            var column = prefix + attribute.name();
            if (attribute.target().isPresent() && attribute.promise().isPresent()) {
                all.add(new Referrers(
                        type,
                        column,
                        attribute.target().get(),
                        attribute.promise().get()));
            }
            of(type, column + ".", attribute.nested()).forEach(all::add);
        }
        return all.stream();
    }
}
