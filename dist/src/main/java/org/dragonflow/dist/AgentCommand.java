package org.dragonflow.dist;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.dragonflow.agent.Agent;
import org.dragonflow.agent.Config;
import org.dragonflow.agent.ServerFeed;
import org.dragonflow.feed.Credentials;
import org.dragonflow.feed.FeedSource;
import org.dragonflow.feed.Join;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** Starts the agent of this chassis. */
@CommandLine.Command(
        name = "agent",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Turns what concerns this chassis into flows of its Open vSwitch.",
            "Needs the certificate that 'dragonflow join' gets, or one that you bring, unless the server is on this machine. It can be stopped and started at any time: the flows stay."
        })
final class AgentCommand implements Callable<Integer> {
    @CommandLine.Option(
            names = "--server",
            required = true,
            split = ",",
            paramLabel = "URL",
            description = "The feeds, tried in turn, such as https://10.0.0.1:9697.")
    private List<URI> servers = List.of();

    /** Certificates of the operator's own authority, which sees to them itself. */
    static final class Brought {
        @CommandLine.Option(
                names = "--certificate",
                required = true,
                paramLabel = "FILE",
                description = "PEM: a certificate for this chassis' name that you bring, instead of joining. It is read"
                        + " anew for each connection, and never renewed by the agent.")
        private Path certificate = Path.of("");

        @CommandLine.Option(
                names = "--key",
                required = true,
                paramLabel = "FILE",
                description = "PEM: the key of that certificate.")
        private Path key = Path.of("");

        @CommandLine.Option(
                names = "--authority",
                required = true,
                paramLabel = "FILE",
                description = "PEM: the authorities that the servers' certificates are from.")
        private Path authority = Path.of("");
    }

    @CommandLine.ArgGroup(exclusive = false)
    private @Nullable Brought brought;

    @CommandLine.Mixin
    private final AgentOptions options = new AgentOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Config config;
        try {
            config = options.config(Optional.empty());
        } catch (IllegalArgumentException e) {
            System.err.println("dragonflow agent: " + e.getMessage());
            return CommandLine.ExitCode.USAGE;
        }
        try (var agent = Agent.start(config, ServerFeed.of(config, servers, identity()))) {
            agent.await();
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    /** Who gave the certificate renews it: the server if this chassis joined, else the operator. */
    Optional<FeedSource.Identity> identity() {
        if (servers.stream().noneMatch(server -> "https".equals(server.getScheme()))) {
            return Optional.empty();
        }
        return Optional.of(
                brought == null
                        ? new FeedSource.Identity(Join.files(options.stateDirectory()), true)
                        : new FeedSource.Identity(
                                new Credentials.Files(brought.certificate, brought.key, brought.authority), false));
    }
}
