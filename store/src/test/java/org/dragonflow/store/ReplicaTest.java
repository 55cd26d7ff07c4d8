package org.dragonflow.store;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.dragonflow.model.Delta;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Query;
import org.dragonflow.model.Router;
import org.dragonflow.model.RouterInterface;
import org.dragonflow.model.Schema;
import org.dragonflow.model.SecurityGroup;
import org.dragonflow.model.SecurityGroupRule;
import org.dragonflow.model.SecurityGroupRule.Direction;
import org.dragonflow.model.SecurityGroupRule.Ethertype;
import org.dragonflow.model.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReplicaTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final Store store = new MemoryStore(Clock.systemUTC(), new Retention(5, Duration.ofDays(1)));
    private final Replica replica = new Replica(store);

    @AfterEach
    void close() {
        replica.close();
        store.close();
    }

    private static Router router(String id, int key) {
        return router(id, key, "");
    }

    private static Router router(String id, int key, String name) {
        return made(
                Router.class,
                entry("id", Id.of(Router.class, id)),
                entry("distributed", false),
                entry("ha", false),
                entry("name", name),
                entry("project_id", "p"),
                entry("status", Status.ACTIVE),
                entry("key", key));
    }

    private static SecurityGroup group(String id, int key) {
        return made(
                SecurityGroup.class,
                entry("id", Id.of(SecurityGroup.class, id)),
                entry("name", id),
                entry("project_id", "p"),
                entry("key", key));
    }

    private static SecurityGroupRule rule(String id, String group, Optional<String> remote) {
        return made(
                SecurityGroupRule.class,
                entry("id", Id.of(SecurityGroupRule.class, id)),
                entry("project_id", "p"),
                entry("security_group_id", Id.of(SecurityGroup.class, group)),
                entry("direction", Direction.INGRESS),
                entry("ethertype", Ethertype.IPV4),
                entry("remote_group_id", remote.map(name -> Id.of(SecurityGroup.class, name))));
    }

    /** Does something else in between, but only at the first attempt. */
    private Function<Edit, Entity> after(Runnable meanwhile, Function<Edit, Entity> changes) {
        var attempts = new AtomicInteger();
        return edit -> {
            if (attempts.getAndIncrement() == 0) {
                meanwhile.run();
            }
            return changes.apply(edit);
        };
    }

    private <R> R edit(Function<Edit, R> changes) {
        try {
            return replica.edit(changes);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whoCommitsFindsTheCommit() {
        var router = router("a", 1);
        edit(edit -> edit.create(router));
        assertThat(replica.state().topology().get(router.id())).contains(router);
        edit(edit -> edit.replace(router("a", 1, "renamed")));
        assertThat(replica.state().topology().get(router.id()).orElseThrow().name())
                .isEqualTo("renamed");
        edit(edit -> {
            edit.delete(edit.get(router.id()).orElseThrow());
            return router;
        });
        assertThat(replica.state().topology().size()).isZero();
        assertThat(store.snapshot().rows()).isEmpty();
    }

    @Test
    void aListenerIsToldOfEveryCommitInOrder() {
        edit(edit -> edit.create(router("a", 1)));
        var told = new ArrayList<List<Delta>>();
        var revisions = new ArrayList<Long>();
        var state = replica.subscribe((after, deltas) -> {
            told.add(deltas);
            revisions.add(after.revision());
        });
        assertThat(state.revision()).isEqualTo(1);
        edit(edit -> edit.replace(router("a", 1, "b")));
        edit(edit -> edit.create(router("c", 3)));
        assertThat(told)
                .containsExactly(
                        List.of(Delta.replace(router("a", 1), router("a", 1, "b"))),
                        List.of(Delta.create(router("c", 3))));
        assertThat(revisions).containsExactly(2L, 3L);
    }

    @Test
    void whatWentByUnseenIsToldAsOneDifference() throws InterruptedException {
        var busy = new CountDownLatch(1);
        var free = new CountDownLatch(1);
        var told = new ArrayList<List<Delta>>();
        var _ = replica.subscribe((_, deltas) -> {
            told.add(deltas);
            busy.countDown();
            try {
                assertThat(free.await(10, java.util.concurrent.TimeUnit.SECONDS))
                        .isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        put(router("a", 1));
        busy.await();
        for (int i = 0; i < 20; i++) {
            put(router("a", 1, "name " + i));
        }
        put(router("b", 2));
        free.countDown();
        assertThat(replica.await(store.revision(), SOON)).isPresent();
        assertThat(told).hasSize(2);
        assertThat(told.getLast())
                .containsExactlyInAnyOrder(
                        Delta.replace(router("a", 1), router("a", 1, "name 19")), Delta.create(router("b", 2)));
    }

    private void put(Entity entity) {
        assertThat(store.commit(Transaction.EMPTY.put(Rows.key(entity.id()), Rows.value(entity))))
                .isInstanceOf(Committed.At.class);
    }

    @Test
    void aListenerThatFailsDoesNotKeepOthersFromBeingTold() {
        var told = new ArrayList<Long>();
        var _ = replica.subscribe((_, _) -> {
            throw new IllegalStateException("meant to be");
        });
        var _ = replica.subscribe((after, _) -> told.add(after.revision()));
        edit(edit -> edit.create(router("a", 1)));
        assertThat(told).containsExactly(1L);
    }

    @Test
    void aRowThatCannotBeReadIsAsIfItWereNotThere() throws InterruptedException {
        var key = Rows.key(Id.of(Router.class, "a"));
        var _ = store.commit(Transaction.EMPTY.put(key, Bytes.utf8("{\"id\":7}")));
        var _ = store.commit(Transaction.EMPTY.put(Rows.key(Id.of(Router.class, "b")), Bytes.utf8("no json")));
        assertThat(replica.await(2, SOON).orElseThrow().topology().size()).isZero();
        edit(edit -> edit.create(router("c", 1)));
        try (var second = new Replica(store)) {
            assertThat(second.state().topology()).isEqualTo(replica.state().topology());
        }
    }

    @Test
    void aValueThatIsTakenLeadsToAnotherAttemptOrToTheRefusalThatWasAskedFor() {
        edit(edit -> edit.create(router("a", 1)));
        var keys = new AtomicInteger();
        edit(edit -> edit.create(router("b", keys.incrementAndGet())));
        assertThat(keys).hasValue(2);
        assertThatThrownBy(() -> edit(edit -> {
                    edit.refuseIfTaken(
                            Router.class, List.of("key"), List.of(1), () -> new IllegalStateException("taken"));
                    return edit.create(router("c", 1));
                }))
                .hasMessage("taken");
        assertThat(replica.state().topology().size()).isEqualTo(2);
    }

    @Test
    void aValueThatWasGivenBackCanBeClaimedAtOnce() {
        edit(edit -> edit.create(router("a", 1)));
        edit(edit -> {
            edit.delete(edit.get(Id.of(Router.class, "a")).orElseThrow());
            return edit.create(router("b", 1));
        });
        edit(edit -> edit.replace(router("b", 2)));
        edit(edit -> edit.create(router("c", 1)));
        assertThat(replica.state().topology().size()).isEqualTo(2);
    }

    @Test
    void nobodyComesToReferToWhatIsDeletedMeanwhile() {
        edit(edit -> edit.create(group("g", 1)));
        var group = Id.of(SecurityGroup.class, "g");
        assertThatThrownBy(() -> edit(after(
                        () -> edit(edit -> {
                            edit.delete(edit.get(group).orElseThrow());
                            return group;
                        }),
                        edit -> edit.create(rule("r", "g", Optional.empty())))))
                .hasMessageContaining("there is no SecurityGroup g to refer to");
        assertThat(replica.state().topology().size()).isZero();
    }

    @Test
    void nothingIsDeletedThatSomebodyCameToReferToMeanwhile() {
        edit(edit -> edit.create(group("g", 1)));
        edit(edit -> edit.create(group("h", 2)));
        assertThatThrownBy(() -> edit(after(() -> edit(edit -> edit.create(rule("r", "h", Optional.of("g")))), edit -> {
                    var group = edit.get(Id.of(SecurityGroup.class, "g")).orElseThrow();
                    edit.delete(group);
                    return group;
                })))
                .isInstanceOf(Edit.StillReferred.class);
        assertThat(replica.state().topology().size()).isEqualTo(3);
    }

    @Test
    void whatIsPartOfAnotherGoesWithIt() {
        edit(edit -> {
            edit.create(group("g", 1));
            edit.create(rule("r", "g", Optional.of("g")));
            return edit.create(rule("s", "g", Optional.empty()));
        });
        edit(edit -> {
            edit.delete(edit.get(Id.of(SecurityGroup.class, "g")).orElseThrow());
            return "gone";
        });
        assertThat(store.snapshot().rows()).isEmpty();
    }

    @Test
    void oneOfTwoChangesOfTheSameThingIsMadeOnTheOther() {
        edit(edit -> edit.create(router("a", 1)));
        var id = Id.of(Router.class, "a");
        edit(after(
                () -> edit(edit -> edit.replace(router("a", 1, "x"))),
                edit -> edit.replace(router("a", 1, edit.get(id).orElseThrow().name() + "y"))));
        assertThat(replica.state().topology().get(id).orElseThrow().name()).isEqualTo("xy");
    }

    @Test
    void theEndIsToldWhetherItWentWellOrNot() {
        var ends = new AtomicInteger();
        edit(edit -> {
            edit.atEnd(ends::incrementAndGet);
            return edit.create(router("a", 1));
        });
        assertThatThrownBy(() -> edit(edit -> {
                    edit.atEnd(ends::incrementAndGet);
                    throw new IllegalArgumentException("no");
                }))
                .hasMessage("no");
        assertThat(ends).hasValue(2);
    }

    @Test
    void anEditThatIsTooLargeIsRefused() {
        assertThatThrownBy(() -> edit(edit -> {
                    for (int i = 1; i <= 3000; i++) {
                        edit.create(router("r" + i, i));
                    }
                    return edit;
                }))
                .isInstanceOf(Edit.TooLarge.class);
        assertThat(store.revision()).isZero();
    }

    @Test
    void whatIsCommittedHereIsNotReadBack() throws InterruptedException {
        var made = replica.edit(edit -> edit.create(router("r", 1)));
        assertThat(replica.state().topology().get(made.id())).containsSame(made);
    }

    @Test
    void whatRecursInTheStoreIsKeptOnce() throws InterruptedException {
        for (int i = 1; i <= 2; i++) {
            var router = router("r" + i, i);
            replica.edit(edit -> edit.create(router));
        }
        try (var second = new Replica(store)) {
            var read = second.state().topology().find(Query.all(Router.class)).toList();
            assertThat(read).hasSize(2);
            assertThat(read.getFirst().projectId()).isSameAs(read.getLast().projectId());
            assertThat(read.getFirst().createdAt()).isSameAs(read.getLast().updatedAt());
        }
    }

    @Test
    void aReferenceToNothingIsNotMade() {
        var port = new RouterInterface(
                Id.of(RouterInterface.class, "x"),
                Id.of(Router.class, "a"),
                Id.of(org.dragonflow.model.Network.class, "n"),
                Id.of(org.dragonflow.model.Port.class, "x"));
        assertThatThrownBy(() -> edit(edit -> edit.create(port))).hasMessageContaining("to refer to");
    }

    @Test
    void theReplicaEndsWithItsStore() {
        store.close();
        assertThatThrownBy(() -> edit(edit -> edit.create(router("a", 1)))).isInstanceOf(IllegalStateException.class);
    }

    /** What is not said takes what a client would get who does not say it. */
    @SafeVarargs
    @SuppressWarnings("varargs") // They are only read.
    private static <E extends Entity> E made(Class<E> type, Entry<String, Object>... said) {
        var values = new HashMap<String, Object>(
                Map.of("created_at", Instant.EPOCH, "updated_at", Instant.EPOCH, "revision_number", 1L));
        for (var entry : said) {
            values.put(entry.getKey(), entry.getValue());
        }
        return Schema.of(type).make(values);
    }
}
