package org.dragonflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How networks are carried, how full they are, and how a project gets one without saying which. */
class NetworkTest {
    private final Cloud cloud = new Cloud();

    @AfterEach
    void close() {
        cloud.close();
    }

    private Cloud.Reply network(String attributes) {
        return cloud.post("networks", "{'network':{%s}}".formatted(attributes));
    }

    private Cloud.Reply carried(String type, String more) {
        return network("'provider:network_type':'%s','provider:physical_network':'p1'%s".formatted(type, more));
    }

    private static void assertRefused(Cloud.Reply reply, int status, String type) {
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(status);
        assertThat(reply.error()).isEqualTo(type);
    }

    @Test
    void partsOfAPhysicalNetworkBelongToOneNetworkEach() {
        var flat = carried("flat", "").ok();
        assertThat(flat.get("provider:segmentation_id").isNull()).isTrue();
        assertRefused(carried("flat", ""), 409, "FlatNetworkInUse");
        assertThat(carried("vlan", ",'provider:segmentation_id':7")
                        .get("provider:segmentation_id")
                        .asInt(0))
                .isEqualTo(7);
        assertRefused(carried("vlan", ",'provider:segmentation_id':7"), 409, "VlanIdInUse");
        assertThat(carried("vlan", "").get("provider:segmentation_id").asInt(0)).isEqualTo(1);
        assertThat(carried("vlan", "").get("provider:segmentation_id").asInt(0)).isEqualTo(2);
        assertRefused(carried("vlan", ",'provider:segmentation_id':4095"), 400, "InvalidInput");
        assertRefused(carried("flat", ",'provider:segmentation_id':4"), 400, "InvalidInput");
        assertRefused(network("'provider:network_type':'flat'"), 400, "InvalidInput");
        assertThat(cloud.delete("networks/" + flat.id()).status()).isEqualTo(204);
        carried("flat", "").ok();
    }

    private static int mtu(Cloud.Reply network) {
        return network.ok().get("mtu").asInt(0);
    }

    @Test
    void aNetworkTakesPacketsAsLargeAsWhatCarriesItAndNoLarger() {
        assertThat(mtu(network(""))).isEqualTo(1438);
        assertThat(mtu(carried("flat", ""))).isEqualTo(1500);
        var vlan = carried("vlan", "");
        assertThat(mtu(vlan)).isEqualTo(1500);
        var both =
                "{'provider:network_type':'vlan','provider:physical_network':'p1'},{'provider:network_type':'geneve'}";
        assertThat(mtu(network("'segments':[%s]".formatted(both)))).isEqualTo(1438);
        assertThat(mtu(network("'mtu':1400"))).isEqualTo(1400);
        var refused = network("'mtu':1439");
        assertRefused(refused, 400, "InvalidInput");
        assertThat(refused.message()).contains("Requested MTU is too big, maximum is 1438");
        var path = "networks/" + vlan.id();
        assertThat(mtu(cloud.put(path, "{'network':{'mtu':1280}}"))).isEqualTo(1280);
        assertRefused(cloud.put(path, "{'network':{'mtu':1501}}"), 400, "InvalidInput");
    }

    @Test
    void theOperatorSaysWhatTheWiresTake() {
        try (var jumbo = new Cloud("--network.physical-mtu=9000", "--network.overlay-ip-version=6")) {
            assertThat(mtu(jumbo.get("networks/" + jumbo.network()))).isEqualTo(8918);
        }
    }

    @Test
    void aNetworkCarriesItsTenantsTagsIfTheySaySo() {
        assertThat(network("").ok().get("vlan_transparent").asBoolean(true)).isFalse();
        assertThat(network("").ok().get("qinq").asBoolean(true)).isFalse();
        var transparent = network("'vlan_transparent':true");
        assertThat(transparent.ok().get("vlan_transparent").asBoolean(false)).isTrue();
        assertThat(Cloud.all(cloud.get("networks?vlan_transparent=true"), "id")).containsExactly(transparent.id());
        var path = "networks/" + transparent.id();
        assertRefused(cloud.put(path, "{'network':{'vlan_transparent':false}}"), 400, "HTTPBadRequest");
        // A tag may stand before each packet.
        assertThat(mtu(transparent)).isEqualTo(1434);
        assertRefused(cloud.put(path, "{'network':{'mtu':1435}}"), 400, "InvalidInput");
    }

    @Test
    void aServiceTagIsForVlansOnly() {
        var vlan = carried("vlan", ",'qinq':true");
        assertThat(vlan.ok().get("qinq").asBoolean(false)).isTrue();
        assertThat(mtu(vlan)).isEqualTo(1496);
        assertThat(Cloud.all(cloud.get("networks?qinq=true"), "id")).containsExactly(vlan.id());
        assertThat(carried("flat", ",'qinq':true").message()).contains("qinq needs a network of type vlan");
        assertRefused(network("'provider:network_type':'geneve','qinq':true"), 400, "InvalidInput");
        assertRefused(network("'qinq':true"), 409, "NoNetworkAvailable");
        var segment = "{'segment':{'network_id':'%s','network_type':'geneve'}}".formatted(vlan.id());
        assertRefused(cloud.post("segments", segment), 400, "InvalidInput");
    }

    @Test
    void onOneWireThereAreTagsOfAFlatNetworksSendersOrVlans() {
        var flat = carried("flat", ",'vlan_transparent':true");
        assertThat(flat.ok().get("vlan_transparent").asBoolean(false)).isTrue();
        assertRefused(carried("vlan", ""), 409, "VlanTransparencyDriverError");
        cloud.delete("networks/" + flat.id()).ok();
        carried("vlan", "").ok();
        assertRefused(carried("flat", ",'vlan_transparent':true"), 409, "VlanTransparencyDriverError");
        carried("flat", "").ok();
        carried("vlan", ",'vlan_transparent':true").ok();
    }

    @Test
    void onlyTheVlanOfANetworkChangesAndOnlyWhileNobodyIsThere() {
        var vlan =
                "networks/" + carried("vlan", ",'provider:segmentation_id':7").id();
        var same = "'provider:network_type':'vlan','provider:physical_network':'p1','provider:segmentation_id':7";
        cloud.put(vlan, "{'network':{%s}}".formatted(same)).ok();
        var moved =
                cloud.put(vlan, "{'network':{'provider:segmentation_id':8}}").ok();
        assertThat(moved.get("provider:segmentation_id").asInt(0)).isEqualTo(8);
        assertThat(moved.text("provider:physical_network")).isEqualTo("p1");
        carried("vlan", ",'provider:segmentation_id':7").ok();
        assertRefused(cloud.put(vlan, "{'network':{'provider:segmentation_id':7}}"), 409, "VlanIdInUse");
        assertRefused(cloud.put(vlan, "{'network':{'provider:network_type':'flat'}}"), 400, "InvalidInput");
        assertRefused(cloud.put(vlan, "{'network':{'provider:physical_network':'p2'}}"), 400, "InvalidInput");
        var overlay = "networks/" + network("").id();
        assertThat(cloud.put(overlay, "{'network':{'provider:segmentation_id':9}}")
                        .message())
                .contains("Only VLAN type networks can be updated");
        cloud.port(vlan.substring("networks/".length()), ",'binding:host_id':'hv1'")
                .ok();
        assertThat(cloud.put(vlan, "{'network':{'provider:segmentation_id':9}}").message())
                .contains("cannot be updated");
    }

    @Test
    void oneExternalNetworkIsTheDefault() {
        var first = network("'router:external':true,'is_default':true").ok();
        assertThat(first.get("is_default").asBoolean(false)).isTrue();
        assertRefused(network("'router:external':true,'is_default':true"), 409, "DefaultExternalNetworkExists");
        cloud.put("networks/" + first.id(), "{'network':{'is_default':false}}").ok();
        network("'router:external':true,'is_default':true").ok();
    }

    @Test
    void aNetworkSaysWhereItIsAndWhatItsPortsAreCalled() {
        var network = network("'dns_domain':'example.org.','availability_zone_hints':['nova']")
                .ok();
        assertThat(network.text("dns_domain")).isEqualTo("example.org.");
        assertThat(network.get("l2_adjacency").asBoolean(false)).isTrue();
        assertThat(network.get("availability_zones").path(0).asString("")).isEqualTo("nova");
        assertRefused(network("'dns_domain':'no dot'"), 400, "HTTPBadRequest");
        assertRefused(network("'availability_zone_hints':['moon']"), 404, "AvailabilityZoneNotFound");
    }

    @Test
    void addressesAreCountedByNetworkAndSubnet() {
        var network = cloud.network();
        cloud.subnet(network, "10.0.0.0/29");
        cloud.subnet(network, "fd00::/64");
        cloud.port(network, "").ok();
        var all = cloud.get("network-ip-availabilities/" + network).ok();
        assertThat(all.get("total_ips").toString()).isEqualTo("18446744073709551619");
        assertThat(all.get("used_ips").asInt(0)).isEqualTo(2);
        assertThat(all.get("subnet_ip_availability")).hasSize(2);
        var four = cloud.get("network-ip-availabilities?ip_version=4&network_id=" + network)
                .ok()
                .body()
                .path("network_ip_availabilities");
        assertThat(four).hasSize(1);
        assertThat(four.path(0).path("total_ips").asInt(0)).isEqualTo(5);
        assertThat(four.path(0).path("used_ips").asInt(0)).isEqualTo(1);
        assertRefused(cloud.get("network-ip-availabilities?colour=blue"), 400, "HTTPBadRequest");
        assertRefused(
                cloud.get("network-ip-availabilities/00000000-0000-0000-0000-000000000000"), 404, "NetworkNotFound");
        assertRefused(cloud.get("network-ip-availabilities", Cloud.member("m")), 403, "PolicyNotAuthorized");
    }

    @Test
    void aProjectIsGivenANetworkThatLeadsOutside() {
        var path = "auto-allocated-topology/None";
        var member = Cloud.member("m");
        assertRefused(cloud.get(path + "?fields=dry-run", member), 409, "AutoAllocationFailure");
        var outside = network("'router:external':true,'is_default':true").id();
        cloud.subnet(outside, "203.0.113.0/24");
        assertRefused(cloud.get(path, member), 409, "AutoAllocationFailure");
        for (var prefixes : new String[] {"['10.0.0.0/16'],'default_prefixlen':26", "['fd00::/48']"}) {
            var pool = "'name':'p','is_default':true,'shared':true,'prefixes':" + prefixes;
            cloud.post("subnetpools", "{'subnetpool':{%s}}".formatted(pool)).ok();
        }
        assertThat(cloud.get(path + "?fields=dry-run", member).text("id")).isEqualTo("dry-run=pass");
        assertThat(cloud.get("networks", member).body().path("networks")).hasSize(1);
        var network = cloud.get(path, member).id();
        assertThat(cloud.get(path, member).id()).isEqualTo(network);
        assertThat(cloud.get("networks/" + network, member).get("subnets")).hasSize(2);
        assertThat(Cloud.all(cloud.get("routers", member), "name")).containsExactly("auto_allocated_router");
        assertThat(cloud.delete(path, member).status()).isEqualTo(204);
        assertThat(cloud.get("networks/" + network).error()).isEqualTo("NetworkNotFound");
        assertThat(Cloud.all(cloud.get("routers", member), "name")).isEmpty();
        assertRefused(cloud.get("auto-allocated-topology/other", member), 403, "PolicyNotAuthorized");
    }
}
