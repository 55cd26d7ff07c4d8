package org.dragonflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Projects do not see each other, unless they want to. */
class ProjectTest {
    private static final String[] RED = Cloud.member("red");
    private static final String[] BLUE = Cloud.member("blue");
    private static final String[] BLUE_READER = {"X-Project-Id", "blue", "X-Roles", "reader"};

    private final Cloud cloud = new Cloud();

    @AfterEach
    void close() {
        cloud.close();
    }

    @Test
    void aProjectSeesItsOwnOnly() {
        var red = cloud.network(RED);
        var blue = cloud.network(BLUE);
        assertThat(Cloud.all(cloud.get("networks", BLUE), "id")).containsExactly(blue);
        assertThat(Cloud.all(cloud.get("networks"), "id")).containsExactlyInAnyOrder(red, blue);
        for (var reply : new Cloud.Reply[] {
            cloud.get("networks/" + red, BLUE),
            cloud.put("networks/" + red, "{'network':{'name':'mine'}}", BLUE),
            cloud.delete("networks/" + red, BLUE),
            cloud.post("ports", "{'port':{'network_id':'%s'}}".formatted(red), BLUE),
            cloud.post(
                    "subnets",
                    "{'subnet':{'network_id':'%s','cidr':'10.0.0.0/24','ip_version':4}}".formatted(red),
                    BLUE)
        }) {
            assertThat(reply.status()).isEqualTo(404);
            assertThat(reply.error()).isEqualTo("NetworkNotFound");
        }
    }

    @Test
    void aSharedNetworkMayBeUsedButNotChanged() {
        var shared = cloud.post("networks", "{'network':{'shared':true}}").id();
        var subnet = cloud.subnet(shared, "10.0.0.0/24");
        assertThat(cloud.get("subnets/" + subnet, BLUE).status()).isEqualTo(200);
        assertThat(cloud.put("networks/" + shared, "{'network':{'name':'mine'}}", BLUE)
                        .error())
                .isEqualTo("PolicyNotAuthorized");
        assertThat(cloud.delete("networks/" + shared, BLUE).status()).isEqualTo(403);
        var port = cloud.post("ports", "{'port':{'network_id':'%s'}}".formatted(shared), BLUE)
                .ok();
        assertThat(port.text("project_id")).isEqualTo("blue");
        assertThat(cloud.post(
                                "ports",
                                "{'port':{'network_id':'%s','fixed_ips':[{'ip_address':'10.0.0.9'}]}}"
                                        .formatted(shared),
                                BLUE)
                        .status())
                .isEqualTo(403);
        assertThat(cloud.put("networks/" + shared, "{'network':{'shared':false}}")
                        .error())
                .isEqualTo("InvalidSharedSetting");
        assertThat(cloud.get("ports/" + port.text("id"), RED).status()).isEqualTo(404);
    }

    @Test
    void onlyAnAdministratorWritesAndReadsWhatIsForAdministrators() {
        assertThat(cloud.post("networks", "{'network':{'shared':true}}", BLUE).error())
                .isEqualTo("PolicyNotAuthorized");
        var own = cloud.post("networks", "{'network':{}}", BLUE).ok();
        assertThat(own.body().path("network").has("provider:segmentation_id")).isFalse();
        assertThat(own.body().path("network").has("key")).isFalse();
        assertThat(cloud.get("networks/" + own.text("id"))
                        .get("provider:segmentation_id")
                        .isInt())
                .isTrue();
    }

    @Test
    void aReaderDoesNotWrite() {
        var network = cloud.network(BLUE);
        assertThat(cloud.get("networks/" + network, BLUE_READER).status()).isEqualTo(200);
        assertThat(cloud.post("networks", "{'network':{}}", BLUE_READER).status())
                .isEqualTo(403);
        assertThat(cloud.put("networks/" + network, "{'network':{}}", BLUE_READER)
                        .status())
                .isEqualTo(403);
        assertThat(cloud.delete("networks/" + network, BLUE_READER).status()).isEqualTo(403);
    }

    @Test
    void nobodyMakesThingsForAnotherProjectButAnAdministrator() {
        var body = "{'network':{'project_id':'red'}}";
        assertThat(cloud.post("networks", body, BLUE).status()).isEqualTo(400);
        assertThat(cloud.post("networks", body).text("tenant_id")).isEqualTo("red");
    }

    @Test
    void theDefaultGroupIsRemovedByAnAdministratorOnly() {
        var group = Cloud.all(cloud.get("security-groups", BLUE), "id").getFirst();
        assertThat(cloud.delete("security-groups/" + group, BLUE).error())
                .isEqualTo("SecurityGroupCannotRemoveDefault");
        assertThat(cloud.delete("security-groups/" + group).status()).isEqualTo(204);
        assertThat(Cloud.all(cloud.get("security-groups", BLUE), "id"))
                .hasSize(1)
                .doesNotContain(group);
    }

    @Test
    void aRequestBeyondTheQuotaIsRefused() {
        try (var small = new Cloud("--quota.network=2")) {
            small.network();
            assertThat(small.post("networks", "{'networks':[{},{}]}").error()).isEqualTo("OverQuota");
            small.network();
            assertThat(small.post("networks", "{'network':{}}").status()).isEqualTo(409);
            assertThat(small.post("networks", "{'network':{}}", BLUE).status()).isEqualTo(201);
        }
    }

    @Test
    void whoMayNotShareMayNotSpeakOfItInAChange() {
        var network =
                cloud.post("networks", "{'network':{'shared':false}}", BLUE).id();
        for (var shared : new boolean[] {true, false}) {
            assertThat(cloud.put("networks/" + network, "{'network':{'shared':%b}}".formatted(shared), BLUE)
                            .error())
                    .isEqualTo("PolicyNotAuthorized");
        }
    }

    @Test
    void whatCannotBeSaidOfAnythingIsRefusedBeforeItIsLookedFor() {
        var pool = cloud.post("subnetpools", "{'subnetpool':{'name':'p','prefixes':['10.0.0.0/8']}}")
                .id();
        assertThat(cloud.put("subnetpools/" + pool, "{'subnetpool':{'shared':true}}", BLUE)
                        .status())
                .isEqualTo(400);
        assertThat(cloud.put("subnetpools/" + pool, "{'subnetpool':{'name':'q'}}", BLUE)
                        .status())
                .isEqualTo(404);
    }
}
