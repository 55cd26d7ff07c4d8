package org.dragonflow.cli;

import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/** The nodes that carry ports. */
@CommandLine.Command(
        name = "chassis",
        mixinStandardHelpOptions = true,
        description = "The chassis: lets them join, lists them, removes them.",
        subcommands = {
            ChassisCommand.Add.class,
            ChassisCommand.ListAll.class,
            ChassisCommand.Show.class,
            ChassisCommand.Remove.class
        })
final class ChassisCommand {
    private static final String PATH = "/dragonflow/v1/chassis";

    private ChassisCommand() {}

    /** Lets one join. */
    @CommandLine.Command(
            name = "add",
            description =
                    "Prints the command that, run on a node, makes it a chassis of this name. It holds for one time.",
            footer = {"", "Example: dfctl chassis add hv3"})
    static final class Add extends Asking {
        @CommandLine.Mixin
        private ServerOptions server = new ServerOptions();

        @CommandLine.Parameters(
                paramLabel = "NAME",
                description = "What binding:host_id says, mostly the node's host name.")
        private String name = "";

        @Override
        JsonNode ask() throws Failure, InterruptedException {
            return server.client().post(PATH, Map.of("name", name));
        }

        @Override
        void show(JsonNode answer, PrintWriter out) {
            var chassis = answer.has("chassis") ? answer.path("chassis") : answer;
            out.println(text(chassis, "command"));
        }
    }

    /** All of them. */
    @CommandLine.Command(
            name = "list",
            description = "Lists the chassis that have joined, and how far each is.",
            footer = {"", "Example: dfctl chassis list"})
    static final class ListAll extends Asking {
        @CommandLine.Mixin
        private ServerOptions server = new ServerOptions();

        @Override
        JsonNode ask() throws Failure, InterruptedException {
            return server.client().get(PATH);
        }

        @Override
        void show(JsonNode answer, PrintWriter out) {
            grid(answer).print(out);
        }
    }

    static Grid grid(JsonNode answer) {
        var grid = new Grid("CHASSIS", "ADDRESS", "TUNNELS", "UPLINKS", "PORTS", "STATE");
        for (var chassis : answer.path("chassis")) {
            grid.row(
                    Asking.text(chassis, "id"),
                    Asking.text(chassis, "address"),
                    String.join(
                            ",",
                            chassis.path("tunnel_types")
                                    .valueStream()
                                    .map(JsonNode::asString)
                                    .toList()),
                    uplinks(chassis),
                    Asking.text(chassis, "ports"),
                    state(chassis, answer.path("revision").asLong(0)));
        }
        return grid;
    }

    /** The physical networks that a chassis, or its agent, says it is connected to. */
    static String uplinks(JsonNode of) {
        var all = of.path("uplinks")
                .valueStream()
                .map(uplink -> Asking.text(uplink, "physical_network")
                        + (uplink.path("up").asBoolean(false) ? "" : " (down)"))
                .toList();
        return all.isEmpty() ? "-" : String.join(", ", all);
    }

    private static String state(JsonNode chassis, long revision) {
        if (!chassis.has("connected")) {
            return "unknown";
        }
        var link = chassis.path("connected").asBoolean(false)
                ? "connected"
                : chassis.path("alive").asBoolean(true) ? "not connected" : "down";
        if (!chassis.has("confirmed_revision")) {
            return link + ", nothing confirmed";
        }
        long behind = revision - chassis.path("confirmed_revision").asLong(0);
        return behind <= 0 ? link + ", up to date" : "%s, at revision %d".formatted(link, revision - behind);
    }

    /** One of them. */
    @CommandLine.Command(
            name = "show",
            description = "Shows one chassis.",
            footer = {"", "Example: dfctl chassis show hv1"})
    static final class Show extends Asking {
        @CommandLine.Mixin
        private ServerOptions server = new ServerOptions();

        @CommandLine.Parameters(paramLabel = "NAME", description = "The chassis.")
        private String name = "";

        @Override
        JsonNode ask() throws Failure, InterruptedException {
            return server.client().get(PATH + "/" + ServerClient.segment(name));
        }

        @Override
        void show(JsonNode answer, PrintWriter out) {
            answer.path("chassis")
                    .propertyStream()
                    .forEach(attribute -> out.println("%-20s %s"
                            .formatted(attribute.getKey(), text(answer.path("chassis"), attribute.getKey()))));
        }
    }

    /** One less. */
    @CommandLine.Command(
            name = "remove",
            description = "Removes a chassis that carries no ports and whose agent is stopped.",
            footer = {"", "Example: dfctl chassis remove hv3"})
    static final class Remove extends Asking {
        @CommandLine.Mixin
        private ServerOptions server = new ServerOptions();

        @CommandLine.Parameters(paramLabel = "NAME", description = "The chassis.")
        private String name = "";

        @Override
        JsonNode ask() throws Failure, InterruptedException {
            var _ = server.client().delete(PATH + "/" + ServerClient.segment(name));
            return tools.jackson.databind.node.JsonNodeFactory.instance
                    .objectNode()
                    .put("removed", name);
        }

        @Override
        void show(JsonNode answer, PrintWriter out) {
            out.println("removed " + name);
        }
    }
}
