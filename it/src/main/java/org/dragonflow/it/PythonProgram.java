package org.dragonflow.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A service of OpenStack on the loopback address, run by a script of ours on the library that Debian packs; all it has is in its directory. */
final class PythonProgram implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static final int MOST_LINES = 40;

    private final String name;
    private final Path directory;
    private final int port;
    private final Command command;
    private Optional<Running> process = Optional.empty();

    /**
     * One that does not run yet.
     *
     * @param name what its script is called
     * @param words the script's arguments
     */
    PythonProgram(String name, Path directory, int port, Map<String, String> environment, String... words) {
        this.name = name;
        this.directory = directory;
        this.port = port;
        var script = directory.resolve(name + ".py");
        this.command =
                Command.of("/usr/bin/python3", script.toString()).and(words).with(environment);
        copy(directory, name + ".py", "serving.py");
    }

    /** Files that stand beside the scripts. */
    static void copy(Path directory, String... names) {
        for (var name : List.of(names)) {
            try (var file = Objects.requireNonNull(PythonProgram.class.getResourceAsStream(name), name)) {
                Files.write(directory.resolve(name), file.readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return port;
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    /** Starts it, and returns at once. */
    void launch() {
        var journal = new Journal(directory.resolve("journal"));
        process = Optional.of(Running.start(command, directory.resolve(name + ".log"), journal));
    }

    /** Waits until it answers. */
    void await() {
        var started = process.orElseThrow();
        try (var http = HttpClient.newHttpClient()) {
            Wait.until(name + " to answer", START, () -> {
                if (!started.isAlive()) {
                    throw new IllegalStateException("%s ended at once:%n%s".formatted(name, end(started.printed())));
                }
                return answers(http);
            });
        }
    }

    private boolean answers(HttpClient http) {
        try {
            var request =
                    HttpRequest.newBuilder(URI.create(url())).timeout(LIMIT).build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() < 500;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static String end(String printed) {
        var lines = printed.lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - MOST_LINES), lines.size()));
    }

    String printed() {
        return process.map(Running::printed).orElse("");
    }

    /** Ends it; what it knows stays. */
    void stop() {
        process.ifPresent(Running::close);
    }

    @Override
    public void close() {
        stop();
    }
}
