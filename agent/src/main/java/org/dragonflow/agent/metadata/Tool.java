package org.dragonflow.agent.metadata;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs {@code ip} of iproute2, which knows all that is to be set. */
final class Tool {
    private static final int PATIENCE_SECONDS = 10;

    private Tool() {}

    static void ip(String... words) throws IOException, InterruptedException {
        run("", words);
    }

    /** Commands of {@code ip}, one a line, done inside a namespace up to the first that fails. */
    static void ipInside(String namespace, List<String> commands) throws IOException, InterruptedException {
        run(String.join("\n", commands) + "\n", "-n", namespace, "-batch", "-");
    }

    private static void run(String input, String... words) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(words));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        }
        var output = new String(process.getInputStream().readNBytes(4_096), StandardCharsets.UTF_8);
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("%s does not end".formatted(String.join(" ", command)));
        }
        if (process.exitValue() != 0) {
            throw new IOException(
                    "%s: %s".formatted(String.join(" ", command), output.strip().replace("\n", "; ")));
        }
    }
}
