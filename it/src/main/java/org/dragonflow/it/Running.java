package org.dragonflow.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/** A program that the lab started and that runs until it ends or is ended; what it prints goes to its log file. */
public final class Running implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final Command command;
    private final Process process;
    private final Path log;

    private Running(Command command, Process process, Path log) {
        this.command = command;
        this.process = process;
        this.log = log;
    }

    /**
     * Starts the program, but only after the journal knows its process id: a gate holds it back until then, and lets
     * it die if this process dies first.
     */
    static Running start(Command command, Path log, Journal journal) {
        var gated = command.after("/bin/sh", "-c", "read -r go && exec \"$@\" </dev/null", "gate");
        var builder = new ProcessBuilder(gated.words())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        command.prepare(builder);
        try {
            var process = builder.start();
            journal.record(Journal.Entry.process(process.pid()));
            try (var gate = process.getOutputStream()) {
                gate.write("go\n".getBytes(StandardCharsets.US_ASCII));
            }
            return new Running(command, process, log);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start: " + command, e);
        }
    }

    public Command command() {
        return command;
    }

    public long pid() {
        return process.pid();
    }

    public Path log() {
        return log;
    }

    /** All that the program has printed so far; the last character may be there by half. */
    public String printed() {
        try {
            return new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** The exit status, if it has ended; 128 and the signal's number if a signal ended it. */
    public OptionalInt status() {
        return process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
    }

    /** Waits for the end; empty if it still runs after this long. */
    public OptionalInt awaitEnd(Duration limit) {
        try {
            if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return OptionalInt.of(process.exitValue());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return OptionalInt.empty();
    }

    /** Sends a signal by its name, such as {@code INT}. */
    public void signal(String name) {
        if (isAlive()) {
            Command.of("kill", "-s", name, Long.toString(pid())).run();
        }
    }

    /** SIGKILL, and waits until it is gone. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd(GRACE);
    }

    /** SIGTERM, and SIGKILL if that is not heard. */
    @Override
    public void close() {
        process.destroy();
        if (awaitEnd(GRACE).isEmpty()) {
            kill();
        }
    }

    /** A line of the log that contains the text, as soon as there is one. */
    public String awaitLine(String text, Duration limit) {
        return Wait.forAnswer("'" + text + "' from " + command, limit, () -> {
            var line = printed()
                    .lines()
                    .filter(candidate -> candidate.contains(text))
                    .findFirst();
            if (line.isEmpty() && !isAlive()) {
                throw new IllegalStateException("%s ended with status %d before it said '%s':%n%s"
                        .formatted(command, process.exitValue(), text, printed()));
            }
            return line;
        });
    }

    @Override
    public String toString() {
        return "[%d] %s".formatted(pid(), command);
    }
}
