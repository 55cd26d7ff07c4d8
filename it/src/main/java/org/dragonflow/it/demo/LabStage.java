package org.dragonflow.it.demo;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.dragonflow.address.IpAddress;
import org.dragonflow.it.Cloud;
import org.dragonflow.it.Echo;
import org.dragonflow.it.Reach;
import org.dragonflow.it.Server;
import org.dragonflow.it.Wait;

/** Real switches: each hypervisor a namespace with Open vSwitch and an agent, each server a namespace with a network card. */
final class LabStage implements Stage {
    private static final Duration START = Duration.ofSeconds(30);
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration BETWEEN_PINGS = Duration.ofMillis(10);
    private static final int PINGS_AROUND = 100;

    private final Cloud cloud;
    private final Map<String, Server> servers = new HashMap<>();
    private final Map<String, Echo> listeners = new HashMap<>();

    LabStage(String name, int apiPort) {
        this.cloud = Cloud.open(name, apiPort);
    }

    @Override
    public URI startServer() {
        cloud.startServer();
        return cloud.endpoint();
    }

    @Override
    public String startChassis(String name) {
        cloud.lab().chassis(name).wire(LabOutside.WIRE);
        cloud.startChassis(name);
        return "tunnels at %s, feed over mutual TLS"
                .formatted(cloud.lab().chassis(name).tunnelAddress().ipv4());
    }

    @Override
    public void plug(Machine machine) {
        var server = cloud.lab()
                .server(machine.name())
                .withMac(machine.mac())
                .withMtu(machine.mtu())
                .withRouterAdvertisements();
        server.plug(cloud.lab().chassis(machine.chassis()), machine.port());
        servers.put(machine.name(), server);
    }

    @Override
    public void plugBehind(Machine container, Machine host, int vlan) {
        var server =
                cloud.lab().server(container.name()).withMac(container.mac()).withMtu(container.mtu());
        server.plugBehind(server(host), vlan);
        servers.put(container.name(), server);
    }

    private Server server(Machine machine) {
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
    public Leased formAddress(Machine machine) {
        var server = server(machine);
        var route = Wait.forAnswer(
                "a router for " + machine.name(),
                LEASE,
                () -> server.defaultRoute6().filter(_ -> !server.addresses6().isEmpty()));
        return new Leased(
                server.addresses6().contains(machine.ipv6() + "/64") ? machine.ipv6() : IpAddress.parse("::"),
                "router " + route);
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
    public String metadata(Machine machine) {
        return server(machine)
                .command("curl", "-sf", "--max-time", "5", "http://169.254.169.254/latest/meta-data/hostname")
                .require();
    }

    @Override
    public String resolve(Machine machine, String name) {
        return server(machine)
                .command("dig", "+short", "+time=2", "@169.254.169.254", name, "A")
                .require()
                .strip();
    }

    @Override
    public Outage restartAgent(String chassis, Machine from, IpAddress to) {
        try (var pinging = server(from).pingContinuously(to, BETWEEN_PINGS)) {
            pinging.awaitAnswers(PINGS_AROUND, START);
            cloud.agent(chassis).kill();
            pinging.awaitAnswers(PINGS_AROUND, START);
            cloud.agent(chassis).start();
            cloud.agent(chassis).awaitSync();
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
    public Optional<Outside> outside() {
        return Optional.of(new LabOutside(cloud.lab(), this::server));
    }

    @Override
    public void leaveRunning() {
        cloud.lab().leaveRunning();
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
                  ./demo --stop""".formatted(cloud.endpoint(), "10.2.0.1", cloud.lab().directory());
    }

    @Override
    public void close() {
        listeners.values().forEach(Echo::close);
        cloud.close();
    }
}
