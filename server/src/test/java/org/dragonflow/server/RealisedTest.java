package org.dragonflow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.dragonflow.feed.PortState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What the switches have of what is written, and writes that wait for it: with chassis that confirm when they are told to. */
class RealisedTest {
    private static final String STATE = "X-Dragonflow-Realised";
    private static final String WHERE = "X-Dragonflow-Realised-At";

    private final Cloud cloud = new Cloud();
    private Puppet hv1;
    private Puppet hv2;
    private String network = "";

    @BeforeEach
    void aNetworkAndTwoChassis() {
        network = cloud.network();
        cloud.subnet(network, "10.0.0.0/24");
        hv1 = new Puppet(cloud, "hv1", 1);
        hv2 = new Puppet(cloud, "hv2", 2);
    }

    @AfterEach
    void close() {
        hv1.close();
        hv2.close();
        cloud.close();
    }

    private String body(String more) {
        return "{'port':{'network_id':'%s'%s}}".formatted(network, more);
    }

    private String onHv1() {
        return body(",'binding:host_id':'hv1'");
    }

    private static JsonNode realised(Cloud.Reply reply) {
        return reply.ok().body().path("realised");
    }

    private JsonNode of(String path) {
        return realised(cloud.get(path));
    }

    private static String header(Cloud.Reply reply, String name) {
        return reply.http().headers().firstValue(name).orElse("");
    }

    /** The answer, which must not come before this chassis has heard of the change and confirmed it. */
    private static Cloud.Reply waiting(Supplier<Cloud.Reply> request, Puppet chassis) throws Exception {
        long before = chassis.heard();
        var reply = CompletableFuture.supplyAsync(request);
        await().atMost(Duration.ofSeconds(20)).until(() -> chassis.heard() > before);
        assertThat(reply).isNotDone();
        chassis.confirm();
        return reply.get(20, TimeUnit.SECONDS);
    }

    @Test
    void aPortIsRealisedOnceTheChassisThatItConcernsHaveConfirmedIt() {
        var port = cloud.post("ports", onHv1()).id();
        var before = of("ports/" + port + "/realised");
        assertThat(before.path("complete").asBoolean(true)).isFalse();
        assertThat(before.path("pending").asInt(-1)).isEqualTo(1);
        assertThat(before.path("chassis").path(0).path("name").asString("")).isEqualTo("hv1");
        assertThat(before.path("chassis").size())
                .as("hv2 has nothing to do with it")
                .isEqualTo(1);
        assertThat(before.path("slowest").path("state").asString("")).isEqualTo("pending");
        hv1.awaitNews();
        hv1.confirm();
        await().until(() -> of("ports/" + port + "/realised").path("complete").asBoolean(false));
        var after = of("ports/" + port + "/realised");
        assertThat(after.path("revision")).isEqualTo(before.path("revision"));
        assertThat(after.path("done").asInt(-1)).isEqualTo(1);
        assertThat(after.path("slowest").path("seconds").asDouble(-1)).isBetween(0.0, 20.0);
    }

    @Test
    void thatItsChassisSaysHowAPortIsMakesNoNewChangeOfIt() {
        var port = cloud.post("ports", onHv1()).id();
        var revision = of("ports/" + port + "/realised").path("revision");
        hv1.awaitNews();
        hv1.confirm(port, PortState.UP);
        await().until(() -> cloud.get("ports/" + port).text("status").equals("ACTIVE"));
        assertThat(of("ports/" + port + "/realised").path("revision")).isEqualTo(revision);
        assertThat(of("ports/" + port + "/realised").path("complete").asBoolean(false))
                .isTrue();
    }

    @Test
    void creatingWaitsForTheChassisAndChangingAndDeletingDoToo() throws Exception {
        var made = waiting(() -> cloud.post("ports?wait=realised", onHv1()), hv1);
        assertThat(made.status()).isEqualTo(201);
        assertThat(header(made, STATE)).isEqualTo("yes");
        var changed = waiting(
                () -> cloud.put("ports/" + made.id() + "?wait=realised", "{'port':{'admin_state_up':false}}"), hv1);
        assertThat(changed.status()).isEqualTo(200);
        assertThat(header(changed, STATE)).isEqualTo("yes");
        var gone = waiting(() -> cloud.delete("ports/" + made.id() + "?wait=realised"), hv1);
        assertThat(gone.status()).isEqualTo(204);
        assertThat(header(gone, STATE)).isEqualTo("yes");
        assertThat(cloud.get("ports/" + made.id() + "/realised").status()).isEqualTo(404);
    }

    @Test
    void bulksAndActionsWaitToo() throws Exception {
        var bulk = "{'ports':[%s,%s]}"
                .formatted(
                        "{'network_id':'%s','binding:host_id':'hv1'}".formatted(network),
                        "{'network_id':'%s'}".formatted(network));
        assertThat(header(waiting(() -> cloud.post("ports?wait=realised", bulk), hv1), STATE))
                .isEqualTo("yes");
        var subnet =
                cloud.get("subnets").body().path("subnets").path(0).path("id").asString("");
        var router = cloud.router();
        var added = waiting(
                () -> cloud.put(
                        "routers/" + router + "/add_router_interface?wait=realised",
                        "{'subnet_id':'%s'}".formatted(subnet)),
                hv1);
        assertThat(added.status()).isEqualTo(200);
        assertThat(header(added, STATE)).isEqualTo("yes");
    }

    @Test
    void aPortThatMovesConcernsWhereItWasAndWhereItGoes() throws Exception {
        var port = cloud.post("ports", onHv1()).id();
        hv1.awaitNews();
        hv1.confirm();
        var reply = CompletableFuture.supplyAsync(
                () -> cloud.put("ports/" + port + "?wait=realised", "{'port':{'binding:host_id':'hv2'}}"));
        await().until(() -> cloud.get("ports/" + port).text("binding:host_id").equals("hv2"));
        hv2.awaitNews();
        hv2.confirm();
        await().until(() -> of("ports/" + port + "/realised").path("done").asInt(0) == 1);
        assertThat(of("ports/" + port + "/realised").path("pending").asInt(0)).isEqualTo(1);
        assertThat(reply).isNotDone();
        hv1.awaitNews();
        hv1.confirm();
        assertThat(header(reply.get(20, TimeUnit.SECONDS), STATE)).isEqualTo("yes");
    }

    @Test
    void whatConcernsNobodyIsWaitedForByNobody() {
        var made = cloud.post("networks?wait=realised&wait_seconds=300", "{'network':{}}");
        assertThat(header(made, STATE)).isEqualTo("yes");
        assertThat(of("networks/" + made.id() + "/realised").path("chassis").size())
                .isZero();
    }

    @Test
    void whoHasWaitedLongEnoughIsAnsweredAllTheSameAndToldWhereToAsk() {
        var made = cloud.post("ports?wait=realised&wait_seconds=1", onHv1());
        assertThat(made.status()).isEqualTo(201);
        assertThat(header(made, STATE)).isEqualTo("no");
        assertThat(of(header(made, WHERE)).path("pending").asInt(-1)).isEqualTo(1);
        hv1.awaitNews();
        hv1.confirm();
        await().until(() -> of(header(made, WHERE)).path("complete").asBoolean(false));
    }

    @Test
    void waitsThatCannotBeAreRefusedWithNothingWritten() {
        long revision = cloud.revision();
        for (var query :
                List.of("wait=long", "wait=", "wait=realised&wait_seconds=-1", "wait=realised&wait_seconds=301")) {
            assertThat(cloud.post("networks?" + query, "{'network':{}}").status())
                    .as(query)
                    .isEqualTo(400);
        }
        assertThat(cloud.revision()).isEqualTo(revision);
        assertThat(cloud.get("/dragonflow/v1/realised/soon").status()).isEqualTo(400);
        assertThat(cloud.get("/dragonflow/v1/realised/999999").status()).isEqualTo(404);
    }

    @Test
    void moreWritesThanMayWaitAreDoneAndAnsweredWithout() {
        try (var small = new Cloud("--api.waiting.most-requests=0");
                var chassis = new Puppet(small, "hv1", 1)) {
            var lan = small.network();
            var made = small.post(
                    "ports?wait=realised", "{'port':{'network_id':'%s','binding:host_id':'hv1'}}".formatted(lan));
            assertThat(made.status()).isEqualTo(201);
            assertThat(header(made, STATE)).isEqualTo("no");
            chassis.awaitNews();
        }
    }

    @Test
    void membersAreToldHowManyChassisAndNotWhich() {
        var red = Cloud.member("red");
        var own = cloud.post("networks", "{'network':{}}", red).id();
        var port = cloud.post("ports", "{'port':{'network_id':'%s'}}".formatted(own), red)
                .id();
        cloud.put("ports/" + port, "{'port':{'binding:host_id':'hv1'}}").ok();
        var told = realised(cloud.get("ports/" + port + "/realised", red));
        assertThat(told.path("pending").asInt(-1)).isEqualTo(1);
        assertThat(told.toString()).doesNotContain("hv1");
        assertThat(cloud.get("ports/" + port + "/realised", Cloud.member("blue"))
                        .status())
                .isEqualTo(404);
    }

    @Test
    void howLongItTookIsMeasured() throws Exception {
        waiting(() -> cloud.post("ports?wait=realised", onHv1()), hv1);
        await().untilAsserted(() ->
                assertThat(cloud.get("/metrics").http().body()).contains("dragonflow_feed_realised_seconds_count"));
        assertThat(cloud.get("/metrics").http().body()).doesNotContain("dragonflow_feed_realised_seconds_count 0");
    }

    @Test
    void aServerThatStopsLetsNobodyWait() throws Exception {
        var other = new Cloud();
        var chassis = new Puppet(other, "hv1", 1);
        var lan = other.network();
        var reply = CompletableFuture.supplyAsync(() -> other.post(
                "ports?wait=realised&wait_seconds=300",
                "{'port':{'network_id':'%s','binding:host_id':'hv1'}}".formatted(lan)));
        await().until(() -> other.get("ports").body().path("ports").size() == 1);
        other.server().close();
        assertThat(header(reply.get(20, TimeUnit.SECONDS), STATE)).isEqualTo("no");
        chassis.close();
        other.close();
    }
}
