package org.dragonflow.cli;

import picocli.CommandLine;

/** The operator's command. */
@CommandLine.Command(
        name = "dfctl",
        mixinStandardHelpOptions = true,
        description = "Looks after a Dragonflow cloud: its chassis, and what becomes of packets.")
public final class Dfctl {
    private Dfctl() {}

    public static void main(String... args) {
        System.exit(new CommandLine(new Dfctl()).execute(args));
    }
}
