package org.dragonflow.server.neutron;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Schema;
import org.dragonflow.server.http.Request;
import org.dragonflow.server.http.Response;
import org.dragonflow.server.http.Routes;
import org.jspecify.annotations.Nullable;

/** Words that clients put on the entities of a collection, to find them by: for every type that has the attribute {@code tags}. */
final class Tags<E extends Entity> {
    static final String ATTRIBUTE = "tags";
    private static final int LONGEST = 255;

    private final Collection<E> collection;
    private final Schema<E> schema;
    private final Mint mint;

    private Tags(Collection<E> collection, Schema<E> schema, Mint mint) {
        this.collection = collection;
        this.schema = schema;
        this.mint = mint;
    }

    /** Routes to the tags of the collection's entities, if they can have any. */
    static <E extends Entity> void routeTo(Routes routes, Collection<E> collection, Mint mint) {
        if (collection.schema().attribute(ATTRIBUTE).isPresent()) {
            new Tags<>(collection, collection.schema(), mint).routeTo(routes);
        }
    }

    private void routeTo(Routes routes) {
        routeTo(routes, collection.path());
        var plain = "/v2.0/" + collection.names().plural();
        if (collection.path().endsWith("/" + collection.names().plural())
                && !collection.path().equals(plain)) {
            // Neutron has tags below the bare name, also where it has the resource elsewhere.
            routeTo(routes, plain);
        }
    }

    private void routeTo(Routes routes, String below) {
        var all = below + "/{id}/tags";
        var one = all + "/{tag}";
        routes.on("GET", all, (request, path) -> Response.json(200, Map.of(ATTRIBUTE, of(request, path))))
                .on("POST", all, this::add)
                .on("PUT", all, this::replace)
                .on("DELETE", all, this::clear)
                .on("GET", one, this::confirm)
                .on("PUT", one, this::put)
                .on("DELETE", one, this::remove);
    }

    private List<String> of(Request request, List<String> path) {
        return of(collection.seen(request, path));
    }

    @SuppressWarnings("unchecked") // that is what the attribute holds
    private List<String> of(E entity) {
        return (List<String>) schema.get(entity, ATTRIBUTE);
    }

    private Response add(Request request, List<String> path) {
        var more = listed(request.json());
        return Response.json(201, change(request, path, before -> {
            var all = new LinkedHashSet<>(before);
            all.addAll(more);
            return all;
        }));
    }

    private Response replace(Request request, List<String> path) {
        var wanted = new LinkedHashSet<>(listed(request.json()));
        return Response.json(200, change(request, path, _ -> wanted));
    }

    private Response clear(Request request, List<String> path) {
        change(request, path, _ -> Set.of());
        return Response.empty(204);
    }

    private Response confirm(Request request, List<String> path) {
        var tag = valid(path.getLast());
        if (!of(request, path.subList(0, path.size() - 1)).contains(tag)) {
            throw Refusals.tagNotFound(tag);
        }
        return Response.empty(204);
    }

    private Response put(Request request, List<String> path) {
        var tag = valid(path.getLast());
        change(request, path.subList(0, path.size() - 1), before -> {
            var all = new LinkedHashSet<>(before);
            all.add(tag);
            return all;
        });
        return Response.empty(201);
    }

    private Response remove(Request request, List<String> path) {
        var tag = valid(path.getLast());
        change(request, path.subList(0, path.size() - 1), before -> {
            var rest = new LinkedHashSet<>(before);
            if (!rest.remove(tag)) {
                throw Refusals.tagNotFound(tag);
            }
            return rest;
        });
        return Response.empty(204);
    }

    /** What tags an entity has, given those it had. */
    private interface Change {
        Set<String> apply(List<String> before);
    }

    /** An entity that has these tags already is left as it is, and keeps its revision. */
    private Map<String, Object> change(Request request, List<String> path, Change change) {
        return collection.change(request, path, Guard.of(schema.type()).rule("update"), (edit, _, entity) -> {
            var before = of(entity);
            var after = change.apply(before);
            if (!after.equals(Set.copyOf(before))) {
                mint.change(edit, entity, Map.of(ATTRIBUTE, List.copyOf(after)));
            }
            return Map.of(ATTRIBUTE, List.copyOf(after));
        });
    }

    private static List<String> listed(Map<String, Object> body) {
        if (!body.containsKey(ATTRIBUTE)) {
            throw Refusals.invalidInput("Invalid tags body");
        }
        if (!(body.get(ATTRIBUTE) instanceof List<?> given)) {
            throw Refusals.invalidInput("'%s' is not a list".formatted(body.get(ATTRIBUTE)));
        }
        var tags = new ArrayList<String>();
        for (var tag : given) {
            var valid = valid(tag);
            if (tags.contains(valid)) {
                throw Refusals.invalidInput("Duplicate items in the list: '%s'".formatted(valid));
            }
            tags.add(valid);
        }
        return tags;
    }

    private static String valid(@Nullable Object tag) {
        if (!(tag instanceof String text)) {
            throw Refusals.invalidInput("'%s' is not a valid string".formatted(tag));
        }
        if (text.length() > LONGEST) {
            throw Refusals.invalidInput("'%s' exceeds maximum length of %d".formatted(text, LONGEST));
        }
        return text;
    }
}
