package org.dragonflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.HashSet;
import org.dragonflow.store.MemoryStore;
import org.dragonflow.store.Retention;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which numbers networks get where none is asked for. */
class SegmentRangeTest {
    private static final String RANGES = "network_segment_ranges";

    private final MemoryStore store = new MemoryStore(Clock.systemUTC(), Retention.STANDARD);
    private final Cloud cloud = new Cloud(
            store,
            "--network.geneve-ranges=100:103",
            "--network.vxlan-ranges=",
            "--network.vlan-ranges=p1:10:12,p2:5:5");

    @AfterEach
    void close() {
        cloud.close();
    }

    private Cloud.Reply range(String attributes) {
        return cloud.post(RANGES, "{'network_segment_range':{%s}}".formatted(attributes));
    }

    private Cloud.Reply own(String project, int minimum, int maximum) {
        return range("'name':'own','shared':false,'project_id':'%s','network_type':'geneve','minimum':%d,'maximum':%d"
                .formatted(project, minimum, maximum));
    }

    private Cloud.Reply network(String project) {
        return cloud.post("networks", "{'network':{'project_id':'%s'}}".formatted(project));
    }

    private int number(Cloud.Reply network) {
        return network.ok().get("provider:segmentation_id").asInt(0);
    }

    private Cloud.Reply vlan(String more) {
        return cloud.post("networks", "{'network':{'provider:network_type':'vlan'%s}}".formatted(more));
    }

    private static void assertRefused(Cloud.Reply reply, int status, String type) {
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(status);
        assertThat(reply.error()).isEqualTo(type);
    }

    @Test
    void theRangesOfTheConfigurationAreThereAndStay() {
        var geneve = cloud.get(RANGES + "?network_type=geneve").ok().body().path(RANGES);
        assertThat(geneve).hasSize(1);
        var one = geneve.path(0);
        assertThat(one.path("default").asBoolean(false)).isTrue();
        assertThat(one.path("shared").asBoolean(false)).isTrue();
        assertThat(one.path("project_id").isNull()).isTrue();
        assertThat(one.path("available")).hasToString("[100,101,102,103]");
        assertThat(one.path("used")).isEmpty();
        var path = RANGES + "/" + one.path("id").asString("");
        assertRefused(cloud.delete(path), 400, "NetworkSegmentRangeDefaultReadOnly");
        assertRefused(
                cloud.put(path, "{'network_segment_range':{'name':'n'}}"), 400, "NetworkSegmentRangeDefaultReadOnly");
        assertThat(cloud.get(RANGES, Cloud.member("p")).body().path(RANGES)).isEmpty();
        try (var other = new Cloud(store, "--network.geneve-ranges=200:201", "--network.vxlan-ranges=")) {
            assertThat(other.get(RANGES).body().path(RANGES)).hasSize(1);
            assertThat(other.get(RANGES)
                            .body()
                            .path(RANGES)
                            .path(0)
                            .path("minimum")
                            .asInt(0))
                    .isEqualTo(200);
        }
    }

    @Test
    void networksGetNumbersOfTheRangesUntilTheyAreUsedUp() {
        var numbers = new HashSet<Integer>();
        for (int i = 0; i < 4; i++) {
            numbers.add(number(network("p")));
        }
        assertThat(numbers).containsExactlyInAnyOrder(100, 101, 102, 103);
        assertRefused(network("p"), 409, "NoNetworkAvailable");
        var range =
                cloud.get(RANGES + "?network_type=geneve").body().path(RANGES).path(0);
        assertThat(range.path("available")).isEmpty();
        assertThat(range.path("used").path("102").asString("")).isEqualTo("p");
        var outside = "{'network':{'provider:network_type':'geneve','provider:segmentation_id':5000}}";
        assertThat(number(cloud.post("networks", outside))).isEqualTo(5000);
    }

    @Test
    void aNetworkIsCarriedByTheFirstTypeThatHasANumberLeft() {
        try (var other = new Cloud(
                "--network.types=vlan,vxlan", "--network.vlan-ranges=p1:10:10", "--network.vxlan-ranges=1:9")) {
            var first = other.post("networks", "{'network':{}}").ok();
            assertThat(first.text("provider:network_type")).isEqualTo("vlan");
            assertThat(first.get("provider:segmentation_id").asInt(0)).isEqualTo(10);
            var second = other.post("networks", "{'network':{}}").ok();
            assertThat(second.text("provider:network_type")).isEqualTo("vxlan");
        }
    }

    @Test
    void aProjectHasItsOwnNumbersFirstAndNobodyElseGetsThem() {
        own("p", 103, 103).ok();
        assertThat(number(network("p"))).isEqualTo(103);
        own("q", 102, 102).ok();
        var numbers = new HashSet<Integer>();
        for (int i = 0; i < 2; i++) {
            numbers.add(number(network("p")));
        }
        assertThat(numbers).containsExactlyInAnyOrder(100, 101);
        assertRefused(network("p"), 409, "NoNetworkAvailable");
        assertThat(number(network("q"))).isEqualTo(102);
    }

    @Test
    void vlansComeFromTheRangesOfTheirPhysicalNetwork() {
        assertThat(number(vlan(",'provider:physical_network':'p1'"))).isEqualTo(10);
        assertThat(number(vlan(",'provider:physical_network':'p2'"))).isEqualTo(5);
        assertRefused(vlan(",'provider:physical_network':'p2'"), 409, "NoNetworkAvailable");
        assertThat(number(vlan(""))).isEqualTo(11);
        assertThat(vlan("").ok().text("provider:physical_network")).isEqualTo("p1");
        range("'network_type':'vlan','physical_network':'p2','minimum':6,'maximum':7")
                .ok();
        assertThat(number(vlan(",'provider:physical_network':'p2'"))).isEqualTo(6);
        assertThat(number(vlan(",'provider:physical_network':'elsewhere'"))).isEqualTo(1);
    }

    @Test
    void aRangeKeepsTheNumbersThatAreInUse() {
        var range = RANGES + "/" + own("p", 300, 310).id();
        int number = number(network("p"));
        assertRefused(cloud.delete(range), 409, "NetworkSegmentRangeReferencedByProject");
        for (int minimum : new int[] {number, number + 1}) {
            var past = "{'network_segment_range':{'minimum':%d,'maximum':400}}".formatted(minimum);
            assertRefused(cloud.put(range, past), 409, "NetworkSegmentRangeReferencedByProject");
        }
        var grown = cloud.put(range, "{'network_segment_range':{'name':'n','minimum':299,'maximum':320}}");
        assertThat(grown.ok().text("name")).isEqualTo("n");
        assertThat(grown.get("used").path(String.valueOf(number)).asString("")).isEqualTo("p");
        assertThat(grown.get("available")).hasSize(21);
        var network = cloud.get("networks?project_id=p")
                .body()
                .path("networks")
                .path(0)
                .path("id");
        cloud.delete("networks/" + network.asString(""));
        assertThat(cloud.delete(range).status()).isEqualTo(204);
        assertRefused(cloud.get(range), 404, "NetworkSegmentRangeNotFound");
    }

    @Test
    void aRangeThatCannotBeIsRefused() {
        own("p", 300, 310).ok();
        assertRefused(own("q", 310, 311), 409, "NetworkSegmentRangeOverlaps");
        assertRefused(own("q", 5, 4), 400, "NetworkTunnelRangeError");
        assertRefused(own("q", 5, 16777216), 400, "NetworkTunnelRangeError");
        assertRefused(own("", 5, 6), 400, "BadRequest");
        assertRefused(
                range("'network_type':'gre','minimum':1,'maximum':2"), 400, "NetworkSegmentRangeNetTypeNotSupported");
        assertRefused(range("'network_type':'vlan','minimum':1,'maximum':2"), 400, "BadRequest");
        assertRefused(
                range("'network_type':'vlan','physical_network':'p1','minimum':1,'maximum':4095"),
                400,
                "NetworkVlanRangeError");
        assertRefused(range("'network_type':'flat','minimum':1,'maximum':2"), 400, "HTTPBadRequest");
        assertRefused(
                cloud.post(
                        RANGES,
                        "{'network_segment_range':{'network_type':'geneve','minimum':1,'maximum':2}}",
                        Cloud.member("p")),
                403,
                "PolicyNotAuthorized");
    }

    @Test
    void rangesAreTagged() {
        var range = RANGES + "/" + own("p", 300, 310).id();
        assertThat(cloud.put(range + "/tags", "{'tags':['row1']}").status()).isEqualTo(200);
        assertThat(cloud.get(RANGES + "?tags=row1").body().path(RANGES)).hasSize(1);
    }
}
