package org.dragonflow.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/** What becomes of a packet, and why. */
@CommandLine.Command(
        name = "trace",
        description = {
            "Says what would become of a packet from a port, table by table, and why.",
            "PACKET is one of",
            "  icmp to ADDRESS | tcp to ADDRESS:PORT | udp to ADDRESS:PORT | arp who-has ADDRESS | nd who-has ADDRESS | dhcp",
            "  | dhcp6 | rs (asks for a router advertisement)",
            "and then, if it is not as the port's host would send it: from ADDRESS[:PORT], from-mac MAC, to-mac MAC, ttl HOPS."
        },
        footer = {
            "",
            "Exit status: 0 the packet arrives or is answered, 1 it does not.",
            "",
            "Examples:",
            "  dfctl trace alice icmp to 10.0.0.5",
            "  dfctl trace alice tcp to 10.0.0.5:80",
            "  dfctl trace alice udp to [2001:db8::5]:53 ttl 1",
            "  dfctl trace alice arp who-has 10.0.0.1",
            "  dfctl trace --all alice dhcp"
        })
final class TraceCommand extends Asking {
    private static final Set<String> ARRIVED = Set.of("delivered", "answered");

    @CommandLine.Mixin
    private ServerOptions server = new ServerOptions();

    @CommandLine.Option(names = "--all", description = "Shows the flows, and what each changes, too.")
    private boolean isAll;

    @CommandLine.Parameters(index = "0", paramLabel = "FROM", description = "The name or the id of a port.")
    private String from = "";

    @CommandLine.Parameters(index = "1..*", arity = "1..*", paramLabel = "PACKET", description = "See above.")
    private List<String> packet = new ArrayList<>();

    @Override
    JsonNode ask() throws Failure, InterruptedException {
        return server.client()
                .post("/dragonflow/v1/trace", Map.of("from", from, "packet", String.join(" ", packet)))
                .path("trace");
    }

    @Override
    int status(JsonNode trace) {
        return ARRIVED.contains(text(trace, "verdict")) ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    @Override
    void show(JsonNode trace, PrintWriter out) {
        if (!text(trace, "packet").isEmpty()) {
            out.println(text(trace, "packet"));
        }
        for (var hop : trace.path("hops")) {
            out.println("%s, %s".formatted(text(hop, "chassis"), text(hop, "entry")));
            hop.path("tables").forEach(table -> show(table, "  ", out));
            hop.path("ends")
                    .forEach(end -> out.println("     => %s: %s".formatted(text(end, "kind"), text(end, "text"))));
        }
        out.println("%s: %s".formatted(text(trace, "verdict"), text(trace, "summary")));
        trace.path("notes").forEach(note -> out.println("note: " + note.asString("")));
    }

    private void show(JsonNode table, String indent, PrintWriter out) {
        out.println("%s%2d %-20s %s"
                .formatted(indent, table.path("number").asInt(0), text(table, "name"), text(table, "why")));
        if (isAll) {
            var flow = table.path("flow");
            if (!flow.isMissingNode()) {
                out.println("%s   flow     priority %s, cookie %s, %s"
                        .formatted(indent, text(flow, "priority"), text(flow, "cookie"), text(flow, "match")));
                flow.path("actions")
                        .forEach(action -> out.println("%s   does     %s".formatted(indent, action.asString(""))));
            }
            table.path("changes")
                    .forEach(change -> out.println("%s   changes  %s".formatted(indent, change.asString(""))));
            table.path("made_by")
                    .forEach(maker -> out.println("%s   made by  %s/%s for %s"
                            .formatted(indent, text(maker, "app"), text(maker, "rule"), text(maker, "entity"))));
        }
    }
}
