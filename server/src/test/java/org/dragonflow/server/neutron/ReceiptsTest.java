package org.dragonflow.server.neutron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.dragonflow.model.Query;
import org.dragonflow.model.Receipt;
import org.dragonflow.server.access.Caller;
import org.dragonflow.server.access.Credentials;
import org.dragonflow.server.access.Policy;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.server.http.Request;
import org.dragonflow.server.http.Response;
import org.dragonflow.store.Bytes;
import org.dragonflow.store.MemoryStore;
import org.dragonflow.store.Replica;
import org.dragonflow.store.Retention;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How long it is remembered what was answered under a key. */
class ReceiptsTest {
    private final AtomicReference<Instant> clock = new AtomicReference<>(Instant.parse("2026-03-01T12:00:00Z"));
    private final Receipts receipts = new Receipts(clock::get);
    private final Replica replica = new Replica(new MemoryStore(Clock.systemUTC(), Retention.STANDARD));
    private final AtomicInteger done = new AtomicInteger();

    @AfterEach
    void close() {
        replica.close();
    }

    private static Caller member(String project, String user) {
        return new Caller(Credentials.ofProject(user, project, Set.of("member")), Policy.standard());
    }

    private Response ask(Caller caller, String key) {
        var request =
                new Request("req", "POST", "/v2.0/bundle", Map.of(), Map.of("idempotency-key", key), Bytes.utf8("{}"));
        try {
            return replica.edit(edit -> receipts.once(
                    edit, request, caller, () -> Response.json(200, Map.of("done", done.incrementAndGet()))));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Response ask(String project, String key) {
        return ask(member(project, "u"), key);
    }

    @Test
    void aKeyIsGoodForADay() {
        var first = ask("p", "k").body();
        clock.updateAndGet(now -> now.plus(Duration.ofHours(24)));
        assertThat(ask("p", "k").body()).isEqualTo(first);
        clock.updateAndGet(now -> now.plusSeconds(1));
        assertThat(ask("p", "k").body()).isNotEqualTo(first);
        assertThat(done).hasValue(2);
    }

    @Test
    void othersOfTheProjectShareItsKeys() {
        var first = ask(member("p", "alice"), "k").body();
        assertThat(ask(member("p", "bob"), "k").body()).isEqualTo(first);
        assertThat(ask(member("q", "alice"), "k").body()).isNotEqualTo(first);
    }

    @Test
    void whoActsInNoProjectHasKeysOfTheirOwn() {
        var first = ask(member("", "alice"), "k").body();
        assertThat(ask(member("", "bob"), "k").body()).isNotEqualTo(first);
        assertThat(ask(member("alice", ""), "k").body()).isNotEqualTo(first);
        assertThat(ask(member("", "alice"), "k").body()).isEqualTo(first);
    }

    @Test
    void whatIsTooOldGoesWhoeversItWas() {
        for (int i = 0; i < 30; i++) {
            ask("p" + i, "k");
        }
        clock.updateAndGet(now -> now.plus(Duration.ofHours(25)));
        ask("q", "k");
        ask("q", "l");
        assertThat(replica.state().topology().find(Query.all(Receipt.class))).hasSize(2);
    }

    @Test
    void anAnswerThatIsTooLongIsNotKept() {
        var noise = new byte[600_000];
        new Random(1).nextBytes(noise);
        var request = new Request("req", "POST", "/", Map.of(), Map.of("idempotency-key", "k"), Bytes.of());
        assertThatThrownBy(() -> replica.edit(edit -> receipts.once(
                        edit,
                        request,
                        member("p", "u"),
                        () -> Response.json(200, Map.of("noise", HexFormat.of().formatHex(noise))))))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("too long");
        assertThat(replica.state().revision()).isZero();
    }
}
