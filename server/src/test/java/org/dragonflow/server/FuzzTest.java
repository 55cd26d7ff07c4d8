package org.dragonflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.dragonflow.model.Schema;
import org.dragonflow.model.Schemas;
import org.junit.jupiter.api.Test;

/** Nonsense is the client's fault. */
class FuzzTest {
    private static final int REQUESTS = 5_000;

    private final Random random = new Random(20_261_122);
    private final List<String> ids = new ArrayList<>();

    @Test
    void noRandomBodyIsAFaultOfTheServer() {
        var schemas =
                Schemas.all().filter(schema -> schema.resource().isPresent()).toList();
        try (var cloud = new Cloud("--quota.network=-1", "--quota.port=-1", "--quota.subnet=-1", "--quota.router=-1")) {
            var network = cloud.network();
            ids.addAll(List.of(network, cloud.subnet(network, "10.0.0.0/24"), cloud.router(), cloud.group("g")));
            ids.add(cloud.post("qos/policies", "{'policy':{}}").id());
            for (int i = 0; i < REQUESTS; i++) {
                var schema = schemas.get(random.nextInt(schemas.size()));
                var singular = schema.resource().orElseThrow().singular();
                var all = schema.path().replace("{parent}", pick(ids));
                var path = all + (random.nextBoolean() ? "" : "/" + pick(ids));
                var method = path.equals(all) ? "POST" : random.nextInt(10) == 0 ? "DELETE" : "PUT";
                var body = random.nextInt(20) == 0 ? garbage() : "{'%s':%s}".formatted(singular, object(schema));
                var reply = cloud.send(method, path, body);
                assertThat(reply.status())
                        .as("%s %s %s: %s", method, path, body, reply.body())
                        .isLessThan(500);
                if (reply.status() == 201) {
                    ids.add(reply.id());
                }
            }
        }
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

    private String pick(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }
}
