package org.dragonflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.dragonflow.model.Access;
import org.dragonflow.model.Attribute;
import org.dragonflow.model.Schema;
import org.dragonflow.model.Schemas;
import org.dragonflow.model.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Things that name other things which are not there. */
class DanglingReferenceTest {
    private static final String NOBODY = "11111111-7a5c-4f6e-9a1b-0c9d8e7f6a5b";
    private static final Duration STILL = Duration.ofMillis(300);

    private final Cloud cloud = new Cloud();
    private final List<String> asked = new ArrayList<>();
    private final List<String> taken = new ArrayList<>();

    @AfterEach
    void close() {
        cloud.close();
    }

    private void furnish() {
        var network = cloud.network();
        var outside =
                cloud.post("networks", "{'network':{'router:external':true}}").id();
        cloud.subnet(network, "10.0.0.0/24");
        cloud.subnet(outside, "203.0.113.0/24");
        cloud.router();
        cloud.group("g");
        var port = cloud.port(network, "").id();
        make("trunks", "'trunk':{'port_id':'%s'}".formatted(port));
        make("qos/policies", "'policy':{'name':'q'}");
        make("address-groups", "'address_group':{}");
        make("address-scopes", "'address_scope':{'name':'s','ip_version':4}");
        make("subnetpools", "'subnetpool':{'name':'p','prefixes':['10.8.0.0/16']}");
        make("floatingips", "'floatingip':{'floating_network_id':'%s'}".formatted(outside));
        make(
                "rbac-policies",
                "'rbac_policy':{'object_type':'network','object_id':'%s','action':'access_as_shared','target_tenant':'x'}"
                        .formatted(network));
        make("local-ips", "'local_ip':{'local_port_id':'%s'}".formatted(port));
        make("log/logs", "'log':{'resource_type':'security_group'}");
        make("flavors", "'flavor':{'name':'f','service_type':'L3_ROUTER_NAT'}");
        make("metering/metering-labels", "'metering_label':{'name':'m'}");
        var label = Cloud.all(cloud.get("metering/metering-labels"), "id").getFirst();
        make(
                "metering/metering-label-rules",
                "'metering_label_rule':{'metering_label_id':'%s','direction':'ingress','remote_ip_prefix':'10.0.0.0/8'}"
                        .formatted(label));
    }

    private void make(String path, String body) {
        cloud.post(path, "{" + body + "}").ok();
    }

    @Test
    void whatNamesSomethingThatIsNotThereIsRefused() {
        furnish();
        awaitStillness();
        Schemas.all()
                .filter(schema ->
                        schema.resource().isPresent() && schema.parent().isEmpty())
                .forEach(this::nameNobody);
        // A chassis may join later; the network of a local IP is that of its port, whatever is said.
        assertThat(taken)
                .containsExactlyInAnyOrder(
                        "POST port.binding:host_id is answered with 201",
                        "PUT port.binding:host_id is answered with 200",
                        "POST local_ip.network_id is answered with 201");
        assertThat(asked)
                .contains(
                        "POST port.network_id",
                        "POST port.security_groups",
                        "PUT port.qos_policy_id",
                        "POST subnet.network_id",
                        "POST subnet.subnetpool_id",
                        "POST subnetpool.address_scope_id",
                        "PUT subnetpool.address_scope_id",
                        "POST floatingip.floating_network_id",
                        "PUT floatingip.port_id",
                        "POST security_group_rule.remote_group_id",
                        "POST router.flavor_id",
                        "POST local_ip.network_id",
                        "POST flavor.service_profiles",
                        "POST metering_label_rule.metering_label_id");
    }

    private void nameNobody(Schema<?> schema) {
        var present = cloud.get(schema.path()).ok().body().iterator().next();
        if (present.isEmpty()) {
            return;
        }
        var names = schema.resource().orElseThrow();
        schema.attributes().stream()
                .filter(attribute -> attribute.target().isPresent()
                        && attribute.writer() != Access.Writer.SERVER
                        && !attribute.isHidden())
                .forEach(attribute -> {
                    var one = present.get(0);
                    Object nobody = attribute.shape() instanceof Shape.Many ? List.of(NOBODY) : NOBODY;
                    var copy = like(schema, one);
                    copy.put(attribute.name(), nobody);
                    ask("POST", schema.path(), names.singular(), attribute, copy);
                    ask(
                            "PUT",
                            schema.path() + "/" + one.path("id").asString(),
                            names.singular(),
                            attribute,
                            Map.of(attribute.name(), nobody));
                });
    }

    /** What a client would write to have another one like it. */
    private static Map<String, Object> like(Schema<?> schema, JsonNode one) {
        var copy = new LinkedHashMap<String, Object>();
        schema.attributes().stream()
                .filter(attribute -> Stream.of(Access.Writer.CLIENT, Access.Writer.CLIENT_ON_CREATE)
                        .anyMatch(attribute.writer()::equals))
                .filter(attribute -> one.path(attribute.name()).isValueNode()
                        && !one.path(attribute.name()).isNull()
                        && !attribute.name().equals("mac_address"))
                .forEach(attribute -> copy.put(attribute.name(), one.path(attribute.name())));
        return copy;
    }

    private void ask(String method, String path, String singular, Attribute attribute, Map<String, Object> values) {
        var what = "%s %s.%s".formatted(method, singular, attribute.name());
        asked.add(what);
        var body = JsonMapper.shared().writeValueAsString(Map.of(singular, values));
        long before = cloud.revision();
        var reply = cloud.send(method, path, body);
        if (reply.status() < 400 || reply.status() > 499 || cloud.revision() != before) {
            taken.add("%s is answered with %d".formatted(what, reply.status()));
            awaitStillness();
        }
    }

    /** What follows from a change, the server does in its own time; it must not be taken for the work of the next request. */
    private void awaitStillness() {
        var seen = new AtomicLong(-1);
        Awaitility.await().pollInterval(STILL).until(() -> seen.getAndSet(cloud.revision()) == cloud.revision());
    }
}
