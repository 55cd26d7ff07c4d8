package org.dragonflow.server.feed;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dragonflow.feed.PortStatus;
import org.dragonflow.feed.Reason;
import org.dragonflow.feed.Records;
import org.dragonflow.feed.Refused;
import org.dragonflow.model.ActivePort;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Entity;
import org.dragonflow.model.FloatingIp;
import org.dragonflow.model.Id;
import org.dragonflow.model.LeaseUsedUp;
import org.dragonflow.model.Port;
import org.dragonflow.model.Report;
import org.dragonflow.model.Schema;
import org.dragonflow.model.Seat;
import org.dragonflow.model.View;
import org.dragonflow.server.neutron.Subports;
import org.dragonflow.store.Edit;
import org.dragonflow.store.Replica;
import org.dragonflow.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What chassis say of themselves and of their ports, written to the store. */
final class StoreRecords implements Records {
    private static final Logger LOG = LoggerFactory.getLogger(StoreRecords.class);

    /** So many addresses a port may have beside its own: a block of them is no reason to fill the store. */
    private static final int MOST_ADDRESSES = 100;

    private final Replica replica;
    private final InstantSource clock;
    private final String server;

    /** @param server what tells this server's feed from others' on the same store, and outlives a restart */
    StoreRecords(Replica replica, InstantSource clock, String server) {
        this.replica = replica;
        this.server = server;
        this.clock = clock;
    }

    @Override
    public void register(Chassis reported) throws Refused, InterruptedException {
        var known = replica.state().topology().get(reported.id());
        if (known.isPresent()) {
            Records.requireSameSystem(known.get(), reported);
            boolean isSeated =
                    replica.state().topology().get(Seat.of(reported.id())).equals(Optional.of(seat(reported.id())));
            if (isSeated && known.get().equals(as(known.get(), reported))) {
                return;
            }
        }
        var recorded = write(edit -> record(edit, reported));
        Records.requireSameSystem(recorded, reported);
    }

    private Seat seat(Id<Chassis> chassis) {
        return new Seat(Seat.of(chassis), chassis, server);
    }

    /** The record as it is afterwards; that of another system is left as it is. */
    private Chassis record(Edit edit, Chassis reported) {
        var known = edit.get(reported.id());
        if (known.isPresent() && !known.get().systemId().equals(reported.systemId())) {
            return known.get();
        }
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        var recorded = known.isEmpty()
                ? edit.create(as(Schema.of(reported).with(reported, Map.of("created_at", now)), reported))
                : edit.replace(as(known.get(), reported));
        put(edit, seat(reported.id()));
        return recorded;
    }

    private static Chassis as(Chassis known, Chassis reported) {
        return Schema.of(reported).with(reported, Map.of("created_at", known.createdAt(), "alive", true));
    }

    private static void put(Edit edit, Seat seat) {
        put(edit, seat.id(), seat);
    }

    private static <E extends Entity> void put(Edit edit, Id<E> id, E entity) {
        if (edit.get(id).isPresent()) {
            edit.replace(entity);
        } else {
            edit.create(entity);
        }
    }

    @Override
    public void mark(Id<Chassis> chassis, boolean isAlive) throws Refused, InterruptedException {
        if (!isAlive && isElsewhere(replica.state().topology(), chassis)) {
            return;
        }
        write(edit -> {
            edit.get(chassis)
                    .filter(known -> known.alive() != isAlive)
                    .filter(_ -> isAlive || !isElsewhere(edit, chassis))
                    .ifPresent(known ->
                            edit.replace(Schema.of(known).with(known, Map.<String, Object>of("alive", isAlive))));
            if (isAlive && edit.get(chassis).isPresent()) {
                put(edit, seat(chassis));
            }
            return edit;
        });
        LOG.info("{} is {}", chassis, isAlive ? "alive" : "taken to be down: its agent is gone from the feed");
    }

    private boolean isElsewhere(View view, Id<Chassis> chassis) {
        return view.get(Seat.of(chassis))
                .filter(seat -> !seat.server().equals(server))
                .isPresent();
    }

    // Not a new revision_number: that counts what users change, and theirs would fail an If-Match for no fault of their
    // own.
    @Override
    public void report(List<PortStatus> statuses) throws Refused, InterruptedException {
        var current = replica.state().topology();
        if (statuses.stream()
                .anyMatch(status -> changed(current.get(status.port()), status).isPresent())) {
            write(edit -> {
                statuses.forEach(status -> changed(edit.get(status.port()), status)
                        .ifPresent(port -> {
                            edit.replace(port);
                            translated(edit, port);
                            Subports.review(edit, port.id());
                        }));
                return edit;
            });
        }
    }

    @Override
    public void told(Id<Chassis> chassis, List<Report> reports) throws Refused, InterruptedException {
        var current = replica.state().topology();
        if (reports.stream().anyMatch(report -> isNews(report, chassis, current))) {
            write(edit -> {
                reports.stream().filter(report -> isNews(report, chassis, edit)).forEach(report -> keep(edit, report));
                return edit;
            });
        }
    }

    private static boolean isNews(Report report, Id<Chassis> chassis, View view) {
        return switch (report) {
            case ActivePort active -> isNews(active, chassis, view);
            case LeaseUsedUp(var id) ->
                view.get(id)
                        .filter(lease -> !lease.usedUp())
                        .flatMap(lease -> view.get(lease.portId()))
                        .filter(port -> port.isBoundTo(chassis))
                        .isPresent();
        };
    }

    private static void keep(Edit edit, Report report) {
        switch (report) {
            case ActivePort active -> put(edit, active.id(), active);
            case LeaseUsedUp(var id) ->
                edit.get(id).ifPresent(lease -> edit.replace(Schema.of(lease).with(lease, Map.of("used_up", true))));
        }
    }

    private static boolean isNews(ActivePort active, Id<Chassis> chassis, View view) {
        boolean isAllowed = view.get(active.portId())
                .filter(port -> port.isBoundTo(chassis) && active.isAllowedTo(port))
                .isPresent();
        return isAllowed
                && active.isToBeHad(view)
                && !view.get(active.id()).equals(Optional.of(active))
                && view.find(ActivePort.of(active.portId()))
                                .limit(MOST_ADDRESSES)
                                .count()
                        < MOST_ADDRESSES;
    }

    private static Optional<Port> changed(Optional<Port> port, PortStatus word) {
        return port.map(p -> p.confirmed(word.chassis(), word.status()))
                .filter(confirmed -> !port.equals(Optional.of(confirmed)));
    }

    /** A floating IP is translated once the chassis that stands for it has confirmed its flows. */
    private static void translated(Edit edit, Port outside) {
        edit.find(FloatingIp.at(outside.id()))
                .filter(floating -> floating.status() != outside.status())
                .toList()
                .forEach(floating ->
                        edit.replace(Schema.of(floating).with(floating, Map.of("status", outside.status()))));
    }

    private <R> R write(java.util.function.Function<Edit, R> changes) throws Refused, InterruptedException {
        try {
            return replica.edit(changes);
        } catch (StoreException | IllegalStateException e) {
            throw new Refused(Reason.UNAVAILABLE, "the store cannot be written: " + e.getMessage());
        }
    }
}
