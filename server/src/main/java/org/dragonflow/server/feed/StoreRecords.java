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
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Port;
import org.dragonflow.model.Schema;
import org.dragonflow.store.Edit;
import org.dragonflow.store.Replica;
import org.dragonflow.store.StoreException;

/** What chassis say of themselves and of their ports, written to the store. */
final class StoreRecords implements Records {
    private final Replica replica;
    private final InstantSource clock;

    StoreRecords(Replica replica, InstantSource clock) {
        this.replica = replica;
        this.clock = clock;
    }

    @Override
    public void register(Chassis reported) throws Refused, InterruptedException {
        var known = replica.state().topology().get(reported.id());
        if (known.isPresent()) {
            Records.requireSameSystem(known.get(), reported);
            if (known.get().equals(as(known.get(), reported))) {
                return;
            }
        }
        var recorded = write(edit -> record(edit, reported));
        Records.requireSameSystem(recorded, reported);
    }

    /** The record as it is afterwards; that of another system is left as it is. */
    private Chassis record(Edit edit, Chassis reported) {
        var known = edit.get(reported.id());
        if (known.isEmpty()) {
            var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
            return edit.create(Schema.of(reported).with(reported, Map.of("created_at", now)));
        }
        return known.get().systemId().equals(reported.systemId())
                ? edit.replace(as(known.get(), reported))
                : known.get();
    }

    private static Chassis as(Chassis known, Chassis reported) {
        return Schema.of(reported).with(reported, Map.of("created_at", known.createdAt()));
    }

    // Not a new revision_number: that counts what users change, and theirs would fail an If-Match for no fault of their
    // own.
    @Override
    public void report(List<PortStatus> statuses) throws Refused, InterruptedException {
        var current = replica.state().topology();
        if (statuses.stream()
                .anyMatch(status -> changed(current.get(status.port()), status).isPresent())) {
            write(edit -> {
                statuses.forEach(
                        status -> changed(edit.get(status.port()), status).ifPresent(edit::replace));
                return edit;
            });
        }
    }

    private static Optional<Port> changed(Optional<Port> port, PortStatus word) {
        return port.filter(p -> p.isBoundTo(word.chassis()) && p.status() != word.status())
                .map(p -> Schema.of(p).with(p, Map.of("status", word.status())));
    }

    private <R> R write(java.util.function.Function<Edit, R> changes) throws Refused, InterruptedException {
        try {
            return replica.edit(changes);
        } catch (StoreException | IllegalStateException e) {
            throw new Refused(Reason.UNAVAILABLE, "the store cannot be written: " + e.getMessage());
        }
    }
}
