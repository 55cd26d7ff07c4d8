package org.dragonflow.it.demo;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.it.Command;
import org.dragonflow.it.Echo;
import org.dragonflow.it.Lab;
import org.dragonflow.it.Reach;
import org.dragonflow.it.Running;
import org.dragonflow.it.Segment;
import org.dragonflow.it.Server;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Real switches: each hypervisor a namespace with Open vSwitch and an agent, each server a namespace with a network card. */
public final class LabStage implements Stage {
    private static final int FEED_PORT = 9697;
    private static final Duration START = Duration.ofSeconds(30);
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration BETWEEN_PINGS = Duration.ofMillis(10);
    private static final int PINGS_AROUND = 100;

    private final Lab lab;
    private final Segment root;
    private final int apiPort;
    private final Rest api;
    private final Map<String, Running> agents = new HashMap<>();
    private final Map<String, Server> servers = new HashMap<>();
    private final Map<String, Echo> listeners = new HashMap<>();

    public LabStage(String name, int apiPort) {
        this.lab = Lab.open(name);
        this.root = lab.joinRoot();
        this.apiPort = apiPort;
        this.api = new Rest(endpoint());
    }

    private URI endpoint() {
        return URI.create("http://127.0.0.1:" + apiPort);
    }

    public Lab lab() {
        return lab;
    }

    public Rest api() {
        return api;
    }

    /** Where this program's own classes are, whether it runs on the class path or on the module path. */
    private static String classPath() {
        return Stream.of("jdk.module.path", "java.class.path")
                .map(System::getProperty)
                .filter(path -> path != null && !path.isEmpty())
                .collect(Collectors.joining(":"));
    }

    /** The daemons run from the build that this runs from. */
    private static Command daemon(String... words) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                classPath(),
                "org.dragonflow.dist.Dragonflow"));
        command.addAll(List.of(words));
        return Command.of(command);
    }

    @Override
    public URI startServer() {
        lab.start(
                daemon(
                        "server",
                        "--api.port=" + apiPort,
                        "--store.path=" + lab.directory("server").resolve("northbound.db"),
                        "--feed.address=" + root.ipv4(),
                        "--feed.port=" + FEED_PORT,
                        "--feed.state-directory=" + lab.directory("server")),
                lab.directory("server").resolve("server.log"));
        Patience.until("the server to answer; its log is in " + lab.directory("server"), api::isUp);
        return endpoint();
    }

    @Override
    public String startChassis(String name) {
        var chassis = lab.chassis(name);
        var ticket = api.post("/dragonflow/v1/chassis", Map.of("name", name), 201);
        var state = lab.directory("agent", name);
        chassis.command(daemon(
                                "join",
                                "--server=" + ticket.get("server").asString(),
                                "--token=" + ticket.get("token").asString(),
                                "--state-directory=" + state)
                        .words()
                        .toArray(String[]::new))
                .within(START)
                .require();
        startAgent(name);
        Patience.until("chassis %s to be connected; its log is %s".formatted(name, log(name)), () -> isConnected(name));
        return "tunnels at %s, feed over mutual TLS"
                .formatted(chassis.tunnelAddress().ipv4());
    }

    /** Whether the agent says that it has everything it needs, and its switch what it should. */
    private boolean isConnected(String name) {
        var socket = lab.directory("agent", name).resolve("agent.sock").toString();
        var status = Command.of("curl", "-sf", "--max-time", "5", "--unix-socket", socket, "http://agent/status")
                .run();
        return status.succeeded()
                && JsonMapper.shared().readTree(status.stdout()) instanceof ObjectNode json
                && json.path("in_sync").asBoolean(false)
                && json.path("connected").path("server").asString("").equals("connected");
    }

    private Path log(String chassis) {
        return lab.directory("agent", chassis).resolve("agent.log");
    }

    private void startAgent(String name) {
        var chassis = lab.chassis(name);
        var command = daemon(
                "agent",
                "--chassis=" + name,
                "--server=https://%s:%d".formatted(root.ipv4(), FEED_PORT),
                "--state-directory=" + lab.directory("agent", name),
                "--ovs-run-directory=" + chassis.databaseSocket().getParent(),
                "--datapath-type=netdev",
                "--tunnel-address=" + chassis.tunnelAddress().ipv4());
        agents.put(name, chassis.start(command, log(name)));
    }

    @Override
    public void plug(Machine machine) {
        var server = lab.server(machine.name()).withMac(machine.mac());
        server.plug(lab.chassis(machine.chassis()), machine.port());
        servers.put(machine.name(), server);
    }

    /** The machine's namespace. */
    public Server server(Machine machine) {
        return Objects.requireNonNull(servers.get(machine.name()), machine.name());
    }

    @Override
    public Leased lease(Machine machine) {
        var lease = server(machine).dhcp().start(LEASE);
        return new Leased(
                lease.address(),
                "router %s, resolver %s, MTU %d"
                        .formatted(
                                lease.routers(),
                                lease.nameServers(),
                                lease.mtu().orElse(0)));
    }

    @Override
    public void configureIpv6(Machine machine, IpAddress gateway) {
        var server = server(machine);
        server.address(machine.ipv6(), 64);
        server.route(IpPrefix.parse("::/0"), gateway);
    }

    @Override
    public int ping(Machine from, IpAddress to, int count) {
        return server(from).ping(to, count, BETWEEN_PINGS.multipliedBy(10)).received();
    }

    @Override
    public boolean connects(Machine from, Machine to, IpAddress address, int port) {
        // Listens from the first time on: only the rules change whether it is reached.
        listeners.computeIfAbsent(to.name() + ":" + port, _ -> server(to).listenTcp(port));
        return server(from).tcp(address, port, CONNECT) == Reach.CONNECTED;
    }

    @Override
    public Outage restartAgent(String chassis, Machine from, IpAddress to) {
        try (var pinging = server(from).pingContinuously(to, BETWEEN_PINGS)) {
            pinging.awaitAnswers(PINGS_AROUND, START);
            Objects.requireNonNull(agents.get(chassis), chassis).kill();
            pinging.awaitAnswers(PINGS_AROUND, START);
            startAgent(chassis);
            Patience.until(
                    "agent of %s to be back; its log is %s".formatted(chassis, log(chassis)),
                    () -> isConnected(chassis));
            pinging.awaitAnswers(PINGS_AROUND, START);
            var pings = pinging.stop();
            return new Outage(
                    pings.sent(),
                    pings.lost(),
                    "longest gap between answers %d ms"
                            .formatted(pings.longestGap().toMillis()));
        }
    }

    @Override
    public void leaveRunning() {
        lab.leaveRunning();
    }

    @Override
    public String hints() {
        return """
                The system is left running. Look around:
                  openstack --os-auth-type none --os-endpoint %s port list
                  ./dfctl status
                  ./dfctl trace alice icmp to %s
                  ip netns list                        # hypervisors and servers
                Its files and logs are in %s.
                End it:
                  ./demo --stop""".formatted(endpoint(), "10.2.0.1", lab.directory());
    }

    @Override
    public void close() {
        listeners.values().forEach(Echo::close);
        lab.close();
    }
}
