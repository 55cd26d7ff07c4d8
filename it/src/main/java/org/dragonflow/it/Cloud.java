package org.dragonflow.it;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Dragonflow at work in a lab: a server beside it, and an agent on each chassis, all as programs of their own that can be killed and started
 * again. Chassis join as an operator has them join, and are known by their certificates.
 */
public final class Cloud implements AutoCloseable {
    private static final int FEED_PORT = 9697;
    private static final Duration READY = Duration.ofSeconds(30);

    private final Lab lab;
    private final Segment root;
    private final int apiPort;
    private final Rest api;
    private final Map<String, Agent> agents = new LinkedHashMap<>();
    private Optional<Running> server = Optional.empty();
    private boolean isUnderlayIpv6;

    private Cloud(Lab lab, int apiPort, String token) {
        this.lab = lab;
        this.root = lab.joinRoot();
        this.apiPort = apiPort;
        this.api = new Rest(endpoint(), token);
    }

    /** A cloud in a lab of this name, nothing of which runs yet. */
    public static Cloud open(String lab, int apiPort) {
        return open(lab, apiPort, "");
    }

    /** The same, whose API is asked with this token. */
    public static Cloud open(String lab, int apiPort, String token) {
        return new Cloud(Lab.open(lab), apiPort, token);
    }

    /** Chassis send tunnels to each other over IPv6; to be said before anything is started. */
    public Cloud overIpv6() {
        isUnderlayIpv6 = true;
        return this;
    }

    public Lab lab() {
        return lab;
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + apiPort);
    }

    public Rest api() {
        return api;
    }

    private URI feed() {
        return URI.create("https://%s:%d".formatted(root.ipv4(), FEED_PORT));
    }

    /** Starts the server, with these settings besides those that make it this cloud's, and waits until it answers. */
    public void startServer(String... settings) {
        var directory = lab.directory("server");
        var started = lab.start(
                Build.dragonflow(
                                "server",
                                "--api.port=" + apiPort,
                                "--store.path=" + directory.resolve("northbound.db"),
                                "--feed.address=" + root.ipv4(),
                                "--feed.port=" + FEED_PORT,
                                "--feed.state-directory=" + directory,
                                "--network.overlay-ip-version=" + (isUnderlayIpv6 ? 6 : 4))
                        .and(settings),
                serverLog());
        server = Optional.of(started);
        Wait.until("the server to answer; its log is " + serverLog(), READY, () -> {
            if (!started.isAlive()) {
                throw new IllegalStateException("the server ended at once:%n%s".formatted(started.printed()));
            }
            return api.isUp();
        });
    }

    private Path serverLog() {
        return lab.directory("server").resolve("server.log");
    }

    /** Ends the server as a crash would. */
    public void killServer() {
        server.ifPresent(Running::kill);
    }

    /** What the server has said since the cloud was opened. */
    public String serverSaid() {
        return server.map(Running::printed).orElse("");
    }

    /** Has these chassis join, and their agents started, in the order of the names; waits until all are in sync. */
    public void startChassis(String... names) {
        var started = List.of(names).stream().map(name -> join(name, name)).toList();
        started.forEach(Agent::start);
        started.forEach(Agent::awaitSync);
    }

    /** Has the chassis of the lab join under a name, which is its own if all is well; its agent is not started yet. */
    public Agent join(String chassis, String name) {
        var ticket = api.post("/dragonflow/v1/chassis", Map.of("name", name), 201);
        var at = lab.chassis(chassis);
        var end =
                isUnderlayIpv6 ? at.tunnelAddress().ipv6() : at.tunnelAddress().ipv4();
        var agent = new Agent(name, at, lab.directory("agent", chassis), feed(), end);
        agent.join(ticket.get("token").asString());
        agents.put(chassis, agent);
        return agent;
    }

    /** The agent on a chassis that has joined. */
    public Agent agent(String chassis) {
        return Objects.requireNonNull(agents.get(chassis), chassis);
    }

    /** Waits until so many external networks are reached from the chassis by way of another one. */
    public void awaitDetours(String chassis, int count) {
        Wait.until(
                "%d ways by another chassis for %s".formatted(count, chassis),
                READY,
                () -> api.get("/dragonflow/v1/chassis/" + chassis)
                                .at("/chassis/detours")
                                .size()
                        == count);
    }

    /** The operator's command against this cloud. */
    public Command dfctl(String... words) {
        return Build.dfctl(words).with("DRAGONFLOW_ENDPOINT", endpoint().toString());
    }

    @Override
    public void close() {
        lab.close();
    }
}
