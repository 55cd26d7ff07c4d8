package org.dragonflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.List;
import java.util.stream.StreamSupport;
import org.dragonflow.store.MemoryStore;
import org.dragonflow.store.Retention;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The rules that new security groups get. */
class RuleTemplateTest {
    private static final String RULES = "default-security-group-rules";

    private final MemoryStore store = new MemoryStore(Clock.systemUTC(), Retention.STANDARD);
    private final Cloud cloud = new Cloud(store);

    @AfterEach
    void close() {
        cloud.close();
    }

    private Cloud.Reply template(String attributes, String... as) {
        return cloud.post(RULES, "{'default_security_group_rule':{%s}}".formatted(attributes), as);
    }

    /** What the rules of a group are for: direction, version, protocol, and whether for its own members. */
    private List<String> rules(Cloud.Reply group) {
        return StreamSupport.stream(group.get("security_group_rules").spliterator(), false)
                .map(rule -> "%s %s %s %s"
                        .formatted(
                                rule.path("direction").asString(""),
                                rule.path("ethertype").asString(""),
                                rule.path("protocol").asString("any"),
                                rule.path("remote_group_id").asString("").equals(group.id()) ? "own" : "all"))
                .sorted()
                .toList();
    }

    private Cloud.Reply group(String name, String... as) {
        return cloud.post("security-groups", "{'security_group':{'name':'%s'}}".formatted(name), as)
                .ok();
    }

    private Cloud.Reply defaultGroup(String project) {
        var id = Cloud.all(cloud.get("security-groups?name=default", Cloud.member(project)), "id")
                .getFirst();
        return cloud.get("security-groups/" + id).ok();
    }

    private static void assertRefused(Cloud.Reply reply, int status, String type) {
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(status);
        assertThat(reply.error()).isEqualTo(type);
    }

    @Test
    void atFirstAllMayLeaveAndMembersOfADefaultGroupReachEachOther() {
        var all = cloud.get(RULES, Cloud.member("p")).ok().body().path("default_security_group_rules");
        assertThat(all).hasSize(4);
        assertThat(cloud.get(RULES + "?remote_group_id=PARENT&used_in_default_sg=true&used_in_non_default_sg=false")
                        .body()
                        .path("default_security_group_rules"))
                .hasSize(2);
        assertThat(rules(group("web"))).containsExactly("egress IPv4 any all", "egress IPv6 any all");
        assertThat(rules(defaultGroup("p")))
                .containsExactly(
                        "egress IPv4 any all", "egress IPv6 any all", "ingress IPv4 any own", "ingress IPv6 any own");
    }

    @Test
    void newGroupsGetWhatTheTemplatesSayAndOldOnesKeepWhatTheyHave() {
        var before = group("before");
        var ssh = template("'direction':'ingress','protocol':'tcp','port_range_min':22,'port_range_max':22")
                .ok();
        assertThat(ssh.get("used_in_default_sg").asBoolean(true)).isFalse();
        assertThat(ssh.get("used_in_non_default_sg").asBoolean(false)).isTrue();
        template("'direction':'ingress','protocol':'icmp','remote_group_id':'PARENT','used_in_default_sg':true")
                .ok();
        assertThat(rules(group("after")))
                .containsExactly(
                        "egress IPv4 any all", "egress IPv6 any all", "ingress IPv4 icmp own", "ingress IPv4 tcp all");
        assertThat(rules(defaultGroup("p"))).contains("ingress IPv4 icmp own").doesNotContain("ingress IPv4 tcp all");
        assertThat(rules(cloud.get("security-groups/" + before.id()))).hasSize(2);
        assertThat(cloud.delete(RULES + "/" + ssh.id()).status()).isEqualTo(204);
        assertThat(rules(group("last"))).doesNotContain("ingress IPv4 tcp all");
    }

    @Test
    void templatesThatAreTakenAwayDoNotComeBack() {
        for (var id : Cloud.all(cloud.get(RULES), "id")) {
            assertThat(cloud.delete(RULES + "/" + id).status()).isEqualTo(204);
        }
        assertThat(rules(group("bare"))).isEmpty();
        try (var again = new Cloud(store)) {
            assertThat(again.get(RULES).body().path("default_security_group_rules"))
                    .isEmpty();
        }
    }

    @Test
    void aTemplateThatCannotBeIsRefused() {
        var none = "00000000-0000-0000-0000-000000000000";
        assertRefused(
                template("'direction':'egress','used_in_default_sg':true"), 409, "SecurityGroupRuleTemplateExists");
        assertRefused(template("'direction':'up'"), 400, "HTTPBadRequest");
        assertRefused(
                template("'direction':'ingress','port_range_min':1,'port_range_max':2"),
                400,
                "SecurityGroupProtocolRequiredWithPorts");
        assertRefused(
                template("'direction':'ingress','ethertype':'IPv6','remote_ip_prefix':'10.0.0.0/8'"),
                400,
                "SecurityGroupRuleParameterConflict");
        assertRefused(
                template("'direction':'ingress','remote_group_id':'PARENT','remote_ip_prefix':'10.0.0.0/8'"),
                400,
                "SecurityGroupMultipleRemoteEntites");
        assertRefused(
                template("'direction':'ingress','remote_group_id':'%s'".formatted(none)), 404, "SecurityGroupNotFound");
        assertRefused(
                template("'direction':'ingress','remote_address_group_id':'%s'".formatted(none)),
                404,
                "AddressGroupNotFound");
        assertRefused(template("'direction':'ingress'", Cloud.member("p")), 403, "PolicyNotAuthorized");
        assertRefused(cloud.delete(RULES + "/" + none), 404, "SecurityGroupRuleTemplateNotFound");
        var one = RULES + "/" + Cloud.all(cloud.get(RULES), "id").getFirst();
        assertRefused(cloud.put(one, "{'default_security_group_rule':{'direction':'egress'}}"), 400, "HTTPBadRequest");
    }

    @Test
    void whatATemplateNamesStays() {
        var group = group("known").id();
        var template = template("'direction':'ingress','remote_group_id':'%s'".formatted(group))
                .id();
        assertRefused(cloud.delete("security-groups/" + group), 409, "SecurityGroupInUse");
        var addresses = cloud.post("address-groups", "{'address_group':{'addresses':['10.0.0.0/24']}}")
                .id();
        template("'direction':'ingress','remote_address_group_id':'%s'".formatted(addresses))
                .ok();
        assertRefused(cloud.delete("address-groups/" + addresses), 409, "AddressGroupInUse");
        cloud.delete(RULES + "/" + template).ok();
        assertThat(cloud.delete("security-groups/" + group).status()).isEqualTo(204);
    }
}
