package org.dragonflow.server.feed;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.dragonflow.feed.Reason;
import org.dragonflow.feed.Refused;
import org.dragonflow.feed.Token;
import org.dragonflow.feed.Tokens;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.JoinToken;
import org.dragonflow.model.Query;
import org.dragonflow.store.Replica;

/** Join tokens in the store, so that any server redeems what another has given out, and none is redeemed twice. */
final class StoreTokens implements Tokens {
    private static final Duration LIFETIME = Duration.ofHours(24);
    private static final String ANOTHER = "'dfctl chassis add' gives another";

    private final Replica replica;
    private final InstantSource clock;

    StoreTokens(Replica replica, InstantSource clock) {
        this.replica = replica;
        this.clock = clock;
    }

    /** Also forgets those that are too old to be asked for. */
    void remember(Token token) throws InterruptedException {
        var now = clock.instant();
        var expiry = now.plus(LIFETIME).truncatedTo(ChronoUnit.SECONDS);
        var kept = new JoinToken(Id.of(JoinToken.class, token.digest()), Id.of(Chassis.class, token.chassis()), expiry);
        replica.edit(edit -> {
            edit.find(Query.all(JoinToken.class))
                    .filter(old -> old.expiresAt().plus(LIFETIME).isBefore(now))
                    .toList()
                    .forEach(edit::delete);
            return edit.create(kept);
        });
    }

    @Override
    public void redeem(Id<Chassis> chassis, String digest) throws Refused, InterruptedException {
        var now = clock.instant();
        var found = replica.<Optional<JoinToken>>edit(edit -> {
            var token = edit.get(Id.of(JoinToken.class, digest));
            token.filter(t -> isGood(t, chassis, now)).ifPresent(edit::delete);
            return token;
        });
        var token = found.orElseThrow(() -> new Refused(
                Reason.UNKNOWN_TOKEN,
                "%s comes with a token that has been used, or was never given out; %s".formatted(chassis, ANOTHER)));
        if (!token.chassis().equals(chassis)) {
            throw new Refused(Reason.WRONG_NAME, "%s comes with a token for %s".formatted(chassis, token.chassis()));
        }
        if (!isGood(token, chassis, now)) {
            throw new Refused(
                    Reason.EXPIRED_TOKEN,
                    "%s comes with a token that expired at %s; %s".formatted(chassis, token.expiresAt(), ANOTHER));
        }
    }

    private static boolean isGood(JoinToken token, Id<Chassis> chassis, Instant now) {
        return token.chassis().equals(chassis) && token.expiresAt().isAfter(now);
    }
}
