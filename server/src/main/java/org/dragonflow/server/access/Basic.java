package org.dragonflow.server.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.server.http.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Believes who knows the password (HTTP basic, RFC 7617) of a user in a file, which is read again when it changes. */
public final class Basic implements Identity {
    private static final Logger LOG = LoggerFactory.getLogger(Basic.class);
    private static final String CHALLENGE = "Basic realm=\"Dragonflow\", charset=\"UTF-8\"";
    private static final String SCHEME = "Basic ";
    private static final int MOST_REMEMBERED = 10_000;
    private static final Duration REMEMBERED = Duration.ofHours(1);
    private static final Duration REMEMBERED_AS_WRONG = Duration.ofSeconds(5);
    private static final Duration LOOKED_AT = Duration.ofSeconds(1);
    private static final int PATIENCE_SECONDS = 5;

    private final Path file;
    private final Policy policy;
    private final InstantSource clock;
    private final Callers callers;

    // A hash is dear by design: who guesses passwords gets one processor to do it on, and no more.
    private final Semaphore hashing = new Semaphore(1);

    private volatile Known known;

    /** The file as it was when it was last looked at. */
    private record Known(Passwords passwords, FileTime written, Instant lookedAt) {}

    /** @throws IllegalArgumentException if the file cannot be read or a line of it is malformed; the message says which */
    public Basic(Path file, Policy policy, InstantSource clock) {
        this.file = file;
        this.policy = policy;
        this.clock = clock;
        this.callers = new Callers(MOST_REMEMBERED, clock);
        this.known = new Known(Passwords.read(file), written(), clock.instant());
    }

    @Override
    public Caller of(Request request) {
        refresh();
        return request.header("Authorization")
                .filter(header -> header.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
                .map(header -> header.substring(SCHEME.length()).strip())
                .flatMap(proof -> callers.of(proof, () -> verdict(proof)))
                .orElseThrow(() -> Refusal.unauthenticated(CHALLENGE));
    }

    private Callers.Verdict verdict(String proof) {
        var credentials = decoded(proof).flatMap(this::checked);
        return new Callers.Verdict(
                credentials.map(who -> new Caller(who, policy)),
                clock.instant().plus(credentials.isPresent() ? REMEMBERED : REMEMBERED_AS_WRONG));
    }

    private static Optional<String> decoded(String proof) {
        try {
            return Optional.of(new String(Base64.getDecoder().decode(proof), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Optional<Credentials> checked(String userAndPassword) {
        int colon = userAndPassword.indexOf(':');
        if (colon < 0) {
            return Optional.empty();
        }
        try {
            if (!hashing.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw Refusal.unavailable("Too many passwords are to be checked; try again.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Refusal.unavailable("The server is going down.");
        }
        try {
            return known.passwords().check(userAndPassword.substring(0, colon), userAndPassword.substring(colon + 1));
        } finally {
            hashing.release();
        }
    }

    private void refresh() {
        if (clock.instant().isBefore(known.lookedAt().plus(LOOKED_AT))) {
            return;
        }
        synchronized (this) {
            var now = written();
            if (now.equals(known.written())) {
                known = new Known(known.passwords(), now, clock.instant());
                return;
            }
            known = new Known(reread(), now, clock.instant());
            callers.forget();
        }
    }

    private Passwords reread() {
        try {
            var passwords = Passwords.read(file);
            LOG.info("the passwords in {} have changed", file);
            return passwords;
        } catch (IllegalArgumentException e) {
            LOG.error("{}; what was there before holds", e.getMessage());
            return known.passwords();
        }
    }

    private FileTime written() {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            return FileTime.fromMillis(0);
        }
    }
}
