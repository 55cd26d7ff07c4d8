package org.dragonflow.server.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Which endpoint answers which method on which path. Segments in braces stand for any one segment, and are its arguments. */
public final class Routes {
    private final List<Route> routes = new ArrayList<>();

    /** Answers a request whose path matched. */
    public interface Endpoint {
        /** Answers, or throws a {@link Refusal}. */
        Response answer(Request request, List<String> arguments);
    }

    // The words of a path are the same with hyphens and with underscores: clients write /v2.0/local_ips and
    // /v2.0/local-ips.
    private record Route(String method, String template, List<String> segments, Endpoint endpoint) {}

    /** Where a request leads. */
    private record Match(String template, Endpoint endpoint, List<String> arguments) {}

    public Routes on(String method, String template, Endpoint endpoint) {
        var segments = segments(template).stream()
                .map(segment -> segment.startsWith("{") ? segment : segment.replace('_', '-'))
                .toList();
        routes.add(new Route(method, template, segments, endpoint));
        return this;
    }

    public Response answer(Request request) {
        return match(request, request.method())
                .or(() -> request.method().equals("HEAD") ? match(request, "GET") : Optional.empty())
                .map(match -> match.endpoint().answer(request, match.arguments()))
                .orElseGet(() -> otherwise(request));
    }

    /** The template that a path matches, for metrics: a bounded number of names. */
    public String template(Request request) {
        var path = segments(request.path());
        return routes.stream()
                .filter(route -> arguments(route, path).isPresent())
                .map(Route::template)
                .findFirst()
                .orElse("other");
    }

    private Response otherwise(Request request) {
        var path = segments(request.path());
        var allowed = routes.stream()
                .filter(route -> arguments(route, path).isPresent())
                .map(Route::method)
                .collect(Collectors.toCollection(TreeSet::new));
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

    private Optional<Match> match(Request request, String method) {
        var path = segments(request.path());
        return routes.stream()
                .filter(route -> route.method().equals(method))
                .flatMap(
                        route -> arguments(route, path)
                                .map(arguments -> new Match(route.template(), route.endpoint(), arguments))
                                .stream())
                .findFirst();
    }

    private static Optional<List<String>> arguments(Route route, List<String> path) {
        var segments = route.segments();
        if (segments.size() != path.size()) {
            return Optional.empty();
        }
        var arguments = new ArrayList<String>();
        for (int i = 0; i < path.size(); i++) {
            if (segments.get(i).startsWith("{")) {
                arguments.add(path.get(i));
            } else if (!segments.get(i).equals(path.get(i).replace('_', '-'))) {
                return Optional.empty();
            }
        }
        return Optional.of(arguments);
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
