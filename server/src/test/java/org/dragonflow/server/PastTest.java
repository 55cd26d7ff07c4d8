package org.dragonflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.dragonflow.store.MemoryStore;
import org.dragonflow.store.Retention;
import org.dragonflow.store.sqlite.SqliteStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients are told of the past. */
class PastTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final AtomicReference<Instant> clock = new AtomicReference<>(NOON);

    private static long revision(Cloud.Reply reply) {
        return Long.parseLong(
                reply.http().headers().firstValue("X-Dragonflow-Revision").orElse("-1"));
    }

    private Cloud cloud(Retention retention) {
        return new Cloud(new MemoryStore(clock::get, retention));
    }

    @Test
    void everyAnswerSaysOfWhichRevisionItIs() {
        try (var cloud = cloud(Retention.STANDARD)) {
            long first = cloud.revision();
            assertThat(revision(cloud.get("networks"))).isEqualTo(first);
            var made = cloud.post("networks", "{'network':{'name':'a'}}");
            assertThat(revision(made)).isEqualTo(cloud.revision());
            assertThat(revision(cloud.get("networks"))).isEqualTo(cloud.revision());
            assertThat(revision(cloud.get("networks?as_of=" + first))).isEqualTo(first);
        }
    }

    @Test
    void aResourceIsShownAndListedAsItWas() {
        try (var cloud = cloud(Retention.STANDARD)) {
            long nothing = cloud.revision();
            var made = cloud.post("networks", "{'network':{'name':'a'}}");
            var path = "networks/" + made.id();
            long renamed = revision(cloud.put(path, "{'network':{'name':'b'}}").ok());
            cloud.subnet(made.id(), "10.0.0.0/24");
            long deleted = revision(cloud.delete(path));
            assertThat(cloud.get(path).status()).isEqualTo(404);
            assertThat(cloud.get(path + "?as_of=" + nothing).error()).isEqualTo("NetworkNotFound");
            assertThat(cloud.get(path + "?as_of=" + revision(made)).text("name"))
                    .isEqualTo("a");
            assertThat(cloud.get(path + "?as_of=" + renamed).text("name")).isEqualTo("b");
            assertThat(cloud.get(path + "?as_of=" + renamed).get("subnets")).isEmpty();
            assertThat(cloud.get(path + "?as_of=" + (deleted - 1)).get("subnets"))
                    .hasSize(1);
            assertThat(cloud.get(path + "?as_of=" + deleted).status()).isEqualTo(404);
            assertThat(Cloud.all(cloud.get("networks?name=b&as_of=" + revision(made)), "id"))
                    .isEmpty();
            assertThat(Cloud.all(cloud.get("networks?name=b&as_of=" + renamed), "id"))
                    .containsExactly(made.id());
            assertThat(Cloud.all(cloud.get("networks?name=a&as_of=" + renamed), "id"))
                    .isEmpty();
        }
    }

    @Test
    void aTimeStandsForTheRevisionThatWasTheLatestThen() {
        try (var cloud = cloud(Retention.STANDARD)) {
            var path = "networks/" + cloud.network();
            clock.set(NOON.plusSeconds(60));
            cloud.put(path, "{'network':{'name':'later'}}").ok();
            clock.set(NOON.plusSeconds(120));
            cloud.delete(path);
            assertThat(cloud.get(path + "?as_of=2026-03-01T11:59:59Z").status()).isEqualTo(404);
            assertThat(cloud.get(path + "?as_of=2026-03-01T12:00:59Z").text("name"))
                    .isEqualTo("net");
            assertThat(cloud.get(path + "?as_of=2026-03-01T12:01:00Z").text("name"))
                    .isEqualTo("later");
            assertThat(cloud.get(path + "?as_of=2026-03-01T13:01:59.999%2B01:00")
                            .text("name"))
                    .isEqualTo("later");
            assertThat(cloud.get(path + "?as_of=2026-03-01T12:02:00Z").status()).isEqualTo(404);
        }
    }

    @Test
    void whatIsGoneOrNotYetOrNotUnderstoodIsRefused() {
        try (var cloud = cloud(new Retention(3, Duration.ofDays(1)))) {
            long start = cloud.revision();
            for (int i = 0; i < 6; i++) {
                clock.set(NOON.plusSeconds(i));
                cloud.post("address-scopes", "{'address_scope':{'name':'%d','ip_version':4}}".formatted(i));
            }
            var gone = cloud.get("address-scopes?as_of=" + (start + 2));
            assertThat(gone.status()).isEqualTo(410);
            assertThat(gone.error()).isEqualTo("HistoryGone");
            assertThat(gone.message())
                    .isEqualTo("History goes back to revision %d, and to 2026-03-01T12:00:03Z; '%d' is before that."
                            .formatted(start + 3, start + 2));
            assertThat(cloud.get("address-scopes?as_of=2026-03-01T12:00:02Z").status())
                    .isEqualTo(410);
            assertThat(cloud.get("address-scopes?as_of=-999999999-01-01T00:00:00Z")
                            .status())
                    .isEqualTo(410);
            assertThat(Cloud.all(cloud.get("address-scopes?as_of=2026-03-01T12:00:03Z"), "name"))
                    .containsExactlyInAnyOrder("0", "1", "2", "3");
            assertThat(Cloud.all(cloud.get("address-scopes?as_of=" + (start + 3)), "name"))
                    .hasSize(3);
            for (var when :
                    List.of(start + 7 + "", "999999999999999999", "9999-01-01T00:00:00Z", "yesterday", "", "-1")) {
                assertThat(cloud.get("address-scopes?as_of=" + when).status())
                        .as(when)
                        .isEqualTo(400);
            }
            assertThat(cloud.post("networks?as_of=3", "{'network':{}}").status())
                    .isEqualTo(400);
            assertThat(cloud.get("/dragonflow/v1/chassis?as_of=3").status()).isEqualTo(400);
        }
    }

    @Test
    void pagesOfThePastLeadToEachOther() {
        try (var cloud = cloud(Retention.STANDARD)) {
            cloud.post("networks", "{'networks':[{'name':'a'},{'name':'b'},{'name':'c'}]}")
                    .ok();
            var first = "networks?sort_key=name&limit=2&as_of=" + cloud.revision();
            Cloud.all(cloud.get("networks"), "id").forEach(id -> cloud.delete("networks/" + id));
            var page = cloud.get(first);
            assertThat(Cloud.all(page, "name")).containsExactly("a", "b");
            var next = Cloud.links(page, "networks").get("next");
            assertThat(Cloud.all(cloud.get(next.substring(cloud.url().length())), "name"))
                    .containsExactly("c");
        }
    }

    @Test
    void aProjectSeesOfThePastWhatWasItsOwnOrSharedWithIt() {
        try (var cloud = cloud(Retention.STANDARD)) {
            var network = cloud.network(Cloud.member("p1"));
            cloud.put("networks/" + network, "{'network':{'shared':true}}").ok();
            long shared = cloud.revision();
            cloud.put("networks/" + network, "{'network':{'shared':false}}").ok();
            assertThat(cloud.get("networks/" + network + "?as_of=" + (shared - 1), Cloud.member("p2"))
                            .status())
                    .isEqualTo(404);
            assertThat(cloud.get("networks/" + network + "?as_of=" + shared, Cloud.member("p2"))
                            .status())
                    .isEqualTo(200);
            assertThat(Cloud.all(cloud.get("networks?as_of=" + shared, Cloud.member("p1")), "id"))
                    .containsExactly(network);
        }
    }

    @Test
    void nothingIsMadeInThePast() {
        try (var cloud = cloud(Retention.STANDARD)) {
            cloud.network();
            long before = cloud.revision();
            var groups = cloud.get("security-groups?as_of=" + before, Cloud.member("new"));
            assertThat(Cloud.all(groups, "name")).isEmpty();
            assertThat(cloud.get("auto-allocated-topology/new?as_of=" + before, Cloud.member("new"))
                            .status())
                    .isEqualTo(400);
            assertThat(cloud.revision()).isEqualTo(before);
        }
    }

    @Test
    void everyListCanBeHadOfThePast() {
        try (var cloud = cloud(Retention.STANDARD)) {
            cloud.network();
            long then = cloud.revision();
            cloud.network();
            var paths = new ArrayList<>(List.of(
                    "/v2.0/quotas",
                    "/v2.0/agents",
                    "/v2.0/service-providers",
                    "/v2.0/availability_zones",
                    "/v2.0/network-ip-availabilities"));
            cloud.get("/v2.0/").ok().body().path("resources").forEach(resource -> {
                var href = resource.path("links").path(0).path("href").asString("");
                paths.add(href.substring(href.indexOf("/v2.0/")));
            });
            paths.removeIf(path -> path.contains("{"));
            assertThat(paths).hasSizeGreaterThan(20);
            for (var path : paths) {
                var reply = cloud.get(path + "?as_of=" + then);
                assertThat(reply.status()).as("%s: %s", path, reply.body()).isEqualTo(200);
                assertThat(revision(reply)).isEqualTo(then);
            }
            assertThat(Cloud.all(cloud.get("network-ip-availabilities?as_of=" + then), "network_id"))
                    .hasSize(1);
        }
    }

    /** In whatever order it is asked for, and from whatever is known by then. */
    @Test
    void everyRevisionThatIsKeptCanBeHadAgain() {
        var random = new Random(7);
        try (var cloud = cloud(Retention.STANDARD)) {
            var names = new HashMap<Long, Map<String, String>>();
            var now = new HashMap<String, String>();
            int start = (int) cloud.revision();
            for (int i = 0; i < 60; i++) {
                var ids = new ArrayList<>(now.keySet());
                int what = random.nextInt(3);
                if (ids.isEmpty() || what == 0) {
                    now.put(
                            cloud.post("address-scopes", "{'address_scope':{'name':'n%d','ip_version':4}}".formatted(i))
                                    .id(),
                            "n" + i);
                } else if (what == 1) {
                    var id = ids.get(random.nextInt(ids.size()));
                    cloud.put("address-scopes/" + id, "{'address_scope':{'name':'n%d'}}".formatted(i))
                            .ok();
                    now.put(id, "n" + i);
                } else {
                    var id = ids.get(random.nextInt(ids.size()));
                    assertThat(cloud.delete("address-scopes/" + id).status()).isEqualTo(204);
                    now.remove(id);
                }
                names.put(cloud.revision(), Map.copyOf(now));
            }
            for (int i = 0; i < 200; i++) {
                long revision = start + 1L + random.nextInt((int) cloud.revision() - start);
                var then = new HashMap<String, String>();
                cloud.get("address-scopes?as_of=" + revision)
                        .ok()
                        .body()
                        .path("address_scopes")
                        .forEach(scope -> then.put(
                                scope.path("id").asString(""),
                                scope.path("name").asString("")));
                assertThat(then).as("revision %d", revision).isEqualTo(names.get(revision));
            }
        }
    }

    @Test
    void thePastOutlivesTheServer(@TempDir Path directory) {
        var file = directory.resolve("store.db");
        String network;
        long named;
        try (var cloud = new Cloud(SqliteStore.open(file, clock::get, Retention.STANDARD))) {
            network = cloud.network();
            named = cloud.revision();
            clock.set(NOON.plusSeconds(10));
            cloud.put("networks/" + network, "{'network':{'name':'other'}}").ok();
        }
        try (var cloud = new Cloud(SqliteStore.open(file, clock::get, Retention.STANDARD))) {
            assertThat(cloud.get("networks/" + network + "?as_of=" + named).text("name"))
                    .isEqualTo("net");
            assertThat(cloud.get("networks/" + network + "?as_of=2026-03-01T12:00:09Z")
                            .text("name"))
                    .isEqualTo("net");
            assertThat(cloud.get("networks/" + network + "?as_of=2026-03-01T12:00:10Z")
                            .text("name"))
                    .isEqualTo("other");
            assertThat(cloud.get("networks/" + network + "?as_of=2026-03-01T11:00:00Z")
                            .status())
                    .isEqualTo(404);
        }
    }
}
