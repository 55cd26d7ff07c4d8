package org.dragonflow.dist;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.dragonflow.server.PasswordFile;
import picocli.CommandLine;

/** Makes a line of a server's password file. */
@CommandLine.Command(
        name = "password",
        mixinStandardHelpOptions = true,
        description = {
            "Asks for a password, and prints the line that lets a user in with it, for the file that identity.password-file names.",
            "The line has a hash (bcrypt) and not the password. Without a terminal, the password is the first line of standard input."
        },
        footer = {"", "Example: dragonflow password alice --project blue --roles member >> /etc/dragonflow/passwords"})
final class PasswordCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @CommandLine.Parameters(paramLabel = "USER", description = "The user's name, which is also the user's id.")
    private String user = "";

    @CommandLine.Option(
            names = "--project",
            required = true,
            paramLabel = "PROJECT",
            description = "The id of the project that the user acts in.")
    private String project = "";

    @CommandLine.Option(
            names = "--roles",
            paramLabel = "ROLE,...",
            split = ",",
            defaultValue = "member",
            description =
                    "What the user is there: admin, manager, member, reader, or others (default: ${DEFAULT-VALUE}).")
    private List<String> roles = List.of();

    @Override
    public Integer call() throws IOException {
        try {
            spec.commandLine().getOut().println(PasswordFile.line(user, password(), project, new TreeSet<>(roles)));
            return CommandLine.ExitCode.OK;
        } catch (IllegalArgumentException e) {
            spec.commandLine().getErr().println("dragonflow password: " + e.getMessage());
            return CommandLine.ExitCode.USAGE;
        }
    }

    private static String password() throws IOException {
        var terminal = Optional.ofNullable(System.console()).filter(Console::isTerminal);
        if (terminal.isPresent()) {
            return new String(Optional.ofNullable(terminal.get().readPassword("Password: "))
                    .orElse(new char[0]));
        }
        try (var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            return Optional.ofNullable(in.readLine()).orElse("");
        }
    }
}
