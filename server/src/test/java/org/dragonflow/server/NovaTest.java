package org.dragonflow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.dragonflow.feed.PortState;
import org.dragonflow.store.MemoryStore;
import org.dragonflow.store.Retention;
import org.dragonflow.store.sqlite.SqliteStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Nova hears of the ports of its servers, and when. */
class NovaTest {
    private static final String ONE = UUID.nameUUIDFromBytes(new byte[] {1}).toString();
    private static final String TWO = UUID.nameUUIDFromBytes(new byte[] {2}).toString();

    @TempDir
    private Path directory;

    private FakeKeystone keystone;
    private FakeNova nova;

    @BeforeEach
    void start() throws IOException {
        keystone = new FakeKeystone();
        nova = new FakeNova();
    }

    @AfterEach
    void stop() {
        nova.close();
        keystone.close();
    }

    private String[] settings(String... more) {
        var settings = new ArrayList<>(List.of(
                "--nova.enabled=true",
                "--nova.endpoint=" + nova.url(),
                "--nova.batch-millis=50",
                "--identity.keystone.urls=" + keystone.url(),
                "--identity.keystone.password=secret"));
        settings.addAll(List.of(more));
        return settings.toArray(String[]::new);
    }

    private static String port(Cloud cloud, String network, String server) {
        return cloud.port(
                        network,
                        ",'device_owner':'compute:nova','device_id':'%s','binding:host_id':'hv1'".formatted(server))
                .id();
    }

    private void awaitTaken(String... events) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(nova.taken()).contains(events));
    }

    private static String plugged(String port) {
        return "network-vif-plugged completed " + port;
    }

    private static String changed(String port) {
        return "network-changed - " + port;
    }

    @Test
    void aServerIsToldThatItsPortIsPluggedInOnceTheFlowsAreConfirmedAndNotBefore() {
        try (var cloud = new Cloud(settings());
                var hv1 = new Puppet(cloud, "hv1", 1)) {
            var network = cloud.network();
            var port = port(cloud, network, ONE);
            var marker = port(cloud, network, TWO);
            cloud.put("ports/" + marker, "{'port':{'name':'renamed'}}").ok();
            awaitTaken(changed(marker));
            assertThat(nova.taken()).as("nothing is confirmed yet").containsExactly(changed(marker));
            hv1.awaitNews();
            hv1.confirm(port, PortState.UP);
            awaitTaken(plugged(port));
            assertThat(cloud.get("ports/" + port).text("status")).isEqualTo("ACTIVE");
            hv1.confirm(port, PortState.DOWN);
            awaitTaken("network-vif-unplugged completed " + port);
            hv1.confirm(port, PortState.DEGRADED);
            awaitTaken("network-vif-plugged failed " + port);
            cloud.delete("ports/" + port).ok();
            awaitTaken("network-vif-deleted - " + port);
        }
    }

    private static boolean isReady(Cloud cloud, String port, String host) {
        return cloud.get("ports/%s/bindings/%s".formatted(port, host))
                .get("dragonflow:ready")
                .asBoolean();
    }

    private long timesPlugged(String port) {
        return nova.taken().stream().filter(plugged(port)::equals).count();
    }

    @Test
    void aServerThatIsToMoveIsToldThatTheChassisWhereItGoesIsReady() {
        try (var cloud = new Cloud(settings());
                var hv1 = new Puppet(cloud, "hv1", 1);
                var hv2 = new Puppet(cloud, "hv2", 2)) {
            var port = port(cloud, cloud.network(), ONE);
            hv1.awaitNews();
            hv1.confirm(port, PortState.UP);
            await().until(() -> timesPlugged(port) == 1);
            cloud.post("ports/%s/bindings".formatted(port), "{'binding':{'host':'hv2'}}")
                    .ok();
            hv2.awaitNews();
            hv2.confirm(port, PortState.DOWN);
            assertThat(isReady(cloud, port, "hv1")).isTrue();
            assertThat(isReady(cloud, port, "hv2")).isFalse();
            assertThat(timesPlugged(port)).isEqualTo(1);
            hv2.confirm(port, PortState.UP);
            await().until(() -> timesPlugged(port) == 2);
            assertThat(isReady(cloud, port, "hv2")).isTrue();
            assertThat(cloud.get("ports/" + port).text("status")).isEqualTo("ACTIVE");
            cloud.put("ports/%s/bindings/hv2/activate".formatted(port), "{}").ok();
            assertThat(cloud.get("ports/" + port).text("status")).isEqualTo("DOWN");
            assertThat(isReady(cloud, port, "hv1")).as("for the way back").isTrue();
            hv2.awaitNews();
            hv2.confirm();
            await().until(() -> cloud.get("ports/" + port).text("status").equals("ACTIVE"));
            await().until(() -> timesPlugged(port) == 3);
        }
    }

    @Test
    void portsOfOthersAreNoneOfItsBusiness() {
        try (var cloud = new Cloud(settings());
                var hv1 = new Puppet(cloud, "hv1", 1)) {
            var network = cloud.network();
            var others = new ArrayList<String>();
            for (var more : List.of(
                    "",
                    ",'device_id':'%s'".formatted(ONE),
                    ",'device_owner':'compute:nova'",
                    ",'device_owner':'compute:nova','device_id':'no-uuid'",
                    ",'device_owner':'baremetal:none','device_id':'%s'".formatted(ONE))) {
                others.add(
                        cloud.port(network, ",'binding:host_id':'hv1'" + more).id());
            }
            var own = port(cloud, network, ONE);
            hv1.awaitNews();
            for (var port : others) {
                hv1.confirm(port, PortState.UP);
                cloud.put("ports/" + port, "{'port':{'name':'renamed'}}").ok();
                cloud.delete("ports/" + port).ok();
            }
            hv1.confirm(own, PortState.UP);
            awaitTaken(plugged(own));
            assertThat(nova.taken()).containsExactly(plugged(own));
        }
    }

    @Test
    void whatHappensTogetherIsToldTogether() {
        try (var cloud = new Cloud(settings("--nova.batch-millis=1000"))) {
            var network = cloud.network();
            for (int i = 0; i < 20; i++) {
                var port = port(cloud, network, ONE);
                cloud.put("ports/" + port, "{'port':{'name':'renamed'}}").ok();
                cloud.put("ports/" + port, "{'port':{'name':'again'}}").ok();
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> nova.taken().size() == 20);
            assertThat(nova.batches().size()).isLessThan(10);
        }
    }

    @Test
    void aServerIsToldOfTheFloatingIpsOfItsPorts() {
        try (var cloud = new Cloud(settings())) {
            var outside = cloud.post("networks", "{'network':{'router:external':true}}")
                    .id();
            cloud.subnet(outside, "203.0.113.0/24");
            var network = cloud.network();
            var subnet = cloud.subnet(network, "10.0.0.0/24");
            var router = cloud.post(
                            "routers", "{'router':{'external_gateway_info':{'network_id':'%s'}}}".formatted(outside))
                    .id();
            cloud.put("routers/" + router + "/add_router_interface", "{'subnet_id':'%s'}".formatted(subnet))
                    .ok();
            var one = port(cloud, network, ONE);
            var two = port(cloud, network, TWO);
            var address = cloud.post(
                            "floatingips",
                            "{'floatingip':{'floating_network_id':'%s','port_id':'%s'}}".formatted(outside, one))
                    .id();
            awaitTaken(changed(one));
            cloud.put("floatingips/" + address, "{'floatingip':{'port_id':'%s'}}".formatted(two))
                    .ok();
            await().until(() ->
                    nova.taken().stream().filter(changed(one)::equals).count() == 2);
            awaitTaken(changed(two));
            cloud.delete("floatingips/" + address).ok();
            await().until(() ->
                    nova.taken().stream().filter(changed(two)::equals).count() == 2);
        }
    }

    @Test
    void anEventIsToldAgainUntilNovaIsWell() {
        nova.answersWith(503);
        try (var cloud = new Cloud(settings());
                var hv1 = new Puppet(cloud, "hv1", 1)) {
            var port = port(cloud, cloud.network(), ONE);
            hv1.awaitNews();
            hv1.confirm(port, PortState.UP);
            await().until(() -> nova.attempts() >= 3);
            nova.answersWith(0);
            awaitTaken(plugged(port));
            assertThat(nova.taken()).containsExactly(plugged(port));
            assertThat(cloud.get("/metrics").http().body())
                    .contains("dragonflow_nova_events_total{outcome=\"retried\"}")
                    .contains("dragonflow_nova_events_total{outcome=\"sent\"} 1.0");
        }
    }

    @Test
    void anEventIsGivenUpInTheEnd() {
        nova.answersWith(500);
        try (var cloud = new Cloud(settings("--nova.give-up-seconds=1"))) {
            var port = port(cloud, cloud.network(), ONE);
            cloud.put("ports/" + port, "{'port':{'name':'renamed'}}").ok();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> cloud.get("/metrics").http().body().contains("{outcome=\"failed\"} 1.0"));
        }
    }

    @Test
    void ofSeveralEventsEachHasAFateOfItsOwn() {
        nova.answersOf(TWO, 404);
        var three = UUID.nameUUIDFromBytes(new byte[] {3}).toString();
        nova.answersOf(three, 422);
        try (var cloud = new Cloud(settings("--nova.batch-millis=500"))) {
            var network = cloud.network();
            var one = port(cloud, network, ONE);
            var two = port(cloud, network, TWO);
            var early = port(cloud, network, three);
            for (var port : List.of(one, two, early)) {
                cloud.put("ports/" + port, "{'port':{'name':'renamed'}}").ok();
            }
            awaitTaken(changed(one));
            nova.answersOf(three, 200);
            awaitTaken(changed(early));
            assertThat(nova.taken()).containsExactlyInAnyOrder(changed(one), changed(early));
            assertThat(cloud.get("/metrics").http().body()).contains("{outcome=\"dropped\"} 1.0");
        }
    }

    @Test
    void novaIsFoundInTheCatalogueAndATokenThatItRefusesIsRenewed() {
        keystone.answersOf("server-0", """
                {"token": {"catalog": [
                  {"type": "network", "endpoints": [{"interface": "public", "region": "north", "url": "http://127.0.0.1:1"}]},
                  {"type": "compute", "endpoints": [
                    {"interface": "internal", "region": "north", "url": "http://127.0.0.1:1"},
                    {"interface": "public", "region": "south", "url": "http://127.0.0.1:1"},
                    {"interface": "public", "region": "north", "url": "%s/"}]}]}}""".formatted(nova.url()));
        try (var cloud = new Cloud(settings("--nova.endpoint=", "--nova.region=north"))) {
            var port = port(cloud, cloud.network(), ONE);
            cloud.put("ports/" + port, "{'port':{'name':'renamed'}}").ok();
            awaitTaken(changed(port));
            keystone.forgetServer();
            nova.wantsToken("server-1");
            cloud.delete("ports/" + port).ok();
            awaitTaken("network-vif-deleted - " + port);
        }
    }

    @Test
    void whatWasNotToldBeforeARestartIsToldAfterIt() {
        var file = directory.resolve("store");
        String told;
        String untold;
        try (var cloud = new Cloud(open(file), settings());
                var hv1 = new Puppet(cloud, "hv1", 1)) {
            var network = cloud.network();
            told = port(cloud, network, ONE);
            untold = port(cloud, network, TWO);
            hv1.awaitNews();
            hv1.confirm(told, PortState.UP);
            awaitTaken(plugged(told));
            nova.answersWith(503);
            int before = nova.attempts();
            hv1.confirm(untold, PortState.UP);
            await().until(() -> nova.attempts() > before);
        }
        int before = nova.taken().size();
        nova.answersWith(0);
        try (var _ = new Cloud(open(file), settings())) {
            awaitTaken(plugged(untold));
            assertThat(nova.taken().subList(before, nova.taken().size()))
                    .as("and nothing of what Nova knows")
                    .doesNotContain(plugged(told));
        }
    }

    private static SqliteStore open(Path file) {
        return SqliteStore.open(file, Clock.systemUTC(), Retention.STANDARD);
    }

    @Test
    void ofTwoServersOnOneStoreOneTellsNova() {
        var store = new MemoryStore(Clock.systemUTC(), Retention.STANDARD);
        var first = new Cloud(store, settings());
        var second = new Cloud(store, settings());
        var network = first.network();
        for (int i = 0; i < 10; i++) {
            var port = port(first, network, ONE);
            // The one follows the other in its own time.
            await().until(() -> second.get("ports/" + port).status() == 200);
            second.put("ports/" + port, "{'port':{'name':'renamed'}}").ok();
            awaitTaken(changed(port));
        }
        second.close();
        assertThat(nova.taken()).hasSize(10).doesNotHaveDuplicates();
        first.close();
    }

    @Test
    void withoutAPasswordTheServerDoesNotStart() {
        assertThatThrownBy(() -> new Cloud("--nova.enabled=true").close())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("identity.keystone.password");
    }

    @Test
    void unlessItIsAskedForNovaIsToldNothing() {
        try (var cloud = new Cloud(settings("--nova.enabled=false"))) {
            var port = port(cloud, cloud.network(), ONE);
            cloud.delete("ports/" + port).ok();
            assertThat(cloud.get("/metrics").http().body()).doesNotContain("dragonflow_nova_events_total{");
        }
        assertThat(nova.attempts()).isZero();
    }
}
