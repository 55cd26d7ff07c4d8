package org.dragonflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Routers that answer outside for IPv6 addresses inside. */
class NdpProxyTest {
    private final Cloud cloud = new Cloud();
    private String pool = "";
    private String outside = "";
    private String inside = "";
    private String subnet = "";

    @BeforeEach
    void build() {
        var scope = cloud.post("address-scopes", "{'address_scope':{'name':'s','ip_version':6}}")
                .id();
        pool = cloud.post(
                        "subnetpools",
                        ("{'subnetpool':{'name':'p','prefixes':['2001:db8::/48'],'default_prefixlen':64,"
                                        + "'address_scope_id':'%s'}}")
                                .formatted(scope))
                .id();
        outside = cloud.post("networks", "{'network':{'router:external':true}}").id();
        cut(outside);
        inside = cloud.network();
        subnet = cut(inside);
    }

    @AfterEach
    void close() {
        cloud.close();
    }

    private String cut(String network) {
        return cloud.post(
                        "subnets",
                        "{'subnet':{'network_id':'%s','ip_version':6,'subnetpool_id':'%s'}}".formatted(network, pool))
                .id();
    }

    private Cloud.Reply router(String attributes) {
        return cloud.post("routers", "{'router':{%s}}".formatted(attributes));
    }

    private String between() {
        var router = router("'enable_ndp_proxy':true,'external_gateway_info':{'network_id':'%s'}".formatted(outside))
                .ok();
        assertThat(router.get("enable_ndp_proxy").asBoolean(false)).isTrue();
        join(router.id(), subnet);
        return router.id();
    }

    private Cloud.Reply change(String router, String attributes) {
        return cloud.put("routers/" + router, "{'router':{%s}}".formatted(attributes));
    }

    private void join(String router, String to) {
        cloud.put("routers/" + router + "/add_router_interface", "{'subnet_id':'%s'}".formatted(to))
                .ok();
    }

    private Cloud.Reply proxy(String router, String port, String more) {
        return cloud.post(
                "ndp_proxies", "{'ndp_proxy':{'router_id':'%s','port_id':'%s'%s}}".formatted(router, port, more));
    }

    private static void assertRefused(Cloud.Reply reply, int status, String type) {
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(status);
        assertThat(reply.error()).isEqualTo(type);
    }

    @Test
    void anAddressInsideIsAnsweredForOutside() {
        var router = between();
        var port = cloud.port(inside, "").ok();
        var address = port.get("fixed_ips").path(0).path("ip_address").asString("");
        var made = proxy(router, port.id(), ",'name':'n'").ok();
        assertThat(made.text("ip_address")).isEqualTo(address);
        assertThat(made.text("router_id")).isEqualTo(router);
        assertThat(made.get("interface_id").isMissingNode()).isTrue();
        assertRefused(
                proxy(router, port.id(), ",'ip_address':'%s'".formatted(address)),
                409,
                "NeutronDbObjectDuplicateEntry");
        assertThat(cloud.put("ndp-proxies/" + made.id(), "{'ndp_proxy':{'description':'d'}}")
                        .text("description"))
                .isEqualTo("d");
        assertThat(Cloud.all(cloud.get("ndp-proxies?name=n"), "id")).containsExactly(made.id());
        assertRefused(
                cloud.put("routers/" + router + "/remove_router_interface", "{'subnet_id':'%s'}".formatted(subnet)),
                409,
                "RouterInterfaceInUseByNDPProxy");
        assertRefused(change(router, "'external_gateway_info':null"), 409, "RouterGatewayInUseByNDPProxy");
        assertThat(cloud.delete("ports/" + port.id()).status()).isEqualTo(204);
        assertRefused(cloud.get("ndp-proxies/" + made.id()), 404, "NDPProxyNotFound");
        change(router, "'external_gateway_info':null").ok();
        assertThat(cloud.get("routers/" + router).get("enable_ndp_proxy").asBoolean(true))
                .isFalse();
    }

    @Test
    void aRouterThatCannotBeAskedOutsideDoesNotAnswer() {
        assertRefused(router("'enable_ndp_proxy':true"), 409, "RouterGatewayNotValid");
        var ofVersion4 =
                cloud.post("networks", "{'network':{'router:external':true}}").id();
        cloud.subnet(ofVersion4, "203.0.113.0/24");
        assertRefused(
                router("'enable_ndp_proxy':true,'external_gateway_info':{'network_id':'%s'}".formatted(ofVersion4)),
                409,
                "RouterGatewayNotValid");
        var router = router("'external_gateway_info':{'network_id':'%s'}".formatted(ofVersion4))
                .ok();
        assertThat(router.get("enable_ndp_proxy").asBoolean(true)).isFalse();
        assertRefused(change(router.id(), "'enable_ndp_proxy':true"), 409, "RouterGatewayNotValid");
        var refused = change(router.id(), "'enable_ndp_proxy':true,'external_gateway_info':null");
        assertThat(refused.message())
                .isEqualTo("Can not enable ndp proxy on router %s, The router's external gateway will be unset."
                        .formatted(router.id()));
        change(router.id(), "'enable_ndp_proxy':true,'external_gateway_info':{'network_id':'%s'}".formatted(outside))
                .ok();
        change(router.id(), "'external_gateway_info':{'network_id':'%s'}".formatted(ofVersion4))
                .ok();
        assertThat(cloud.get("routers/" + router.id()).get("enable_ndp_proxy").asBoolean(true))
                .isFalse();
    }

    @Test
    void aGatewayKeepsIpv6WhileTheRouterAnswers() {
        var ofVersion4 = cloud.subnet(outside, "203.0.113.0/24");
        var router = between();
        var only4 = "'external_gateway_info':{'network_id':'%s','external_fixed_ips':[{'subnet_id':'%s'}]}"
                .formatted(outside, ofVersion4);
        assertRefused(change(router, only4), 409, "RouterIPv6GatewayInUse");
        change(router, "'enable_ndp_proxy':false").ok();
        change(router, only4).ok();
    }

    @Test
    void whatTheRouterCannotReachIsRefused() {
        var router = between();
        var elsewhere = cloud.network();
        cut(elsewhere);
        var far = cloud.port(elsewhere, "").id();
        assertRefused(proxy(router, far, ""), 409, "PortUnreachableRouter");
        assertRefused(proxy(router, "00000000-0000-0000-0000-000000000000", ""), 404, "PortNotFound");
        var near = cloud.port(inside, "").id();
        assertRefused(proxy(router, near, ",'ip_address':'2001:db8::77'"), 400, "InvalidAddress");
        var plain = cloud.network();
        var plainSubnet = cloud.subnet(plain, "2001:db9::/64");
        join(router, plainSubnet);
        assertRefused(proxy(router, cloud.port(plain, "").id(), ""), 409, "AddressScopeConflict");
        var bare = cloud.port(inside, ",'fixed_ips':[]").id();
        assertRefused(proxy(router, bare, ""), 400, "BadRequest");
        change(router, "'enable_ndp_proxy':false").ok();
        assertRefused(proxy(router, near, ""), 409, "RouterNDPProxyNotEnable");
    }
}
