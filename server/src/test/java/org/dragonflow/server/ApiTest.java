package org.dragonflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.dragonflow.store.Retention;
import org.dragonflow.store.sqlite.SqliteStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client of the API sees. */
class ApiTest {
    private final Cloud cloud = new Cloud();

    @AfterEach
    void close() {
        cloud.close();
    }

    @Test
    void theRootNamesTheVersion() {
        var versions = cloud.get("/").ok().body().path("versions");
        assertThat(versions.path(0).path("id").asString("")).isEqualTo("v2.0");
        assertThat(versions.path(0).path("links").path(0).path("href").asString(""))
                .isEqualTo(cloud.url() + "/v2.0/");
        assertThat(Cloud.all(cloud.get("/v2.0/"), "name")).contains("network", "security_group_rule");
    }

    @Test
    void extensionsAreListedAndShown() {
        assertThat(Cloud.all(cloud.get("extensions"), "alias")).contains("router", "port-security", "address-group");
        assertThat(cloud.get("extensions/router").text("alias")).isEqualTo("router");
    }

    @Test
    void eachAnswerNamesItsRequest() {
        for (var reply : List.of(cloud.get("networks"), cloud.get("nothing"), cloud.post("networks", "{"))) {
            assertThat(reply.http()
                            .headers()
                            .firstValue("X-Openstack-Request-Id")
                            .orElse(""))
                    .matches("req-[0-9a-f-]{36}");
        }
    }

    @Test
    void aMethodThatIsNotAllowedIsToldWhichAre() {
        var reply = cloud.send("PATCH", "networks", "");
        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.http().headers().firstValue("Allow")).hasValue("GET, HEAD, OPTIONS, POST");
        assertThat(cloud.send("OPTIONS", "networks", "").status()).isEqualTo(204);
        var head = cloud.send("HEAD", "networks", "");
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.http().body()).isEmpty();
    }

    @Test
    void aBodyThatIsTooLongIsRefused() {
        try (var small = new Cloud("--api.max-body-bytes=1024")) {
            var reply = small.post("networks", "{'network':{'name':'" + "x".repeat(2000) + "'}}");
            assertThat(reply.status()).isEqualTo(413);
        }
    }

    @Test
    void aClientReadsItsOwnWrites() {
        for (int i = 0; i < 50; i++) {
            var id = cloud.network();
            assertThat(cloud.get("networks/" + id).status()).isEqualTo(200);
            cloud.put("networks/" + id, "{'network':{'name':'n%d'}}".formatted(i))
                    .ok();
            assertThat(Cloud.all(cloud.get("networks?name=n" + i), "id")).containsExactly(id);
            assertThat(cloud.delete("networks/" + id).status()).isEqualTo(204);
            assertThat(cloud.get("networks/" + id).error()).isEqualTo("NetworkNotFound");
        }
    }

    @Test
    void aSubnetHasAGatewayAndPoolsUnlessTold() {
        var network = cloud.network();
        var subnet = cloud.get("subnets/" + cloud.subnet(network, "10.0.0.0/24"));
        assertThat(subnet.text("gateway_ip")).isEqualTo("10.0.0.1");
        assertThat(subnet.get("allocation_pools")).hasToString("[{\"start\":\"10.0.0.2\",\"end\":\"10.0.0.254\"}]");
        var without = cloud.post(
                "subnets",
                "{'subnet':{'network_id':'%s','cidr':'10.1.0.0/29','ip_version':4,'gateway_ip':null}}"
                        .formatted(network));
        assertThat(without.get("gateway_ip").isNull()).isTrue();
        assertThat(without.get("allocation_pools")).hasToString("[{\"start\":\"10.1.0.1\",\"end\":\"10.1.0.6\"}]");
        var six = cloud.get("subnets/" + cloud.subnet(network, "fd00::/64"));
        assertThat(six.text("gateway_ip")).isEqualTo("fd00::1");
        assertThat(six.get("allocation_pools"))
                .hasToString("[{\"start\":\"fd00::2\",\"end\":\"fd00::ffff:ffff:ffff:ffff\"}]");
        assertThat(cloud.get("networks/" + network).get("subnets")).hasSize(3);
    }

    @Test
    void aPortHasAnAddressOfEachFamily() {
        var network = cloud.network();
        cloud.subnet(network, "10.0.0.0/24");
        cloud.subnet(network, "fd00::/64");
        var port = cloud.port(network, "").ok();
        assertThat(port.get("fixed_ips").path(0).path("ip_address").asString(""))
                .isEqualTo("10.0.0.2");
        assertThat(port.get("fixed_ips").path(1).path("ip_address").asString(""))
                .isEqualTo("fd00::2");
        assertThat(port.text("mac_address")).startsWith("fa:16:3e:");
        assertThat(port.get("security_groups")).hasSize(1);
    }

    @Test
    void aHostThatFormsItsAddressHasItAlsoOnASubnetThatComesLater() {
        var network = cloud.network();
        var port = cloud.port(network, ",'mac_address':'fa:16:3e:00:00:01'").id();
        var subnet = cloud.post(
                        "subnets",
                        "{'subnet':{'network_id':'%s','cidr':'fd00::/64','ip_version':6,'ipv6_address_mode':'slaac','ipv6_ra_mode':'slaac'}}"
                                .formatted(network))
                .id();
        assertThat(cloud.get("ports/" + port)
                        .get("fixed_ips")
                        .path(0)
                        .path("ip_address")
                        .asString(""))
                .isEqualTo("fd00::f816:3eff:fe00:1");
        assertThat(cloud.delete("subnets/" + subnet).status()).isEqualTo(204);
        assertThat(cloud.get("ports/" + port).get("fixed_ips")).isEmpty();
    }

    @Test
    void anAddressThatIsGivenBackIsGivenAgainLast() {
        var network = cloud.network();
        cloud.subnet(network, "10.0.0.0/29");
        var first = cloud.port(network, "").id();
        cloud.delete("ports/" + first);
        var given = new ArrayList<String>();
        for (int i = 0; i < 5; i++) {
            given.add(cloud.port(network, "")
                    .get("fixed_ips")
                    .path(0)
                    .path("ip_address")
                    .asString(""));
        }
        assertThat(given).containsExactly("10.0.0.3", "10.0.0.4", "10.0.0.5", "10.0.0.6", "10.0.0.2");
        assertThat(cloud.port(network, "").error()).isEqualTo("IpAddressGenerationFailure");
    }

    @Test
    void aPortKeepsTheAddressesThatItAsksForAgain() {
        var network = cloud.network();
        var subnet = cloud.subnet(network, "10.0.0.0/24");
        var port = cloud.port(network, "").id();
        var two = cloud.put(
                "ports/" + port,
                "{'port':{'fixed_ips':[{'subnet_id':'%s'},{'ip_address':'10.0.0.77'}]}}".formatted(subnet));
        assertThat(two.get("fixed_ips").findValuesAsString("ip_address")).containsExactly("10.0.0.2", "10.0.0.77");
        var one = cloud.put("ports/" + port, "{'port':{'fixed_ips':[{'ip_address':'10.0.0.77'}]}}");
        assertThat(one.get("fixed_ips").findValuesAsString("ip_address")).containsExactly("10.0.0.77");
        assertThat(cloud.port(network, ",'fixed_ips':[{'ip_address':'10.0.0.2'}]")
                        .status())
                .isEqualTo(201);
    }

    @Test
    void aBoundPortSaysSoOnlyIfItsChassisIsKnown() {
        var network = cloud.network();
        assertThat(cloud.port(network, "").text("binding:vif_type")).isEqualTo("unbound");
        var bound = cloud.port(network, ",'binding:host_id':'hv1'");
        assertThat(bound.text("binding:vif_type")).isEqualTo("binding_failed");
        assertThat(bound.text("status")).isEqualTo("DOWN");
    }

    @Test
    void anAddressPairIsShownAsItWasGiven() {
        var port = cloud.port(
                cloud.network(), ",'allowed_address_pairs':[{'ip_address':'10.0.0.7'},{'ip_address':'10.0.0.0/24'}]");
        assertThat(port.get("allowed_address_pairs").findValuesAsString("ip_address"))
                .containsExactly("10.0.0.7", "10.0.0.0/24");
        assertThat(port.get("allowed_address_pairs").path(0).path("mac_address"))
                .isEqualTo(port.get("mac_address"));
    }

    @Test
    void aBulkRequestDoesAllOrNothing() {
        var all = cloud.post("networks", "{'networks':[{'name':'a'},{'name':'b'}]}")
                .ok();
        assertThat(Cloud.all(all, "name")).containsExactly("a", "b");
        assertThat(cloud.post("networks", "{'networks':[{'name':'c'},{'name':7}]}")
                        .status())
                .isEqualTo(400);
        assertThat(Cloud.all(cloud.get("networks?name=c"), "id")).isEmpty();
        var network = Cloud.all(all, "id").getFirst();
        cloud.subnet(network, "10.0.0.0/24");
        long before = cloud.revision();
        var ports = cloud.post(
                "ports",
                "{'ports':[{'network_id':'%s'},{'network_id':'%s','fixed_ips':[{'ip_address':'9.9.9.9'}]}]}"
                        .formatted(network, network));
        assertThat(ports.error()).isEqualTo("InvalidIpForNetwork");
        var twice = "{'network_id':'%s','mac_address':'fa:16:3e:00:00:01'}".formatted(network);
        assertThat(cloud.post("ports", "{'ports':[%s,%s]}".formatted(twice, twice))
                        .error())
                .isEqualTo("MacAddressInUse");
        assertThat(cloud.revision()).isEqualTo(before);
        assertThat(cloud.port(network, "")
                        .get("fixed_ips")
                        .path(0)
                        .path("ip_address")
                        .asString(""))
                .startsWith("10.0.0.");
    }

    @Test
    void aChangeThatTakesAnOldRevisionForGrantedIsRefused() {
        var path = "networks/" + cloud.network();
        assertThat(cloud.put(path, "{'network':{'name':'x'}}", "If-Match", "revision_number=1")
                        .status())
                .isEqualTo(200);
        var late = cloud.put(path, "{'network':{'name':'y'}}", "If-Match", "revision_number=1");
        assertThat(late.status()).isEqualTo(412);
        assertThat(late.error()).isEqualTo("RevisionNumberConstraintFailed");
        assertThat(cloud.delete(path, "If-Match", "revision_number=1").status()).isEqualTo(412);
        assertThat(cloud.delete(path, "If-Match", "revision_number=2").status()).isEqualTo(204);
    }

    @Test
    void aListIsCutIntoPagesInBothDirections() {
        for (var name : List.of("c", "a", "e", "b", "d")) {
            cloud.post("networks", "{'network':{'name':'%s'}}".formatted(name)).ok();
        }
        var first = cloud.get("networks?sort_key=name&limit=2");
        assertThat(Cloud.all(first, "name")).containsExactly("a", "b");
        assertThat(Cloud.links(first, "networks")).containsOnlyKeys("next", "previous");
        var second = cloud.get(path(Cloud.links(first, "networks").get("next")));
        assertThat(Cloud.all(second, "name")).containsExactly("c", "d");
        var third = cloud.get(path(Cloud.links(second, "networks").get("next")));
        assertThat(Cloud.all(third, "name")).containsExactly("e");
        assertThat(Cloud.links(third, "networks")).containsOnlyKeys("previous");
        var back = cloud.get(path(Cloud.links(third, "networks").get("previous")));
        assertThat(Cloud.all(back, "name")).containsExactly("c", "d");
        var full = cloud.get("networks?sort_key=name&limit=5");
        assertThat(Cloud.all(full, "name")).hasSize(5);
        var beyond = cloud.get(path(Cloud.links(full, "networks").get("next")));
        assertThat(Cloud.all(beyond, "name")).isEmpty();
        assertThat(Cloud.links(beyond, "networks")).containsOnlyKeys("previous");
        var again = cloud.get(path(Cloud.links(beyond, "networks").get("previous")));
        assertThat(Cloud.all(again, "name")).containsExactly("a", "b", "c", "d", "e");
        assertThat(cloud.get("networks?sort_key=name").body().has("networks_links"))
                .isFalse();
        var descending = cloud.get("networks?sort_key=admin_state_up&sort_dir=asc&sort_key=name&sort_dir=desc");
        assertThat(Cloud.all(descending, "name")).containsExactly("e", "d", "c", "b", "a");
    }

    @Test
    void aListBeginsAnewBehindAMarkerThatIsNotThereWhereNeutronDoesNotAskForIt() {
        cloud.post("qos/policies", "{'policy':{'name':'q'}}").ok();
        var nowhere = "?limit=1&marker=11111111-7a5c-4f6e-9a1b-0c9d8e7f6a5b";
        assertThat(Cloud.all(cloud.get("qos/policies" + nowhere), "name")).containsExactly("q");
        assertThat(cloud.get("networks" + nowhere).error()).isEqualTo("NetworkNotFound");
    }

    private String path(String href) {
        assertThat(href).startsWith(cloud.url());
        return href.substring(cloud.url().length());
    }

    @Test
    void aListHoldsWhatMatchesEveryFilterAndShowsTheFieldsAskedFor() {
        var network = cloud.network();
        var subnet = cloud.subnet(network, "10.0.0.0/24");
        var one = cloud.port(network, ",'name':'one','admin_state_up':false").id();
        var two = cloud.port(network, ",'name':'two','device_id':'vm'").id();
        assertThat(Cloud.all(cloud.get("ports?name=one&name=two&network_id=" + network), "id"))
                .containsExactlyInAnyOrder(one, two);
        assertThat(Cloud.all(cloud.get("ports?admin_state_up=False"), "id")).containsExactly(one);
        assertThat(Cloud.all(cloud.get("ports?device_id=vm&name=one"), "id")).isEmpty();
        assertThat(Cloud.all(cloud.get("ports?fixed_ips=ip_address%3D10.0.0.3"), "id"))
                .containsExactly(two);
        assertThat(Cloud.all(cloud.get("ports?fixed_ips=subnet_id%3D" + subnet), "id"))
                .hasSize(2);
        assertThat(Cloud.all(cloud.get("ports?tenant_id=admin"), "id")).hasSize(2);
        assertThat(Cloud.all(cloud.get("ports?id=" + one), "name")).containsExactly("one");
        var fields = cloud.get("ports?id=%s&fields=name&fields=id".formatted(one))
                .body()
                .path("ports")
                .path(0);
        assertThat(fields.propertyNames()).containsExactlyInAnyOrder("id", "name");
    }

    @Test
    void aFilterMayAskForSeveralValuesOrABeginning() {
        var network = cloud.network();
        cloud.subnet(network, "10.0.0.0/24");
        for (var name : List.of("web-1", "web-2", "db", "in:db,web-1", "")) {
            cloud.port(network, ",'name':'%s'".formatted(name)).ok();
        }
        assertThat(Cloud.all(cloud.get("ports?name=in:web-1,db"), "name")).containsExactlyInAnyOrder("web-1", "db");
        assertThat(Cloud.all(cloud.get("ports?name=prefix:web-"), "name")).containsExactlyInAnyOrder("web-1", "web-2");
        // As Neutron has it, a name is what it says.
        assertThat(Cloud.all(cloud.get("ports?name=in:db,web-1"), "name")).contains("in:db,web-1");
        assertThat(Cloud.all(cloud.get("ports?name="), "name")).containsExactly("");
        assertThat(Cloud.all(cloud.get("ports?name=&name=db"), "name")).containsExactlyInAnyOrder("", "db");
        assertThat(Cloud.all(cloud.get("ports?status=in:DOWN,ACTIVE"), "name")).hasSize(5);
        assertThat(Cloud.all(cloud.get("subnets?cidr=prefix:10.0."), "cidr")).containsExactly("10.0.0.0/24");
        assertThat(Cloud.all(cloud.get("ports?project_id=prefix:adm"), "name")).hasSize(5);
        assertThat(Cloud.all(cloud.get("ports?tenant_id=in:x,admin"), "name")).hasSize(5);
        assertThat(cloud.get("ports?network_id=in:%s,nonsense".formatted(network))
                        .status())
                .isEqualTo(200);
        assertThat(cloud.get("ports?admin_state_up=in:true,maybe").status()).isEqualTo(400);
    }

    @Test
    void aRouterIsJoinedToSubnetsAndParted() {
        var network = cloud.network();
        var subnet = cloud.subnet(network, "10.0.0.0/24");
        var router = cloud.router();
        var added = cloud.put("routers/" + router + "/add_router_interface", "{'subnet_id':'%s'}".formatted(subnet))
                .ok();
        assertThat(added.body().propertyNames())
                .containsExactlyInAnyOrder(
                        "id", "tenant_id", "project_id", "port_id", "network_id", "subnet_id", "subnet_ids");
        var port = cloud.get("ports/" + added.body().path("port_id").asString(""));
        assertThat(port.text("device_owner")).isEqualTo("network:router_interface");
        assertThat(port.text("device_id")).isEqualTo(router);
        assertThat(port.get("fixed_ips").path(0).path("ip_address").asString(""))
                .isEqualTo("10.0.0.1");
        cloud.put("routers/" + router + "/remove_router_interface", "{'subnet_id':'%s'}".formatted(subnet))
                .ok();
        assertThat(cloud.get("ports/" + port.text("id")).status()).isEqualTo(404);
        assertThat(cloud.delete("routers/" + router).status()).isEqualTo(204);
        assertThat(cloud.delete("networks/" + network).status()).isEqualTo(204);
        assertThat(cloud.get("subnets/" + subnet).status()).isEqualTo(404);
    }

    @Test
    void aGroupLetsItsMembersOutAndTheDefaultOneLetsThemTalk() {
        var group = cloud.get("security-groups/" + cloud.group("web"));
        assertThat(group.get("security_group_rules").findValuesAsString("direction"))
                .containsExactly("egress", "egress");
        var theDefault = cloud.get("security-groups?name=default")
                .body()
                .path("security_groups")
                .path(0);
        assertThat(theDefault.path("security_group_rules").findValuesAsString("direction"))
                .containsExactlyInAnyOrder("egress", "egress", "ingress", "ingress");
    }

    @Test
    void anAddressGroupGrowsAndShrinks() {
        var group = "address-groups/"
                + cloud.post("address-groups", "{'address_group':{}}").id();
        cloud.put(group + "/add_addresses", "{'address_group':{'addresses':['10.0.0.0/8','fd00::/8']}}")
                .ok();
        var rest = cloud.put(group + "/remove_addresses", "{'addresses':['10.0.0.0/8']}");
        assertThat(rest.get("addresses")).hasToString("[\"fd00::/8\"]");
        cloud.put(group + "/add_addresses", "{'addresses':['10.1.0.9/16','192.0.2.7']}")
                .ok();
        assertThat(cloud.get(group).get("addresses")).hasToString("[\"fd00::/8\",\"10.1.0.0/16\",\"192.0.2.7/32\"]");
        var loose = cloud.post("address-groups", "{'address_group':{'addresses':['192.168.0.10/24']}}");
        assertThat(loose.get("addresses")).hasToString("[\"192.168.0.0/24\"]");
        assertThat(cloud.post("address-groups", "{'address_group':{'addresses':['192.0.2.7']}}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void eachOfSeveralMayHaveItsNameAroundIt() {
        var both = cloud.post("networks", "{'networks':[{'network':{'name':'a'}},{'name':'b'}]}");
        assertThat(Cloud.all(both, "name")).containsExactly("a", "b");
    }

    @Test
    void aGroupWhoseRulesAreTooManyIsNotMade() {
        cloud.group("first");
        cloud.put("quotas/p", "{'quota':{'security_group_rule':0}}").ok();
        var refused = cloud.post("security-groups", "{'security_group':{'name':'g'}}", Cloud.member("p"));
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.error()).isEqualTo("OverQuota");
    }

    @Test
    void whoMayNeverMakeAThingHearsThatBeforeWhatIsMissing() {
        var rule = "{'bandwidth_limit_rule':{'max_kbps':1}}";
        assertThat(cloud.post("qos/policies/nowhere/bandwidth_limit_rules", rule, Cloud.member("p"))
                        .status())
                .isEqualTo(403);
        assertThat(cloud.post("qos/policies/nowhere/bandwidth_limit_rules", rule)
                        .status())
                .isEqualTo(404);
    }

    @Test
    void aTenantIsToldOfZones() {
        assertThat(Cloud.all(cloud.get("availability_zones", Cloud.member("p")), "name"))
                .isNotEmpty();
    }

    @Test
    void whatWasAnsweredIsThereAfterARestart(@TempDir Path directory) {
        var file = directory.resolve("northbound.db");
        String network;
        try (var before = new Cloud(SqliteStore.open(file, Clock.systemUTC(), Retention.STANDARD))) {
            network = before.network();
            before.subnet(network, "10.0.0.0/24");
            before.port(network, "").ok();
        }
        try (var after = new Cloud(SqliteStore.open(file, Clock.systemUTC(), Retention.STANDARD))) {
            assertThat(Cloud.all(after.get("ports?network_id=" + network), "status"))
                    .containsExactly("DOWN");
            assertThat(after.port(network, "")
                            .get("fixed_ips")
                            .path(0)
                            .path("ip_address")
                            .asString(""))
                    .isEqualTo("10.0.0.3");
        }
    }

    @Test
    void metricsAndHealthAreTold() {
        cloud.network();
        assertThat(cloud.get("/metrics").http().body())
                .contains(
                        "dragonflow_api_request_seconds_count{method=\"POST\",path=\"/v2.0/networks\",status=\"201\"} 1")
                .contains("dragonflow_replica_revision 2");
        assertThat(cloud.get("/healthz").body().path("ok").asBoolean()).isTrue();
    }

    @Test
    void quotasAreShownSetAndTakenBack() {
        assertThat(cloud.get("quotas/p1").get("port").asInt()).isEqualTo(500);
        assertThat(cloud.put("quotas/p1", "{'quota':{'network':1}}")
                        .get("network")
                        .asInt())
                .isEqualTo(1);
        cloud.network(Cloud.member("p1"));
        assertThat(cloud.post("networks", "{'network':{}}", Cloud.member("p1")).error())
                .isEqualTo("OverQuota");
        assertThat(cloud.get("quotas/p1/default").get("network").asInt()).isEqualTo(100);
        assertThat(Cloud.all(cloud.get("quotas"), "project_id")).containsExactly("p1");
        assertThat(cloud.put("quotas/p1", "{'quota':{'unicorn':1}}").status()).isEqualTo(400);
        assertThat(cloud.put("quotas/p1", "{'quota':{'network':-2}}").status()).isEqualTo(400);
        assertThat(cloud.put("quotas/p1", "{'quota':{}}", Cloud.member("p1")).status())
                .isEqualTo(403);
        assertThat(cloud.get("quotas/p1", Cloud.member("p2")).status()).isEqualTo(403);
        assertThat(cloud.delete("quotas/p1").status()).isEqualTo(204);
        cloud.network(Cloud.member("p1"));
    }
}
