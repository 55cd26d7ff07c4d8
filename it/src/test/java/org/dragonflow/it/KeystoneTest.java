package org.dragonflow.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dragonflow.server.Config;
import org.dragonflow.server.Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server that believes a real Keystone, and nobody else. */
class KeystoneTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration CLIENT = Duration.ofSeconds(60);

    @TempDir
    private static Path directory;

    private static Keystone keystone;
    private static Server server;
    private static String blue;
    private static String red;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        keystone = Keystone.start(directory);
        var service = keystone.project("service");
        keystone.grant(keystone.user("dragonflow"), service, "service");
        blue = keystone.project("blue");
        red = keystone.project("red");
        keystone.grant(keystone.user("alice"), blue, "member");
        keystone.grant(keystone.user("rita"), blue, "reader");
        keystone.grant(keystone.user("bob"), red, "member");
        keystone.grantOnSystem(keystone.user("olga"), "admin");
        server = Server.start(Config.read(
                Optional.empty(),
                Map.of("DRAGONFLOW_IDENTITY_KEYSTONE_PASSWORD", "dragonflow"),
                List.of(
                        "--api.port=0",
                        "--feed.port=0",
                        "--identity.kind=keystone",
                        // Nobody is at the first.
                        "--identity.keystone.urls=http://127.0.0.1:1," + keystone.url(),
                        // It answers one at a time, on a machine that may be busy.
                        "--identity.keystone.timeout-millis=60000",
                        "--identity.keystone.remember-seconds=1")));
        keystone.offerNetworks("http://127.0.0.1:" + server.port());
    }

    @AfterAll
    static void stop() {
        server.close();
        keystone.close();
    }

    private record Answer(int status, JsonNode body) {}

    private static Answer ask(String method, String path, String body, String token) {
        try {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/v2.0/" + path))
                    .header("X-Auth-Token", token)
                    .method(method, HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')))
                    .build();
            var answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            return new Answer(answer.statusCode(), JsonMapper.shared().readTree(answer.body()));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int status(String token) {
        return ask("GET", "networks", "", token).status();
    }

    private static Answer network(String token) {
        return ask("POST", "networks", "{'network':{'name':'lan'}}", token);
    }

    @Test
    void aTokenActsInItsProjectWithItsRoles() {
        var made = network(keystone.token("alice", blue));
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.body().at("/network/project_id").asString()).isEqualTo(blue);
        var one = "networks/" + made.body().at("/network/id").asString();
        assertThat(ask("GET", one, "", keystone.token("rita", blue)).status()).isEqualTo(200);
        assertThat(network(keystone.token("rita", blue)).status()).isEqualTo(403);
        assertThat(ask("GET", one, "", keystone.token("bob", red)).status()).isEqualTo(404);
        var operators = ask("GET", one, "", keystone.systemToken("olga"));
        assertThat(operators.status()).isEqualTo(200);
        assertThat(operators.body().path("network").has("provider:segmentation_id"))
                .isTrue();
    }

    @Test
    void whatIsNoTokenIsRefused() {
        for (var token : List.of("", "nonsense", "gAAAAABq", "x y", "x".repeat(4000))) {
            assertThat(status(token)).as(token).isEqualTo(401);
        }
    }

    @Test
    void aTokenThatIsRevokedIsRefusedSoon() {
        var token = keystone.token("alice", blue);
        assertThat(status(token)).isEqualTo(200);
        keystone.revoke(token);
        Wait.until("the token to be refused", SOON, () -> status(token) == 401);
    }

    @Test
    void whileKeystoneIsAwayItIsAwayAndAfterwardsAllIsWell() {
        var token = keystone.token("alice", blue);
        assertThat(status(token)).isEqualTo(200);
        keystone.stop();
        Wait.until("what was remembered to be forgotten", SOON, () -> status(token) == 503);
        keystone.start();
        assertThat(status(token)).isEqualTo(200);
    }

    @Test
    void theStockClientFindsTheServerInTheCatalogueAndActsForItsUser() {
        var made = Command.of("openstack", "network", "create", "-f", "json", "lan")
                .with(Map.of(
                        "OS_AUTH_URL",
                        keystone.url(),
                        "OS_USERNAME",
                        "alice",
                        "OS_PASSWORD",
                        "alice",
                        "OS_PROJECT_ID",
                        blue,
                        "OS_USER_DOMAIN_NAME",
                        "Default",
                        "OS_IDENTITY_API_VERSION",
                        "3"))
                .within(CLIENT)
                .require();
        assertThat(JsonMapper.shared().readTree(made).path("project_id").asString())
                .isEqualTo(blue);
    }
}
