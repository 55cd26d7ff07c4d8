package org.dragonflow.server.neutron;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.dragonflow.model.Attribute;
import org.dragonflow.model.Decoded;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Problem;
import org.dragonflow.model.Query;
import org.dragonflow.model.Resource;
import org.dragonflow.model.Schema;
import org.dragonflow.model.View;
import org.dragonflow.server.access.Caller;
import org.dragonflow.server.access.Identity;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.server.http.Request;
import org.dragonflow.server.http.Response;
import org.dragonflow.server.http.Routes;
import org.dragonflow.server.realised.RealisedApi;
import org.dragonflow.store.Edit;
import org.jspecify.annotations.Nullable;

/** All entities of one kind, as clients see them: list, show, create, update, delete. */
final class Collection<E extends Entity> {
    private static final Pattern REVISION = Pattern.compile("\\s*revision_number\\s*=\\s*([0-9]{1,18})\\s*");
    private static final int MOST_AT_A_TIME = 1000;

    private final Kind<E> kind;
    private final Schema<E> schema;
    private final Resource names;
    private final String singular;
    private final Optional<Collection<?>> above;
    private final Guard<E> guard;
    private final Identity identity;
    private final World world;
    private final Quotas quotas;
    private final Listing<E> listing;

    Collection(Kind<E> kind, Identity identity, World world, Quotas quotas) {
        this(kind, Optional.empty(), identity, world, quotas);
    }

    /** @param above what the entities belong to, if clients find them below it */
    Collection(Kind<E> kind, Optional<Collection<?>> above, Identity identity, World world, Quotas quotas) {
        this(kind, Schema.of(kind.type()).resource().orElseThrow().singular(), above, identity, world, quotas);
    }

    /** @param singular the key of one in a body, where it is found under another name too */
    Collection(
            Kind<E> kind,
            String singular,
            Optional<Collection<?>> above,
            Identity identity,
            World world,
            Quotas quotas) {
        this.singular = singular;
        this.above = above;
        this.kind = kind;
        this.schema = Schema.of(kind.type());
        this.guard = Guard.of(kind.type());
        this.identity = identity;
        this.names = schema.resource().orElseThrow();
        this.world = world;
        this.quotas = quotas;
        this.listing = new Listing<>(kind, schema);
    }

    String path() {
        return schema.path();
    }

    Schema<E> schema() {
        return schema;
    }

    Resource names() {
        return names;
    }

    void routeTo(Routes routes) {
        routes.on("GET", path(), this::list).on("POST", path(), this::create);
        routeTo(routes, path() + "/{id}");
    }

    /** Routes to entities that exist, at a path that ends with their id. */
    void routeTo(Routes routes, String one) {
        routes.on("GET", one, this::show).on("PUT", one, this::update).on("DELETE", one, this::delete);
    }

    /** Routes to what is known of the switches' having the flows of an entity. */
    void routeTo(Routes routes, RealisedApi realised) {
        routes.on("GET", path() + "/{id}/realised", (request, path) -> {
            if (world.isPast()) {
                throw Refusal.badRequest("How far the switches were is not kept; leave out as_of");
            }
            return realised.of(seen(request, path), identity.of(request));
        });
    }

    /** What all entities at this path belong to, by the attribute that says so; nothing if they stand for themselves. */
    private Map<String, Id<?>> belonging(List<String> path, View view, Caller caller) {
        return above.map(upper -> upper.first(view, path, caller))
                .map(entity -> Map.<String, Id<?>>of(above.orElseThrow().names.singular() + "_id", entity.id()))
                .orElse(Map.of());
    }

    private Response list(Request request, List<String> path) {
        var caller = identity.of(request);
        if (!world.isPast() && kind.lacksDefault(caller, world.view())) {
            edit(edit -> {
                kind.makeDefault(edit, caller);
                return caller;
            });
        }
        var view = world.view();
        var page = listing.page(request, caller, view, belonging(path, view, caller));
        var fields = request.parameters("fields");
        var body = new LinkedHashMap<String, Object>();
        body.put(
                names.plural(),
                page.entities().stream()
                        .map(entity -> shown(entity, caller, view, fields))
                        .toList());
        if (!page.links().isEmpty()) {
            body.put(names.plural() + "_links", page.links());
        }
        return Response.json(200, body);
    }

    private Response show(Request request, List<String> path) {
        var caller = identity.of(request);
        var view = world.view();
        return Response.json(
                200, Map.of(singular, shown(find(view, path, caller), caller, view, request.parameters("fields"))));
    }

    private Response create(Request request, List<String> path) {
        var caller = identity.of(request);
        var body = request.json();
        boolean isBulk = body.containsKey(names.plural());
        var all = new ArrayList<Wish>();
        for (var one : isBulk ? elements(body.get(names.plural())) : List.of(element(body))) {
            var given = kind.normalize(one);
            all.add(new Wish(typed(schema.create(given)), named(given)));
        }
        all.forEach(wish -> requireOwnProject(caller, wish.values()));
        var made = create(caller, path, all);
        var view = world.view();
        var shown = made.stream()
                .map(entity -> shown(entity, caller, view, List.of()))
                .toList();
        return Response.json(201, isBulk ? Map.of(names.plural(), shown) : Map.of(names.singular(), shown.getFirst()));
    }

    /** What a client wants one new entity to be, and which attributes it said something of. */
    private record Wish(Values values, Set<String> given) {
        Wish copy() {
            return new Wish(new Values(values.map()), given);
        }
    }

    private Set<String> named(Map<String, Object> body) {
        return body.keySet().stream()
                .flatMap(name -> schema.attribute(name).stream())
                .map(Attribute::name)
                .collect(Collectors.toSet());
    }

    private List<E> create(Caller caller, List<String> path, List<Wish> all) {
        guard.requireEverCreate(caller);
        var perProject = new LinkedHashMap<String, Integer>();
        all.forEach(wish -> perProject.merge(
                wish.values().find("project_id", String.class).orElse(caller.project()), 1, Integer::sum));
        try (var room = quotas.room(world.joined())) {
            for (var project : perProject.entrySet()) {
                int limit = quotas.of(world.view(), project.getKey()).getOrDefault(names.singular(), -1);
                var present = Query.by(kind.type(), "project_id", project.getKey());
                room.reserve(names.singular(), project.getKey(), limit, project.getValue(), () -> world.count(present));
            }
            return edit(edit -> {
                // Each attempt adds to the values, and finds other ones.
                var copies = all.stream().map(Wish::copy).toList();
                var belonging = belonging(path, edit, caller);
                copies.forEach(wish -> belonging.forEach(wish.values()::put));
                if (copies.size() > 1) {
                    kind.together(copies.stream().map(Wish::values).toList());
                }
                return copies.stream().map(wish -> create(edit, caller, wish)).toList();
            });
        } catch (InterruptedException e) {
            throw World.interrupted();
        }
    }

    private E create(Edit edit, Caller caller, Wish wish) {
        wish.values().putIfAbsent("project_id", caller.project());
        var denied = refusal(() -> guard.requireCreate(caller, wish.copy().values(), wish.given(), edit));
        if (denied.isPresent()) {
            // Who names what there is not, or what they may not know of, is told that first.
            throw refusal(() -> kind.create(edit, caller, wish.values()))
                    .filter(missing -> missing.status() == 404)
                    .orElseGet(denied::orElseThrow);
        }
        var made = kind.create(edit, caller, wish.values());
        Sharing.follow(edit, Optional.empty(), made);
        return made;
    }

    private static Optional<Refusal> refusal(Runnable attempt) {
        try {
            attempt.run();
            return Optional.empty();
        } catch (Refusal refusal) {
            return Optional.of(refusal);
        }
    }

    private Response update(Request request, List<String> path) {
        var caller = identity.of(request);
        var wish = typed(schema.update(kind.normalize(element(request.json()))));
        var changed = edit(edit -> {
            var entity = current(edit, request, path, caller);
            // Each attempt adds to the values.
            var values = new Values(wish.map());
            refusal(() -> guard.requireUpdate(caller, entity, values, edit)).ifPresent(denied -> {
                throw kind.hidesFromBorrowers() && !caller.owns((String) schema.get(entity, "project_id"))
                        ? kind.notFound(kind.named(path))
                        : denied;
            });
            var after = kind.update(edit, caller, entity, values);
            Sharing.follow(edit, Optional.of(entity), after);
            return after;
        });
        return Response.json(200, shown(changed, caller, world.view()));
    }

    /**
     * Answers an action that changes one entity, or what belongs to it, and is no plain update.
     *
     * @param name of the action, below the entity
     * @param rule who may, in the policy
     */
    void routeAction(Routes routes, String name, String rule, RequestedAction<E> action) {
        routes.on(
                "PUT",
                path() + "/{id}/" + name,
                (request, path) ->
                        act(request, path, rule, (edit, caller, entity) -> action.act(edit, caller, entity, request)));
    }

    /** Changes an entity as a request says, and gives the body of the answer. */
    interface RequestedAction<E> {
        Object act(Edit edit, Caller caller, E entity, Request request);
    }

    /** As {@link #change}, with the answer. */
    Response act(Request request, List<String> path, String rule, Action<E, ?> action) {
        return Response.json(200, change(request, path, rule, action));
    }

    /**
     * Changes one entity as an action asks that is no plain update.
     *
     * @param rule who may, in the policy
     */
    <R> R change(Request request, List<String> path, String rule, Action<E, R> action) {
        var caller = identity.of(request);
        return edit(edit -> {
            var entity = current(edit, request, path, caller);
            caller.require(rule, guard.target(entity, caller, edit));
            return action.act(edit, caller, entity);
        });
    }

    /** What is to be told of an entity, to those whom the rule allows to know. */
    Map<String, Object> look(Request request, List<String> path, String rule, Look<E> look) {
        var caller = identity.of(request);
        var view = world.view();
        var entity = find(view, path, caller);
        caller.require(rule, guard.target(entity, caller, view));
        return look.look(view, caller, entity);
    }

    /** Tells something of an entity. */
    interface Look<E extends Entity> {
        Map<String, Object> look(View view, Caller caller, E entity);
    }

    /** The entity at the end of the path, if the caller may know of it. */
    E seen(Request request, List<String> path) {
        return find(world.view(), path, identity.of(request));
    }

    /** Changes an entity, or what belongs to it, and gives the body of the answer. */
    interface Action<E, R> {
        R act(Edit edit, Caller caller, E entity);
    }

    /** What clients see of an entity. */
    Map<String, Object> shown(E entity, Caller caller, View view) {
        return Map.of(singular, shown(entity, caller, view, List.of()));
    }

    /** The same without the name around it. */
    Map<String, Object> bare(E entity, Caller caller, View view) {
        return shown(entity, caller, view, List.of());
    }

    private Response delete(Request request, List<String> path) {
        if (request.body().size() > 0) {
            throw Refusal.badRequest("Request body is not supported in DELETE.");
        }
        var caller = identity.of(request);
        edit(edit -> {
            var entity = current(edit, request, path, caller);
            guard.requireDelete(caller, entity, edit);
            kind.delete(edit, caller, entity);
            Sharing.forget(edit, entity);
            return entity;
        });
        return Response.empty(204);
    }

    /** The entity, if the caller may know of it, and it is as the client takes it to be. */
    private E current(Edit edit, Request request, List<String> path, Caller caller) {
        var entity = find(edit, path, caller);
        request.header("If-Match").filter(_ -> Mint.isCounted(schema)).ifPresent(condition -> {
            long current = (Long) schema.get(entity, "revision_number");
            var match = REVISION.matcher(condition);
            if (!match.matches()) {
                throw Refusal.badRequest("Bad format for If-Match header: revision_number=<number> is expected");
            }
            long expected = Long.parseLong(match.group(1));
            if (expected != current) {
                throw Refusals.revisionNumberConstraintFailed(expected, current);
            }
        });
        return entity;
    }

    /** The entity at the end of the path, if it is where the path says and the caller may know of it. */
    private E find(View view, List<String> path, Caller caller) {
        var name = kind.named(path);
        var entity = visible(view, name, caller);
        boolean isThere = belonging(path, view, caller).entrySet().stream()
                .allMatch(part -> schema.get(entity, part.getKey()).equals(part.getValue()));
        if (!isThere) {
            throw kind.notFound(name);
        }
        return entity;
    }

    private E first(View view, List<String> path, Caller caller) {
        return visible(view, kind.named(path.subList(0, 1)), caller);
    }

    private E visible(View view, Id<E> name, Caller caller) {
        return guard.find(view, name, caller).orElseThrow(() -> kind.notFound(name));
    }

    private Map<String, Object> shown(E entity, Caller caller, View view, List<String> fields) {
        var shown = new LinkedHashMap<>(schema.show(entity));
        shown.putAll(kind.derived(entity, caller, view));
        if (Sharing.isShareable(schema)) {
            shown.put("shared", guard.attribute(entity, "shared", caller, view).orElse(false));
        }
        guard.hide(shown, caller, entity, view);
        if (!fields.isEmpty()) {
            shown.keySet().retainAll(fields);
        }
        return shown;
    }

    private Map<String, Object> element(Map<String, Object> body) {
        var element = body.get(singular);
        if (body.size() != 1 || !body.containsKey(singular)) {
            throw Refusal.badRequest("Unable to find '%s' in request body".formatted(singular));
        }
        return object(element);
    }

    private List<Map<String, Object>> elements(@Nullable Object list) {
        if (!(list instanceof List<?> elements)) {
            throw Refusal.badRequest("'%s' is not a list".formatted(names.plural()));
        }
        if (elements.isEmpty()) {
            throw Refusal.badRequest("Resources required");
        }
        if (elements.size() > MOST_AT_A_TIME) {
            throw Refusal.badRequest("At most %d %s can be made at a time".formatted(MOST_AT_A_TIME, names.plural()));
        }
        return elements.stream().map(this::object).map(this::unwrapped).toList();
    }

    /** Each of several may have its name around it, as one alone has. */
    private Map<String, Object> unwrapped(Map<String, Object> element) {
        return element.containsKey(singular) ? object(element.get(singular)) : element;
    }

    private Map<String, Object> object(@Nullable Object element) {
        if (!(element instanceof Map<?, ?> map)) {
            throw Refusal.badRequest("Object '%s' contains invalid data".formatted(singular));
        }
        var object = new LinkedHashMap<String, Object>();
        map.forEach((key, value) -> object.put(String.valueOf(key), value));
        return object;
    }

    private static Values typed(Decoded<Map<String, Object>> decoded) {
        return switch (decoded) {
            case Decoded.Ok<Map<String, Object>>(var values) -> new Values(values);
            case Decoded.Bad<Map<String, Object>>(var problems) -> throw refusal(problems);
        };
    }

    static Refusal refusal(List<Problem> problems) {
        return Refusal.badRequest(problems.stream().map(Problem::text).collect(Collectors.joining("; ")));
    }

    private static void requireOwnProject(Caller caller, Values values) {
        var project = values.find("project_id", String.class);
        if (project.isPresent() && !caller.owns(project.get())) {
            throw Refusal.badRequest("Specifying 'project_id' or 'tenant_id' other than the authenticated project in"
                    + " request requires admin privileges");
        }
    }

    private <R> R edit(Function<Edit, R> changes) {
        return world.edit(names.singular(), changes);
    }
}
