package org.dragonflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.dragonflow.address.IpAddress;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.TunnelType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What lists are filtered and sorted by beyond plain attributes, and limits that are held against what there is. */
class FilterTest {
    private static final String[] BLUE = Cloud.member("blue");

    private final Cloud cloud = new Cloud();

    @AfterEach
    void close() {
        cloud.close();
    }

    @Test
    void anEmptyTextIsAskedForAsAnyOther() {
        cloud.network();
        var nameless = cloud.post("networks", "{'network':{}}").id();
        assertThat(Cloud.all(cloud.get("networks?name="), "id")).containsExactly(nameless);
        var port = cloud.port(nameless, "").id();
        cloud.port(nameless, ",'device_id':'d','device_owner':'compute:x'").ok();
        assertThat(Cloud.all(cloud.get("ports?device_id=&device_owner="), "id")).containsExactly(port);
    }

    @Test
    void onlyAttributesAreSortedBy() {
        for (var list : List.of("networks", "security-groups", "agents")) {
            assertThat(cloud.get(list + "?sort_key=colour&sort_dir=asc").status())
                    .as(list)
                    .isEqualTo(400);
        }
    }

    @Test
    void agentsAreSorted() throws InterruptedException {
        for (var name : List.of("hv1", "hv3", "hv2")) {
            var chassis = new Chassis(
                    Id.of(Chassis.class, name),
                    IpAddress.parse("192.0.2.1"),
                    List.of(TunnelType.GENEVE),
                    "system-" + name,
                    Instant.EPOCH);
            cloud.server().replica().edit(edit -> edit.create(chassis));
        }
        assertThat(Cloud.all(cloud.get("agents?sort_key=host&sort_dir=desc"), "host"))
                .containsExactly("hv3", "hv2", "hv1");
        assertThat(Cloud.all(cloud.get("agents?sort_key=alive&sort_dir=asc&sort_key=host&sort_dir=asc"), "host"))
                .containsExactly("hv1", "hv2", "hv3");
        assertThat(cloud.get("agents?sort_key=host&sort_dir=up").status()).isEqualTo(400);
        assertThat(cloud.get("agents?sort_key=host").status()).isEqualTo(400);
        assertThat(cloud.get("agents")
                        .body()
                        .path("agents")
                        .path(0)
                        .path("resources_synced")
                        .isNull())
                .isTrue();
    }

    @Test
    void groupsAreFoundByWhetherTheyAreSharedWithTheCaller() {
        var own = cloud.post("security-groups", "{'security_group':{'name':'own'}}", BLUE)
                .id();
        var lent = cloud.group("lent");
        cloud.post(
                        "rbac-policies",
                        ("{'rbac_policy':{'object_type':'security_group','object_id':'%s','action':'access_as_shared',"
                                        + "'target_tenant':'blue'}}")
                                .formatted(lent))
                .ok();
        assertThat(Cloud.all(cloud.get("security-groups?shared=true", BLUE), "id"))
                .containsExactly(lent);
        assertThat(Cloud.all(cloud.get("security-groups?shared=False", BLUE), "id"))
                .contains(own)
                .doesNotContain(lent);
        assertThat(Cloud.all(cloud.get("security-groups?shared=true", Cloud.member("red")), "id"))
                .isEmpty();
        assertThat(cloud.get("security-groups?shared=perhaps", BLUE).status()).isEqualTo(400);
    }

    @Test
    void aNetworkLetToOneProjectIsSharedForThatProject() {
        var network = cloud.network();
        cloud.post(
                        "rbac-policies",
                        ("{'rbac_policy':{'object_type':'network','object_id':'%s','action':'access_as_shared',"
                                        + "'target_tenant':'blue'}}")
                                .formatted(network))
                .ok();
        assertThat(Cloud.all(cloud.get("networks?shared=true", BLUE), "id")).containsExactly(network);
        assertThat(Cloud.all(cloud.get("networks?shared=true"), "id")).isEmpty();
    }

    @Test
    void zonesAreFoundByWhatTheyAreFor() {
        assertThat(Cloud.all(cloud.get("availability_zones?resource=router&state=available"), "name"))
                .containsExactly("nova");
        assertThat(Cloud.all(cloud.get("availability_zones?state=unavailable"), "name"))
                .isEmpty();
    }

    @Test
    void aLimitIsHeldAgainstWhatIsUsedIfThatIsAskedFor() {
        for (int i = 0; i < 2; i++) {
            cloud.network(BLUE);
        }
        var checked = "{'quota':{'network':%d,'check_limit':true}}";
        var refused = cloud.put("quotas/blue", checked.formatted(1));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.message()).contains("already used 2");
        assertThat(cloud.put("quotas/blue", checked.formatted(2))
                        .ok()
                        .get("network")
                        .asInt(0))
                .isEqualTo(2);
        cloud.put("quotas/blue", checked.formatted(-1)).ok();
        assertThat(cloud.put("quotas/blue", "{'quota':{'network':1,'force':true}}")
                        .ok()
                        .get("network")
                        .asInt(0))
                .isEqualTo(1);
        assertThat(cloud.put("quotas/blue", "{'quota':{'network':1,'check_limit':'maybe'}}")
                        .status())
                .isEqualTo(400);
        assertThat(cloud.get("quotas/blue").get("trunk").asInt(0)).isEqualTo(-1);
    }
}
