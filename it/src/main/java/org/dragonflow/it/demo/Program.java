package org.dragonflow.it.demo;

import java.io.Console;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** The steps of the demo as they are played: each is timed, told on the terminal at once, and kept for the summary. */
final class Program {
    private final List<Step> steps = new ArrayList<>();
    private final PrintStream out;
    private final boolean isTerminal =
            Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();

    Program(PrintStream out) {
        this.out = out;
    }

    /** One step and how it went. */
    record Step(String name, boolean ok, long millis, String detail) {}

    /** Something that can go wrong, and tells what it found. */
    interface Act {
        String play();
    }

    /** Plays a step; a failure is told, kept, and does not end the demo. */
    boolean step(String name, Act act) {
        if (isTerminal) {
            out.printf("  .. %s\r", name);
        }
        long start = System.nanoTime();
        var step = play(name, act, start);
        steps.add(step);
        out.printf("  %s %-58s %6d ms  %s%n", step.ok ? "ok" : "NO", name, step.millis, step.detail);
        return step.ok;
    }

    private static Step play(String name, Act act, long start) {
        try {
            var detail = act.play();
            return new Step(name, true, millisSince(start), detail);
        } catch (RuntimeException | AssertionError e) {
            return new Step(name, false, millisSince(start), String.valueOf(e.getMessage()));
        }
    }

    private static long millisSince(long start) {
        return Duration.ofNanos(System.nanoTime() - start).toMillis();
    }

    /** Fails the step that is being played, if what it wants does not hold. */
    static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    void chapter(String title) {
        out.printf("%n%s%n", title);
    }

    boolean isAllWell() {
        return !steps.isEmpty() && steps.stream().allMatch(Step::ok);
    }

    String summary() {
        long failed = steps.stream().filter(step -> !step.ok).count();
        long millis = steps.stream().mapToLong(Step::millis).sum();
        var verdict = failed == 0
                ? "All %d steps went well".formatted(steps.size())
                : "%d of %d steps FAILED".formatted(failed, steps.size());
        return "%s, in %.1f s.".formatted(verdict, millis / 1000.0);
    }

    List<Step> failures() {
        return steps.stream().filter(step -> !step.ok).toList();
    }

    String toJson() {
        var list = steps.stream().map(Program::json).toList();
        var all = new LinkedHashMap<String, Object>();
        all.put("ok", isAllWell());
        all.put("steps", list);
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(all) + "\n";
    }

    private static Map<String, Object> json(Step step) {
        var map = new LinkedHashMap<String, Object>();
        map.put("name", step.name);
        map.put("ok", step.ok);
        map.put("ms", step.millis);
        map.put("detail", step.detail);
        return map;
    }
}
