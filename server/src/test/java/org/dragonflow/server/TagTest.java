package org.dragonflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Words on resources, and how resources are found by them. */
class TagTest {
    private final Cloud cloud = new Cloud();

    @AfterEach
    void close() {
        cloud.close();
    }

    private List<String> tags(String resource) {
        var tags = new ArrayList<String>();
        cloud.get(resource + "/tags").ok().body().path("tags").forEach(tag -> tags.add(tag.asString("")));
        return tags;
    }

    @Test
    void tagsComeAndGoSinglyAndTogether() {
        for (var resource : List.of(
                "networks/" + cloud.network(), "routers/" + cloud.router(), "security-groups/" + cloud.group("g"))) {
            assertThat(tags(resource)).isEmpty();
            var put = cloud.put(resource + "/tags/red", "{}");
            assertThat(put.status()).isEqualTo(201);
            assertThat(put.http().body()).isEmpty();
            assertThat(cloud.get(resource + "/tags/red").status()).isEqualTo(204);
            assertThat(cloud.get(resource + "/tags/blue").error()).isEqualTo("TagNotFound");
            assertThat(cloud.post(resource + "/tags", "{'tags':['red','blue']}").status())
                    .isEqualTo(201);
            assertThat(tags(resource)).containsExactly("red", "blue");
            assertThat(cloud.get(resource).get("tags")).hasToString("[\"red\",\"blue\"]");
            assertThat(cloud.delete(resource + "/tags/red").status()).isEqualTo(204);
            assertThat(cloud.delete(resource + "/tags/red").error()).isEqualTo("TagNotFound");
            assertThat(cloud.put(resource + "/tags", "{'tags':['a','b']}")
                            .ok()
                            .body()
                            .path("tags"))
                    .hasToString("[\"a\",\"b\"]");
            assertThat(cloud.delete(resource + "/tags").status()).isEqualTo(204);
            assertThat(tags(resource)).isEmpty();
        }
    }

    @Test
    void theRevisionCountsWhatChanges() {
        var network = "networks/" + cloud.network();
        long revision = cloud.get(network).get("revision_number").asLong();
        cloud.put(network + "/tags/red", "").ok();
        cloud.put(network + "/tags/red", "").ok();
        cloud.put(network + "/tags", "{'tags':['red']}").ok();
        assertThat(cloud.get(network).get("revision_number").asLong()).isEqualTo(revision + 1);
        assertThat(cloud.put(network + "/tags/blue", "", "If-Match", "revision_number=" + revision)
                        .error())
                .isEqualTo("RevisionNumberConstraintFailed");
    }

    @Test
    void policiesAreTaggedByTheirBareNameToo() {
        var policy = cloud.post("qos/policies", "{'policy':{'name':'gold'}}").id();
        assertThat(cloud.put("policies/" + policy + "/tags", "{'tags':['a']}").status())
                .isEqualTo(200);
        assertThat(tags("qos/policies/" + policy)).containsExactly("a");
        assertThat(cloud.get("policies/" + policy).status()).isEqualTo(404);
    }

    @Test
    void onlyPortsAreTaggedWhenTheyAreMade() {
        var network = cloud.network();
        assertThat(cloud.port(network, ",'tags':['a']").get("tags")).hasToString("[\"a\"]");
        assertThat(cloud.post("networks", "{'network':{'tags':['a']}}").status())
                .isEqualTo(400);
        assertThat(cloud.put("networks/" + network, "{'network':{'tags':['a']}}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void aListIsFilteredByAllByAnyAndByNoneOfSomeTags() {
        for (var tags : List.of("'red'", "'red','blue'", "'green'", "")) {
            var id = cloud.network();
            cloud.put("networks/" + id, "{'network':{'name':'%s'}}".formatted(tags.replace("'", "")))
                    .ok();
            cloud.put("networks/" + id + "/tags", "{'tags':[%s]}".formatted(tags))
                    .ok();
        }
        assertThat(names("tags=red")).containsExactlyInAnyOrder("red", "red,blue");
        assertThat(names("tags=red,blue")).containsExactly("red,blue");
        assertThat(names("tags-any=blue,green")).containsExactlyInAnyOrder("red,blue", "green");
        assertThat(names("not-tags=red,blue")).containsExactlyInAnyOrder("red", "green", "");
        assertThat(names("not-tags-any=red,blue")).containsExactlyInAnyOrder("green", "");
        assertThat(names("tags=red&not-tags-any=blue")).containsExactly("red");
        assertThat(cloud.get("security-group-rules?tags=red").status()).isEqualTo(400);
    }

    private List<String> names(String filter) {
        return Cloud.all(cloud.get("networks?" + filter), "name");
    }

    @Test
    void whatIsNoTagIsRefused() {
        var network = "networks/" + cloud.network();
        for (var body : List.of(
                "{}", "{'tags':'a'}", "{'tags':['a','a']}", "{'tags':[1]}", "{'tags':['" + "x".repeat(256) + "']}")) {
            assertThat(cloud.put(network + "/tags", body).error()).as(body).isEqualTo("InvalidInput");
        }
        assertThat(cloud.put(network + "/tags/" + "x".repeat(256), "").error()).isEqualTo("InvalidInput");
        assertThat(cloud.get("networks/x/tags").error()).isEqualTo("NetworkNotFound");
        assertThat(tags(network)).isEmpty();
    }

    @Test
    void whoCannotChangeANetworkCannotTagIt() {
        var network = "networks/"
                + cloud.post("networks", "{'network':{'shared':true}}").id();
        assertThat(cloud.get(network + "/tags", Cloud.member("p")).status()).isEqualTo(200);
        assertThat(cloud.put(network + "/tags/a", "", Cloud.member("p")).status())
                .isEqualTo(403);
    }
}
