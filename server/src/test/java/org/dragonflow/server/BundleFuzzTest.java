package org.dragonflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dragonflow.model.Schemas;
import org.junit.jupiter.api.Test;

/** Nonsense in a bundle is the client's fault, and does nothing. */
class BundleFuzzTest {
    private static final int BUNDLES = 2_000;

    private final Random random = new Random(20_261_123);
    private int names;
    private final List<String> paths = Schemas.all()
            .filter(schema -> schema.resource().isPresent())
            .map(schema -> schema.path())
            .toList();

    @Test
    void noRandomBundleIsAFaultOfTheServer() {
        try (var cloud = new Cloud("--quota.network=-1", "--quota.port=-1", "--quota.subnet=-1", "--quota.router=-1")) {
            int done = 0;
            for (int i = 0; i < BUNDLES; i++) {
                names = 0;
                var before = cloud.server().replica().state();
                var body = random.nextInt(10) == 0
                        ? value(0)
                        : "{'bundle':{'operations':[%s]}}".formatted(several(this::operation));
                boolean isRehearsal = random.nextInt(4) == 0;
                var headers = random.nextInt(4) == 0
                        ? new String[] {"Idempotency-Key", "k" + random.nextInt(20)}
                        : new String[0];
                var reply = cloud.post(isRehearsal ? "bundle?dry_run=true" : "bundle", body, headers);
                assertThat(reply.status()).as("%s: %s", body, reply.body()).isLessThan(500);
                done += reply.status() < 300 ? 1 : 0;
                if (isRehearsal || reply.status() >= 300) {
                    assertThat(cloud.server().replica().state()).as(body).isSameAs(before);
                }
            }
            assertThat(done).as("bundles that made sense").isBetween(BUNDLES / 20, BUNDLES / 2);
        }
    }

    private String operation() {
        int named = names++;
        return switch (random.nextInt(24)) {
            case 0 -> value(0);
            case 1 -> "{'name':%s,'method':%s,'path':%s,'body':%s}".formatted(value(2), value(2), value(2), value(0));
            case 2, 3, 4 ->
                "{'name':'a%d','method':'POST','path':'/v2.0/ports','body':{'port':{'network_id':'%s','fixed_ips':%s}}}"
                        .formatted(named, reference(), value(1));
            case 5, 6, 7, 8, 9 ->
                "{'name':'a%d','method':'POST','path':'/v2.0/subnets','body':{'subnet':{'network_id':'%s','cidr':'10.%d.0.0/24','ip_version':4}}}"
                        .formatted(named, reference(), random.nextInt(250));
            case 10, 11, 12 ->
                "{'method':'%s','path':'%s%s','body':{'%s':%s}}"
                        .formatted(
                                pick("GET", "PUT", "DELETE", "POST"),
                                pick(paths.toArray(String[]::new)).replace("{parent}", reference()),
                                pick("", "/" + reference(), "?name=" + reference(), "/%zz"),
                                pick("network", "port", "router", "subnet"),
                                value(0));
            default ->
                "{'name':'a%d','method':'POST','path':'/v2.0/networks','body':{'network':{'name':'%s'}}}"
                        .formatted(named, pick("x", reference()));
        };
    }

    private String reference() {
        var name = "a" + random.nextInt(1 + names);
        return pick(
                        "${%s.id}",
                        "${%s.id}", "${%s.id}", "${%s.fixed_ips.0.ip_address}", "${%s}", "x", "${", "$${a}", "${.}")
                .replace("%s", name);
    }

    private String value(int depth) {
        return switch (random.nextInt(depth > 2 ? 6 : 8)) {
            case 0 -> pick("null", "true", "0", "-1", "1e400", "99999999999999999999");
            case 1, 2 -> "'" + reference() + "'";
            case 3 -> "'" + pick("GET", "/v2.0/networks", "/v2.0/bundle", "/v2.0//bundle/", "é", "\\u0000") + "'";
            case 4 -> "[]";
            case 5 -> "{}";
            case 6 -> "[" + several(() -> value(depth + 1)) + "]";
            default ->
                "{'%s':%s}".formatted(pick("bundle", "operations", "name", "tags", "ip_address"), value(depth + 1));
        };
    }

    private String several(Supplier<String> what) {
        return Stream.generate(what).limit(random.nextInt(6)).collect(Collectors.joining(","));
    }

    private String pick(String... from) {
        return from[random.nextInt(from.length)];
    }
}
