package org.dragonflow.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/** The operator's command. It ends with 0 if all went well, 1 if it did not, and 2 if it was not understood. */
@CommandLine.Command(
        name = "dfctl",
        mixinStandardHelpOptions = true,
        description = "Looks after a Dragonflow cloud: its chassis, and what becomes of packets.",
        subcommands = {
            StatusCommand.class,
            TraceCommand.class,
            RealisedCommand.class,
            BundleCommand.class,
            ChassisCommand.class,
            AgentCommand.class,
            NatCommand.class,
            PolicyCommand.class,
            PipelineCommand.class,
            VersionCommand.class
        },
        footer = {
            "",
            "The server is at --endpoint, else at $DRAGONFLOW_ENDPOINT, else at http://127.0.0.1:9696.",
            "It is told who asks by $OS_TOKEN (as 'openstack token issue' gives it), or by $DRAGONFLOW_USER and $DRAGONFLOW_PASSWORD.",
            "Exit status: 0 all went well (trace: the packet arrived), 1 it did not, 2 the command was not understood.",
            "",
            "Examples:",
            "  dfctl status",
            "  dfctl trace alice tcp to 10.0.0.5:80",
            "  dfctl chassis add hv3"
        })
public final class Dfctl {
    private Dfctl() {}

    public static void main(String... args) {
        var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(run(out, err, args));
    }

    /** Does what the words say, and gives the exit status. */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        return Version.toldBy(new CommandLine(new Dfctl()), "dfctl")
                .setOut(out)
                .setErr(err)
                .setExecutionExceptionHandler(Dfctl::failed)
                .setParameterExceptionHandler(Dfctl::misunderstood)
                .setUsageHelpAutoWidth(true)
                .execute(args);
    }

    private static int failed(Exception e, CommandLine command, CommandLine.ParseResult words) throws Exception {
        if (e instanceof Failure failure) {
            command.getErr().println("dfctl: " + failure.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
        throw e;
    }

    private static int misunderstood(CommandLine.ParameterException e, String[] words) {
        var command = e.getCommandLine();
        command.getErr()
                .println("dfctl: %s; see %s --help"
                        .formatted(e.getMessage(), command.getCommandSpec().qualifiedName()));
        return CommandLine.ExitCode.USAGE;
    }
}
