package org.dragonflow.server.feed;

import java.time.Duration;
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
import org.dragonflow.store.Replica;

/** Join tokens in the store, so that any server redeems what another has given out, and none is redeemed twice. */
final class StoreTokens implements Tokens {
    private static final Duration LIFETIME = Duration.ofHours(24);

    private final Replica replica;
    private final InstantSource clock;

    StoreTokens(Replica replica, InstantSource clock) {
        this.replica = replica;
        this.clock = clock;
    }

    void remember(Token token) throws InterruptedException {
        var expiry = clock.instant().plus(LIFETIME).truncatedTo(ChronoUnit.SECONDS);
        var kept = new JoinToken(Id.of(JoinToken.class, token.digest()), Id.of(Chassis.class, token.chassis()), expiry);
        replica.edit(edit -> edit.create(kept));
    }

    @Override
    public Id<Chassis> redeem(String digest) throws Refused, InterruptedException {
        var token = replica.<Optional<JoinToken>>edit(edit -> {
            var found = edit.get(Id.of(JoinToken.class, digest));
            found.ifPresent(edit::delete);
            return found;
        });
        if (token.isEmpty()) {
            throw new Refused(
                    Reason.UNKNOWN_TOKEN,
                    "the token is used up, or was never given out; 'dfctl chassis add' gives another");
        }
        if (token.get().expiresAt().isBefore(clock.instant())) {
            throw new Refused(Reason.EXPIRED_TOKEN, "the token is too old; 'dfctl chassis add' gives another");
        }
        return token.get().chassis();
    }
}
