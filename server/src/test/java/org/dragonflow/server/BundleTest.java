package org.dragonflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.Query;
import org.dragonflow.model.Receipt;
import org.dragonflow.store.MemoryStore;
import org.dragonflow.store.Retention;
import org.dragonflow.store.sqlite.SqliteStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Several requests that take place together. */
class BundleTest {
    private static final String KEY = "Idempotency-Key";

    private final Cloud cloud = new Cloud();

    @AfterEach
    void close() {
        cloud.close();
    }

    private static String bundle(String... operations) {
        return "{'bundle':{'operations':[%s]}}".formatted(String.join(",", operations));
    }

    private static String post(String name, String collection, String body) {
        return "{'name':'%s','method':'POST','path':'/v2.0/%s','body':%s}".formatted(name, collection, body);
    }

    private static String network(String name) {
        return post(name, "networks", "{'network':{'name':'%s'}}".formatted(name));
    }

    private Cloud.Reply send(String... operations) {
        return cloud.post("bundle", bundle(operations));
    }

    private static JsonNode operation(Cloud.Reply reply, int index) {
        return reply.ok().body().path("bundle").path("operations").path(index);
    }

    private List<String> names(String collection) {
        return Cloud.all(cloud.get(collection), "name");
    }

    private static String tenant(int ports) {
        var operations = new ArrayList<>(
                List.of(
                        network("net"),
                        post(
                                "sub",
                                "subnets",
                                "{'subnet':{'network_id':'${net.id}','cidr':'10.7.0.0/24','ip_version':4}}"),
                        post("r", "routers", "{'router':{'name':'r'}}"),
                        "{'name':'leg','method':'PUT','path':'/v2.0/routers/${r.id}/add_router_interface','body':{'subnet_id':'${sub.id}'}}",
                        post("sg", "security-groups", "{'security_group':{'name':'web'}}"),
                        post(
                                "rule",
                                "security-group-rules",
                                "{'security_group_rule':{'security_group_id':'${sg.id}','direction':'ingress','protocol':'tcp','port_range_min':80,'port_range_max':80}}")));
        for (int i = 0; i < ports; i++) {
            operations.add(post(
                    "p" + i,
                    "ports",
                    "{'port':{'network_id':'${net.id}','name':'port of ${net.name}','security_groups':['${sg.id}']}}"));
        }
        return bundle(operations.toArray(String[]::new));
    }

    @Test
    void aWholeTenantIsMadeAtOnce() {
        long before = cloud.revision();
        var reply = cloud.post("bundle", tenant(50)).ok();
        assertThat(cloud.revision()).isEqualTo(before + 1);
        assertThat(reply.http().headers().firstValue("X-Dragonflow-Revision")).hasValue("" + cloud.revision());
        assertThat(reply.body().path("bundle").path("operations")).hasSize(56);
        assertThat(operation(reply, 0).path("name").asString("")).isEqualTo("net");
        assertThat(operation(reply, 0).path("status").asInt(0)).isEqualTo(201);
        assertThat(operation(reply, 3).path("status").asInt(0)).isEqualTo(200);
        var ports = cloud.get("ports?name=port+of+net").ok().body().path("ports");
        var addresses = new ArrayList<String>();
        ports.forEach(port ->
                addresses.add(port.path("fixed_ips").path(0).path("ip_address").asString("")));
        assertThat(addresses).hasSize(50).doesNotHaveDuplicates().doesNotContain("10.7.0.1");
        assertThat(cloud.get("ports?device_owner=network:router_interface")
                        .body()
                        .path("ports")
                        .path(0)
                        .path("fixed_ips")
                        .path(0)
                        .path("ip_address")
                        .asString(""))
                .isEqualTo("10.7.0.1");
        var network =
                operation(reply, 0).path("body").path("network").path("id").asString("");
        var next = cloud.port(network, "")
                .get("fixed_ips")
                .path(0)
                .path("ip_address")
                .asString("");
        assertThat(addresses).as("what was given out is known to be so").doesNotContain(next);
    }

    @Test
    void afterAFailureInTheMiddleNothingIsThere() {
        cloud.network();
        var state = cloud.server().replica().state();
        var reply = send(
                network("a"),
                post("s", "subnets", "{'subnet':{'network_id':'${a.id}','cidr':'10.0.0.0/24','ip_version':4}}"),
                post("p", "ports", "{'port':{'network_id':'${a.id}','fixed_ips':[{'ip_address':'192.168.0.1'}]}}"),
                network("b"));
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.error()).isEqualTo("InvalidIpForNetwork");
        var operation = reply.body().path("operation");
        assertThat(operation.path("index").asInt(-1)).isEqualTo(2);
        assertThat(operation.path("name").asString("")).isEqualTo("p");
        assertThat(operation.path("path").asString("")).isEqualTo("/v2.0/ports");
        assertThat(cloud.server().replica().state()).isSameAs(state);
    }

    @Test
    void refusalsThatOnlyTheCommitShowsNameTheirOperation() {
        var network = cloud.network();
        cloud.port(network, ",'mac_address':'fa:16:3e:00:00:01'").ok();
        long before = cloud.revision();
        var port = "{'port':{'network_id':'" + network + "','mac_address':'fa:16:3e:00:00:0%d'}}";
        var reply =
                send(post("two", "ports", port.formatted(2)), post("one", "ports", port.formatted(1)), network("n"));
        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.error()).isEqualTo("MacAddressInUse");
        assertThat(reply.body().path("operation").path("name").asString("")).isEqualTo("one");
        assertThat(cloud.revision()).isEqualTo(before);
    }

    @Test
    void eachRefusalIsAnsweredAsOnItsOwn() {
        var network = cloud.network();
        cloud.port(network, "").ok();
        var inUse =
                send(network("n"), "{'method':'DELETE','path':'/v2.0/networks/%s'}".formatted(network), network("m"));
        assertThat(inUse.error()).isEqualTo(cloud.delete("networks/" + network).error());
        assertThat(inUse.status()).isEqualTo(409);
        var missing = send("{'method':'GET','path':'/v2.0/networks/none'}");
        assertThat(missing.error()).isEqualTo("NetworkNotFound");
        assertThat(missing.body().path("operation").path("index").asInt(-1)).isZero();
        assertThat(send("{'method':'DELETE','path':'/v2.0/networks'}").status()).isEqualTo(405);
        assertThat(send("{'method':'GET','path':'/v2.0/nothing'}").status()).isEqualTo(404);
        var stranger = cloud.post(
                "bundle",
                bundle("{'method':'PUT','path':'/v2.0/networks/%s','body':{'network':{'name':'x'}}}"
                        .formatted(network)),
                Cloud.member("stranger"));
        assertThat(stranger.status()).isEqualTo(404);
        var shared = cloud.post(
                "bundle", bundle(post("n", "networks", "{'network':{'shared':true}}")), Cloud.member("stranger"));
        assertThat(shared.status()).isEqualTo(403);
    }

    @Test
    void operationsReferToWhatEarlierOnesWereAnswered() {
        var reply = send(
                network("net"),
                post("sub", "subnets", "{'subnet':{'network_id':'${net.id}','cidr':'10.0.0.0/24','ip_version':4}}"),
                post("p", "ports", "{'port':{'network_id':'${net.network.id}'}}"),
                post(
                        "q",
                        "ports",
                        "{'port':{'network_id':'${net.id}','name':'after ${p.fixed_ips.0.ip_address}, $${net.id}','allowed_address_pairs':'${p.allowed_address_pairs}','admin_state_up':'${p.admin_state_up}'}}"),
                "{'name':'all','method':'GET','path':'/v2.0/ports?network_id=${net.id}&name=${q.name}'}",
                "{'method':'DELETE','path':'/v2.0/ports/${all.ports.0.id}'}",
                "{'name':'now','method':'GET','path':'/v2.0/networks/${net.id}'}",
                "{'method':'PUT','path':'/v2.0/networks/${net.id}','body':{'network':{'name':'${p.id}'}},'if_match':'revision_number=${now.revision_number}'}");
        assertThat(operation(reply, 3).path("body").path("port").path("name").asString(""))
                .isEqualTo("after 10.0.0.2, ${net.id}");
        assertThat(operation(reply, 5).path("status").asInt(0)).isEqualTo(204);
        assertThat(names("networks"))
                .containsExactly(
                        operation(reply, 2).path("body").path("port").path("id").asString(""));
        assertThat(Cloud.all(cloud.get("ports"), "name")).hasSize(1);
    }

    @Test
    void whatABundleMakesItCanChangeAndDelete() {
        var before = cloud.server().replica().state().topology();
        var quota = "{'method':'PUT','path':'/v2.0/quotas/p','body':{'quota':{'network':7}}}";
        send(
                        network("net"),
                        post(
                                "s",
                                "subnets",
                                "{'subnet':{'network_id':'${net.id}','cidr':'10.0.0.0/29','ip_version':4}}"),
                        post("p", "ports", "{'port':{'network_id':'${net.id}','mac_address':'fa:16:3e:00:00:01'}}"),
                        "{'method':'PUT','path':'/v2.0/ports/${p.id}','body':{'port':{'mac_address':'fa:16:3e:00:00:02'}}}",
                        post("q", "ports", "{'port':{'network_id':'${net.id}','mac_address':'fa:16:3e:00:00:01'}}"),
                        "{'method':'PUT','path':'/v2.0/networks/${net.id}/tags/x'}",
                        "{'method':'DELETE','path':'/v2.0/ports/${p.id}'}",
                        "{'method':'DELETE','path':'/v2.0/ports/${q.id}'}",
                        post(
                                "r",
                                "ports",
                                "{'port':{'network_id':'${net.id}','fixed_ips':[{'ip_address':'10.0.0.3'}]}}"),
                        "{'method':'DELETE','path':'/v2.0/ports/${r.id}'}",
                        "{'method':'DELETE','path':'/v2.0/subnets/${s.id}'}",
                        "{'method':'DELETE','path':'/v2.0/networks/${net.id}'}",
                        quota,
                        "{'method':'DELETE','path':'/v2.0/quotas/p'}",
                        quota)
                .ok();
        var after = cloud.server().replica().state().topology();
        assertThat(after.since(before).map(delta -> delta.id().type().getSimpleName()))
                .containsExactlyInAnyOrder(
                        "Quota",
                        "SecurityGroup",
                        "SecurityGroupRule",
                        "SecurityGroupRule",
                        "SecurityGroupRule",
                        "SecurityGroupRule");
    }

    @Test
    void aReferenceToWhatIsNotThereIsNamed() {
        for (var reference : List.of("net.idd", "net", "nett.id", "sub.id", "", "net.id.x", "net.subnets.0", ".")) {
            var reply = send(
                    network("net"),
                    post("x", "routers", "{'router':{'name':'a ${%s}'}}".formatted(reference)),
                    post("sub", "routers", "{'router':{}}"));
            assertThat(reply.status()).as(reference).isEqualTo(400);
            assertThat(reply.message()).contains("${" + reference + "}");
            assertThat(reply.body().path("operation").path("index").asInt(-1)).isEqualTo(1);
        }
        assertThat(send(
                                post("n", "networks", "{'network':{'name':'a/b'}}"),
                                "{'method':'GET','path':'/v2.0/networks/${n.name}'}")
                        .message())
                .contains("cannot be part of a path");
        assertThat(names("networks")).isEmpty();
    }

    @Test
    void whatIsNoBundleIsRefused() {
        for (var body : List.of(
                "{}",
                "{'bundle':[]}",
                "{'bundle':{'operations':[]}}",
                "{'bundle':{'operations':[7]}}",
                "{'bundle':{'operations':[{}]}}",
                bundle("{'method':'PATCH','path':'/v2.0/networks'}"),
                bundle("{'method':'GET','path':'/healthz'}"),
                bundle("{'method':'GET','path':'/v2.0/networks','as':'x'}"),
                bundle("{'method':'GET','path':'/v2.0/networks?as_of=0'}"),
                bundle("{'method':'POST','path':'/v2.0/networks?dry_run=true','body':{'network':{}}}"),
                bundle("{'method':'POST','path':'/v2.0/bundle','body':%s}".formatted(bundle(network("x")))),
                bundle("{'method':'POST','path':'/v2.0//bundle','body':%s}".formatted(bundle(network("x")))),
                bundle(network("a"), network("a")),
                bundle(network("a b")),
                bundle(IntStream.range(0, 501).mapToObj(i -> network("n" + i)).toArray(String[]::new)))) {
            assertThat(cloud.post("bundle", body).status()).as(body).isEqualTo(400);
        }
        assertThat(names("networks")).isEmpty();
    }

    @Test
    void quotaHoldsForAllOfABundle() {
        try (var small = new Cloud("--quota.network=3")) {
            var three = bundle(network("a"), network("b"), network("c"));
            var four = bundle(network("a"), network("b"), network("c"), network("d"));
            assertThat(small.post("bundle", four, Cloud.member("p")).error()).isEqualTo("OverQuota");
            assertThat(small.post("bundle", four, Cloud.member("p")).error()).isEqualTo("OverQuota");
            var made = small.post("bundle", three, Cloud.member("p")).ok();
            assertThat(small.post("bundle", bundle(network("d")), Cloud.member("p"))
                            .error())
                    .isEqualTo("OverQuota");
            var one = operation(made, 0).path("body").path("network").path("id").asString("");
            var inItsPlace = bundle("{'method':'DELETE','path':'/v2.0/networks/%s'}".formatted(one), network("d"));
            small.post("bundle", inItsPlace, Cloud.member("p")).ok();
            assertThat(Cloud.all(small.get("networks", Cloud.member("p")), "name"))
                    .containsExactlyInAnyOrder("b", "c", "d");
        }
    }

    @Test
    void anAddressThatABundleGivesBackIsTakenInItAgain() {
        var network = cloud.network();
        cloud.subnet(network, "10.0.0.0/29");
        var ids = new ArrayList<String>();
        for (int i = 0; i < 5; i++) {
            ids.add(cloud.port(network, "").id());
        }
        var operations = ids.stream()
                .flatMap(id -> List.of(
                        "{'method':'DELETE','path':'/v2.0/ports/%s'}".formatted(id),
                        post("p" + ids.indexOf(id), "ports", "{'port':{'network_id':'%s'}}".formatted(network)))
                        .stream())
                .toArray(String[]::new);
        send(operations).ok();
        assertThat(cloud.port(network, "").error()).isEqualTo("IpAddressGenerationFailure");
        assertThat(cloud.server()
                        .replica()
                        .state()
                        .topology()
                        .find(Query.all(Port.class))
                        .flatMap(Port::addresses))
                .hasSize(5)
                .doesNotHaveDuplicates();
    }

    @Test
    void manyBundlesAtATimeAllTakePlaceOnce() throws Exception {
        var network = cloud.network();
        cloud.subnet(network, "10.0.0.0/24");
        var router = cloud.router();
        var body = bundle(
                IntStream.range(0, 10)
                        .mapToObj(i -> post("p" + i, "ports", "{'port':{'network_id':'%s'}}".formatted(network)))
                        .collect(Collectors.joining(",")),
                "{'method':'PUT','path':'/v2.0/routers/%s','body':{'router':{'name':'${p0.id}'}}}".formatted(router));
        try (var crowd = Executors.newVirtualThreadPerTaskExecutor()) {
            var replies = IntStream.range(0, 16)
                    .mapToObj(_ -> crowd.submit(() -> cloud.post("bundle", body)))
                    .toList();
            for (var reply : replies) {
                reply.get().ok();
            }
        }
        assertThat(cloud.server()
                        .replica()
                        .state()
                        .topology()
                        .find(Query.all(Port.class))
                        .flatMap(Port::addresses))
                .hasSize(160)
                .doesNotHaveDuplicates();
    }

    @Test
    void aKeyHasABundleDoneOnce() {
        var body = bundle(network("a"), post("r", "routers", "{'router':{'name':'r'}}"));
        var first = cloud.post("bundle", body, KEY, "k1").ok();
        var again = cloud.post("bundle", body, KEY, "k1").ok();
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(first.http().headers().firstValue("Idempotent-Replayed")).isEmpty();
        assertThat(again.http().headers().firstValue("Idempotent-Replayed")).hasValue("true");
        assertThat(names("networks")).hasSize(1);
        var other = cloud.post("bundle", bundle(network("b")), KEY, "k1");
        assertThat(other.status()).isEqualTo(422);
        assertThat(other.error()).isEqualTo("IdempotencyKeyReused");
        cloud.post("bundle", body, KEY, "k2").ok();
        cloud.post("bundle", body, KEY, "k1", "X-Project-Id", "p", "X-Roles", "member")
                .ok();
        assertThat(names("networks")).hasSize(3);
        assertThat(cloud.post("bundle", body, KEY, "not visible").status()).isEqualTo(400);
    }

    @Test
    void whatWasRefusedMayBeTriedAgainWithItsKey() {
        var body =
                bundle(network("a"), "{'method':'PUT','path':'/v2.0/quotas/q','body':{'quota':{'no such thing':1}}}");
        assertThat(cloud.post("bundle", body, KEY, "k").status()).isEqualTo(400);
        assertThat(cloud.post("bundle", bundle(network("a")), KEY, "k").status())
                .isEqualTo(200);
    }

    @Test
    void twoWhoAskAtTheSameTimeWithOneKeyAreToldTheSame() throws Exception {
        var store = new MemoryStore(Clock.systemUTC(), Retention.STANDARD);
        try (var one = new Cloud(store);
                var other = new Cloud(store);
                var crowd = Executors.newVirtualThreadPerTaskExecutor()) {
            var network = one.network();
            other.server().replica().await(store.revision(), Duration.ofSeconds(5));
            var body = bundle(post(
                    "p", "ports", "{'port':{'network_id':'%s','mac_address':'fa:16:3e:00:00:01'}}".formatted(network)));
            var replies = IntStream.range(0, 8)
                    .mapToObj(i -> crowd.submit(() -> (i % 2 == 0 ? one : other).post("bundle", body, KEY, "k")))
                    .toList();
            var answers = new ArrayList<JsonNode>();
            for (var reply : replies) {
                answers.add(reply.get().ok().body());
            }
            assertThat(answers).containsOnly(answers.getFirst());
            assertThat(one.server().replica().state().topology().find(Query.all(Port.class)))
                    .hasSize(1);
        }
    }

    @Test
    void aKeyOutlivesTheServer(@TempDir Path directory) {
        var file = directory.resolve("store.db");
        var body = bundle(network("a"));
        JsonNode first;
        try (var before = new Cloud(SqliteStore.open(file, Clock.systemUTC(), Retention.STANDARD))) {
            first = before.post("bundle", body, KEY, "k").ok().body();
        }
        try (var after = new Cloud(SqliteStore.open(file, Clock.systemUTC(), Retention.STANDARD))) {
            assertThat(after.post("bundle", body, KEY, "k").ok().body()).isEqualTo(first);
            assertThat(Cloud.all(after.get("networks"), "name")).containsExactly("a");
        }
    }

    @Test
    void aProjectHasABoundedNumberOfKeys() {
        for (int i = 0; i < 110; i++) {
            cloud.post("bundle", bundle("{'method':'GET','path':'/v2.0/networks'}"), KEY, "k" + i)
                    .ok();
        }
        assertThat(cloud.server().replica().state().topology().find(Query.all(Receipt.class)))
                .hasSize(100);
    }

    @Test
    void aBundleIsRehearsed() {
        var state = cloud.server().replica().state();
        var reply = cloud.post("bundle?dry_run=true", tenant(5), KEY, "k").ok();
        assertThat(operation(reply, 10)
                        .path("body")
                        .path("port")
                        .path("fixed_ips")
                        .path(0)
                        .path("ip_address")
                        .asString(""))
                .startsWith("10.7.0.");
        assertThat(reply.http().headers().firstValue("X-Dragonflow-Dry-Run")).hasValue("true");
        assertThat(cloud.server().replica().state()).isSameAs(state);
        cloud.post("bundle", tenant(5), KEY, "k").ok();
        assertThat(cloud.server().replica().state().topology().find(Query.all(Network.class)))
                .hasSize(1);
    }
}
