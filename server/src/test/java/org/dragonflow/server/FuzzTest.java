package org.dragonflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Query;
import org.dragonflow.model.Schema;
import org.dragonflow.model.Schemas;
import org.junit.jupiter.api.Test;

/** Nonsense is the client's fault, and changes nothing. */
class FuzzTest {
    private static final int OF_OPERATORS = 60_000;
    private static final int OF_STRANGERS = 40_000;

    /** What is not at the path of a resource alone; an id stands for each place. */
    private static final List<String> ELSEWHERE = List.of(
            "routers/%s/add_router_interface",
            "routers/%s/remove_router_interface",
            "routers/%s/add_extraroutes",
            "routers/%s/remove_extraroutes",
            "subnetpools/%s/add_prefixes",
            "subnetpools/%s/remove_prefixes",
            "subnetpools/%s/onboard_network_subnets",
            "address-groups/%s/add_addresses",
            "address-groups/%s/remove_addresses",
            "trunks/%s/add_subports",
            "trunks/%s/remove_subports",
            "trunks/%s/get_subports",
            "ports/%s/bindings",
            "ports/%s/bindings/host",
            "ports/%s/bindings/host/activate",
            "networks/%s/tags",
            "ports/%s/tags/red",
            "quotas/%s",
            "quotas/%s/details",
            "auto-allocated-topology/%s",
            "network-ip-availabilities/%s",
            "log/loggable-resources",
            "qos/rule-types/%s",
            "flavors/%s/service_profiles/%s",
            "ports/%s/realised",
            "bundle");

    private static final List<String> QUERIES = List.of(
            "",
            "",
            "",
            "?dry_run=true",
            "?limit=2",
            "?fields=id",
            "?sort_key=name",
            "?marker=x",
            "?name=in:a,b",
            "?x=y",
            "?as_of=1");

    private final Random random = new Random(20_261_122);
    private final List<Schema<?>> schemas =
            Schemas.all().filter(schema -> schema.resource().isPresent()).toList();
    private final List<String> ids = new ArrayList<>();

    @Test
    void nonsenseOfAnOperatorIsRefusedAndThenChangesNothing() {
        try (var cloud = new Cloud("--quota.network=-1", "--quota.port=-1", "--quota.subnet=-1", "--quota.router=-1")) {
            furnish(cloud);
            for (int i = 0; i < OF_OPERATORS; i++) {
                long before = cloud.revision();
                var reply = nonsense(cloud);
                if (reply.status() >= 400) {
                    assertThat(cloud.revision())
                            .as(reply.http().uri().toString())
                            .isEqualTo(before);
                }
            }
        }
    }

    @Test
    void nonsenseOfAStrangerChangesNothingOfWhatIsThere() {
        try (var cloud = new Cloud()) {
            furnish(cloud);
            var before = everything(cloud);
            for (int i = 0; i < OF_STRANGERS; i++) {
                nonsense(cloud, Cloud.member("stranger"));
            }
            assertThat(everything(cloud)).containsAll(before);
        }
    }

    private void furnish(Cloud cloud) {
        var network = cloud.network();
        ids.addAll(List.of(network, cloud.subnet(network, "10.0.0.0/24"), cloud.router(), cloud.group("g")));
        ids.add(cloud.port(network, "").id());
        ids.add(cloud.post("trunks", "{'trunk':{'port_id':'%s'}}".formatted(ids.getLast()))
                .id());
        ids.add(cloud.post("qos/policies", "{'policy':{}}").id());
        ids.add(cloud.post("address-groups", "{'address_group':{}}").id());
        ids.add(cloud.post("subnetpools", "{'subnetpool':{'name':'p','prefixes':['10.8.0.0/16']}}")
                .id());
    }

    private static Set<Entity> everything(Cloud cloud) {
        var topology = cloud.server().replica().state().topology();
        return Schemas.all()
                .flatMap(schema -> topology.find(Query.all(schema.type())))
                .collect(Collectors.toSet());
    }

    /** Sends a request that may just happen to make sense. */
    private Cloud.Reply nonsense(Cloud cloud, String... headers) {
        var schema = pick(schemas);
        var singular = schema.resource().orElseThrow().singular();
        var all = schema.path().replace("{parent}", pick(ids));
        var one = all + "/" + pick(ids);
        var elsewhere = "/v2.0/" + pick(ELSEWHERE).replace("%s", pick(ids));
        var body = random.nextInt(20) == 0 ? garbage() : "{'%s':%s}".formatted(singular, object(schema));
        var query = pick(QUERIES);
        var reply = switch (random.nextInt(12)) {
            case 0, 1, 2, 3, 4 -> cloud.send("POST", all + query, body, headers);
            case 5, 6, 7 -> cloud.send("PUT", one + query, body, headers);
            case 8 -> cloud.send("DELETE", one + query, "", headers);
            case 9 ->
                cloud.send(
                        pick(List.of("GET", "HEAD", "OPTIONS", "PATCH")), pick(List.of(all, one)) + query, "", headers);
            default -> cloud.send(pick(List.of("PUT", "POST", "GET", "DELETE")), elsewhere + query, body, headers);
        };
        assertThat(reply.status())
                .as("%s %s: %s", reply.http().request(), body, reply.body())
                .isLessThan(500);
        if (reply.status() == 201
                && !reply.body().isEmpty()
                && !reply.text("id").isEmpty()) {
            ids.add(reply.id());
        }
        return reply;
    }

    private String garbage() {
        var characters = "{}[]',:0x\\nul\u0000tre é";
        return random.ints(1 + random.nextInt(40), 0, characters.length())
                .mapToObj(i -> String.valueOf(characters.charAt(i)))
                .collect(Collectors.joining());
    }

    private String object(Schema<?> schema) {
        return schema.attributes().stream()
                .filter(_ -> random.nextInt(4) == 0)
                .map(attribute -> "'%s':%s".formatted(attribute.name(), value(0)))
                .collect(Collectors.joining(",", "{", "}"));
    }

    private String value(int depth) {
        return switch (random.nextInt(depth > 2 ? 7 : 10)) {
            case 0 -> "null";
            case 1 -> pick(List.of("true", "false", "0", "-1", "4", "6", "1e400", "99999999999999999999", "1.5"));
            case 2, 3 -> "'" + pick(ids) + "'";
            case 4, 5 ->
                "'" + pick(List.of("10.0.0.0/24", "fd00::/64", "10.0.0.9", "fd00::9", "fa:16:3e:00:00:05", "x")) + "'";
            case 6 -> "'" + pick(List.of("tcp", "ingress", "IPv4", "slaac", "geneve", "", "é", "a".repeat(300))) + "'";
            case 7 -> "[" + value(depth + 1) + "," + value(depth + 1) + "]";
            case 8 -> "[]";
            default ->
                "{'%s':%s}"
                        .formatted(
                                pick(List.of("ip_address", "subnet_id", "start", "end", "destination", "opt_name")),
                                value(depth + 1));
        };
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
