package org.dragonflow.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** How the cloud is. */
@CommandLine.Command(
        name = "status",
        description = "Says how the server is, at which revision, and how far each chassis is.",
        footer = {"", "Exit status: 0 the server is well, 1 it is not.", "", "Example: dfctl status"})
final class StatusCommand extends Asking {
    @CommandLine.Mixin
    private ServerOptions server = new ServerOptions();

    @Override
    JsonNode ask() throws Failure, InterruptedException {
        var client = server.client();
        var answer = JsonNodeFactory.instance.objectNode();
        answer.set("server", client.getAnyhow("/healthz"));
        var chassis = client.get("/dragonflow/v1/chassis");
        answer.set("revision", chassis.path("revision"));
        answer.set("chassis", chassis.path("chassis"));
        return answer;
    }

    @Override
    int status(JsonNode answer) {
        return isWell(answer) ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private static boolean isWell(JsonNode answer) {
        return answer.path("server").path("ok").asBoolean(false);
    }

    @Override
    void show(JsonNode answer, PrintWriter out) {
        var health = answer.path("server");
        out.println("server: %s, revision %s, %s entities"
                .formatted(
                        isWell(answer) ? "well" : "not well, it does not follow its store; see its log",
                        text(health, "revision"),
                        text(health, "entities")));
        if (answer.path("chassis").isEmpty()) {
            out.println("no chassis has joined; add one with: dfctl chassis add NAME");
        } else {
            ChassisCommand.grid(answer).print(out);
        }
    }
}
