package org.dragonflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.dragonflow.address.IpAddress;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Chassis.Uplink;
import org.dragonflow.model.Id;
import org.dragonflow.model.TunnelType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What networks are carried by, in several parts where need be, and the subnets that are on one part only. */
class SegmentTest {
    private final Cloud cloud = new Cloud();

    @AfterEach
    void close() {
        cloud.close();
    }

    private Cloud.Reply network(String attributes) {
        return cloud.post("networks", "{'network':{%s}}".formatted(attributes));
    }

    private String vlan(int number) {
        return network("'provider:network_type':'vlan','provider:physical_network':'p1','provider:segmentation_id':"
                        + number)
                .id();
    }

    private Cloud.Reply segment(String network, String more) {
        return cloud.post("segments", "{'segment':{'network_id':'%s',%s}}".formatted(network, more));
    }

    private String only(String network) {
        return Cloud.all(cloud.get("segments?network_id=" + network), "id").getFirst();
    }

    private Cloud.Reply subnet(String network, String block, String segment) {
        var on = segment.isEmpty() ? "" : ",'segment_id':'%s'".formatted(segment);
        return cloud.post(
                "subnets", "{'subnet':{'network_id':'%s','ip_version':4,'cidr':'%s'%s}}".formatted(network, block, on));
    }

    /** A chassis that is connected to these physical networks. */
    private void chassis(String name, String... physicalNetworks) throws InterruptedException {
        var chassis = new Chassis(
                Id.of(Chassis.class, name),
                IpAddress.parse("192.0.2.1"),
                List.of(TunnelType.GENEVE),
                "system-" + name,
                "br-int",
                "system",
                // That the link is down, is no reason not to plug in.
                Stream.of(physicalNetworks)
                        .map(network -> new Uplink(network, false))
                        .toList(),
                true,
                Instant.EPOCH);
        cloud.server().replica().edit(edit -> edit.create(chassis));
    }

    private static void assertRefused(Cloud.Reply reply, int status, String type) {
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(status);
        assertThat(reply.error()).isEqualTo(type);
    }

    @Test
    void aNetworkIsMadeWithASegmentThatSaysWhatItsProviderAttributesSay() {
        var network = vlan(7);
        var segment = cloud.get("segments/" + only(network));
        assertThat(segment.text("network_id")).isEqualTo(network);
        assertThat(segment.text("network_type")).isEqualTo("vlan");
        assertThat(segment.text("physical_network")).isEqualTo("p1");
        assertThat(segment.get("segmentation_id").asInt(0)).isEqualTo(7);
        assertThat(segment.get("name").isNull()).isTrue();
        assertThat(segment.get("revision_number").asInt(0)).isEqualTo(1);
        assertThat(segment.get("created_at").isString()).isTrue();
        var tenants = cloud.network();
        assertThat(cloud.get("networks/" + tenants)
                        .get("provider:segmentation_id")
                        .asInt(0))
                .isEqualTo(cloud.get("segments/" + only(tenants))
                        .get("segmentation_id")
                        .asInt(-1));
        assertThat(cloud.get("segments", Cloud.member("p")).body().path("segments"))
                .isEmpty();
    }

    @Test
    void aNetworkOfSeveralSegmentsShowsThemInsteadOfProviderAttributes() {
        var network = vlan(7);
        var second = segment(network, "'network_type':'geneve','segmentation_id':2055,'name':'over'")
                .ok();
        assertThat(second.get("segmentation_id").asInt(0)).isEqualTo(2055);
        var shown = cloud.get("networks/" + network).ok();
        assertThat(shown.get("provider:network_type").isMissingNode()).isTrue();
        assertThat(shown.get("segments")).hasSize(2);
        assertThat(shown.get("segments")
                        .path(0)
                        .path("provider:physical_network")
                        .asString(""))
                .isEqualTo("p1");
        assertThat(shown.get("segments")
                        .path(1)
                        .path("provider:segmentation_id")
                        .asInt(0))
                .isEqualTo(2055);
        assertThat(cloud.delete("segments/" + second.id()).status()).isEqualTo(204);
        assertThat(cloud.get("networks/" + network).text("provider:network_type"))
                .isEqualTo("vlan");
    }

    @Test
    void aNetworkIsMadeOfSegmentsAllOrNothing() {
        var vlan = "{'provider:network_type':'vlan','provider:physical_network':'p1','provider:segmentation_id':9}";
        var made = network("'segments':[%s,{'provider:network_type':'vxlan'}]".formatted(vlan));
        assertThat(made.ok().get("segments")).hasSize(2);
        assertThat(cloud.get("segments?network_id=" + made.id()).body().path("segments"))
                .hasSize(2);
        long before = cloud.revision();
        var free = "{'provider:network_type':'flat','provider:physical_network':'p2'}";
        assertRefused(network("'segments':[%s,%s]".formatted(free, vlan)), 409, "VlanIdInUse");
        assertRefused(network("'segments':[%s,%s]".formatted(free, free)), 400, "SegmentsContainDuplicateEntry");
        assertRefused(
                network("'provider:network_type':'geneve','segments':[%s]".formatted(free)),
                400,
                "SegmentsSetInConjunctionWithProviders");
        assertRefused(network("'segments':[{'provider:segmentation_id':4}]"), 400, "InvalidInput");
        assertRefused(network("'segments':[{'x':1}]"), 400, "HTTPBadRequest");
        assertRefused(
                cloud.post("networks", "{'network':{'segments':[%s]}}".formatted(free), Cloud.member("p")),
                403,
                "PolicyNotAuthorized");
        assertThat(cloud.revision()).isEqualTo(before);
    }

    @Test
    void networksAreFoundByWhatAnyOfTheirSegmentsSays() {
        var one = vlan(7);
        var other = cloud.network();
        assertThat(Cloud.all(cloud.get("networks?provider:network_type=vlan"), "id"))
                .containsExactly(one);
        assertThat(Cloud.all(cloud.get("networks?provider:segmentation_id=7&provider:physical_network=p1"), "id"))
                .containsExactly(one);
        assertThat(Cloud.all(cloud.get("networks?provider:network_type=geneve"), "id"))
                .containsExactly(other);
        segment(other, "'network_type':'vlan','physical_network':'p1','segmentation_id':8")
                .ok();
        assertThat(Cloud.all(cloud.get("networks?provider:network_type=vlan"), "id"))
                .containsExactlyInAnyOrder(one, other);
        assertThat(Cloud.all(cloud.get("networks?provider:physical_network=p9"), "id"))
                .isEmpty();
    }

    @Test
    void segmentsAreNamedAndDescribedAndFoundByWhatTheyAre() {
        var network = vlan(7);
        var segment = "segments/" + only(network);
        var named = cloud.put(segment, "{'segment':{'name':'rack 1','description':'row 3'}}");
        assertThat(named.ok().text("name")).isEqualTo("rack 1");
        assertThat(named.get("revision_number").asInt(0)).isEqualTo(2);
        assertThat(Cloud.all(cloud.get("segments?name=rack%201&network_type=vlan&physical_network=p1"), "network_id"))
                .containsExactly(network);
        assertThat(cloud.get("segments?physical_network=p2").body().path("segments"))
                .isEmpty();
        assertRefused(cloud.put(segment, "{'segment':{'network_type':'flat'}}"), 400, "HTTPBadRequest");
        assertRefused(
                cloud.put(segment, "{'segment':{'name':'stale'}}", "If-Match", "revision_number=1"),
                412,
                "RevisionNumberConstraintFailed");
    }

    @Test
    void aSegmentThatCannotBeIsRefused() {
        var network = vlan(7);
        var none = "00000000-0000-0000-0000-000000000000";
        assertRefused(segment(none, "'network_type':'geneve'"), 404, "NetworkNotFound");
        assertRefused(segment(network, "'network_type':'gre'"), 400, "InvalidInput");
        assertRefused(segment(network, "'physical_network':'p1'"), 400, "HTTPBadRequest");
        assertRefused(
                segment(network, "'network_type':'vlan','physical_network':'p1','segmentation_id':7"),
                409,
                "VlanIdInUse");
        segment(network, "'network_type':'vxlan','segmentation_id':99").ok();
        assertRefused(segment(network, "'network_type':'geneve','segmentation_id':99"), 409, "TunnelIdInUse");
        assertRefused(cloud.delete("segments/" + none), 404, "SegmentNotFound");
        assertRefused(
                cloud.post(
                        "segments",
                        "{'segment':{'network_id':'%s','network_type':'geneve'}}"
                                .formatted(cloud.network(Cloud.member("p"))),
                        Cloud.member("p")),
                403,
                "PolicyNotAuthorized");
    }

    @Test
    void aSegmentStaysWhileSubnetsAreOnItOrPortsArePluggedIntoIt() throws InterruptedException {
        chassis("hv1");
        var network = cloud.network();
        var segment = only(network);
        var subnet = subnet(network, "10.0.0.0/24", segment).id();
        var refused = cloud.delete("segments/" + segment);
        assertRefused(refused, 409, "SegmentInUse");
        assertThat(refused.message()).contains(subnet);
        var other = cloud.network();
        var port = cloud.port(other, ",'binding:host_id':'hv1'").id();
        assertRefused(cloud.delete("segments/" + only(other)), 409, "SegmentInUse");
        cloud.delete("ports/" + port);
        assertThat(cloud.delete("segments/" + only(other)).status()).isEqualTo(204);
        assertThat(cloud.get("networks/" + other).get("provider:network_type").isNull())
                .isTrue();
        assertThat(cloud.delete("networks/" + network).status()).isEqualTo(204);
        assertThat(cloud.get("segments").body().path("segments")).isEmpty();
    }

    @Test
    void eitherAllSubnetsOfANetworkAreOnSegmentsOrNone() {
        var network = vlan(7);
        var first = only(network);
        var second = segment(network, "'network_type':'vlan','physical_network':'p1','segmentation_id':8")
                .id();
        assertThat(cloud.get("networks/" + network).get("l2_adjacency").asBoolean(false))
                .isTrue();
        assertThat(subnet(network, "10.0.0.0/24", first).ok().text("segment_id"))
                .isEqualTo(first);
        subnet(network, "10.0.1.0/24", second).ok();
        assertThat(cloud.get("networks/" + network).get("l2_adjacency").asBoolean(true))
                .isFalse();
        assertThat(cloud.get("subnets?segment_id=" + second).body().path("subnets"))
                .hasSize(1);
        assertRefused(subnet(network, "10.0.2.0/24", ""), 400, "SubnetsNotAllAssociatedWithSegments");
        var plain = cloud.network();
        cloud.subnet(plain, "10.0.0.0/24");
        assertRefused(subnet(plain, "10.0.1.0/24", only(plain)), 400, "SubnetsNotAllAssociatedWithSegments");
        assertRefused(subnet(cloud.network(), "10.0.0.0/24", first), 400, "NetworkIdsDontMatch");
        assertRefused(
                subnet(cloud.network(), "10.0.0.0/24", "00000000-0000-0000-0000-000000000000"), 404, "SegmentNotFound");
    }

    @Test
    void theOnlySubnetOfTheOnlySegmentCanBePutOnIt() {
        var network = vlan(7);
        var subnet = "subnets/" + cloud.subnet(network, "10.0.0.0/24");
        var on = "{'subnet':{'segment_id':'%s'}}";
        var stranger = only(vlan(8));
        assertRefused(cloud.put(subnet, on.formatted(stranger)), 400, "NetworkIdsDontMatch");
        var second = segment(network, "'network_type':'vlan','physical_network':'p1','segmentation_id':9")
                .id();
        assertRefused(cloud.put(subnet, on.formatted(second)), 400, "NoUpdateSubnetWhenMultipleSegmentsOnNetwork");
        cloud.delete("segments/" + second);
        assertThat(cloud.put(subnet, on.formatted(only(network))).ok().text("segment_id"))
                .isEqualTo(only(network));
        assertRefused(
                cloud.put(subnet, "{'subnet':{'segment_id':null}}"), 400, "SubnetSegmentAssociationChangeNotAllowed");
        cloud.put(subnet, "{'subnet':{'name':'n'}}").ok();
    }

    @Test
    void aPortGetsItsAddressWhenItIsKnownWhichSegmentItIsOn() throws InterruptedException {
        chassis("hv1");
        chassis("hv2");
        var network = vlan(7);
        var physical = only(network);
        var overlay = segment(network, "'network_type':'geneve'").id();
        subnet(network, "10.0.0.0/24", physical).ok();
        var near = subnet(network, "10.0.1.0/24", overlay).id();
        var port = cloud.port(network, "").ok();
        assertThat(port.text("ip_allocation")).isEqualTo("deferred");
        assertThat(port.get("fixed_ips")).isEmpty();
        var bound = cloud.put("ports/" + port.id(), "{'port':{'binding:host_id':'hv1'}}");
        assertThat(bound.ok().get("fixed_ips").path(0).path("subnet_id").asString(""))
                .isEqualTo(near);
        cloud.put("ports/" + port.id(), "{'port':{'binding:host_id':'hv2'}}").ok();
        var atOnce = cloud.port(network, ",'binding:host_id':'hv1'");
        assertThat(atOnce.ok().text("ip_allocation")).isEqualTo("immediate");
        assertThat(atOnce.get("fixed_ips").path(0).path("subnet_id").asString(""))
                .isEqualTo(near);
        var asked = cloud.port(network, ",'fixed_ips':[{'ip_address':'10.0.0.9'}]");
        assertThat(asked.ok().text("ip_allocation")).isEqualTo("immediate");
        assertRefused(
                cloud.put("ports/" + asked.id(), "{'port':{'binding:host_id':'hv1'}}"),
                409,
                "HostNotCompatibleWithFixedIps");
        assertRefused(
                cloud.port(network, ",'fixed_ips':[{'ip_address':'10.0.0.8'},{'ip_address':'10.0.1.8'}]"),
                400,
                "FixedIpsSubnetsNotOnSameSegment");
    }

    @Test
    void aChassisIsOnOneSegmentOfARoutedNetwork() throws InterruptedException {
        chassis("hv1");
        var far = vlan(7);
        subnet(far, "10.0.0.0/24", only(far)).ok();
        assertRefused(cloud.port(far, ",'binding:host_id':'hv1'"), 409, "HostNotConnectedToAnySegment");
        var both = cloud.network();
        var first = only(both);
        subnet(both, "10.0.0.0/24", first).ok();
        subnet(both, "10.0.1.0/24", segment(both, "'network_type':'vxlan'").id())
                .ok();
        assertRefused(cloud.port(both, ",'binding:host_id':'hv1'"), 409, "HostConnectedToMultipleSegments");
    }

    @Test
    void aPortIsBoundOnlyWhereItsPhysicalNetworkGetsTo() throws InterruptedException {
        chassis("hv1", "p1");
        chassis("hv2", "p2");
        var network = vlan(7);
        cloud.subnet(network, "10.0.0.0/24");
        var compute = ",'device_owner':'compute:nova','binding:host_id':'%s'";
        var port = cloud.port(network, compute.formatted("hv1")).ok();
        assertThat(port.text("binding:vif_type")).isEqualTo("ovs");
        assertThat(port.get("binding:vif_details").path("bridge_name").asString(""))
                .isEqualTo("br-int");
        var far = cloud.port(network, compute.formatted("hv2")).ok();
        assertThat(far.text("binding:vif_type")).isEqualTo("binding_failed");
        assertThat(far.get("binding:vif_details")).isEmpty();
        assertRefused(
                cloud.post("ports/" + port.id() + "/bindings", "{'binding':{'host':'hv2'}}"), 409, "PortBindingError");
        var flat = network("'provider:network_type':'flat','provider:physical_network':'p2'")
                .id();
        assertThat(cloud.port(flat, compute.formatted("hv2")).text("binding:vif_type"))
                .isEqualTo("ovs");
        segment(flat, "'network_type':'geneve'").ok();
        assertThat(cloud.port(flat, compute.formatted("hv1")).text("binding:vif_type"))
                .as("by the other segment")
                .isEqualTo("ovs");
    }

    @Test
    void aRoutedPortHasAnAddressOfTheRackThatItIsPluggedIntoAndMovesWithinIt() throws InterruptedException {
        chassis("hv1", "rack1");
        chassis("hv2", "rack2");
        chassis("hv3", "rack2");
        chassis("hv9");
        var rack = "{'provider:network_type':'vlan','provider:physical_network':'rack%d','provider:segmentation_id':7}";
        var network = network("'segments':[%s,%s]".formatted(rack.formatted(1), rack.formatted(2)))
                .id();
        for (var rackOfTwo : new int[] {1, 2}) {
            var segment = Cloud.all(cloud.get("segments?physical_network=rack" + rackOfTwo), "id")
                    .getFirst();
            subnet(network, "10.0.%d.0/24".formatted(rackOfTwo), segment).ok();
        }
        var port = "ports/" + cloud.port(network, "").id();
        var bound = cloud.put(port, "{'port':{'binding:host_id':'hv2'}}").ok();
        assertThat(bound.get("fixed_ips").path(0).path("ip_address").asString(""))
                .startsWith("10.0.2.");
        assertThat(bound.text("binding:vif_type")).isEqualTo("ovs");
        cloud.put(port, "{'port':{'binding:host_id':'hv3'}}").ok();
        assertRefused(cloud.put(port, "{'port':{'binding:host_id':'hv1'}}"), 409, "HostNotCompatibleWithFixedIps");
        assertRefused(cloud.port(network, ",'binding:host_id':'hv9'"), 409, "HostNotConnectedToAnySegment");
        assertThat(cloud.port(network, ",'binding:host_id':'hv1'")
                        .get("fixed_ips")
                        .path(0)
                        .path("ip_address")
                        .asString(""))
                .startsWith("10.0.1.");
    }

    @Test
    void anAgentSaysWhichPhysicalNetworksItsChassisIsConnectedTo() throws InterruptedException {
        chassis("hv1", "p1", "p2");
        var agent = cloud.get("agents?host=hv1").body().path("agents").path(0);
        assertThat(agent.path("configurations").path("bridge_mappings"))
                .hasToString("{\"p1\":\"br-int\",\"p2\":\"br-int\"}");
    }

    @Test
    void hostsAreToldTheWayToTheOtherSegmentsOfTheirNetwork() {
        var network = vlan(7);
        var first = only(network);
        var second = segment(network, "'network_type':'vlan','physical_network':'p1','segmentation_id':8")
                .id();
        var one = "subnets/" + subnet(network, "10.0.0.0/24", first).id();
        var two = "subnets/" + subnet(network, "10.0.1.0/24", second).id();
        assertThat(route(one)).isEqualTo("10.0.1.0/24 by 10.0.0.1");
        assertThat(route(two)).isEqualTo("10.0.0.0/24 by 10.0.1.1");
        cloud.put(
                        two,
                        "{'subnet':{'gateway_ip':'10.0.1.254','allocation_pools':[{'start':'10.0.1.2','end':'10.0.1.9'}]}}")
                .ok();
        assertThat(route(two)).isEqualTo("10.0.0.0/24 by 10.0.1.254");
        assertThat(cloud.delete(two).status()).isEqualTo(204);
        assertThat(cloud.get(one).get("host_routes")).isEmpty();
    }

    private String route(String subnet) {
        var routes = cloud.get(subnet).get("host_routes");
        assertThat(routes).hasSize(1);
        return routes.path(0).path("destination").asString("")
                + " by "
                + routes.path(0).path("nexthop").asString("");
    }
}
