package org.dragonflow.dist;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.dragonflow.agent.Agent;
import org.dragonflow.agent.Config;
import org.dragonflow.agent.ServerFeed;
import org.dragonflow.feed.FeedSource;
import org.dragonflow.feed.Join;
import picocli.CommandLine;

/** Starts the agent of this chassis. */
@CommandLine.Command(
        name = "agent",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Turns what concerns this chassis into flows of its Open vSwitch.",
            "Needs the certificate that 'dragonflow join' gets, unless the server is on this machine. It can be stopped and started at any time: the flows stay."
        })
final class AgentCommand implements Callable<Integer> {
    @CommandLine.Option(
            names = "--server",
            required = true,
            split = ",",
            paramLabel = "URL",
            description = "The feeds, tried in turn, such as https://10.0.0.1:9697.")
    private List<URI> servers = List.of();

    @CommandLine.Mixin
    private final AgentOptions options = new AgentOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Config config;
        try {
            config = options.config();
        } catch (IllegalArgumentException e) {
            System.err.println("dragonflow agent: " + e.getMessage());
            return CommandLine.ExitCode.USAGE;
        }
        var identity = servers.stream().anyMatch(server -> "https".equals(server.getScheme()))
                ? Optional.of(new FeedSource.Identity(Join.files(options.stateDirectory()), true))
                : Optional.<FeedSource.Identity>empty();
        try (var agent = Agent.start(config, ServerFeed.of(config, servers, identity))) {
            agent.await();
        }
        return CommandLine.ExitCode.SOFTWARE;
    }
}
