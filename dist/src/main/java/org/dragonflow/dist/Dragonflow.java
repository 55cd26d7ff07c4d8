package org.dragonflow.dist;

import picocli.CommandLine;

/** The daemons: {@code dragonflow server}, {@code dragonflow agent}, or both on one machine. */
@CommandLine.Command(
        name = "dragonflow",
        mixinStandardHelpOptions = true,
        description = "Starts a daemon of Dragonflow, in the foreground; it ends with SIGTERM or SIGINT.",
        subcommands = {ServerCommand.class})
public final class Dragonflow {
    private Dragonflow() {}

    public static void main(String... args) {
        System.exit(new CommandLine(new Dragonflow()).execute(args));
    }
}
