package org.dragonflow.server.http;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Which endpoint answers which method on which path. Segments in braces stand for any one segment, and are its arguments; where a path fits
 * several templates, a segment that is spelled out goes before one in braces. What is spelled out is the same with hyphens and with
 * underscores: clients write {@code /v2.0/local_ips} and {@code /v2.0/local-ips}.
 */
public final class Routes {
    private final Node root = new Node();

    /** Answers a request whose path matched. */
    public interface Endpoint {
        /** Answers, or throws a {@link Refusal}. */
        Response answer(Request request, List<String> arguments);
    }

    private record Route(String template, Endpoint endpoint) {}

    /** Where paths with a common beginning part. */
    private static final class Node {
        private final Map<String, Node> spelledOut = new HashMap<>();
        private final Map<String, Route> byMethod = new LinkedHashMap<>();
        private Optional<Node> any = Optional.empty();

        Node next(String segment) {
            if (!segment.startsWith("{")) {
                return spelledOut.computeIfAbsent(hyphenated(segment), _ -> new Node());
            }
            if (any.isEmpty()) {
                any = Optional.of(new Node());
            }
            return any.get();
        }
    }

    /** Where a request leads. */
    private record Match(Route route, List<String> arguments) {
        Response answer(Request request) {
            return route.endpoint().answer(request, arguments);
        }
    }

    public Routes on(String method, String template, Endpoint endpoint) {
        var node = root;
        for (var segment : segments(template)) {
            node = node.next(segment);
        }
        node.byMethod.putIfAbsent(method, new Route(template, endpoint));
        return this;
    }

    public Response answer(Request request) {
        var path = segments(request.path());
        var method = request.method();
        return match(path, method)
                .or(() -> method.equals("HEAD") ? match(path, "GET") : Optional.empty())
                .map(match -> match.answer(request))
                .orElseGet(() -> otherwise(request, path));
    }

    /** The template that a path matches, for metrics: a bounded number of names. */
    public String template(Request request) {
        return find(
                        segments(request.path()),
                        node -> node.byMethod.values().stream().findFirst())
                .map(match -> match.route().template())
                .orElse("other");
    }

    private Response otherwise(Request request, List<String> path) {
        var allowed = new TreeSet<String>();
        var _ = find(path, node -> {
            allowed.addAll(node.byMethod.keySet());
            return Optional.empty();
        });
        if (allowed.isEmpty()) {
            throw Refusal.notFound();
        }
        if (allowed.contains("GET")) {
            allowed.add("HEAD");
        }
        allowed.add("OPTIONS");
        var refusal = request.method().equals("OPTIONS")
                ? Response.empty(204)
                : new Refusal(
                                405,
                                "HTTPMethodNotAllowed",
                                "The method %s is not allowed for this resource.".formatted(request.method()))
                        .response();
        return refusal.with("Allow", String.join(", ", allowed));
    }

    private Optional<Match> match(List<String> path, String method) {
        return find(path, node -> Optional.ofNullable(node.byMethod.get(method)));
    }

    /** The first route that is chosen at an end of the path. */
    private Optional<Match> find(List<String> path, Function<Node, Optional<Route>> choice) {
        return find(root, path, new ArrayDeque<>(), choice);
    }

    private static Optional<Match> find(
            Node from, List<String> path, Deque<String> arguments, Function<Node, Optional<Route>> choice) {
        if (path.isEmpty()) {
            return choice.apply(from).map(route -> new Match(route, List.copyOf(arguments)));
        }
        var rest = path.subList(1, path.size());
        var spelledOut = Optional.ofNullable(from.spelledOut.get(hyphenated(path.getFirst())))
                .flatMap(node -> find(node, rest, arguments, choice));
        if (spelledOut.isPresent() || from.any.isEmpty()) {
            return spelledOut;
        }
        arguments.addLast(path.getFirst());
        var found = find(from.any.get(), rest, arguments, choice);
        arguments.removeLast();
        return found;
    }

    private static String hyphenated(String segment) {
        return segment.replace('_', '-');
    }

    private static List<String> segments(String path) {
        var segments = new ArrayList<String>();
        for (var segment : path.split("/", -1)) {
            if (!segment.isEmpty()) {
                segments.add(segment);
            }
        }
        return segments;
    }
}
