package org.dragonflow.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/** The tables of the switch. */
@CommandLine.Command(
        name = "pipeline",
        description = "Lists the tables that a packet passes, in order, and whose they are.",
        footer = {"", "Example: dfctl pipeline"})
final class PipelineCommand extends Asking {
    @CommandLine.Mixin
    private ServerOptions server = new ServerOptions();

    @Override
    JsonNode ask() throws Failure, InterruptedException {
        return server.client().get("/dragonflow/v1/pipeline");
    }

    @Override
    void show(JsonNode answer, PrintWriter out) {
        var grid = new Grid("", "TABLE", "OWNER", "");
        for (var table : answer.path("tables")) {
            grid.row(text(table, "number"), text(table, "name"), text(table, "owner"), text(table, "description"));
        }
        grid.print(out);
    }
}
