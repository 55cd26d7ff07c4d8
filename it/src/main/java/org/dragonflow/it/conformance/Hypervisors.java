package org.dragonflow.it.conformance;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.dragonflow.agent.Agent;
import org.dragonflow.agent.Config;
import org.dragonflow.agent.ServerFeed;
import org.dragonflow.it.Chassis;
import org.dragonflow.it.Lab;
import org.dragonflow.it.Wait;
import org.dragonflow.server.Server;

/** Two chassis of a lab, with an agent and an Open vSwitch each, on the feed of the server that the suite asks: else there were no agents to ask about. */
final class Hypervisors implements AutoCloseable {
    private static final List<String> NAMES = List.of("hv1", "hv2");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Lab lab = Lab.open("conformance");
    private final List<Agent> agents = new ArrayList<>();

    private Hypervisors() {}

    /** Starts them, and waits until the server knows them. */
    static Hypervisors start(Server server) throws IOException {
        var hypervisors = new Hypervisors();
        try {
            for (var name : NAMES) {
                hypervisors.join(name, URI.create(server.feedUrl()));
            }
            Wait.until("the chassis to join", PATIENCE, () -> known(server).containsAll(NAMES));
        } catch (IOException | RuntimeException e) {
            hypervisors.close();
            throw e;
        }
        return hypervisors;
    }

    private static List<String> known(Server server) {
        return server.replica()
                .state()
                .topology()
                .all()
                .flatMap(entity -> entity instanceof org.dragonflow.model.Chassis chassis
                        ? Stream.of(chassis.id().value())
                        : Stream.empty())
                .toList();
    }

    private void join(String name, URI feed) throws IOException {
        Chassis chassis = lab.chassis(name);
        var config = Config.standard(
                        name, chassis.tunnelAddress().ipv4(), chassis.directory(), lab.directory("agent-" + name))
                .withDatapathType("netdev");
        agents.add(Agent.start(config, ServerFeed.of(config, List.of(feed), Optional.empty())));
    }

    @Override
    public void close() throws IOException {
        try {
            for (var agent : agents) {
                agent.close();
            }
        } finally {
            lab.close();
        }
    }
}
