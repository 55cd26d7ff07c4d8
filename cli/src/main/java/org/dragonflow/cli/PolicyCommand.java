package org.dragonflow.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/** Who may do what. */
@CommandLine.Command(
        name = "policy",
        mixinStandardHelpOptions = true,
        description = "The policy: its rules, and what one of them asks of whom.",
        subcommands = {PolicyCommand.ListAll.class, PolicyCommand.Check.class})
final class PolicyCommand {
    private static final String PATH = "/dragonflow/v1/policy";

    private PolicyCommand() {}

    /** All rules. */
    @CommandLine.Command(
            name = "list",
            description = "Lists the rules that the server goes by, and which of them are from the operator's file.",
            footer = {"", "Example: dfctl policy list create_port"})
    static final class ListAll extends Asking {
        @CommandLine.Mixin
        private ServerOptions server = new ServerOptions();

        @CommandLine.Parameters(
                paramLabel = "TEXT",
                arity = "0..1",
                defaultValue = "",
                description = "Only rules with this in their name.")
        private String part = "";

        @Override
        JsonNode ask() throws Failure, InterruptedException {
            return server.client().get(PATH);
        }

        @Override
        void show(JsonNode answer, PrintWriter out) {
            var grid = new Grid("RULE", "FROM", "TEXT");
            for (var rule : answer.path("rules")) {
                if (text(rule, "name").contains(part)) {
                    grid.row(text(rule, "name"), from(rule), quoted(text(rule, "text")));
                }
            }
            grid.print(out);
        }
    }

    /** One rule, for somebody. */
    @CommandLine.Command(
            name = "check",
            description = "Says what a rule lets somebody do: always, never, or if what is acted on is so.",
            footer = {
                "",
                "Exit status: 0 always or sometimes, 1 never.",
                "",
                "Example: dfctl policy check create_network:shared --in-project blue --roles member"
            })
    static final class Check extends Asking {
        @CommandLine.Mixin
        private ServerOptions server = new ServerOptions();

        @CommandLine.Parameters(paramLabel = "RULE", description = "Such as create_port or get_network:segments.")
        private String rule = "";

        @CommandLine.Option(
                names = "--roles",
                paramLabel = "ROLE,...",
                split = ",",
                required = true,
                description = "The roles that somebody has; those that they imply come by themselves.")
        private List<String> roles = new ArrayList<>();

        @CommandLine.Option(
                names = "--in-project",
                paramLabel = "PROJECT",
                defaultValue = "",
                description = "The id of the project that somebody acts in.")
        private String project = "";

        @CommandLine.Option(
                names = "--user-id",
                paramLabel = "USER",
                defaultValue = "",
                description = "The id of who somebody is.")
        private String user = "";

        @Override
        JsonNode ask() throws Failure, InterruptedException {
            return server.client()
                    .get("%s/%s?roles=%s&project_id=%s&user_id=%s"
                            .formatted(
                                    PATH,
                                    ServerClient.segment(rule),
                                    ServerClient.segment(String.join(",", roles)),
                                    ServerClient.segment(project),
                                    ServerClient.segment(user)))
                    .path("rule");
        }

        @Override
        int status(JsonNode answer) {
            return text(answer, "allowed").equals("never") ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
        }

        @Override
        void show(JsonNode answer, PrintWriter out) {
            out.println("%s (%s): %s".formatted(text(answer, "name"), from(answer), quoted(text(answer, "text"))));
            var allowed = text(answer, "allowed");
            out.println("allowed: " + (allowed.equals("if") ? "if " + text(answer, "condition") : allowed));
        }
    }

    private static String from(JsonNode rule) {
        return rule.path("standard").asBoolean(true) ? "standard" : "file";
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }
}
