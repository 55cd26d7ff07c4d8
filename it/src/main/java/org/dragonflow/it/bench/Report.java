package org.dragonflow.it.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** All figures of one run of the bench, printed as they come. */
final class Report {
    private final PrintStream out;
    private final PrintStream progress;
    private final Map<String, Object> environment = Environment.read();
    private final double loadBefore = Environment.load();
    private final Map<String, List<Figure>> figures = new LinkedHashMap<>();
    private final List<String> failures = new ArrayList<>();
    private List<Figure> current = new ArrayList<>();

    Report(PrintStream out, PrintStream progress) {
        this.out = out;
        this.progress = progress;
        environment.forEach((name, value) -> out.printf("%-12s %s%n", name, value));
        out.printf("%-12s %.2f before%n", "load", loadBefore);
    }

    /** Begins a group of figures. */
    void section(String name, String text) {
        current = figures.computeIfAbsent(name, _ -> new ArrayList<>());
        out.printf("%n%s: %s%n", name, text);
        out.printf("  %-72s %10s %-6s %21s  %s%n", "", "median", "", "min .. max", "to hold");
    }

    void add(Figure figure) {
        current.add(figure);
        out.println(figure.line());
    }

    /** Says what goes on, to whoever watches. */
    void progress(String text) {
        progress.println("... " + text);
    }

    void failed(String name, Throwable fault) {
        failures.add(name + ": " + fault);
        out.printf("  could not be measured: %s%n", fault);
    }

    boolean isComplete() {
        return failures.isEmpty();
    }

    void end() {
        var missed = figures.values().stream()
                .flatMap(List::stream)
                .filter(figure -> figure.isMet().filter(met -> !met).isPresent())
                .map(Figure::name)
                .toList();
        out.printf(
                "%n%-12s %.2f before, %.2f after%n%-12s %s%n",
                "load",
                loadBefore,
                Environment.load(),
                "missed",
                missed.isEmpty() ? "none" : String.join("; ", missed));
    }

    void write(Path file) throws IOException {
        var groups = new LinkedHashMap<String, Object>();
        figures.forEach(
                (name, list) -> groups.put(name, list.stream().map(Figure::json).toList()));
        var json = new LinkedHashMap<String, Object>();
        environment.put("load_before", loadBefore);
        environment.put("load_after", Environment.load());
        json.put("environment", environment);
        json.put("figures", groups);
        json.put("failures", failures);
        var mapper =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        Files.writeString(file, mapper.writeValueAsString(json) + System.lineSeparator());
    }
}
