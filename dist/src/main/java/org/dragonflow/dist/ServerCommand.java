package org.dragonflow.dist;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.dragonflow.server.Config;
import org.dragonflow.server.Server;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** Starts an API server with its store and its feed. */
@CommandLine.Command(
        name = "server",
        mixinStandardHelpOptions = true,
        description = {
            "Serves the Neutron API and the feed to the chassis.",
            "Every setting can be given as --KEY=VALUE, in the environment as DRAGONFLOW_KEY, or in a file of KEY=VALUE lines; docs/reference/configuration.md lists them."
        })
final class ServerCommand implements Callable<Integer> {
    @CommandLine.Option(names = "--config", paramLabel = "FILE", description = "Reads settings from there.")
    private @Nullable Path file;

    @CommandLine.Unmatched
    private final List<String> settings = new ArrayList<>();

    @Override
    public Integer call() throws InterruptedException {
        Server server;
        try {
            server = Server.start(Config.read(Optional.ofNullable(file), System.getenv(), settings));
        } catch (IllegalArgumentException e) {
            System.err.println("dragonflow server: " + e.getMessage());
            return CommandLine.ExitCode.USAGE;
        }
        var stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.close();
            stopped.countDown();
        }));
        stopped.await();
        return 0;
    }
}
