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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.dragonflow.agent.metadata.MetadataSpace;
import org.dragonflow.compile.Cookie;
import org.dragonflow.feed.PortState;
import org.dragonflow.feed.Position;
import org.dragonflow.flow.Switch;
import org.dragonflow.model.Chassis.Uplink;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.model.Report;
import org.dragonflow.model.Topology;
import org.dragonflow.openflow.OpenFlowSwitch;
import org.dragonflow.openflow.Owner;
import org.dragonflow.openflow.Timing;
import org.dragonflow.openflow.TlvMap;
import org.dragonflow.ovsdb.Monitored;
import org.dragonflow.ovsdb.Options;
import org.dragonflow.ovsdb.Replica;

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
    private final Optional<MetadataSpace> metadata;
    private final Lock wiring = new ReentrantLock();
    private volatile Optional<Wiring.Wanted> wanted = Optional.empty();
    private volatile Topology topology = Topology.EMPTY;
    private Optional<Northbound> northbound = Optional.empty();

    private Life(Config config, Features features, Northbound.Source source, Metrics metrics) throws IOException {
        this.config = config;
        this.source = source;
        this.metrics = metrics;
        Files.createDirectories(
                config.stateDirectory(),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        this.metadata = config.metadata().isPresent()
                ? Optional.of(MetadataSpace.of(config.metadata().get(), config.chassis(), () -> topology))
                : Optional.empty();
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
    public void seeToBridge(Wiring.Wanted now) {
        wanted = Optional.of(now);
        Thread.ofVirtual().name("bridge").start(() -> mailbox.put(new Input.BridgeSeenTo(seeToWhatIsWanted())));
    }

    private List<String> seeToWhatIsWanted() {
        var faults = new ArrayList<String>();
        // One after the other, and for what is wanted last: an older wish must not come through after a newer.
        wiring.lock();
        try {
            wanted.ifPresent(last -> faults.addAll(Wiring.seeTo(config, replica, last)));
        } finally {
            wiring.unlock();
        }
        try {
            if (metadata.isPresent()) {
                faults.addAll(metadata.get().see());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return faults;
    }

    @Override
    public void join(String systemId, List<Uplink> uplinks, Optional<Position> from) {
        if (northbound.isEmpty()) {
            northbound = Optional.of(
                    source.open(systemId, uplinks, from, event -> mailbox.put(new Input.FromNorthbound(event))));
        }
    }

    @Override
    public void report(List<Uplink> uplinks) {
        northbound.ifPresent(server -> server.report(uplinks));
    }

    @Override
    public void tell(Report report) {
        northbound.ifPresent(server -> server.tell(report));
    }

    @Override
    public void know(Topology now) {
        topology = now;
    }

    @Override
    public void acknowledge(Position at, Map<Id<Port>, PortState> states) {
        northbound.ifPresent(server -> server.acknowledge(at, states));
    }

    @Override
    public void close() throws IOException {
        northbound.ifPresent(Northbound::close);
        if (metadata.isPresent()) {
            metadata.get().close();
        }
        replica.close();
        bridge.close();
        cache.close();
    }
}
