package org.dragonflow.dist;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.dragonflow.cli.Version;
import picocli.CommandLine;

/** The daemons: {@code dragonflow server}, {@code dragonflow agent}, or both on one machine. */
@CommandLine.Command(
        name = "dragonflow",
        mixinStandardHelpOptions = true,
        description = "Starts a daemon of Dragonflow, in the foreground; it ends with SIGTERM or SIGINT.",
        subcommands = {ServerCommand.class, AgentCommand.class, AllCommand.class, JoinCommand.class})
public final class Dragonflow {
    private Dragonflow() {}

    // Kept, since the JDK forgets the levels of loggers that nobody holds.
    private static final Logger HTTP_SERVER = Logger.getLogger("io.helidon");

    public static void main(String... args) {
        HTTP_SERVER.setLevel(Level.WARNING);
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return Version.toldBy(new CommandLine(new Dragonflow()), "dragonflow");
    }
}
