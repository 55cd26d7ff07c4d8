package org.dragonflow.server.nova;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.dragonflow.model.Delivery;
import org.dragonflow.model.Id;
import org.dragonflow.store.Replica;

/** Whose turn it is, of several servers on one store, to tell Nova; and how far it was told. Kept in the store. */
final class Turn {
    static final Id<Delivery> NOVA = Id.of(Delivery.class, "nova");

    private final Replica replica;
    private final InstantSource clock;
    private final Duration length;
    private final String self = UUID.randomUUID().toString();

    /** @param length after this time without a word of a server, another may take its place */
    Turn(Replica replica, InstantSource clock, Duration length) {
        this.replica = replica;
        this.clock = clock;
        this.length = length;
    }

    /** Until when it is another's; empty if it is this server's now. */
    Optional<Instant> take() throws InterruptedException {
        var now = clock.instant();
        var known = replica.state().topology().get(NOVA);
        if (known.filter(d ->
                        d.holder().equals(self) && now.plus(length.dividedBy(2)).isBefore(d.until()))
                .isPresent()) {
            return Optional.empty();
        }
        var other = known.flatMap(d -> otherUntil(d, now));
        return other.isPresent() ? other : write(0, length);
    }

    /** Nova was told of all up to this commit. */
    void done(long revision) throws InterruptedException {
        var _ = write(revision, length);
    }

    /** As {@link #done}, and it may be another's turn from now on. */
    void leave(long revision) throws InterruptedException {
        var _ = write(revision, Duration.ZERO);
    }

    private Optional<Instant> otherUntil(Delivery delivery, Instant now) {
        return Optional.of(delivery.until()).filter(until -> !delivery.holder().equals(self) && now.isBefore(until));
    }

    private Optional<Instant> write(long revision, Duration hold) throws InterruptedException {
        return replica.edit(edit -> {
            var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
            var known = edit.get(NOVA);
            var other = known.flatMap(delivery -> otherUntil(delivery, now));
            if (other.isEmpty()) {
                long told = Math.max(revision, known.map(Delivery::revision).orElse(0L));
                var mine = new Delivery(NOVA, self, now.plus(hold), told);
                if (known.isPresent()) {
                    edit.replace(mine);
                } else {
                    edit.create(mine);
                }
            }
            return other;
        });
    }
}
