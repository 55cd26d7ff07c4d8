package org.dragonflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Writes that are only tried: answered as if they were done, and not done. */
class DryRunTest {
    private final Cloud cloud = new Cloud("--quota.router=1");

    @AfterEach
    void close() {
        cloud.close();
    }

    /** What is answered, after seeing that it changed nothing. */
    private Cloud.Reply tried(String method, String path, String body, String... headers) {
        var before = cloud.server().replica().state();
        var reply = cloud.send(method, path + "?dry_run=true", body, headers);
        assertThat(cloud.server().replica().state()).as(path).isSameAs(before);
        return reply;
    }

    private void isAnsweredAsIfDone(int status, String method, String path, String body) {
        var reply = tried(method, path, body);
        assertThat(reply.status()).as("%s %s: %s", method, path, reply.body()).isEqualTo(status);
        assertThat(reply.http().headers().firstValue("X-Dragonflow-Dry-Run")).hasValue("true");
        assertThat(cloud.send(method, path, body).status())
                .as("%s %s", method, path)
                .isEqualTo(status);
    }

    @Test
    void everyKindOfWriteCanBeTried() {
        var network = cloud.network();
        var subnet = cloud.subnet(network, "10.0.0.0/24");
        var router = cloud.router();
        var port = cloud.port(network, ",'device_owner':'compute:nova'").id();
        isAnsweredAsIfDone(201, "POST", "networks", "{'network':{'name':'a'}}");
        isAnsweredAsIfDone(201, "POST", "networks", "{'networks':[{'name':'a'},{'name':'b'}]}");
        isAnsweredAsIfDone(201, "POST", "ports", "{'port':{'network_id':'%s'}}".formatted(network));
        isAnsweredAsIfDone(200, "PUT", "ports/" + port, "{'port':{'name':'p'}}");
        isAnsweredAsIfDone(201, "POST", "networks/" + network + "/tags", "{'tags':['x']}");
        isAnsweredAsIfDone(200, "PUT", "networks/" + network + "/tags", "{'tags':['y']}");
        isAnsweredAsIfDone(201, "PUT", "networks/" + network + "/tags/z", "");
        isAnsweredAsIfDone(204, "DELETE", "networks/" + network + "/tags/z", "");
        isAnsweredAsIfDone(
                200, "PUT", "routers/" + router + "/add_router_interface", "{'subnet_id':'%s'}".formatted(subnet));
        isAnsweredAsIfDone(
                200, "PUT", "routers/" + router + "/remove_router_interface", "{'subnet_id':'%s'}".formatted(subnet));
        isAnsweredAsIfDone(200, "PUT", "quotas/p", "{'quota':{'network':5}}");
        isAnsweredAsIfDone(204, "DELETE", "quotas/p", "");
        isAnsweredAsIfDone(201, "POST", "qos/policies", "{'policy':{'name':'gold'}}");
        isAnsweredAsIfDone(204, "DELETE", "ports/" + port, "");
        isAnsweredAsIfDone(204, "DELETE", "routers/" + router, "");
    }

    @Test
    void whatWouldBeMadeIsShown() {
        var network = cloud.network();
        cloud.subnet(network, "10.0.0.0/24");
        var port = tried("POST", "ports", "{'port':{'network_id':'%s','name':'p'}}".formatted(network));
        assertThat(port.text("name")).isEqualTo("p");
        assertThat(port.get("fixed_ips").path(0).path("ip_address").asString(""))
                .isEqualTo("10.0.0.2");
        assertThat(cloud.get("ports/" + port.id()).status()).isEqualTo(404);
        var renamed = tried("PUT", "networks/" + network, "{'network':{'name':'other'}}");
        assertThat(renamed.text("name")).isEqualTo("other");
        assertThat(cloud.get("networks/" + network).text("name")).isEqualTo("net");
    }

    /** Some of these show at the commit only. */
    @Test
    void whatWouldBeRefusedIs() {
        var network = cloud.network();
        var subnet = cloud.subnet(network, "10.0.0.0/24");
        cloud.port(network, ",'mac_address':'fa:16:3e:00:00:01','fixed_ips':[{'ip_address':'10.0.0.9'}]")
                .ok();
        var port = "{'port':{'network_id':'%s',%s}}";
        assertThat(tried("POST", "ports", port.formatted(network, "'mac_address':'fa:16:3e:00:00:01'"))
                        .error())
                .isEqualTo("MacAddressInUse");
        assertThat(tried("POST", "ports", port.formatted(network, "'fixed_ips':[{'ip_address':'10.0.0.9'}]"))
                        .error())
                .isEqualTo("IpAddressAlreadyAllocated");
        assertThat(tried("DELETE", "networks/" + network, "").error()).isEqualTo("NetworkInUse");
        assertThat(tried("DELETE", "subnets/" + subnet, "").error()).isEqualTo("SubnetInUse");
        assertThat(tried("PUT", "networks/" + network, "{'network':{'name':'x'}}", Cloud.member("other"))
                        .status())
                .isEqualTo(404);
        assertThat(tried("POST", "networks", "{'network':{'shared':true}}", Cloud.member("other"))
                        .status())
                .isEqualTo(403);
        assertThat(tried("POST", "networks", "{'network':{'name':7}}").status()).isEqualTo(400);
        assertThat(tried("POST", "nothing", "{}").status()).isEqualTo(404);
        assertThat(tried("PUT", "networks/" + network, "{'network':{'name':'x'}}", "If-Match", "revision_number=99")
                        .status())
                .isEqualTo(412);
    }

    @Test
    void whatIsTriedTakesNoQuotaButNeedsIt() {
        var body = "{'router':{'name':'r'}}";
        for (int i = 0; i < 3; i++) {
            assertThat(tried("POST", "routers", body, Cloud.member("p")).status())
                    .isEqualTo(201);
        }
        cloud.post("routers", body, Cloud.member("p")).ok();
        assertThat(tried("POST", "routers", body, Cloud.member("p")).error()).isEqualTo("OverQuota");
    }

    @Test
    void whatIsTriedTakesNoAddresses() {
        var network = cloud.network();
        cloud.subnet(network, "10.0.0.0/29");
        var body = "{'port':{'network_id':'%s'}}".formatted(network);
        for (int i = 0; i < 20; i++) {
            assertThat(tried("POST", "ports", body).status()).isEqualTo(201);
        }
        for (int i = 0; i < 5; i++) {
            cloud.post("ports", body).ok();
        }
        assertThat(tried("POST", "ports", body).error()).isEqualTo("IpAddressGenerationFailure");
    }

    @Test
    void onlyWritesOfNetworkingAreTried() {
        for (var value : List.of("maybe", "")) {
            assertThat(cloud.post("networks?dry_run=" + value, "{'network':{}}").status())
                    .isEqualTo(400);
        }
        assertThat(cloud.get("networks?dry_run=true").status()).isEqualTo(400);
        assertThat(cloud.post("/dragonflow/v1/chassis?dry_run=true", "{'name':'hv1'}")
                        .status())
                .isEqualTo(400);
        assertThat(cloud.post("networks?dry_run=false", "{'network':{}}").status())
                .isEqualTo(201);
    }
}
