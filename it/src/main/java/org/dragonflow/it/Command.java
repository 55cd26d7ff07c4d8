package org.dragonflow.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A program with its arguments, run without a shell and never longer than its limit.
 *
 * @param words the program, then its arguments
 * @param environment what is set besides the environment of this process
 * @param input what the program reads from standard input
 * @param limit after this long it is killed, with its children
 */
public record Command(List<String> words, Map<String, String> environment, String input, Duration limit) {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    public Command {
        words = List.copyOf(words);
        environment = Map.copyOf(environment);
        if (words.isEmpty()) {
            throw new IllegalArgumentException("a command has at least one word");
        }
    }

    public static Command of(String... words) {
        return of(List.of(words));
    }

    public static Command of(List<String> words) {
        return new Command(words, Map.of(), "", LIMIT);
    }

    public Command with(String variable, String value) {
        var more = new TreeMap<>(environment);
        more.put(variable, value);
        return new Command(words, more, input, limit);
    }

    public Command with(Map<String, String> variables) {
        var more = new TreeMap<>(environment);
        more.putAll(variables);
        return new Command(words, more, input, limit);
    }

    public Command reading(String text) {
        return new Command(words, environment, text, limit);
    }

    public Command within(Duration time) {
        return new Command(words, environment, input, time);
    }

    /** The same command with more words at its end. */
    public Command and(String... more) {
        var all = new ArrayList<>(words);
        all.addAll(List.of(more));
        return new Command(all, environment, input, limit);
    }

    /** The same command as the argument of another, as in {@code ip netns exec NAME}. */
    Command after(String... prefix) {
        var all = new ArrayList<>(List.of(prefix));
        all.addAll(words);
        return new Command(all, environment, input, limit);
    }

    /**
     * How a command ended.
     *
     * @param status the exit status; 128 and the signal's number if a signal ended it
     * @param timedOut whether it was killed because its time was up
     */
    public record Result(Command command, int status, String stdout, String stderr, boolean timedOut) {
        public boolean succeeded() {
            return status == 0 && !timedOut;
        }

        /** Standard output without the blank lines. */
        public List<String> lines() {
            return stdout.lines().filter(line -> !line.isBlank()).toList();
        }
    }

    /** Runs to the end, whatever the end; throws only if the program cannot be started. */
    public Result run() {
        var process = start();
        var stdout = slurp(process.getInputStream());
        var stderr = slurp(process.getErrorStream());
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // The program need not read all that it is given; its status tells whether that was well.
        }
        boolean ended = awaitEnd(process);
        return new Result(
                this, ended ? process.exitValue() : 128 + 9, rest(process, stdout), rest(process, stderr), !ended);
    }

    /** Runs to the end, which must be success; gives standard output. */
    public String require() {
        var result = run();
        if (!result.succeeded()) {
            throw new CommandFailed(result);
        }
        return result.stdout();
    }

    private Process start() {
        var builder = new ProcessBuilder(words);
        prepare(builder);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start: " + this, e);
        }
    }

    void prepare(ProcessBuilder builder) {
        // Outcomes are read from messages, so these must not be translated.
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().putAll(environment);
    }

    private boolean awaitEnd(Process process) {
        try {
            if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return true;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        return false;
    }

    private static CompletableFuture<String> slurp(InputStream stream) {
        var text = new CompletableFuture<String>();
        Thread.ofPlatform().daemon().name("command-output").start(() -> {
            try (stream) {
                text.complete(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                text.complete("");
            }
        });
        return text;
    }

    /** What was printed; a daemon left behind may hold the pipe open, and is not waited for. */
    private static String rest(Process process, CompletableFuture<String> text) {
        return text.completeOnTimeout(
                        "(output still held open by a child of %d)".formatted(process.pid()), 2, TimeUnit.SECONDS)
                .join();
    }

    /** The command line as a person would type it. */
    @Override
    public String toString() {
        var line = new StringBuilder();
        new TreeMap<>(environment)
                .forEach((name, value) ->
                        line.append(name).append('=').append(quoted(value)).append(' '));
        words.forEach(word -> line.append(quoted(word)).append(' '));
        return line.toString().stripTrailing();
    }

    private static String quoted(String word) {
        return word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
