package org.dragonflow.dist;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.dragonflow.address.IpAddress;
import org.dragonflow.agent.Agent;
import org.dragonflow.agent.ServerFeed;
import org.dragonflow.server.Config;
import org.dragonflow.server.Server;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** Starts a server and the agent of the one chassis that it has, on this machine. */
@CommandLine.Command(
        name = "all",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Starts a server, and the agent of this machine, in one process: a cloud of one chassis.",
            "Takes the settings of 'dragonflow server' as --KEY=VALUE; the feed stays on this machine. Without --store.path, what tenants make is forgotten when it ends."
        })
final class AllCommand implements Callable<Integer> {
    @CommandLine.Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Reads the server's settings from there.")
    private @Nullable Path file;

    @CommandLine.Mixin
    private final AgentOptions options = new AgentOptions();

    @CommandLine.Unmatched
    private final List<String> settings = new ArrayList<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
        try {
            var agentConfig = options.config(Optional.of(IpAddress.parse("127.0.0.1")));
            try (var server = Server.start(Config.read(Optional.ofNullable(file), System.getenv(), settings));
                    var agent = Agent.start(
                            agentConfig,
                            ServerFeed.of(agentConfig, List.of(URI.create(server.feedUrl())), Optional.empty()))) {
                agent.await();
            }
            return CommandLine.ExitCode.SOFTWARE;
        } catch (IllegalArgumentException e) {
            System.err.println("dragonflow all: " + e.getMessage());
            return CommandLine.ExitCode.USAGE;
        }
    }
}
