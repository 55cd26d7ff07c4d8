package org.dragonflow.dist;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.dragonflow.feed.Join;
import org.dragonflow.feed.Refused;
import org.dragonflow.feed.Token;
import picocli.CommandLine;

/** Makes this machine a chassis of a cloud. */
@CommandLine.Command(
        name = "join",
        mixinStandardHelpOptions = true,
        description = {
            "Gets this chassis its certificate, for a token that 'dfctl chassis add NAME' has printed.",
            "Run it once; then start the agent with the same state directory."
        })
final class JoinCommand implements Callable<Integer> {
    @CommandLine.Option(
            names = "--server",
            required = true,
            paramLabel = "URL",
            description = "The feed, such as https://10.0.0.1:9697.")
    private URI server = URI.create("");

    @CommandLine.Option(names = "--token", required = true, paramLabel = "TOKEN", description = "As it was printed.")
    private String token = "";

    @CommandLine.Option(
            names = "--state-directory",
            paramLabel = "DIR",
            defaultValue = "/var/lib/dragonflow",
            description = "Where the agent keeps its state (default: ${DEFAULT-VALUE}).")
    private Path stateDirectory = Path.of("");

    @Override
    public Integer call() throws InterruptedException {
        try {
            var parsed = Token.parse(token);
            Join.join(server, parsed, stateDirectory);
            System.out.printf("chassis %s has its certificate in %s%n", parsed.chassis(), stateDirectory);
            return CommandLine.ExitCode.OK;
        } catch (IllegalArgumentException e) {
            System.err.println("dragonflow join: " + e.getMessage());
            return CommandLine.ExitCode.USAGE;
        } catch (Refused e) {
            System.err.println("dragonflow join: the server refuses: " + e.detail());
            return CommandLine.ExitCode.SOFTWARE;
        } catch (IOException e) {
            System.err.printf("dragonflow join: no success with %s: %s%n", server, e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
    }
}
