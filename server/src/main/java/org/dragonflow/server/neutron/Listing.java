package org.dragonflow.server.neutron;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dragonflow.model.Decoded;
import org.dragonflow.model.Entity;
import org.dragonflow.model.FloatingIp;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;
import org.dragonflow.model.Partial;
import org.dragonflow.model.Port;
import org.dragonflow.model.Query;
import org.dragonflow.model.Router;
import org.dragonflow.model.Schema;
import org.dragonflow.model.SecurityGroup;
import org.dragonflow.model.SecurityGroupRule;
import org.dragonflow.model.StartingWith;
import org.dragonflow.model.Subnet;
import org.dragonflow.model.View;
import org.dragonflow.server.access.Caller;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.server.http.Request;

/** Finds the entities of one kind that a query string asks for: filtered, sorted, and a page at a time. */
final class Listing<E extends Entity> {
    private static final Set<String> RESERVED =
            Set.of("fields", "sort_key", "sort_dir", "limit", "marker", "page_reverse", World.AS_OF, World.DRY_RUN);
    private static final Set<String> TRUE = Set.of("1", "true", "yes", "on");

    private static final String SHARED = "shared";

    /** Of these, Neutron refuses to list what comes after something that is not there; others it lists from the beginning. */
    private static final Set<Class<? extends Entity>> NEED_MARKER = Set.of(
            Network.class,
            Subnet.class,
            Port.class,
            Router.class,
            FloatingIp.class,
            SecurityGroup.class,
            SecurityGroupRule.class);

    private final Kind<E> kind;
    private final Schema<E> schema;
    private final Guard<E> guard;

    Listing(Kind<E> kind, Schema<E> schema) {
        this.kind = kind;
        this.schema = schema;
        this.guard = Guard.of(kind.type());
    }

    /** Some entities in order, and where those before and after them are. */
    record Page<E>(List<E> entities, List<Map<String, String>> links) {}

    /** What one parameter asks of an attribute: one of these values. */
    private record Filter(String attribute, List<Object> wanted) {}

    /** @param belonging values that attributes must have, whatever the request asks for */
    Page<E> page(Request request, Caller caller, View view, Map<String, Id<?>> belonging) {
        var conditions = new ArrayList<Predicate<E>>();
        var filters = new ArrayList<>(filters(request, caller, view, conditions));
        belonging.forEach((attribute, id) -> filters.addFirst(new Filter(attribute, List.of(id))));
        var order = order(request);
        var all = candidates(filters, caller, view)
                .filter(entity -> filters.stream()
                        .allMatch(filter -> schema.matches(entity, filter.attribute(), filter.wanted())))
                .filter(entity -> hasTags(entity, request))
                .filter(entity -> conditions.stream().allMatch(condition -> condition.test(entity)))
                .sorted(order)
                .toList();
        var limit = limit(request);
        var marker = request.parameter("marker").flatMap(id -> marker(view, id, caller));
        if (limit.isEmpty() && marker.isEmpty()) {
            return new Page<>(all, List.of());
        }
        return cut(request, all, order, limit, marker);
    }

    private Page<E> cut(
            Request request, List<E> all, Comparator<E> order, Optional<Integer> asked, Optional<E> marker) {
        int limit = asked.orElse(Integer.MAX_VALUE);
        boolean isReverse = request.parameter("page_reverse")
                .filter(text -> TRUE.contains(text.toLowerCase(Locale.ROOT)))
                .isPresent();
        int from;
        int to;
        if (isReverse) {
            to = marker.map(at -> (int)
                            all.stream().filter(e -> order.compare(e, at) < 0).count())
                    .orElse(all.size());
            from = Math.max(0, to - limit);
        } else {
            from = marker.map(at -> (int)
                            all.stream().filter(e -> order.compare(e, at) <= 0).count())
                    .orElse(0);
            to = (int) Math.min(all.size(), (long) from + limit);
        }
        var page = all.subList(from, to);
        return new Page<>(page, asked.isPresent() ? links(request, page, limit, isReverse) : List.of());
    }

    /** A page that is full may be the last in its direction: as with Neutron, only one that is not says so. */
    private List<Map<String, String>> links(Request request, List<E> page, int limit, boolean isReverse) {
        boolean isFull = page.size() == limit;
        var links = new ArrayList<Map<String, String>>();
        if (isFull || isReverse) {
            links.add(link("next", request, page.reversed().stream().findFirst(), false));
        }
        if (isFull || !isReverse) {
            links.add(link("previous", request, page.stream().findFirst(), true));
        }
        return links;
    }

    private Map<String, String> link(String relation, Request request, Optional<E> marker, boolean isReverse) {
        return Map.of("rel", relation, "href", href(request, marker, isReverse));
    }

    private String href(Request request, Optional<E> marker, boolean isReverse) {
        var query = new LinkedHashMap<>(request.query());
        query.remove("marker");
        marker.ifPresent(entity -> query.put("marker", List.of(entity.id().value())));
        query.remove("page_reverse");
        if (isReverse) {
            query.put("page_reverse", List.of("True"));
        }
        return Links.base(request) + request.path() + "?"
                + query.entrySet().stream()
                        .flatMap(entry ->
                                entry.getValue().stream().map(value -> encode(entry.getKey()) + "=" + encode(value)))
                        .collect(Collectors.joining("&"));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private Optional<E> marker(View view, String id, Caller caller) {
        var name = Id.of(kind.type(), id);
        var marker = guard.find(view, name, caller);
        if (marker.isEmpty() && NEED_MARKER.contains(kind.type())) {
            throw kind.notFound(name);
        }
        return marker;
    }

    private static Optional<Integer> limit(Request request) {
        return request.parameter("limit")
                .map(text -> {
                    if (!text.matches("[0-9]{1,9}")) {
                        throw Refusal.badRequest("Limit must be an integer 0 or greater and not '%s'".formatted(text));
                    }
                    return Integer.valueOf(text);
                })
                .filter(limit -> limit > 0);
    }

    /** @param conditions takes what is not asked of an attribute of the record */
    private List<Filter> filters(Request request, Caller caller, View view, List<Predicate<E>> conditions) {
        var filters = new ArrayList<Filter>();
        request.query().forEach((name, texts) -> {
            var condition = sharing(name, texts, caller, view).or(() -> kind.filter(name, texts, view));
            condition.ifPresent(conditions::add);
            if (condition.isEmpty() && !RESERVED.contains(name) && !isOfTags(name)) {
                switch (schema.parseFilter(name, texts)) {
                    case Decoded.Ok<List<Object>>(var wanted) -> filters.add(new Filter(name, wanted));
                    case Decoded.Bad<List<Object>>(var problems) -> throw Collection.refusal(problems);
                }
            }
        });
        return filters;
    }

    /** Whether things are shared depends on who asks, also where it is no attribute of the record. */
    private Optional<Predicate<E>> sharing(String name, List<String> texts, Caller caller, View view) {
        boolean isOfNetwork = kind.type() == Subnet.class;
        if (!name.equals(SHARED) || !(Sharing.isShareable(schema) || isOfNetwork)) {
            return Optional.empty();
        }
        var wanted = texts.stream()
                .map(text -> switch (text.toLowerCase(Locale.ROOT)) {
                    case "true", "1", "t", "yes", "y", "on" -> true;
                    case "false", "0", "f", "no", "n", "off" -> false;
                    default ->
                        throw Refusal.badRequest(
                                "Invalid input for shared. Reason: '%s' cannot be converted to boolean."
                                        .formatted(text));
                })
                .toList();
        if (isOfNetwork) {
            // A subnet is shared as its network is, and does not show it.
            return Optional.of(entity -> wanted.contains(view.get(((Subnet) entity).networkId())
                    .map(network -> isShared(Guard.of(Network.class), network, caller, view))
                    .orElse(false)));
        }
        return Optional.of(entity -> wanted.contains(isShared(guard, entity, caller, view)));
    }

    private static <S extends Entity> boolean isShared(Guard<S> guard, S entity, Caller caller, View view) {
        return guard.attribute(entity, SHARED, caller, view).equals(Optional.of(true));
    }

    private boolean isOfTags(String parameter) {
        return TagFilter.named(parameter).isPresent()
                && schema.attribute(Tags.ATTRIBUTE).isPresent();
    }

    @SuppressWarnings("unchecked") // that is what the attribute holds
    private boolean hasTags(E entity, Request request) {
        return request.query().entrySet().stream()
                .filter(parameter -> isOfTags(parameter.getKey()))
                .allMatch(parameter -> TagFilter.named(parameter.getKey())
                        .orElseThrow()
                        .accepts((List<String>) schema.get(entity, Tags.ATTRIBUTE), parameter.getValue()));
    }

    /** All that the caller sees and that can match: by an index if there is one. */
    private Stream<E> candidates(List<Filter> filters, Caller caller, View view) {
        for (var filter : filters) {
            var queries = filter.wanted().stream()
                    .map(value -> query(filter.attribute(), value))
                    .toList();
            if (queries.stream().allMatch(Optional::isPresent)) {
                return queries.stream()
                        .distinct()
                        .flatMap(query -> view.find(query.orElseThrow()))
                        .distinct()
                        .filter(entity -> guard.sees(caller, entity, view));
            }
        }
        return guard.all(caller, view);
    }

    private Optional<Query<E>> query(String name, Object value) {
        if (value instanceof StartingWith) {
            return Optional.empty();
        }
        var attribute = schema.attribute(name).orElseThrow().name();
        if (attribute.equals("id") && value instanceof Id<?> id) {
            return Optional.of(Query.byId(Id.of(kind.type(), id.value())));
        }
        if (value instanceof Partial partial && partial.values().size() == 1) {
            var part = partial.values().entrySet().iterator().next();
            return Query.maybeBy(kind.type(), attribute + "." + part.getKey(), part.getValue());
        }
        return Query.maybeBy(kind.type(), attribute, value);
    }

    private Comparator<E> order(Request request) {
        var keys = request.parameters("sort_key");
        var directions = request.parameters("sort_dir");
        if (!directions.isEmpty() && directions.size() != keys.size()) {
            throw Refusal.badRequest("The number of sort_keys and sort_dirs must be same");
        }
        Comparator<E> order = (_, _) -> 0;
        for (int i = 0; i < keys.size(); i++) {
            var next = by(keys.get(i));
            order = order.thenComparing(
                    isDescending(i < directions.size() ? directions.get(i) : "asc") ? next.reversed() : next);
        }
        return order.thenComparing(entity -> entity.id().value());
    }

    private static boolean isDescending(String direction) {
        return switch (direction) {
            case "asc" -> false;
            case "desc" -> true;
            default ->
                throw Refusal.badRequest(
                        "['%s'] is invalid value for sort_dirs, valid value is 'asc' and 'desc'".formatted(direction));
        };
    }

    private Comparator<E> by(String name) {
        var attribute = schema.attribute(name)
                .filter(found -> !found.isHidden())
                .orElseThrow(() -> Refusal.badRequest("['%s'] is invalid attribute for sort_keys".formatted(name)));
        return (one, other) -> compare(schema.get(one, attribute.name()), schema.get(other, attribute.name()));
    }

    @SuppressWarnings("unchecked") // values of one class that can be compared, can be with each other
    private static int compare(Object one, Object other) {
        if (one instanceof Optional<?> first && other instanceof Optional<?> second) {
            return first.isPresent() && second.isPresent()
                    ? compare(first.get(), second.get())
                    : Boolean.compare(first.isPresent(), second.isPresent());
        }
        return one instanceof Comparable<?> comparable && one.getClass() == other.getClass()
                ? ((Comparable<Object>) comparable).compareTo(other)
                : one.toString().compareTo(other.toString());
    }
}
