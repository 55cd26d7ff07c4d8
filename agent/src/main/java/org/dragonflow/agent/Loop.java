package org.dragonflow.agent;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dragonflow.apps.Queue;
import org.dragonflow.compile.ConntrackZone;
import org.dragonflow.compile.Problem;
import org.dragonflow.feed.FeedEvent;
import org.dragonflow.feed.Position;
import org.dragonflow.flow.Bundle;
import org.dragonflow.flow.PacketOut;
import org.dragonflow.flow.SwitchEvent;
import org.dragonflow.model.Chassis.Uplink;
import org.dragonflow.model.Delta;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Interface;
import org.dragonflow.model.Neighbour;
import org.dragonflow.model.Topology;
import org.dragonflow.ovsdb.Event;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent proper: hears what is wanted and what is seen, and makes the switch hold what follows.
 *
 * <p>One thread owns all of it. Time is an argument, and so is everything that comes from outside; what it does to the world goes through
 * {@link World}. The switch is left as it is until both the topology (from the cache, or else from the server) and what is plugged in are
 * known: a restart must not take away flows that it will find to be right.
 */
final class Loop {
    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration STRANGE = Duration.ofSeconds(5);

    /** So long nothing need be said of what is not known yet. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final long NOTHING = -1;

    private final Config config;
    private final World world;
    private final Cache cache;
    private final Metrics metrics;
    private final Complaints complaints = new Complaints();
    private final Plugged plugged;
    private final Uplinks uplinks;
    private final Zones zones;
    private final Program program;
    private final Installer installer;
    private final LocalPorts ports;
    private final Announcements announcements;
    private final Strangers strangers;
    private final Hearing hearing;
    private final Features features;

    // What the program is yet to be told; then what it knows, before anything is derived from it.
    private final Map<Id<?>, Delta> pending = new LinkedHashMap<>();
    private Topology northbound;
    private Optional<Set<Queue>> queues = Optional.empty();
    private Optional<Position> position;
    private boolean isDatabaseKnown;
    private boolean isPluggedStale = true;
    private boolean hasCompiled;
    private boolean needsTunnelOption;
    private Optional<Position> acknowledged = Optional.empty();
    private List<Uplink> reported = List.of();
    private String server = "not joined yet";
    private String database = "not connected yet";
    private Optional<Instant> began = Optional.empty();
    private Instant nextTick = Instant.MIN;
    private Instant nextAudit = Instant.MAX;

    Loop(Config config, Features features, Cache cache, World world, Metrics metrics, RandomGenerator random) {
        this.config = config;
        this.features = features;
        this.world = world;
        this.cache = cache;
        this.metrics = metrics;
        this.plugged = new Plugged(config.bridge(), config.chassis().value());
        this.uplinks = new Uplinks(config);
        this.zones = new Zones(world.bridge(), cache.contents());
        this.program = new Program(features.pipeline(), features.apps());
        this.installer = new Installer(world.bridge(), complaints, metrics);
        this.ports = new LocalPorts(config.chassis());
        this.announcements = new Announcements(features.apps(), random);
        this.strangers = new Strangers(config.chassis(), STRANGE);
        this.hearing = new Hearing(
                features,
                cache.contents().all().flatMap(e -> e instanceof Neighbour one ? Stream.of(one) : Stream.of()),
                metrics,
                this::send,
                this::note,
                world::tell);
        this.position = cache.position();
        var rest = cache.contents().all().filter(entity -> !isNorthbound(entity));
        this.northbound = cache.contents().apply(rest.map(Delta::delete).toList());
        Stream.of(northbound.all(), zones.given().stream(), hearing.neighbours())
                .flatMap(entities -> entities)
                .map(Delta::create)
                .forEach(this::note);
    }

    private static boolean isNorthbound(Entity entity) {
        return switch (entity) {
            case ConntrackZone _, Interface _, Neighbour _ -> false;
            case Entity _ -> true;
        };
    }

    /** How long the loop may sleep if nothing happens. */
    Duration patience(Instant now) {
        var next = nextTick.isBefore(nextAudit) ? nextTick : nextAudit;
        var until = next.isAfter(now) ? Duration.between(now, next) : Duration.ZERO;
        return until.compareTo(TICK) < 0 ? until : TICK;
    }

    /** Takes in all that has happened, does what is to be done, answers who asked. */
    void step(Input.Batch batch, Instant now) {
        began = began.or(() -> Optional.of(now));
        batch.inputs().forEach(this::hear);
        present(now);
        if (isReady()) {
            settle(now);
            audit(now);
        }
        tick(now);
        speak(now);
        answer(batch, now);
        batch.inputs().forEach(this::reply);
    }

    private boolean isReady() {
        return position.isPresent() && isDatabaseKnown;
    }

    private void hear(Input input) {
        switch (input) {
            case Input.FromDatabase(var event) -> hearDatabase(event);
            case Input.FromSwitch(var event) -> hearSwitch(event);
            case Input.FromNorthbound(var event) -> hearNorthbound(event);
            case Input.BridgeSeenTo(var faults) ->
                complaints.are("bridge", faults.stream().distinct().collect(Collectors.toMap(f -> f, f -> f)));
            case Input.Question _ -> {}
        }
    }

    private void hearDatabase(Event event) {
        isPluggedStale |= plugged.hear(event.changes());
        boolean isOtherwiseWired = uplinks.hear(event.changes());
        switch (event) {
            case Event.Connected _ -> {
                isDatabaseKnown = true;
                database = "connected";
                complaints.none("database");
                seeToBridge();
            }
            case Event.Disconnected(var fault) -> {
                database = "no connection: " + fault;
                complaints.is("database", "no connection to %s: %s".formatted(config.database(), fault));
            }
            case Event.Changed _ when isOtherwiseWired -> seeToBridge();
            case Event.Changed _ -> {}
        }
    }

    private void seeToBridge() {
        var shares = queues.map(wanted -> WireShares.of(wanted, uplinks, config));
        world.seeToBridge(new Wiring.Wanted(plugged.systemId().isEmpty(), uplinks.mappings(), shares));
    }

    /** Introduces the chassis to the northbound, or says what of it is not as it was. */
    private void present(Instant now) {
        var present = uplinks.look(now);
        plugged.systemId().ifPresent(id -> world.join(id, present, position));
        if (!present.equals(reported)) {
            reported = present;
            world.report(present);
        }
    }

    private void hearSwitch(SwitchEvent event) {
        switch (event) {
            case SwitchEvent.Connected _ -> {
                installer.connected();
                needsTunnelOption = true;
                ensureTunnelOption();
            }
            case SwitchEvent.Disconnected(var reason) -> installer.disconnected(reason);
            case SwitchEvent.PacketIn _, SwitchEvent.PortStatus _ -> {}
        }
    }

    private void ensureTunnelOption() {
        try {
            world.ensureTunnelOption();
            needsTunnelOption = false;
            complaints.none("tunnel option");
        } catch (IOException e) {
            complaints.is("tunnel option", "Geneve will not work: " + e.getMessage());
        }
    }

    private void hearNorthbound(FeedEvent event) {
        switch (event) {
            case FeedEvent.Connected _ -> {
                server = "connected";
                complaints.none("server");
                ports.reportAll();
                acknowledged = Optional.empty();
            }
            case FeedEvent.Disconnected(var _, var detail) -> {
                server = "no connection: " + detail;
                complaints.is("server", server);
            }
            case FeedEvent.Snapshot(var at, var entities) -> {
                var wanted = entities.stream().filter(Loop::isNorthbound).toList();
                change(Topology.of(wanted).since(northbound));
                position = Optional.of(at);
            }
            case FeedEvent.Changes(var at, var changes) -> {
                change(changes.stream()
                        .filter(change -> change.after().stream().allMatch(Loop::isNorthbound))
                        .map(change -> new Delta(change.id(), Optional.empty(), change.after())));
                position = Optional.of(at);
            }
        }
    }

    /** Notes changes of the northbound, at most one of each entity; what was there before is what was known here. */
    private void change(Stream<Delta> deltas) {
        var changes = deltas.toList();
        for (var delta : changes) {
            note(new Delta(delta.id(), northbound.get(delta.id()).map(e -> (Entity) e), delta.after()));
        }
        northbound = northbound.apply(changes);
    }

    private void note(Delta delta) {
        pending.merge(delta.id(), delta, Delta::then);
    }

    /** Has the switch do all that follows from what was heard. */
    private void settle(Instant now) {
        boolean isAgain = true;
        while (isAgain) {
            boolean mayGive = installer.isInSync();
            boolean isNews = isPluggedStale
                    || !pending.isEmpty()
                    || !hasCompiled
                    || !cache.position().equals(position);
            installer.prepare(now);
            installer.install(isNews || zones.isAnybodyWaiting() ? compile(mayGive) : Bundle.EMPTY, program, now);
            isAgain = installer.isInSync() && (takeBackZones() || !mayGive && zones.isAnybodyWaiting());
        }
        report();
    }

    /** @param mayGive whether new zones may be given: the switch holds nothing but what the program said before */
    private Bundle compile(boolean mayGive) {
        var news = new ArrayList<Delta>();
        if (isPluggedStale) {
            news.addAll(plugged.news());
            isPluggedStale = false;
        }
        var changes = pending.values().stream().filter(Delta::isChange).toList();
        pending.clear();
        // Written before the switch is told: after a crash in between, the next start goes on forward.
        remember(changes);
        news.addAll(changes);
        news.forEach(ports::touch);
        hasCompiled = true;
        zones.hear(program.tell(news));
        if (mayGive) {
            giveZones();
        }
        var bundle = program.settle();
        world.know(program.topology());
        share();
        return bundle;
    }

    private void share() {
        var wanted = Optional.of(features.queues().apply(program.topology()));
        if (!zones.isAnybodyWaiting() && !wanted.equals(queues)) {
            queues = wanted;
            seeToBridge();
        }
    }

    private void giveZones() {
        try {
            for (var given = zones.give(); !given.isEmpty(); given = zones.give()) {
                var news = given.stream().map(Delta::create).toList();
                remember(news);
                zones.hear(program.tell(news));
            }
            complaints.none("zones");
        } catch (IOException e) {
            complaints.is("zones", "a port has no conntrack zone, for none can be flushed: " + e.getMessage());
        }
    }

    /** Says whether there were any. */
    private boolean takeBackZones() {
        try {
            var free = zones.takeBack().stream().map(Delta::delete).toList();
            if (!free.isEmpty()) {
                remember(free);
                free.forEach(this::note);
            }
            complaints.none("conntrack");
            return !free.isEmpty();
        } catch (IOException e) {
            complaints.is("conntrack", "connections of a port that is gone cannot be flushed: " + e.getMessage());
            return false;
        }
    }

    private void remember(Collection<Delta> deltas) {
        if (deltas.isEmpty() && cache.position().equals(position)) {
            return;
        }
        try {
            cache.append(position.orElseThrow(), deltas);
            complaints.none("cache");
        } catch (IOException e) {
            complaints.is("cache", "cannot keep what is known, in %s: %s".formatted(config.stateDirectory(), e));
        }
    }

    private void report() {
        if (!installer.isInSync() || !pending.isEmpty()) {
            return;
        }
        ports.degrade(degraded(), program.topology());
        ports.look(program.topology());
        var confirmed = position.orElseThrow();
        var news = ports.news();
        if (!news.isEmpty() || !position.equals(acknowledged)) {
            acknowledged = position;
            world.acknowledge(confirmed, news);
        }
    }

    private Set<Id<?>> degraded() {
        return Stream.of(
                        installer.refusals().subjects().stream(),
                        program.problems().stream().map(Problem::subject),
                        zones.lacking())
                .flatMap(subjects -> subjects)
                .collect(Collectors.toUnmodifiableSet());
    }

    private void audit(Instant now) {
        if (nextAudit.equals(Instant.MAX)) {
            nextAudit = now.plus(config.auditInterval());
        }
        if (now.isBefore(nextAudit)) {
            return;
        }
        nextAudit = now.plus(config.auditInterval());
        installer.audit(program);
        seeToBridge();
        report();
    }

    /** What need not be looked at with every change. */
    private void tick(Instant now) {
        if (now.isBefore(nextTick)) {
            return;
        }
        nextTick = now.plus(TICK);
        if (needsTunnelOption && installer.isConnected()) {
            ensureTunnelOption();
        }
        if (isReady()) {
            complaints.none("waiting");
        } else if (!now.isBefore(began.orElse(now).plus(PATIENCE))) {
            var missing = position.isEmpty() ? "the topology (no cache, and no server yet)" : "what is plugged in";
            complaints.is("waiting", "the switch is left as it is until " + missing + " is known");
        }
        complaints.are("problem", program.faults());
        complaints.are("responder", hearing.faults());
        complaints.are("announcer", announcements.faults());
        complaints.are("broken interface", plugged.broken());
        complaints.are("uplink", uplinks.faults());
        complaints.are(
                "minimum bandwidth",
                WireShares.of(queues.orElse(Set.of()), uplinks, config).faults());
        metrics.uplinks(reported);
        if (isReady()) {
            complaints.are("unknown port", strangers.unknown(plugged.interfaces(), northbound, now));
            complaints.are("plugged twice", strangers.twice(plugged.interfaces()));
        }
        metrics.holds(Math.max(0, acknowledged()), ports.up(), ports.down());
    }

    /** Tells hosts, and asks neighbours, once the switch has the flows that they are told of. */
    private void speak(Instant now) {
        if (hasCompiled && installer.isInSync()) {
            var due = announcements.due(program.topology(), now);
            metrics.announced(due.size());
            due.forEach(this::send);
            hearing.tick(program.topology(), now);
        }
    }

    private void send(PacketOut packet) {
        try {
            world.bridge().send(packet);
        } catch (IOException e) {
            LOG.debug("a packet is lost: {}", e.toString());
        }
    }

    private void answer(Input.Batch batch, Instant now) {
        if (!hasCompiled) {
            metrics.punted("ignored", batch.punts().size() + batch.puntsDropped());
            return;
        }
        hearing.hear(batch, program.topology(), now);
        if (!pending.isEmpty() && isReady()) {
            settle(now);
        }
        hearing.release();
    }

    private void reply(Input input) {
        if (input instanceof Input.Question(var query, var answer)) {
            try {
                answer.complete(new Status(this).json(query));
            } catch (RuntimeException e) {
                // Whoever asks must not be able to end the life of the agent.
                answer.completeExceptionally(e);
            }
        }
    }

    // ---- For who asks how the agent is.

    Config config() {
        return config;
    }

    Program program() {
        return program;
    }

    List<Uplink> uplinks() {
        return reported;
    }

    Installer installer() {
        return installer;
    }

    LocalPorts ports() {
        return ports;
    }

    Complaints complaints() {
        return complaints;
    }

    Metrics metrics() {
        return metrics;
    }

    /** The revision that was heard last. */
    long revision() {
        return position.map(Position::revision).orElse(NOTHING);
    }

    /** The revision that the switch has confirmed. */
    long acknowledged() {
        return acknowledged.map(Position::revision).orElse(NOTHING);
    }

    String server() {
        return server;
    }

    String database() {
        return database;
    }
}
