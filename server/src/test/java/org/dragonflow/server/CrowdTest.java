package org.dragonflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.dragonflow.model.Port;
import org.dragonflow.model.Query;
import org.dragonflow.store.MemoryStore;
import org.dragonflow.store.Retention;
import org.junit.jupiter.api.Test;

/** Many clients at a time. */
class CrowdTest {
    private static <T> List<T> atOnce(int clients, Callable<T> what) throws InterruptedException, ExecutionException {
        try (var crowd = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ArrayList<T>();
            for (var future : crowd.invokeAll(
                    IntStream.range(0, clients).mapToObj(_ -> what).toList())) {
                answers.add(future.get());
            }
            return answers;
        }
    }

    @Test
    void portsMadeAtATimeHaveAddressesOfTheirOwn() throws Exception {
        try (var cloud = new Cloud()) {
            var network = cloud.network();
            cloud.subnet(network, "10.0.0.0/24");
            var replies = atOnce(
                    32,
                    () -> IntStream.range(0, 7)
                            .mapToObj(_ -> cloud.port(network, "").ok())
                            .toList());
            var addresses = new HashSet<String>();
            replies.forEach(several -> several.forEach(reply -> addresses.add(
                    reply.get("fixed_ips").path(0).path("ip_address").asString(""))));
            assertThat(addresses).hasSize(32 * 7);
        }
    }

    @Test
    void twoServersOnOneStoreGiveNoAddressTwice() throws Exception {
        var store = new MemoryStore(Clock.systemUTC(), Retention.STANDARD);
        try (var one = new Cloud(store);
                var other = new Cloud(store)) {
            var network = one.network();
            one.subnet(network, "10.0.0.0/25");
            other.server().replica().await(one.revision(), java.time.Duration.ofSeconds(5));
            var replies = atOnce(
                    8,
                    () -> IntStream.range(0, 6)
                            .mapToObj(i -> (i % 2 == 0 ? one : other).port(network, ""))
                            .toList());
            assertThat(replies)
                    .allSatisfy(several ->
                            assertThat(several).extracting(Cloud.Reply::status).containsOnly(201));
            one.server().replica().await(store.revision(), java.time.Duration.ofSeconds(5));
            var topology = one.server().replica().state().topology();
            assertThat(topology.find(Query.all(Port.class)).flatMap(Port::addresses))
                    .hasSize(48)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void twoServersOnOneStoreDoNotMakeAWireForTagsOfSendersAndForVlans() throws Exception {
        var store = new MemoryStore(Clock.systemUTC(), Retention.STANDARD);
        try (var one = new Cloud(store);
                var other = new Cloud(store);
                var crowd = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < 50; round++) {
                var wire = "'provider:physical_network':'p%d','provider:network_type':".formatted(round);
                var flat = crowd.submit(
                        () -> one.post("networks", "{'network':{%s'flat','vlan_transparent':true}}".formatted(wire)));
                var vlan = crowd.submit(() -> other.post("networks", "{'network':{%s'vlan'}}".formatted(wire)));
                var replies = List.of(flat.get(), vlan.get());
                assertThat(replies).extracting(Cloud.Reply::status).containsExactlyInAnyOrder(201, 409);
                assertThat(replies).extracting(Cloud.Reply::error).contains("VlanTransparencyDriverError");
            }
        }
    }

    @Test
    void aFullSubnetGivesEachAddressOnceAndThenRefuses() throws Exception {
        try (var cloud = new Cloud()) {
            var network = cloud.network();
            cloud.subnet(network, "10.0.0.0/28");
            var statuses = atOnce(32, () -> cloud.port(network, "").status());
            assertThat(statuses).filteredOn(status -> status == 201).hasSize(13);
            assertThat(statuses).filteredOn(status -> status != 201).containsOnly(409);
        }
    }

    @Test
    void oneOfManyGetsAnAddressThatAllAskFor() throws Exception {
        try (var cloud = new Cloud()) {
            var network = cloud.network();
            cloud.subnet(network, "10.0.0.0/24");
            var replies = atOnce(16, () -> cloud.port(network, ",'fixed_ips':[{'ip_address':'10.0.0.9'}]"));
            assertThat(replies).filteredOn(reply -> reply.status() == 201).hasSize(1);
            assertThat(replies)
                    .filteredOn(reply -> reply.status() != 201)
                    .extracting(Cloud.Reply::error)
                    .containsOnly("IpAddressAlreadyAllocated");
        }
    }

    @Test
    void overlappingSubnetsAreNotMadeAtATime() throws Exception {
        try (var cloud = new Cloud()) {
            var network = cloud.network();
            var body = "{'subnet':{'network_id':'%s','cidr':'10.0.0.0/24','ip_version':4}}".formatted(network);
            var statuses = atOnce(16, () -> cloud.post("subnets", body).status());
            assertThat(statuses).filteredOn(status -> status == 201).hasSize(1);
            assertThat(statuses).filteredOn(status -> status != 201).containsOnly(400);
        }
    }

    @Test
    void aNetworkIsNotDeletedUnderAPortThatIsBeingMade() throws Exception {
        try (var cloud = new Cloud()) {
            for (int round = 0; round < 20; round++) {
                var network = cloud.network();
                try (var crowd = Executors.newVirtualThreadPerTaskExecutor()) {
                    var port = crowd.submit(() -> cloud.port(network, ""));
                    var delete = crowd.submit(() -> cloud.delete("networks/" + network));
                    var made = port.get();
                    var deleted = delete.get();
                    assertThat(List.of(made.status(), deleted.status())).isIn(List.of(201, 409), List.of(404, 204));
                    boolean isThere = cloud.get("networks/" + network).status() == 200;
                    assertThat(isThere).isEqualTo(made.status() == 201);
                }
            }
        }
    }

    @Test
    void aProjectGetsOneDefaultGroup() throws Exception {
        try (var cloud = new Cloud()) {
            atOnce(16, () -> cloud.network(Cloud.member("p1")));
            assertThat(Cloud.all(cloud.get("security-groups?project_id=p1"), "name"))
                    .containsExactly("default");
        }
    }

    @Test
    void aQuotaHoldsForThoseWhoAskAtATime() throws Exception {
        try (var cloud = new Cloud("--quota.router=5")) {
            var replies = atOnce(16, () -> cloud.post("routers", "{'router':{}}"));
            assertThat(replies).filteredOn(reply -> reply.status() == 201).hasSize(5);
            assertThat(replies)
                    .filteredOn(reply -> reply.status() != 201)
                    .extracting(Cloud.Reply::error)
                    .containsOnly("OverQuota");
        }
    }

    @Test
    void changesOfOneThingAtATimeAllTakePlace() throws Exception {
        try (var cloud = new Cloud()) {
            var network = cloud.network();
            var replies = atOnce(16, () -> cloud.put("networks/" + network, "{'network':{'description':'x'}}"));
            assertThat(replies).extracting(Cloud.Reply::status).containsOnly(200);
            assertThat(cloud.get("networks/" + network).get("revision_number").asInt())
                    .isEqualTo(17);
        }
    }
}
