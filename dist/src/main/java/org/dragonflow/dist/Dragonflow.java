package org.dragonflow.dist;

import java.util.ArrayList;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.dragonflow.cli.Version;
import picocli.CommandLine;

/** The daemons: {@code dragonflow server}, {@code dragonflow agent}, or both on one machine. */
@CommandLine.Command(
        name = "dragonflow",
        mixinStandardHelpOptions = true,
        description = "Starts a daemon of Dragonflow, in the foreground; it ends with SIGTERM or SIGINT.",
        subcommands = {
            ServerCommand.class,
            AgentCommand.class,
            AllCommand.class,
            JoinCommand.class,
            PasswordCommand.class
        })
public final class Dragonflow {
    private Dragonflow() {}

    // Kept, since the JDK forgets the levels of loggers that nobody holds.
    private static final Logger HTTP_SERVER = Logger.getLogger("io.helidon");
    // That it cannot listen is said by who wanted it to.
    private static final Logger HTTP_START = Logger.getLogger("io.helidon.webserver.LoomServer");

    public static void main(String... args) {
        HTTP_SERVER.setLevel(Level.WARNING);
        HTTP_START.setLevel(Level.OFF);
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return Version.toldBy(new CommandLine(new Dragonflow()), "dragonflow")
                .setExecutionExceptionHandler(Dragonflow::failed);
    }

    /** What keeps a daemon from starting is for its operator to mend, who gets it in one line; at level DEBUG also where it came from. */
    private static int failed(Exception e, CommandLine command, CommandLine.ParseResult words) {
        command.getErr().printf("%s: %s%n", command.getCommandSpec().qualifiedName(), reason(e));
        if ("DEBUG".equals(System.getenv("DRAGONFLOW_LOG_LEVEL"))) {
            e.printStackTrace(command.getErr());
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    /** The fault, and what lies at its root. */
    private static String reason(Throwable fault) {
        var texts = new ArrayList<String>();
        for (var at = fault; at != null; at = at.getCause()) {
            texts.add(String.valueOf(at.getMessage()));
        }
        return texts.size() == 1 ? texts.getFirst() : texts.getFirst() + ": " + texts.getLast();
    }
}
