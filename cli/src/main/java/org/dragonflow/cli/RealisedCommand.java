package org.dragonflow.cli;

import java.io.PrintWriter;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/** How far the switches are with something that was written. */
@CommandLine.Command(
        name = "realised",
        description = "Tells which chassis have the flows of a resource, or of a revision, and which have not yet.",
        footer = {
            "",
            "It ends with 1 as long as a chassis that is concerned has not confirmed.",
            "",
            "Examples:",
            "  dfctl realised port 5e8b1c52-6a4f-4f6e-9c1f-2f1f3e0c7a11",
            "  dfctl realised revision 4711"
        })
final class RealisedCommand extends Asking {
    private static final String REVISION = "revision";

    @CommandLine.Mixin
    private ServerOptions server = new ServerOptions();

    @CommandLine.Parameters(index = "0", paramLabel = "KIND", description = "port, network, ..., or revision.")
    private String kind = "";

    @CommandLine.Parameters(index = "1", paramLabel = "ID", description = "Its id, or the number of the revision.")
    private String id = "";

    @Override
    JsonNode ask() throws Failure, InterruptedException {
        var client = server.client();
        var answer = kind.equals(REVISION)
                ? client.get("/dragonflow/v1/realised/" + ServerClient.segment(id))
                : client.get("/v2.0/%s/%s/realised".formatted(path(client), ServerClient.segment(id)));
        return answer.path("realised");
    }

    @Override
    int status(JsonNode answer) {
        return answer.path("complete").asBoolean(false) ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    @Override
    void show(JsonNode answer, PrintWriter out) {
        out.println("revision %s: %s done, %s pending, %s absent"
                .formatted(
                        text(answer, REVISION), text(answer, "done"), text(answer, "pending"), text(answer, "absent")));
        if (!answer.path("chassis").isEmpty()) {
            var grid = new Grid("CHASSIS", "STATE", "SECONDS");
            for (var chassis : answer.path("chassis")) {
                grid.row(text(chassis, "name"), text(chassis, "state"), text(chassis, "seconds"));
            }
            grid.print(out);
        }
    }

    /** The server knows what it calls several of a kind in a path. */
    private String path(ServerClient client) throws Failure, InterruptedException {
        var kinds = client.get("/v2.0")
                .path("resources")
                .valueStream()
                .filter(resource -> !path(resource).contains("{"))
                .collect(Collectors.toMap(
                        resource -> text(resource, "name"), RealisedCommand::path, (one, _) -> one, TreeMap::new));
        var path = kinds.get(kind);
        if (path == null) {
            throw new Failure("there is no kind '%s'; there are %s and %s"
                    .formatted(kind, String.join(", ", kinds.keySet()), REVISION));
        }
        return path;
    }

    private static String path(JsonNode resource) {
        var href = text(resource.path("links").path(0), "href");
        return href.substring(href.indexOf("/v2.0/") + "/v2.0/".length());
    }
}
