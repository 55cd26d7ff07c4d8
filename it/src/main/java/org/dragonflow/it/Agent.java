package org.dragonflow.it;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.dragonflow.address.IpAddress;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The agent on a chassis of a lab, as a program of its own: it can be killed and started again, and asked how it is. */
public final class Agent {
    private static final Duration READY = Duration.ofSeconds(30);

    private final String name;
    private final Chassis chassis;
    private final Path state;
    private final URI server;
    private final IpAddress tunnelAddress;
    private List<String> options = List.of();
    private Optional<Running> running = Optional.empty();

    Agent(String name, Chassis chassis, Path state, URI server, IpAddress tunnelAddress) {
        this.name = name;
        this.chassis = chassis;
        this.state = state;
        this.server = server;
        this.tunnelAddress = tunnelAddress;
    }

    /** Gets its certificate. */
    void join(String token) {
        chassis.command(Build.dragonflow("join", "--server=" + server, "--token=" + token, "--state-directory=" + state)
                        .words()
                        .toArray(String[]::new))
                .within(READY)
                .require();
    }

    /** Starts it, with further options from now on, and returns at once. */
    public void start(String... further) {
        options = List.of(further);
        start();
    }

    /** Starts it, and returns at once. */
    public void start() {
        var command = Build.dragonflow(
                "agent",
                "--chassis=" + name,
                "--server=" + server,
                "--state-directory=" + state,
                "--ovs-run-directory=" + chassis.directory(),
                "--datapath-type=netdev",
                "--bridge-mappings=" + chassis.mappings(),
                "--tunnel-address=" + tunnelAddress);
        running = Optional.of(chassis.startAgent(command.and(options.toArray(String[]::new)), log()));
    }

    /** Ends it as a crash would. */
    public void kill() {
        running.ifPresent(Running::kill);
    }

    /** Where it keeps what it knows. */
    public Path state() {
        return state;
    }

    public Path log() {
        return state.resolve("agent.log");
    }

    /** What it has said since it was made, over all its starts. */
    public String said() {
        return running.map(Running::printed).orElse("");
    }

    /** How it says it is; empty if it does not answer. */
    public Optional<JsonNode> status() {
        var answer = Command.of("curl", "-sf", "--max-time", "5", "--unix-socket")
                .and(state.resolve("agent.sock").toString(), "http://agent/status")
                .run();
        return answer.succeeded() ? Optional.of(JsonMapper.shared().readTree(answer.stdout())) : Optional.empty();
    }

    /** Waits until it is connected to the server, and its switch holds what it should. */
    public void awaitSync() {
        Wait.until(
                "agent %s to be in sync; its log is %s".formatted(name, log()),
                READY,
                () -> status().filter(status -> isInstalled(status)
                                && status.path("connected")
                                        .path("server")
                                        .asString("")
                                        .equals("connected"))
                        .isPresent());
    }

    /** Waits until its switch holds what it knows of, whether it has a server or not. */
    public void awaitInstalled() {
        Wait.until(
                "agent %s to have its flows in; its log is %s".formatted(name, log()),
                READY,
                () -> status().filter(Agent::isInstalled).isPresent());
    }

    private static boolean isInstalled(JsonNode status) {
        return status.path("in_sync").asBoolean(false);
    }

    /** How many changes of flows it has sent since it was started. */
    public long flowMods() {
        return status().orElseThrow().path("flow_mods").asLong();
    }

    /** The revision of the northbound that its switch has confirmed. */
    public long acknowledged() {
        return status().orElseThrow().path("acknowledged").asLong();
    }
}
