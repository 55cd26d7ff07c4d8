package org.dragonflow.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** A command that asks somebody and shows the answer: as it came with {@code --json}, else for people. */
abstract class Asking implements Callable<Integer> {
    private static final JsonMapper PRETTY =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @CommandLine.Option(names = "--json", description = "Shows the answer as JSON.")
    private boolean isJson;

    @CommandLine.Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this.")
    @SuppressWarnings("UnusedVariable") // picocli looks at the annotation alone
    private boolean isHelp;

    abstract JsonNode ask() throws Failure, InterruptedException;

    abstract void show(JsonNode answer, PrintWriter out);

    /** The exit status that the answer means. */
    int status(JsonNode answer) {
        return CommandLine.ExitCode.OK;
    }

    @Override
    public Integer call() throws Failure, InterruptedException {
        var answer = ask();
        var out = spec.commandLine().getOut();
        if (isJson) {
            out.println(PRETTY.writeValueAsString(answer));
        } else {
            show(answer, out);
        }
        out.flush();
        return status(answer);
    }

    static String text(JsonNode node, String name) {
        var value = node.path(name);
        return value.isString() ? value.asString() : value.isMissingNode() ? "" : value.toString();
    }
}
