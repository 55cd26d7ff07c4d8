package org.dragonflow.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.dragonflow.compile.Cookie;
import org.dragonflow.feed.PortState;
import org.dragonflow.feed.Position;
import org.dragonflow.flow.Switch;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.model.TunnelType;
import org.dragonflow.openflow.OpenFlowSwitch;
import org.dragonflow.openflow.Owner;
import org.dragonflow.openflow.Timing;
import org.dragonflow.openflow.TlvMap;
import org.dragonflow.ovsdb.BridgeSpec;
import org.dragonflow.ovsdb.Effect;
import org.dragonflow.ovsdb.Monitored;
import org.dragonflow.ovsdb.Options;
import org.dragonflow.ovsdb.OvsdbException;
import org.dragonflow.ovsdb.Replica;
import org.dragonflow.ovsdb.TunnelSpec;
import org.dragonflow.ovsdb.Vswitch;

/**
 * The agent from its start to its end, or to a fault of its own.
 *
 * <p>A fault ends the life and all its connections, and the next one begins as a restarted agent does: from the cache, and from what the
 * switch holds. So there is no second way to recover.
 */
final class Life implements World, AutoCloseable {
    static final String CACHE = "topology.journal";

    /** Carries the keys of both ports; class 0xff0d is one of those for experiments (RFC 8926, section 7). */
    private static final TlvMap PORT_KEYS = new TlvMap(0xff0d, 1, 8, 0);

    private final Config config;
    private final Northbound.Source source;
    private final Mailbox mailbox = new Mailbox();
    private final Cache cache;
    private final OpenFlowSwitch bridge;
    private final Loop loop;
    private final Metrics metrics;
    private final Replica replica;
    private Optional<Northbound> northbound = Optional.empty();

    private Life(Config config, Features features, Northbound.Source source, Metrics metrics) throws IOException {
        this.config = config;
        this.source = source;
        this.metrics = metrics;
        Files.createDirectories(
                config.stateDirectory(),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        // The switch and its database are met while the cache is read.
        this.bridge = OpenFlowSwitch.connect(
                config.openflow(), features.pipeline(), new Owner(Cookie.OWNER), Timing.STANDARD, mailbox::tell);
        this.replica = Replica.start(
                config.database(),
                Monitored.vswitch(),
                Options.standard(),
                new Random(),
                event -> mailbox.put(new Input.FromDatabase(event)));
        try {
            this.cache = Cache.open(config.stateDirectory().resolve(CACHE));
        } catch (IOException | RuntimeException e) {
            replica.close();
            bridge.close();
            throw e;
        }
        this.loop = new Loop(config, features, cache, this, metrics, new Random());
    }

    static Life begin(Config config, Features features, Northbound.Source source, Metrics metrics) throws IOException {
        return new Life(config, features, source, metrics);
    }

    /** Goes on until the thread is interrupted, or something fails that should not. */
    void run() throws InterruptedException {
        long start = System.nanoTime();
        while (true) {
            var batch = mailbox.take(loop.patience(time(start)));
            long began = System.nanoTime();
            loop.step(batch, time(start));
            if (!batch.inputs().isEmpty()) {
                metrics.turned(Duration.ofNanos(System.nanoTime() - began));
            }
        }
    }

    // Time that only goes forward: intervals must not depend on somebody setting the clock.
    private static Instant time(long start) {
        return Instant.EPOCH.plusNanos(System.nanoTime() - start);
    }

    /** The answer to an operator; never, if the loop ends before. */
    CompletableFuture<String> ask(StatusQuery query) {
        var answer = new CompletableFuture<String>();
        mailbox.put(new Input.Question(query, answer));
        return answer;
    }

    @Override
    public Switch bridge() {
        return bridge;
    }

    @Override
    public void ensureTunnelOption() throws IOException {
        bridge.ensureTlvMap(PORT_KEYS);
    }

    @Override
    public void seeToBridge(boolean isNameless) {
        Thread.ofVirtual().name("bridge").start(() -> mailbox.put(new Input.BridgeSeenTo(seeTo(isNameless))));
    }

    private List<String> seeTo(boolean isNameless) {
        var faults = new ArrayList<String>();
        var database = new Vswitch(replica, config.chassis().value());
        try {
            note(database.ensureBridge(BridgeSpec.integration(config.bridge(), config.datapathType())), faults);
            for (var type : config.tunnelTypes()) {
                note(database.ensureTunnel(config.bridge(), tunnel(type)), faults);
            }
            if (isNameless) {
                note(
                        database.mergeExternalIds(
                                Map.of("system-id", UUID.randomUUID().toString())),
                        faults);
            }
        } catch (OvsdbException e) {
            faults.add("cannot see to bridge %s: %s".formatted(config.bridge(), e.fault()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return faults;
    }

    private static void note(Effect effect, List<String> faults) {
        switch (effect) {
            case Effect.Unchanged _, Effect.Changed _ -> {}
            case Effect.Foreign(var table, var name) ->
                faults.add("%s %s is not ours, and is left as it is".formatted(table, name));
            case Effect.Absent(var table, var name) -> faults.add("there is no %s %s".formatted(table, name));
            case Effect.Failed(var refusal) -> faults.add("the database refused: " + refusal);
        }
    }

    private static TunnelSpec tunnel(TunnelType type) {
        return switch (type) {
            case GENEVE -> new TunnelSpec("df-geneve", TunnelSpec.Type.GENEVE, Map.of());
            case VXLAN -> new TunnelSpec("df-vxlan", TunnelSpec.Type.VXLAN, Map.of());
        };
    }

    @Override
    public void join(String systemId, Optional<Position> from) {
        if (northbound.isEmpty()) {
            northbound =
                    Optional.of(source.open(systemId, from, event -> mailbox.put(new Input.FromNorthbound(event))));
        }
    }

    @Override
    public void acknowledge(Position at, Map<Id<Port>, PortState> states) {
        northbound.ifPresent(server -> server.acknowledge(at, states));
    }

    @Override
    public void close() throws IOException {
        northbound.ifPresent(Northbound::close);
        replica.close();
        bridge.close();
        cache.close();
    }
}
