package org.dragonflow.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.dragonflow.address.IpAddress;
import org.dragonflow.feed.FeedEvent;
import org.dragonflow.feed.PortState;
import org.dragonflow.feed.Position;
import org.dragonflow.flow.Bundle;
import org.dragonflow.flow.FlowTable;
import org.dragonflow.flow.PacketOut;
import org.dragonflow.flow.Switch;
import org.dragonflow.flow.SwitchEvent;
import org.dragonflow.model.Chassis.Uplink;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.model.Report;
import org.dragonflow.ovsdb.Change;
import org.dragonflow.ovsdb.Event;
import org.dragonflow.ovsdb.Fault;
import org.dragonflow.ovsdb.Row;
import org.dragonflow.ovsdb.Value;
import org.dragonflow.trace.MemorySwitch;

/** The loop on a bench: a switch in memory, a clock that the test turns, and a test that plays all who bring news. */
final class Bench implements World, Switch {
    static final Duration SECOND = Duration.ofSeconds(1);

    private final Config config;
    private final Features features;
    private final MemorySwitch bridge;
    private final Map<String, Row> interfaces = new HashMap<>();
    private final UUID port = UUID.randomUUID();
    private final List<String> deeds = new ArrayList<>();
    private final List<PacketOut> sent = new ArrayList<>();
    private final Map<Id<Port>, PortState> states = new HashMap<>();
    private final Metrics metrics = new Metrics();
    private Optional<String> poison = Optional.empty();
    private Witness witness = (_, _) -> {};
    private boolean isOutOfOrder;
    private Optional<Cache> cache = Optional.empty();
    private Optional<Loop> loop = Optional.empty();
    private Instant now = Instant.EPOCH;
    private long acknowledged = -1;

    Bench(Path directory, Features features) {
        this.config = Config.standard("hv1", IpAddress.parse("192.0.2.1"), directory, directory);
        this.features = features;
        this.bridge = new MemorySwitch(features.pipeline(), _ -> {});
    }

    static Bench standard(Path directory) {
        return new Bench(directory, Features.standard(Blue.HV1));
    }

    /** Starts the agent, or starts it anew; what it kept on disk and the switch stay. */
    Bench start() throws IOException {
        if (cache.isPresent()) {
            cache.get().close();
        }
        deeds.clear();
        states.clear();
        acknowledged = -1;
        cache = Optional.of(Cache.open(config.stateDirectory().resolve(Life.CACHE)));
        loop = Optional.of(new Loop(config, features, cache.get(), this, metrics, new Random(7)));
        return this;
    }

    Bench hear(Input... inputs) {
        loop().step(Input.Batch.of(inputs), now);
        return this;
    }

    Loop loop() {
        return loop.orElseThrow();
    }

    Bench wait(Duration time) {
        now = now.plus(time);
        return hear();
    }

    Bench punt(SwitchEvent.PacketIn punt) {
        loop().step(new Input.Batch(List.of(), List.of(punt), 0), now);
        return this;
    }

    /** As {@link #start}, with nothing kept on disk. */
    Bench startForgetful() throws IOException {
        Files.deleteIfExists(cacheFile());
        return start();
    }

    Bench connect() {
        return hear(new Input.FromSwitch(new SwitchEvent.Connected()));
    }

    Bench disconnect() {
        return hear(new Input.FromSwitch(new SwitchEvent.Disconnected("killed")));
    }

    Bench snapshot(long revision, Entity... entities) {
        return hear(
                new Input.FromNorthbound(new FeedEvent.Snapshot(new Position("line", revision), Blue.with(entities))));
    }

    Bench change(long revision, Entity... entities) {
        var changes = java.util.Arrays.stream(entities)
                .map(p -> new org.dragonflow.feed.Change(p.id(), Optional.of(p)))
                .toList();
        return hear(new Input.FromNorthbound(new FeedEvent.Changes(new Position("line", revision), changes)));
    }

    /** The database tells all it has. */
    Bench database() {
        var changes = new ArrayList<Change>();
        changes.add(new Change(
                "Bridge",
                UUID.randomUUID(),
                Optional.empty(),
                Optional.of(row("name", Value.text("br-int"), "ports", Value.ref(port)))));
        changes.add(ports());
        interfaces.forEach(
                (_, row) -> changes.add(new Change("Interface", row.uuid(), Optional.empty(), Optional.of(row))));
        return hear(new Input.FromDatabase(new Event.Connected(changes)));
    }

    Bench databaseGone() {
        return hear(new Input.FromDatabase(new Event.Disconnected(new Fault.NotConnected())));
    }

    /** What the database will tell of an interface, or tells at once if the agent is listening. */
    Bench plug(String name, int ofport, Id<Port> id) {
        var before = Optional.ofNullable(interfaces.get(name));
        var row = new Row(
                before.map(Row::uuid).orElseGet(UUID::randomUUID),
                Map.of(
                        "name", Value.text(name),
                        "ofport", new Value.Whole(ofport),
                        "external_ids", Value.map(Map.of("iface-id", id.value()))));
        interfaces.put(name, row);
        return tell(new Change("Interface", row.uuid(), before, Optional.of(row)));
    }

    boolean isPlugged(String name) {
        return interfaces.containsKey(name);
    }

    Bench unplug(String name) {
        var row = Optional.ofNullable(interfaces.remove(name)).orElseThrow();
        return tell(new Change("Interface", row.uuid(), Optional.of(row), Optional.empty()));
    }

    private Bench tell(Change change) {
        return loop.isEmpty() ? this : hear(new Input.FromDatabase(new Event.Changed(List.of(change, ports()))));
    }

    private Change ports() {
        var ids = interfaces.values().stream().map(Row::uuid).toList();
        var row = new Row(
                port,
                Map.of(
                        "name",
                        Value.text("all"),
                        "interfaces",
                        Value.set(ids.stream().map(Value.Ref::new).collect(java.util.stream.Collectors.toSet()))));
        return new Change("Port", port, Optional.empty(), Optional.of(row));
    }

    private static Row row(String column, Value value, String other, Value otherValue) {
        return new Row(UUID.randomUUID(), Map.of(column, value, other, otherValue));
    }

    /** From now on the switch refuses flows whose text has this in it. */
    void refuse(String text) {
        poison = Optional.of(text);
    }

    void refuseNothing() {
        poison = Optional.empty();
    }

    /** Sees what is done to the switch as it is done: what it holds now, and which zone was flushed, if that is what was done. */
    interface Witness {
        void saw(FlowTable installed, Optional<Integer> flushed);
    }

    void watchedBy(Witness whom) {
        witness = whom;
    }

    /** From now on, or no longer, the switch does nothing of what it is told. */
    void outOfOrder(boolean isSo) {
        isOutOfOrder = isSo;
    }

    private void work() throws IOException {
        if (isOutOfOrder) {
            throw new IOException("out of order");
        }
    }

    /** As by hand, behind the agent's back. */
    void meddle(FlowTable entries) {
        bridge.install(entries);
    }

    /** What was done to the switch, in order: commits with the number of mods, flushed zones. */
    List<String> deeds() {
        return deeds;
    }

    List<PacketOut> sent() {
        return sent;
    }

    Map<Id<Port>, PortState> states() {
        return states;
    }

    /** How many of the chassis' ports are said to be up, and how many are not. */
    List<Integer> upAndDown() {
        return List.of(loop().ports().up(), loop().ports().down());
    }

    long acknowledged() {
        return acknowledged;
    }

    Metrics metrics() {
        return metrics;
    }

    MemorySwitch memory() {
        return bridge;
    }

    FlowTable desired() {
        return loop().program().flows();
    }

    Path cacheFile() {
        return config.stateDirectory().resolve(Life.CACHE);
    }

    void close() {
        try {
            cache.orElseThrow().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Switch bridge() {
        return this;
    }

    @Override
    public FlowTable installed() {
        return bridge.installed();
    }

    @Override
    public void commit(Bundle bundle) throws IOException, Refused {
        work();
        for (var mod : bundle.mods()) {
            if (poison.filter(mod.toString()::contains).isPresent()) {
                throw new Refused(mod, "OFPBAC_BAD_OUT_PORT");
            }
        }
        bridge.commit(bundle);
        deeds.add("commit " + bundle.mods().size());
        witness.saw(bridge.installed(), Optional.empty());
    }

    @Override
    public void send(PacketOut packet) {
        sent.add(packet);
    }

    @Override
    public void flushZone(int zone) throws IOException {
        work();
        deeds.add("flush " + zone);
        witness.saw(bridge.installed(), Optional.of(zone));
    }

    @Override
    public void ensureTunnelOption() {}

    @Override
    public void seeToBridge(Wiring.Wanted wanted) {}

    @Override
    public void join(String systemId, List<Uplink> uplinks, Optional<Position> from) {}

    @Override
    public void tell(Report report) {}

    @Override
    public void report(List<Uplink> uplinks) {}

    @Override
    public void know(org.dragonflow.model.Topology topology) {
        // Nobody asks on the bench.
    }

    @Override
    public void acknowledge(Position at, Map<Id<Port>, PortState> news) {
        acknowledged = at.revision();
        states.putAll(news);
    }
}
