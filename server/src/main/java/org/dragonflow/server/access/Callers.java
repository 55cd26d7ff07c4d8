package org.dragonflow.server.access;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.dragonflow.server.http.Refusal;

/**
 * Remembers for a while on whose behalf a secret speaks; of the secret it keeps a fingerprint, which is of no use elsewhere.
 *
 * <p>Who asks of one secret at the same time waits for one answer.
 */
final class Callers {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_BYTES = 32;

    private final InstantSource clock;
    private final SecretKeySpec key;
    private final Map<String, FutureTask<Verdict>> verdicts;

    /** @param most of more secrets than this, those not used for longest are forgotten */
    Callers(int most, InstantSource clock) {
        this.clock = clock;
        var random = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(random);
        this.key = new SecretKeySpec(random, ALGORITHM);
        this.verdicts = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, FutureTask<Verdict>> eldest) {
                return size() > most;
            }
        };
    }

    /**
     * What has been found out about a secret.
     *
     * @param caller empty if it is nobody's
     * @param until from then on it must be found out anew
     */
    record Verdict(Optional<Caller> caller, Instant until) {}

    /** Whose the secret is: as remembered, or else as {@code ask} says, which may refuse to. */
    Optional<Caller> of(String secret, Supplier<Verdict> ask) {
        var asked = asked(fingerprint(secret), new FutureTask<>(ask::get));
        // Does nothing if somebody else has begun.
        asked.run();
        try {
            return asked.get().caller();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Refusal.unavailable("The server is going down.");
        }
    }

    /** The question that is under way or answered for now; {@code otherwise} if there is none. */
    private synchronized FutureTask<Verdict> asked(String fingerprint, FutureTask<Verdict> otherwise) {
        return verdicts.compute(fingerprint, (_, asked) -> asked == null || isOver(asked) ? otherwise : asked);
    }

    private boolean isOver(FutureTask<Verdict> asked) {
        return switch (asked.state()) {
            case Future.State.RUNNING -> false;
            case Future.State.SUCCESS ->
                !clock.instant().isBefore(asked.resultNow().until());
            case Future.State.FAILED, Future.State.CANCELLED -> true;
        };
    }

    synchronized void forget() {
        verdicts.clear();
    }

    synchronized int size() {
        return verdicts.size();
    }

    private String fingerprint(String secret) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return HexFormat.of().formatHex(mac.doFinal(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + ALGORITHM, e);
        }
    }
}
