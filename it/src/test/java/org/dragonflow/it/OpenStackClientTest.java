package org.dragonflow.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dragonflow.server.Config;
import org.dragonflow.server.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The stock {@code openstack} command, unmodified, makes, shows, changes and removes what a tenant needs. */
class OpenStackClientTest {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    // The client prints one document after the other.
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Server server;

    @BeforeEach
    void start() {
        server = Server.start(Config.read(Optional.empty(), Map.of(), List.of("--api.port=0", "--feed.port=0")));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** Runs the commands one after the other in one client, and gives what they printed; all but deletions and changes print JSON. */
    private List<JsonNode> openstack(String commands) {
        var result = Command.of("openstack")
                .with("OS_AUTH_TYPE", "none")
                .with("OS_ENDPOINT", "http://127.0.0.1:" + server.port())
                .reading(commands)
                .within(LIMIT)
                .run();
        assertThat(result.stderr().lines().filter(line -> !line.isBlank()))
                .as(commands)
                .isEmpty();
        var documents = new ArrayList<JsonNode>();
        try (var parser = JSON.createParser(result.stdout())) {
            while (parser.nextToken() != null) {
                documents.add(JSON.readTree(parser));
            }
        }
        return documents;
    }

    private static List<String> column(JsonNode list, String column) {
        return list.valueStream().map(row -> row.get(column).asString()).toList();
    }

    @Test
    void aTenantsNetworksLiveFromCreationToRemoval() {
        var rule = create();
        show(rule);
        change();
        remove(rule);
    }

    /** Gives the id of a security group rule. */
    private String create() {
        var made = openstack("""
                network create blue -f json
                subnet create --network blue --subnet-range 10.7.0.0/24 --dns-nameserver 9.9.9.9 blue4 -f json
                subnet create --network blue --ip-version 6 --subnet-range 2001:db8:7::/64 blue6 -f json
                security group create web -f json
                security group rule create --protocol tcp --dst-port 80:90 --remote-ip 10.0.0.0/8 web -f json
                port create --network blue --security-group web alice -f json
                router create gateway -f json
                router add subnet gateway blue4
                """);
        assertThat(made).hasSize(7);
        assertThat(made.get(0).get("status").asString()).isEqualTo("ACTIVE");
        assertThat(made.get(1).get("gateway_ip").asString()).isEqualTo("10.7.0.1");
        assertThat(made.get(5).get("fixed_ips")).hasSize(2);
        return made.get(4).get("id").asString();
    }

    private void show(String rule) {
        var shown = openstack("""
                network list -f json
                network show blue -f json
                subnet list --network blue -f json
                subnet show blue4 -f json
                port list --router gateway -f json
                port show alice -f json
                router show gateway -f json
                security group list -f json
                security group show web -f json
                security group rule list web -f json
                security group rule show %s -f json
                """.formatted(rule));
        assertThat(column(shown.get(0), "Name")).containsExactly("blue");
        assertThat(shown.get(1).get("subnets")).hasSize(2);
        assertThat(column(shown.get(2), "Name")).containsExactlyInAnyOrder("blue4", "blue6");
        assertThat(shown.get(3).get("dns_nameservers").get(0).asString()).isEqualTo("9.9.9.9");
        assertThat(shown.get(4)).hasSize(1);
        assertThat(shown.get(5).get("security_group_ids")).hasSize(1);
        assertThat(shown.get(6).get("name").asString()).isEqualTo("gateway");
        assertThat(column(shown.get(7), "Name")).contains("web");
        assertThat(shown.get(8).get("rules")).hasSize(3);
        assertThat(shown.get(9)).hasSize(3);
        assertThat(shown.get(10).get("port_range_max").asInt()).isEqualTo(90);
    }

    private void change() {
        var changed = openstack("""
                network set --name azure --mtu 1400 blue
                subnet set --no-dhcp --name azure4 blue4
                port set --name alicia --disable alice
                router set --name exit --route destination=10.99.0.0/16,gateway=10.7.0.9 gateway
                security group set --description servers web
                network show azure -f json
                subnet show azure4 -f json
                port show alicia -f json
                router show exit -f json
                security group show web -f json
                """);
        assertThat(changed.get(0).get("mtu").asInt()).isEqualTo(1400);
        assertThat(changed.get(1).get("enable_dhcp").asBoolean()).isFalse();
        assertThat(changed.get(2).get("admin_state_up").asBoolean()).isFalse();
        assertThat(changed.get(3).get("routes")).hasSize(1);
        assertThat(changed.get(4).get("description").asString()).isEqualTo("servers");
    }

    private void remove(String rule) {
        var gone = openstack("""
                router unset --route destination=10.99.0.0/16,gateway=10.7.0.9 exit
                router remove subnet exit azure4
                router delete exit
                port delete alicia
                security group rule delete %s
                security group delete web
                subnet delete azure4 blue6
                network delete azure
                network list -f json
                subnet list -f json
                port list -f json
                router list -f json
                """.formatted(rule));
        assertThat(gone).allSatisfy(list -> assertThat(list).isEmpty());
    }

    @Test
    void whatCannotBeDoneIsRefusedInTheServersWords() {
        openstack(
                "network create blue -f json\nsubnet create --network blue --subnet-range 10.7.0.0/24 blue4 -f json\nport create --network blue alice -f json\n");
        var refused = Command.of(
                        "openstack",
                        "--os-auth-type",
                        "none",
                        "--os-endpoint",
                        "http://127.0.0.1:" + server.port(),
                        "network",
                        "delete",
                        "blue")
                .within(LIMIT)
                .run();
        assertThat(refused.succeeded()).isFalse();
        assertThat(refused.stderr()).contains("ports still in use on the network");
        assertThat(column(openstack("network list -f json").getFirst(), "Name")).containsExactly("blue");
    }
}
