package org.dragonflow.cli;

import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/** The agent of this node. */
@CommandLine.Command(
        name = "agent",
        mixinStandardHelpOptions = true,
        description = "Asks the agent of this node: how it is, what it keeps in the switch, and why.",
        subcommands = {
            AgentCommand.Status.class,
            AgentCommand.Ports.class,
            AgentCommand.Flows.class,
            AgentCommand.Explain.class
        })
final class AgentCommand {
    private AgentCommand() {}

    /** A question to it. */
    abstract static class Question extends Asking {
        @CommandLine.Option(
                names = "--socket",
                paramLabel = "FILE",
                defaultValue = "${env:DRAGONFLOW_AGENT_SOCKET:-/var/lib/dragonflow/agent.sock}",
                description = "Where the agent listens (${DEFAULT-VALUE}; or $DRAGONFLOW_AGENT_SOCKET).")
        private Path socket = Path.of("");

        abstract String target() throws Failure;

        @Override
        JsonNode ask() throws Failure, InterruptedException {
            return new AgentSocket(socket).get(target());
        }
    }

    /** How it is. */
    @CommandLine.Command(
            name = "status",
            description = "Says how the agent is: its connections, its revision, what it could not do.",
            footer = {
                "",
                "Exit status: 0 the switch holds what it should, 1 it does not.",
                "",
                "Example: dfctl agent status"
            })
    static final class Status extends Question {
        @Override
        String target() {
            return "/status";
        }

        @Override
        int status(JsonNode answer) {
            return answer.path("in_sync").asBoolean(false) ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
        }

        @Override
        void show(JsonNode answer, PrintWriter out) {
            out.println("chassis %s, revision %s (%s confirmed), %s"
                    .formatted(
                            text(answer, "chassis"),
                            text(answer, "revision"),
                            text(answer, "acknowledged"),
                            answer.path("in_sync").asBoolean(false) ? "in sync" : "not in sync"));
            var connected = answer.path("connected");
            connected.propertyNames().stream()
                    .sorted()
                    .forEach(name -> out.println("%-9s %s".formatted(name, text(connected, name))));
            out.println("ports     %s up, %s down"
                    .formatted(text(answer.path("ports"), "up"), text(answer.path("ports"), "down")));
            out.println("uplinks   %s".formatted(ChassisCommand.uplinks(answer)));
            out.println("flows     %s".formatted(text(answer.path("flows"), "total")));
            for (var kind : new String[] {"degraded", "problems", "complaints"}) {
                answer.path(kind)
                        .forEach(one -> out.println(
                                "%s: %s".formatted(kind, one.isString() ? one.asString() : one.toString())));
            }
        }
    }

    /** Its ports. */
    @CommandLine.Command(
            name = "ports",
            description = "Lists the ports bound to this node, and why those that are down are.",
            footer = {"", "Example: dfctl agent ports"})
    static final class Ports extends Question {
        @Override
        String target() {
            return "/ports";
        }

        @Override
        void show(JsonNode answer, PrintWriter out) {
            var grid = new Grid("PORT", "STATE", "WHY");
            answer.forEach(port ->
                    grid.row(text(port, "port"), port.path("up").asBoolean(false) ? "up" : "down", text(port, "why")));
            grid.print(out);
        }
    }

    /** Its flows. */
    @CommandLine.Command(
            name = "flows",
            description = "Counts the flows of each table; explain shows those of an entity.",
            footer = {"", "Example: dfctl agent flows"})
    static final class Flows extends Question {
        @Override
        String target() {
            return "/status";
        }

        @Override
        void show(JsonNode answer, PrintWriter out) {
            var flows = answer.path("flows");
            var grid = new Grid("TABLE", "FLOWS");
            flows.path("per_table")
                    .propertyStream()
                    .forEach(table -> grid.row(table.getKey(), table.getValue().toString()));
            grid.row("all", text(flows, "total")).print(out);
        }
    }

    /** Why a flow is there. */
    @CommandLine.Command(
            name = "explain",
            description = {
                "Says which rule of which app made a flow, and for what.",
                "WHAT is a cookie, a flow as ovs-ofctl prints it, or the id of a port, network, rule ..."
            },
            footer = {
                "",
                "Examples:",
                "  dfctl agent explain 0xd7a61c2f00000000",
                "  dfctl agent explain \"$(ovs-ofctl -O OpenFlow15 dump-flows br-int | grep table=20 | head -1)\"",
                "  dfctl agent explain 0f6c8d0e-2f0f-4a4c-8c39-1c4a4c0e6c11"
            })
    static final class Explain extends Question {
        private static final Pattern COOKIE =
                Pattern.compile("(?:^|.*\\bcookie=)(0x[0-9a-fA-F]{1,16})\\b.*", Pattern.DOTALL);

        @CommandLine.Parameters(paramLabel = "WHAT", description = "A cookie, a flow or an id.")
        private String what = "";

        @Override
        String target() throws Failure {
            var cookie = COOKIE.matcher(what.strip());
            if (cookie.matches()) {
                return "/explain?cookie=" + cookie.group(1);
            }
            if (what.isBlank() || what.contains(" ") || what.contains("=")) {
                throw new Failure("'%s' holds no cookie; give one (0x...), a flow with one, or an id".formatted(what));
            }
            return "/explain?entity=" + URLEncoder.encode(what.strip(), StandardCharsets.UTF_8);
        }

        @Override
        int status(JsonNode answer) {
            return answer.isEmpty() ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
        }

        @Override
        void show(JsonNode answer, PrintWriter out) {
            if (answer.isEmpty()) {
                out.println("the agent keeps no flow for it");
            }
            for (var entry : answer) {
                out.println("%s %s"
                        .formatted(text(entry, "cookie"), text(entry, "key"))
                        .strip());
                entry.path("actions").forEach(action -> out.println("    does     " + action.asString("")));
                entry.path("makers")
                        .forEach(maker -> out.println("    made by  %s/%s for %s %s"
                                .formatted(
                                        text(maker, "app"),
                                        text(maker, "rule"),
                                        text(maker, "type"),
                                        text(maker, "entity"))));
            }
        }
    }
}
