package org.dragonflow.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/** Who is behind an address outside. */
@CommandLine.Command(
        name = "nat",
        mixinStandardHelpOptions = true,
        description = "The translation of addresses: who is behind one outside.",
        subcommands = NatCommand.WhoIs.class)
final class NatCommand {
    private NatCommand() {}

    /** Whose a packet was that somebody saw outside. */
    @CommandLine.Command(
            name = "whois",
            description =
                    "Says which server's packets had, or have, this address and port outside: its port, its project, and its chassis.",
            footer = {
                "",
                "It knows the past as long as the server does (store.history-hours, store.history-commits).",
                "",
                "Examples:",
                "  dfctl nat whois 203.0.113.7 40123",
                "  dfctl nat whois 203.0.113.7 40123 --at 2026-11-22T10:00:00Z --protocol tcp"
            })
    static final class WhoIs extends Asking {
        @CommandLine.Mixin
        private ServerOptions server = new ServerOptions();

        @CommandLine.Parameters(index = "0", paramLabel = "ADDRESS", description = "The address outside.")
        private String address = "";

        @CommandLine.Parameters(index = "1", paramLabel = "PORT", description = "The number of the port outside.")
        private String port = "";

        @CommandLine.Option(
                names = "--at",
                paramLabel = "TIME",
                defaultValue = "",
                description = "When it was seen, such as 2026-11-22T10:00:00Z; a revision will do too. Left out: now.")
        private String time = "";

        @CommandLine.Option(
                names = "--protocol",
                paramLabel = "PROTOCOL",
                defaultValue = "",
                description = "tcp, udp or sctp. Left out: any.")
        private String protocol = "";

        @Override
        JsonNode ask() throws Failure, InterruptedException {
            return server.client()
                    .get("/dragonflow/v1/nat?address=%s&port=%s"
                                    .formatted(ServerClient.segment(address), ServerClient.segment(port))
                            + parameter("as_of", time)
                            + parameter("protocol", protocol));
        }

        private static String parameter(String name, String value) {
            return value.isEmpty() ? "" : "&%s=%s".formatted(name, ServerClient.segment(value));
        }

        @Override
        void show(JsonNode answer, PrintWriter out) {
            var grid = new Grid("PORT", "NAME", "PROJECT", "CHASSIS", "BY", "PORTS OUTSIDE");
            for (var holder : answer.path("holders")) {
                grid.row(
                        text(holder, "port_id"),
                        text(holder, "port_name"),
                        text(holder, "project_id"),
                        text(holder, "chassis"),
                        text(holder, "by"),
                        holder.has("first_port")
                                ? "%s-%s".formatted(text(holder, "first_port"), text(holder, "last_port"))
                                : "all");
            }
            grid.print(out);
            for (var holder : answer.path("holders")) {
                if (holder.has("note")) {
                    out.println(text(holder, "note"));
                }
            }
        }
    }
}
