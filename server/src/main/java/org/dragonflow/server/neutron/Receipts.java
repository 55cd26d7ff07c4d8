package org.dragonflow.server.neutron;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.dragonflow.model.Id;
import org.dragonflow.model.Query;
import org.dragonflow.model.Receipt;
import org.dragonflow.server.access.Caller;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.server.http.Request;
import org.dragonflow.server.http.Response;
import org.dragonflow.store.Bytes;
import org.dragonflow.store.Edit;

/**
 * Has requests with an idempotency key done once. The receipt is made in the edit that does what is asked, so that there is one if and only if
 * that was done, on whichever server; of two who ask at the same time, one finds the other's.
 */
final class Receipts {
    private static final String HEADER = "Idempotency-Key";
    private static final String REPLAYED = "Idempotent-Replayed";
    private static final String KEY = "[\\x21-\\x7e]{1,255}";
    private static final Duration LIFETIME = Duration.ofHours(24);
    private static final int MOST_PER_OWNER = 100;
    private static final int MOST_CLEARED = 20;
    private static final int MOST_CHARACTERS = 512 * 1024;

    private final InstantSource clock;

    Receipts(InstantSource clock) {
        this.clock = clock;
    }

    /** Whose key for what. */
    private record Claim(Id<Receipt> id, String owner, String request) {
        static Optional<Claim> of(Request request, Caller caller) {
            return request.header(HEADER).map(key -> {
                if (!key.matches(KEY)) {
                    throw Refusal.badRequest("%s is 1 to 255 visible characters of ASCII".formatted(HEADER));
                }
                var who = caller.credentials();
                var owner = who.project().isEmpty() ? "user " + who.user() : "project " + who.project();
                // What is answered depends on what one may see.
                var roles = who.roles().stream().sorted().toList().toString();
                return new Claim(
                        Id.of(Receipt.class, digest(owner, key)),
                        owner,
                        digest(roles, request.body().utf8()));
            });
        }
    }

    /** What was answered under the key of the request, or else what is answered now. */
    Response once(Edit edit, Request request, Caller caller, Supplier<Response> answer) {
        var claim = Claim.of(request, caller);
        if (claim.isEmpty()) {
            return answer.get();
        }
        clear(edit, claim.get());
        var before = edit.get(claim.get().id());
        if (before.isPresent()) {
            return replayed(before.get(), claim.get());
        }
        var response = answer.get();
        var packed = packed(response.body());
        if (packed.length() > MOST_CHARACTERS) {
            throw Refusal.badRequest(
                    "The answer is too long to be kept for the %s; ask for less at a time".formatted(HEADER));
        }
        var mine = claim.get();
        edit.create(new Receipt(mine.id(), mine.owner(), mine.request(), clock.instant(), packed));
        return response;
    }

    private static Response replayed(Receipt receipt, Claim claim) {
        if (!receipt.request().equals(claim.request())) {
            throw new Refusal(
                    422,
                    "IdempotencyKeyReused",
                    "The %s was used for another request, or with other roles.".formatted(HEADER));
        }
        return new Response(
                200,
                Map.of("Content-Type", "application/json", REPLAYED, "true"),
                Bytes.of(unpacked(receipt.answer())));
    }

    /** Deletes what is too old: some of anybody's, and the one that is asked for; and of the owner's what is too much. */
    private void clear(Edit edit, Claim claim) {
        var horizon = clock.instant().minus(LIFETIME);
        edit.find(Query.all(Receipt.class))
                .filter(receipt -> receipt.createdAt().isBefore(horizon))
                .sorted(Comparator.comparing(receipt -> !receipt.id().equals(claim.id())))
                .limit(MOST_CLEARED)
                .toList()
                .forEach(edit::delete);
        edit.find(Query.by(Receipt.class, "owner", claim.owner()))
                .filter(receipt -> !receipt.id().equals(claim.id()))
                .sorted(Comparator.comparing(Receipt::createdAt).reversed())
                .skip(MOST_PER_OWNER - 1L)
                .toList()
                .forEach(edit::delete);
    }

    private static String digest(String... parts) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            for (var part : List.of(parts)) {
                digest.update(part.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String packed(Bytes body) {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(body.toArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    private static byte[] unpacked(String packed) {
        try (var gzip =
                new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(packed)))) {
            return gzip.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
