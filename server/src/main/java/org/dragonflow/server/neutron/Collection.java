package org.dragonflow.server.neutron;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.dragonflow.model.Access;
import org.dragonflow.model.Decoded;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Problem;
import org.dragonflow.model.Query;
import org.dragonflow.model.Resource;
import org.dragonflow.model.Schema;
import org.dragonflow.model.View;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.server.http.Request;
import org.dragonflow.server.http.Response;
import org.dragonflow.server.http.Routes;
import org.dragonflow.store.Edit;
import org.dragonflow.store.Replica;
import org.jspecify.annotations.Nullable;

/** All entities of one kind, as clients see them: list, show, create, update, delete. */
final class Collection<E extends Entity> {
    private static final Pattern REVISION = Pattern.compile("\\s*revision_number\\s*=\\s*([0-9]{1,18})\\s*");
    private static final int MOST_AT_A_TIME = 1000;

    private final Kind<E> kind;
    private final Schema<E> schema;
    private final Resource names;
    private final Replica replica;
    private final Quotas quotas;
    private final Listing<E> listing;

    Collection(Kind<E> kind, Replica replica, Quotas quotas) {
        this.kind = kind;
        this.schema = Schema.of(kind.type());
        this.names = schema.resource().orElseThrow();
        this.replica = replica;
        this.quotas = quotas;
        this.listing = new Listing<>(kind, schema);
    }

    String path() {
        return schema.path();
    }

    Resource names() {
        return names;
    }

    void routeTo(Routes routes) {
        var one = path() + "/{id}";
        routes.on("GET", path(), (request, _) -> list(request))
                .on("POST", path(), (request, _) -> create(request))
                .on("GET", one, (request, arguments) -> show(request, arguments.getFirst()))
                .on("PUT", one, (request, arguments) -> update(request, arguments.getFirst()))
                .on("DELETE", one, (request, arguments) -> delete(request, arguments.getFirst()));
    }

    private Response list(Request request) {
        var caller = Caller.trusting(request);
        if (kind.lacksDefault(caller, replica.state().topology())) {
            edit(edit -> {
                kind.makeDefault(edit, caller);
                return caller;
            });
        }
        var view = replica.state().topology();
        var page = listing.page(request, caller, view);
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

    private Response show(Request request, String id) {
        var caller = Caller.trusting(request);
        var view = replica.state().topology();
        return Response.json(
                200,
                Map.of(names.singular(), shown(visible(view, id, caller), caller, view, request.parameters("fields"))));
    }

    private Response create(Request request) {
        var caller = Caller.trusting(request);
        caller.mayWrite("create_" + names.singular());
        var body = request.json();
        boolean isBulk = body.containsKey(names.plural());
        var all = new ArrayList<Values>();
        for (var one : isBulk ? elements(body.get(names.plural())) : List.of(element(body))) {
            all.add(typed(schema.create(kind.normalize(one), writer(caller))));
        }
        all.forEach(values -> requireOwnProject(caller, values));
        var made = create(caller, all);
        var view = replica.state().topology();
        var shown = made.stream()
                .map(entity -> shown(entity, caller, view, List.of()))
                .toList();
        return Response.json(201, isBulk ? Map.of(names.plural(), shown) : Map.of(names.singular(), shown.getFirst()));
    }

    private List<E> create(Caller caller, List<Values> all) {
        var perProject = new LinkedHashMap<String, Integer>();
        all.forEach(values ->
                perProject.merge(values.find("project_id", String.class).orElse(caller.project()), 1, Integer::sum));
        var reservations = new ArrayList<Quotas.Reservation>();
        try {
            for (var project : perProject.entrySet()) {
                int limit =
                        quotas.of(replica.state().topology(), project.getKey()).getOrDefault(names.singular(), -1);
                reservations.add(quotas.reserve(
                        names.singular(), project.getKey(), limit, project.getValue(), () -> count(project.getKey())));
            }
            return edit(edit -> {
                // Each attempt adds to the values, and finds other ones.
                var copies =
                        all.stream().map(values -> new Values(values.map())).toList();
                if (copies.size() > 1) {
                    kind.together(copies);
                }
                return copies.stream()
                        .map(values -> kind.create(edit, caller, values))
                        .toList();
            });
        } catch (InterruptedException e) {
            throw Edits.interrupted();
        } finally {
            reservations.forEach(Quotas.Reservation::close);
        }
    }

    private int count(String project) {
        return replica.state().topology().count(Query.by(kind.type(), "project_id", project));
    }

    private Response update(Request request, String id) {
        var caller = Caller.trusting(request);
        var body = kind.normalize(element(request.json()));
        var changed = edit(edit -> {
            var entity = writable(edit, request, id, caller, "update");
            return kind.update(edit, caller, entity, typed(schema.update(body, writer(caller))));
        });
        return Response.json(200, shown(changed, caller));
    }

    /** Changes one entity as an action asks that is no plain update, and answers with what the action gives. */
    Response act(Request request, String id, BiFunction<Edit, E, Map<String, Object>> action) {
        var caller = Caller.trusting(request);
        return Response.json(200, edit(edit -> action.apply(edit, writable(edit, request, id, caller, "update"))));
    }

    /** What clients see of an entity. */
    Map<String, Object> shown(E entity, Caller caller) {
        return Map.of(names.singular(), shown(entity, caller, replica.state().topology(), List.of()));
    }

    private Response delete(Request request, String id) {
        var caller = Caller.trusting(request);
        edit(edit -> {
            kind.delete(edit, caller, writable(edit, request, id, caller, "delete"));
            return id;
        });
        return Response.empty(204);
    }

    /** The entity, if the caller may change it, and it is as the client takes it to be. */
    private E writable(Edit edit, Request request, String id, Caller caller, String verb) {
        var entity = visible(edit, id, caller);
        caller.mayWrite(verb + "_" + names.singular());
        if (!caller.owns(kind.project(entity)) && !kind.isChangeable(entity, caller, edit)) {
            throw Refusals.policyNotAuthorized(verb + "_" + names.singular());
        }
        long current = (Long) schema.get(entity, "revision_number");
        request.header("If-Match").ifPresent(condition -> {
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

    private E visible(View view, String id, Caller caller) {
        var name = Id.of(kind.type(), id);
        return view.get(name)
                .filter(entity -> caller.isAdmin() || kind.isVisible(entity, caller, view))
                .orElseThrow(() -> kind.notFound(name));
    }

    private Map<String, Object> shown(E entity, Caller caller, View view, List<String> fields) {
        var shown =
                new LinkedHashMap<>(schema.show(entity, caller.isAdmin() ? Access.Reader.ADMIN : Access.Reader.CLIENT));
        shown.putAll(kind.derived(entity, caller, view));
        if (!fields.isEmpty()) {
            shown.keySet().retainAll(fields);
        }
        return shown;
    }

    private Map<String, Object> element(Map<String, Object> body) {
        var element = body.get(names.singular());
        if (body.size() != 1 || !body.containsKey(names.singular())) {
            throw Refusal.badRequest("Unable to find '%s' in request body".formatted(names.singular()));
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
        return elements.stream().map(this::object).toList();
    }

    private Map<String, Object> object(@Nullable Object element) {
        if (!(element instanceof Map<?, ?> map)) {
            throw Refusal.badRequest("Object '%s' contains invalid data".formatted(names.singular()));
        }
        var object = new LinkedHashMap<String, Object>();
        map.forEach((key, value) -> object.put(String.valueOf(key), value));
        return object;
    }

    private static Access.Writer writer(Caller caller) {
        return caller.isAdmin() ? Access.Writer.ADMIN : Access.Writer.CLIENT;
    }

    private static Values typed(Decoded<Map<String, Object>> decoded) {
        return switch (decoded) {
            case Decoded.Ok<Map<String, Object>>(var values) -> new Values(values);
            case Decoded.Bad<Map<String, Object>>(var problems) -> throw refusal(problems);
        };
    }

    /** What a client must not write is told only when all else is well. */
    static Refusal refusal(List<Problem> problems) {
        var faults = problems.stream()
                .filter(problem -> problem.kind() != Problem.Kind.FORBIDDEN)
                .map(Problem::text)
                .toList();
        return faults.isEmpty()
                ? new Refusal(403, "PolicyNotAuthorized", problems.getFirst().text())
                : Refusal.badRequest(String.join("; ", faults));
    }

    private static void requireOwnProject(Caller caller, Values values) {
        var project = values.find("project_id", String.class);
        if (project.isPresent() && !caller.owns(project.get())) {
            throw Refusal.badRequest("Specifying 'project_id' or 'tenant_id' other than the authenticated project in"
                    + " request requires admin privileges");
        }
    }

    private <R> R edit(Function<Edit, R> changes) {
        return Edits.make(replica, names.singular(), changes);
    }
}
