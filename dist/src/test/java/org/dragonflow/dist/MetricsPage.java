package org.dragonflow.dist;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Every metric that the daemons show, as it is registered. */
final class MetricsPage {
    private static final Pattern REGISTERED = Pattern.compile("""
            (?<kind>\\w+)(?:\\.builder\\(\\)\\s*\\.name)?\\(\\s*"(?<name>dragonflow_\\w+)"\\s*(?:\\)\\s*\\.help\\(|,)\\s*"(?<help>[^"]+)"\
            (?:\\)(?:\\s*\\.classicUpperBounds\\([^)]*\\))?\\s*\\.labelNames\\((?<labels>[^)]*)\\))?""");
    private static final Pattern NAMED = Pattern.compile("\"dragonflow_\\w+\"");

    private MetricsPage() {}

    private record Metric(String name, String kind, String labels, String help) {
        static Metric of(MatchResult match) {
            var labels = Optional.ofNullable(match.group("labels")).orElse("");
            return new Metric(
                    match.group("name"),
                    match.group("kind").toLowerCase(Locale.ROOT).replace("withcallback", ""),
                    labels.replace("\"", "`"),
                    match.group("help"));
        }

        String row() {
            return "| `%s` | %s | %s | %s |".formatted(name, kind, labels, help);
        }
    }

    static String text() {
        return """
                # Metrics

                For Prometheus: the server shows its own at `/metrics` of the API's port, an agent at `/metrics` of its status socket, and of
                its metrics address where one is set. A histogram comes as `_bucket`, `_sum` and `_count`.
                """ + page("server") + page("agent");
    }

    private static String page(String module) {
        var metrics = Repository.files(Repository.ROOT.resolve(module).resolve("src/main"))
                .filter(path -> path.toString().endsWith(".java"))
                .flatMap(path -> metrics(Repository.name(path), Repository.read(path)).stream())
                .toList();
        return metrics.stream()
                .map(Metric::row)
                .collect(Collectors.joining(
                        "\n",
                        "\n## %s\n\n| metric | kind | by | what it counts |\n|---|---|---|---|\n".formatted(module),
                        "\n"));
    }

    private static List<Metric> metrics(String file, String source) {
        var metrics = REGISTERED.matcher(source).results().map(Metric::of).toList();
        long named = NAMED.matcher(source).results().count();
        if (named != metrics.size()) {
            throw new IllegalStateException(
                    "%s names %d metrics, of which %d could be read".formatted(file, named, metrics.size()));
        }
        return metrics;
    }
}
