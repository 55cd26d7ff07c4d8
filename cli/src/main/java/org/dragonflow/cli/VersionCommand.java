package org.dragonflow.cli;

import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Which version of the command this is. */
@CommandLine.Command(
        name = "version",
        description = "Says which version of dfctl this is.",
        footer = {"", "Example: dfctl version --json"})
final class VersionCommand extends Asking {
    @Override
    JsonNode ask() throws Failure {
        try {
            return JsonNodeFactory.instance.objectNode().put("dfctl", Version.text());
        } catch (IOException e) {
            throw new Failure("this dfctl is not whole, install it anew: " + e.getMessage());
        }
    }

    @Override
    void show(JsonNode answer, PrintWriter out) {
        out.println("dfctl " + text(answer, "dfctl"));
    }
}
