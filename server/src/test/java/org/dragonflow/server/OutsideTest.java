package org.dragonflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How tenants reach the outside: gateways of routers, floating IPs, and forwardings of their ports. */
class OutsideTest {
    private final Cloud cloud = new Cloud();
    private String outside = "";
    private String outsideSubnet = "";
    private String inside = "";
    private String insideSubnet = "";

    @BeforeEach
    void build() {
        outside = cloud.post("networks", "{'network':{'name':'outside','router:external':true}}")
                .id();
        outsideSubnet = cloud.subnet(outside, "203.0.113.0/24");
        inside = cloud.network();
        insideSubnet = cloud.subnet(inside, "10.0.0.0/24");
    }

    @AfterEach
    void close() {
        cloud.close();
    }

    private String gateway() {
        return "{'network_id':'%s'}".formatted(outside);
    }

    private Cloud.Reply router(String attributes) {
        return cloud.post("routers", "{'router':{%s}}".formatted(attributes));
    }

    private Cloud.Reply change(String router, String attributes) {
        return cloud.put("routers/" + router, "{'router':{%s}}".formatted(attributes));
    }

    private void join(String router, String subnet) {
        cloud.put("routers/" + router + "/add_router_interface", "{'subnet_id':'%s'}".formatted(subnet))
                .ok();
    }

    /** A router between inside and outside. */
    private String between() {
        var router = router("'external_gateway_info':" + gateway()).id();
        join(router, insideSubnet);
        return router;
    }

    private Cloud.Reply floating(String more) {
        return cloud.post("floatingips", "{'floatingip':{'floating_network_id':'%s'%s}}".formatted(outside, more));
    }

    private Cloud.Reply stand(String floating, String attributes) {
        return cloud.put("floatingips/" + floating, "{'floatingip':{%s}}".formatted(attributes));
    }

    private Cloud.Reply forward(String floating, String port, String more) {
        return cloud.post(
                "floatingips/" + floating + "/port_forwardings",
                "{'port_forwarding':{'protocol':'tcp','internal_port_id':'%s'%s}}".formatted(port, more));
    }

    private static void assertRefused(Cloud.Reply reply, int status, String type) {
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(status);
        assertThat(reply.error()).isEqualTo(type);
    }

    private List<String> ports(String query) {
        return Cloud.all(cloud.get("ports?" + query), "id");
    }

    @Test
    void aRouterWithAGatewayHasAPortOutside() {
        var router = router("'external_gateway_info':" + gateway()).ok();
        var info = router.get("external_gateway_info");
        assertThat(info.path("network_id").asString("")).isEqualTo(outside);
        assertThat(info.path("enable_snat").asBoolean(false)).isTrue();
        var address = info.path("external_fixed_ips").path(0);
        assertThat(address.path("ip_address").asString("")).isEqualTo("203.0.113.2");
        assertThat(address.path("subnet_id").asString("")).isEqualTo(outsideSubnet);
        var port = cloud.get("ports/" + ports("device_id=" + router.id()).getFirst());
        assertThat(port.text("device_owner")).isEqualTo("network:router_gateway");
        assertThat(port.text("project_id")).isEmpty();
        assertRefused(cloud.delete("ports/" + port.id()), 409, "ServicePortInUse");
        assertThat(cloud.delete("routers/" + router.id()).status()).isEqualTo(204);
        assertThat(ports("network_id=" + outside)).isEmpty();
    }

    @Test
    void aGatewayCanBeSetReaddressedAndTakenAway() {
        var router = router("").id();
        assertThat(cloud.get("routers/" + router).get("external_gateway_info").isNull())
                .isTrue();
        var set = change(router, "'external_gateway_info':{'network_id':'%s','enable_snat':false}".formatted(outside));
        assertThat(set.ok().get("external_gateway_info").path("enable_snat").asBoolean(true))
                .isFalse();
        var moved = change(
                router,
                ("'external_gateway_info':{'network_id':'%s','external_fixed_ips':"
                                + "[{'subnet_id':'%s','ip_address':'203.0.113.77'}]}")
                        .formatted(outside, outsideSubnet));
        var address = moved.ok().get("external_gateway_info").path("external_fixed_ips");
        assertThat(address).hasSize(1);
        assertThat(address.path(0).path("ip_address").asString("")).isEqualTo("203.0.113.77");
        var port = ports("device_id=" + router).getFirst();
        cloud.put("ports/" + port, "{'port':{'fixed_ips':[{'ip_address':'203.0.113.78'}]}}")
                .ok();
        assertThat(cloud.get("routers/" + router)
                        .get("external_gateway_info")
                        .path("external_fixed_ips")
                        .path(0)
                        .path("ip_address")
                        .asString(""))
                .isEqualTo("203.0.113.78");
        assertThat(change(router, "'external_gateway_info':{}")
                        .ok()
                        .get("external_gateway_info")
                        .isNull())
                .isTrue();
        assertThat(ports("network_id=" + outside)).isEmpty();
    }

    @Test
    void aGatewayMovesToAnotherNetwork() {
        var router = between();
        var other =
                cloud.post("networks", "{'network':{'router:external':true}}").id();
        cloud.subnet(other, "198.51.100.0/24");
        change(router, "'external_gateway_info':{'network_id':'%s'}".formatted(other))
                .ok();
        assertThat(ports("network_id=" + outside)).isEmpty();
        assertThat(ports("network_id=" + other)).hasSize(1);
    }

    @Test
    void aGatewayThatCannotBeIsRefused() {
        assertRefused(router("'external_gateway_info':{'network_id':'%s'}".formatted(inside)), 400, "BadRequest");
        assertRefused(
                router("'external_gateway_info':{}".replace("{}", "{'enable_snat':true}")), 400, "HTTPBadRequest");
        assertRefused(
                router("'external_gateway_info':{'network_id':'00000000-0000-0000-0000-000000000000'}"),
                404,
                "NetworkNotFound");
        assertRefused(
                router("'external_gateway_info':{'network_id':'%s','external_fixed_ips':[{'ip_address':'203.0.113.1'}]}"
                        .formatted(outside)),
                400,
                "BadRequest");
        var overlapping = router("").id();
        join(overlapping, cloud.subnet(cloud.network(), "203.0.113.128/25"));
        assertRefused(change(overlapping, "'external_gateway_info':" + gateway()), 400, "BadRequest");
        var inUse = between();
        assertRefused(
                cloud.put("networks/" + outside, "{'network':{'router:external':false}}"), 409, "ExternalNetworkInUse");
        assertRefused(cloud.delete("networks/" + outside), 409, "NetworkInUse");
        assertRefused(cloud.delete("routers/" + inUse), 409, "RouterInUse");
    }

    @Test
    void membersNeitherTurnOffTranslationNorChooseAddressesOutside() {
        var member = Cloud.member("p");
        var plain = cloud.post("routers", "{'router':{'external_gateway_info':%s}}".formatted(gateway()), member);
        assertThat(plain.status()).isEqualTo(201);
        assertThat(plain.get("distributed").isMissingNode()).isTrue();
        for (var more : List.of("'enable_snat':false", "'external_fixed_ips':[{'ip_address':'203.0.113.9'}]")) {
            var body = "{'router':{'external_gateway_info':{'network_id':'%s',%s}}}".formatted(outside, more);
            assertRefused(cloud.post("routers", body, member), 403, "PolicyNotAuthorized");
        }
        assertRefused(cloud.post("routers", "{'router':{'distributed':true}}", member), 403, "PolicyNotAuthorized");
    }

    @Test
    void routesAreAddedAndRemovedByThemselves() {
        var router = between();
        var added = cloud.put(
                "routers/" + router + "/add_extraroutes",
                "{'router':{'routes':[{'destination':'172.16.0.0/16','nexthop':'10.0.0.9'},"
                        + "{'destination':'172.17.0.0/16','nexthop':'203.0.113.250'}]}}");
        assertThat(added.ok().get("routes")).hasSize(2);
        var again = "{'router':{'routes':[{'destination':'172.16.0.0/16','nexthop':'10.0.0.9'}]}}";
        assertThat(cloud.put("routers/" + router + "/add_extraroutes", again)
                        .ok()
                        .get("routes"))
                .hasSize(2);
        for (int i = 0; i < 2; i++) {
            var rest = cloud.put("routers/" + router + "/remove_extraroutes", again);
            assertThat(rest.ok().get("routes")).hasSize(1);
        }
        var stray = "{'router':{'routes':[{'destination':'172.16.0.0/16','nexthop':'10.1.0.9'}]}}";
        assertRefused(cloud.put("routers/" + router + "/add_extraroutes", stray), 400, "InvalidRoutes");
    }

    @Test
    void aFloatingIpIsAnAddressOutside() {
        var floating = floating("").ok();
        assertThat(floating.text("floating_ip_address")).isEqualTo("203.0.113.2");
        assertThat(floating.text("status")).isEqualTo("DOWN");
        for (var nothing : List.of("port_id", "fixed_ip_address", "router_id", "port_details")) {
            assertThat(floating.get(nothing).isNull()).as(nothing).isTrue();
        }
        assertThat(floating.get("subnet_id").isMissingNode()).isTrue();
        var port = cloud.get("ports/" + ports("device_owner=network:floatingip").getFirst());
        assertThat(port.text("device_id")).isEqualTo(floating.id());
        assertRefused(cloud.delete("ports/" + port.id()), 409, "ServicePortInUse");
        assertThat(floating(",'floating_ip_address':'203.0.113.50'").text("floating_ip_address"))
                .isEqualTo("203.0.113.50");
        assertRefused(floating(",'floating_ip_address':'203.0.113.50'"), 409, "IpAddressAlreadyAllocated");
        assertRefused(floating(",'floating_ip_address':'192.0.2.1'"), 400, "InvalidIpForNetwork");
        var second = cloud.subnet(outside, "198.51.100.0/24");
        assertThat(floating(",'subnet_id':'%s'".formatted(second)).text("floating_ip_address"))
                .isEqualTo("198.51.100.2");
        assertThat(cloud.delete("floatingips/" + floating.id()).status()).isEqualTo(204);
        assertThat(cloud.get("ports/" + port.id()).status()).isEqualTo(404);
        assertRefused(cloud.get("floatingips/" + floating.id()), 404, "FloatingIPNotFound");
    }

    @Test
    void aFloatingIpStandsForAPortUntilToldOtherwise() {
        var router = between();
        var port = cloud.port(inside, ",'name':'web'").ok();
        var floating = floating(",'port_id':'%s'".formatted(port.id())).ok();
        assertThat(floating.text("router_id")).isEqualTo(router);
        assertThat(floating.text("fixed_ip_address")).isEqualTo("10.0.0.2");
        assertThat(floating.get("port_details").path("name").asString("")).isEqualTo("web");
        assertThat(Cloud.all(cloud.get("floatingips?port_id=" + port.id()), "id"))
                .containsExactly(floating.id());
        var described = stand(floating.id(), "'description':'x'").ok();
        assertThat(described.text("port_id")).isEqualTo(port.id());
        assertRefused(floating(",'port_id':'%s'".formatted(port.id())), 409, "FloatingIPPortAlreadyAssociated");
        assertRefused(change(router, "'external_gateway_info':{}"), 409, "RouterExternalGatewayInUseByFloatingIp");
        assertRefused(
                cloud.put(
                        "routers/" + router + "/remove_router_interface", "{'subnet_id':'%s'}".formatted(insideSubnet)),
                409,
                "RouterInterfaceInUseByFloatingIP");
        var parted = stand(floating.id(), "'port_id':null").ok();
        assertThat(parted.get("router_id").isNull()).isTrue();
        assertThat(parted.get("fixed_ip_address").isNull()).isTrue();
        stand(floating.id(), "'port_id':'%s'".formatted(port.id())).ok();
        cloud.delete("ports/" + port.id());
        assertThat(cloud.get("floatingips/" + floating.id()).get("port_id").isNull())
                .isTrue();
        change(router, "'external_gateway_info':null").ok();
    }

    @Test
    void aFloatingIpThatStandsForNothingGoesWithItsNetwork() {
        var floating = floating("").id();
        assertThat(cloud.delete("networks/" + outside).status()).isEqualTo(204);
        assertRefused(cloud.get("floatingips/" + floating), 404, "FloatingIPNotFound");
    }

    @Test
    void aPortThatLosesItsAddressLosesItsFloatingIp() {
        between();
        var port = cloud.port(inside, "").id();
        var floating = floating(",'port_id':'%s'".formatted(port)).id();
        cloud.put("ports/" + port, "{'port':{'fixed_ips':[{'ip_address':'10.0.0.99'}]}}")
                .ok();
        assertThat(cloud.get("floatingips/" + floating).get("port_id").isNull()).isTrue();
    }

    @Test
    void anAssociationThatCannotBeIsRefused() {
        assertRefused(
                cloud.post("floatingips", "{'floatingip':{'floating_network_id':'%s'}}".formatted(inside)),
                400,
                "BadRequest");
        var bare =
                cloud.post("networks", "{'network':{'router:external':true}}").id();
        assertRefused(
                cloud.post("floatingips", "{'floatingip':{'floating_network_id':'%s'}}".formatted(bare)),
                400,
                "BadRequest");
        var port = cloud.port(inside, ",'fixed_ips':[{'ip_address':'10.0.0.5'},{'ip_address':'10.0.0.6'}]")
                .id();
        assertRefused(
                floating(",'port_id':'%s','fixed_ip_address':'10.0.0.5'".formatted(port)),
                404,
                "ExternalGatewayForFloatingIPNotFound");
        between();
        assertRefused(floating(",'port_id':'%s'".formatted(port)), 400, "BadRequest");
        assertRefused(floating(",'port_id':'%s','fixed_ip_address':'10.0.0.7'".formatted(port)), 400, "BadRequest");
        assertRefused(floating(",'fixed_ip_address':'10.0.0.5'"), 400, "BadRequest");
        assertRefused(floating(",'port_id':'00000000-0000-0000-0000-000000000000'"), 404, "PortNotFound");
        assertThat(ports("device_owner=network:floatingip")).isEmpty();
        var first = floating(",'port_id':'%s','fixed_ip_address':'10.0.0.5'".formatted(port));
        var second = floating(",'port_id':'%s','fixed_ip_address':'10.0.0.6'".formatted(port));
        assertThat(first.ok().text("port_id")).isEqualTo(second.ok().text("port_id"));
    }

    @Test
    void floatingIpsCountForAQuota() {
        try (var small = new Cloud("--quota.floatingip=1")) {
            var network = small.post("networks", "{'network':{'router:external':true}}")
                    .id();
            small.subnet(network, "203.0.113.0/24");
            var body = "{'floatingip':{'floating_network_id':'%s'}}".formatted(network);
            small.post("floatingips", body, Cloud.member("p")).ok();
            assertRefused(small.post("floatingips", body, Cloud.member("p")), 409, "OverQuota");
        }
    }

    @Test
    void portsOfAFloatingIpAreForwarded() {
        var router = between();
        var port = cloud.port(inside, "").id();
        var floating = floating("").id();
        var web = forward(floating, port, ",'external_port':8080,'internal_port':80")
                .ok();
        assertThat(web.text("internal_ip_address")).isEqualTo("10.0.0.2");
        assertThat(web.text("external_port_range")).isEqualTo("8080:8080");
        assertThat(web.get("project_id").isMissingNode()).isTrue();
        var range = forward(floating, port, ",'external_port_range':'9000:9009','internal_port_range':'9100:9109'");
        assertThat(range.ok().get("external_port").isNull()).isTrue();
        var shown = cloud.get("floatingips/" + floating);
        assertThat(shown.get("port_forwardings")).hasSize(2);
        assertThat(shown.text("router_id")).isEqualTo(router);
        assertRefused(forward(floating, port, ",'external_port':9005,'internal_port':22"), 400, "BadRequest");
        assertRefused(forward(floating, port, ",'external_port':81,'internal_port':80"), 400, "BadRequest");
        assertRefused(
                forward(floating, port, ",'external_port_range':'1:3','internal_port_range':'5:6'"), 400, "BadRequest");
        assertRefused(forward(floating, port, ",'internal_port':7"), 400, "BadRequest");
        assertRefused(cloud.delete("floatingips/" + floating), 409, "FipInUseByPortForwarding");
        assertRefused(stand(floating, "'port_id':'%s'".formatted(port)), 409, "FipInUseByPortForwarding");
        var one = "floatingips/" + floating + "/port_forwardings/" + web.id();
        var changed = cloud.put(one, "{'port_forwarding':{'external_port':8081,'description':'d'}}");
        assertThat(changed.ok().get("external_port").asInt(0)).isEqualTo(8081);
        assertThat(changed.text("external_port_range")).isEqualTo("8081:8081");
        assertThat(cloud.get("floatingips/" + floating("").id() + "/port_forwardings/" + web.id())
                        .status())
                .isEqualTo(404);
        assertThat(cloud.delete(one).status()).isEqualTo(204);
        cloud.delete("ports/" + port);
        assertThat(cloud.get("floatingips/" + floating).get("port_forwardings")).isEmpty();
        assertThat(cloud.get("floatingips/" + floating).get("router_id").isNull())
                .isTrue();
    }

    @Test
    void aRouterFollowsProtocolsThatItKnows() {
        var router = router("").id();
        var all = "routers/" + router + "/conntrack_helpers";
        var ftp = "{'conntrack_helper':{'protocol':'tcp','port':21,'helper':'ftp'}}";
        var helper = cloud.post(all, ftp).ok();
        assertThat(helper.get("project_id").isMissingNode()).isTrue();
        assertThat(cloud.get("routers/" + router).get("conntrack_helpers")).hasSize(1);
        assertRefused(cloud.post(all, ftp), 400, "BadRequest");
        assertRefused(cloud.post(all, ftp.replace("tcp", "udp")), 400, "InvalidProtocolForHelper");
        assertRefused(cloud.post(all, ftp.replace("'ftp'", "'gopher'")), 400, "ConntrackHelperNotAllowed");
        assertRefused(cloud.post(all, ftp.replace("21", "0")), 400, "HTTPBadRequest");
        var changed = cloud.put(all + "/" + helper.id(), "{'conntrack_helper':{'port':2121}}");
        assertThat(changed.ok().get("port").asInt(0)).isEqualTo(2121);
        assertThat(cloud.delete(all + "/" + helper.id()).status()).isEqualTo(204);
        assertRefused(cloud.get(all + "/" + helper.id()), 404, "ConntrackHelperNotFound");
        cloud.post(all, ftp).ok();
        assertThat(cloud.delete("routers/" + router).status()).isEqualTo(204);
    }

    @Test
    void anAvailabilityZoneThatIsNotThereIsRefused() {
        assertThat(Cloud.all(cloud.get("availability_zones?resource=router"), "name"))
                .containsExactly("nova");
        assertThat(router("'availability_zone_hints':['nova']").ok().get("availability_zones"))
                .hasSize(1);
        assertRefused(router("'availability_zone_hints':['moon']"), 404, "AvailabilityZoneNotFound");
    }

    @Test
    void theSubnetsOutsideAreWhereFloatingIpsAreFrom() {
        cloud.subnet(outside, "2001:db8::/64");
        var member = Cloud.member("p");
        var pools = cloud.get("floatingip_pools", member).ok().body().path("floatingip_pools");
        assertThat(pools).hasSize(1);
        var pool = pools.path(0);
        assertThat(pool.path("subnet_id").asString("")).isEqualTo(outsideSubnet);
        assertThat(pool.path("network_id").asString("")).isEqualTo(outside);
        assertThat(pool.path("cidr").asString("")).isEqualTo("203.0.113.0/24");
        assertThat(pool.path("project_id").asString("")).isEqualTo("p");
        assertThat(cloud.get("floatingip_pools?cidr=10.0.0.0/24", member).body().path("floatingip_pools"))
                .isEmpty();
        assertThat(cloud.get("floatingip_pools?fields=cidr", member)
                        .body()
                        .path("floatingip_pools")
                        .path(0))
                .hasSize(1);
    }

    @Test
    void aFloatingIpThatStandsForNothingGoesAsItsNetworkTurnsInside() {
        var floating = floating("").id();
        cloud.put("networks/" + outside, "{'network':{'router:external':false}}")
                .ok();
        assertRefused(cloud.get("floatingips/" + floating), 404, "FloatingIPNotFound");
        assertThat(ports("network_id=" + outside)).isEmpty();
    }

    @Test
    void anInterfaceOfARouterKeepsItsAddress() {
        var router = between();
        var leg = ports("device_owner=network:router_interface&device_id=" + router)
                .getFirst();
        var path = "ports/" + leg;
        assertRefused(cloud.put(path, "{'port':{'fixed_ips':[{'ip_address':'10.0.0.99'}]}}"), 400, "BadRequest");
        assertRefused(cloud.put(path, "{'port':{'fixed_ips':[]}}"), 400, "BadRequest");
        cloud.put(path, "{'port':{'fixed_ips':[{'subnet_id':'%s'}]}}".formatted(insideSubnet))
                .ok();
        cloud.put(path, "{'port':{'name':'leg'}}").ok();
    }

    @Test
    void aFloatingIpTellsItsForwardingsInFull() {
        between();
        var floating = floating("").id();
        var port = cloud.port(inside, "").id();
        var made = forward(floating, port, ",'internal_port':80,'external_port':8080")
                .id();
        var shown = cloud.get("floatingips/" + floating).get("port_forwardings").path(0);
        assertThat(shown.path("id").asString("")).isEqualTo(made);
        assertThat(shown.path("internal_port_id").asString("")).isEqualTo(port);
    }

    @Test
    void portsAreFoundByPiecesOfTheirAddresses() {
        var six = cloud.subnet(inside, "2001:db8:1::/64");
        var one = cloud.port(inside, ",'fixed_ips':[{'ip_address':'10.0.0.101'},{'ip_address':'2001:db8:1::a'}]")
                .id();
        var two =
                cloud.port(inside, ",'fixed_ips':[{'ip_address':'10.0.0.102'}]").id();
        assertThat(ports("fixed_ips=ip_address_substr%3D.10")).containsExactlyInAnyOrder(one, two);
        assertThat(ports("fixed_ips=ip_address_substr%3D101&fixed_ips=ip_address_substr%3D102"))
                .containsExactlyInAnyOrder(one, two);
        assertThat(ports("fixed_ips=ip_address_substr%3D10.0&fixed_ips=ip_address%3D2001:db8:1::a"))
                .containsExactly(one);
        assertThat(ports("fixed_ips=ip_address_substr%3DB8:1")).containsExactly(one);
        assertThat(ports("fixed_ips=ip_address_substr%3D192.168&fixed_ips=subnet_id%3D" + insideSubnet))
                .isEmpty();
        assertThat(ports("fixed_ips=ip_address%3D10.0.0.101&fixed_ips=subnet_id%3D" + insideSubnet))
                .containsExactly(one);
        assertThat(ports("fixed_ips=ip_address%3D10.0.0.101&fixed_ips=subnet_id%3D" + six))
                .isEmpty();
        assertThat(ports("fixed_ips=ip_address%3D10.0.0.101&fixed_ips=ip_address%3D10.0.0.102"))
                .containsExactlyInAnyOrder(one, two);
        assertThat(cloud.get("ports?fixed_ips=subnet_id_substr%3Da").status()).isEqualTo(400);
    }

    @Test
    void aChangeOfNothingTakesAFloatingIpFromItsPort() {
        between();
        var port = cloud.port(inside, "").id();
        var floating = floating(",'port_id':'%s'".formatted(port)).ok();
        assertThat(stand(floating.id(), "'description':'d'").ok().text("port_id"))
                .isEqualTo(port);
        assertThat(stand(floating.id(), "").ok().get("port_id").isNull()).isTrue();
    }
}
