package org.dragonflow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.dragonflow.server.access.Passwords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Callers who must say who they are, with a password or with a token. */
class IdentityTest {
    @TempDir
    private Path directory;

    private Path passwords(String... lines) throws IOException {
        return Files.write(directory.resolve("passwords"), List.of(lines));
    }

    private static String[] basic(String user, String password) {
        var words = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return new String[] {"Authorization", "Basic " + Base64.getEncoder().encodeToString(words)};
    }

    private static String[] token(String token) {
        return new String[] {"X-Auth-Token", token};
    }

    private Cloud withPasswords() throws IOException {
        return new Cloud(
                "--identity.kind=basic",
                "--identity.password-file="
                        + passwords(
                                Passwords.line("alice", "a-secret", "blue", Set.of("member")),
                                Passwords.line("root", "r-secret", "operators", Set.of("admin"))));
    }

    @Test
    void whoKnowsAPasswordActsInTheProjectOfItsUser() throws IOException {
        try (var cloud = withPasswords()) {
            var made = cloud.post("networks", "{'network':{}}", basic("alice", "a-secret"))
                    .ok();
            assertThat(made.text("project_id")).isEqualTo("blue");
            assertThat(cloud.get("/dragonflow/v1/chassis", basic("alice", "a-secret"))
                            .status())
                    .isEqualTo(403);
            assertThat(cloud.get("/dragonflow/v1/chassis", basic("root", "r-secret"))
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void whoDoesNotIsToldHowToSayIt() throws IOException {
        try (var cloud = withPasswords()) {
            for (var proof : List.of(
                    "Basic",
                    "Basic !!!",
                    "Basic YWxpY2U=",
                    "Basic YWxpY2U6eA==",
                    "Basic Ym9iOmEtc2VjcmV0",
                    "Bearer YWxpY2U6YS1zZWNyZXQ=")) {
                assertThat(cloud.get("networks", "Authorization", proof).status())
                        .as(proof)
                        .isEqualTo(401);
            }
            var reply = cloud.get("networks");
            assertThat(reply.status()).isEqualTo(401);
            assertThat(reply.error()).isEqualTo("HTTPUnauthorized");
            assertThat(reply.http().headers().firstValue("WWW-Authenticate"))
                    .contains("Basic realm=\"Dragonflow\", charset=\"UTF-8\"");
        }
    }

    @Test
    void strangersAreToldWhetherAllIsWellAndNothingElse() throws IOException {
        try (var cloud = withPasswords()) {
            for (var path : List.of(
                    "/v2.0",
                    "/v2.0/extensions",
                    "/v2.0/extensions/router",
                    "//v2.0//ports",
                    "/v2.0/nonsense",
                    "/dragonflow/v1/pipeline",
                    "/dragonflow/v1/policy",
                    "/nonsense")) {
                assertThat(cloud.get(path, "X-Roles", "admin").status())
                        .as(path)
                        .isEqualTo(401);
                assertThat(cloud.send("OPTIONS", path, "").status()).as(path).isEqualTo(401);
            }
            for (var path : List.of("/", "/healthz", "/metrics")) {
                assertThat(cloud.get(path).status()).as(path).isEqualTo(200);
            }
        }
    }

    @Test
    void aFileThatChangesIsReadAgain() throws IOException {
        try (var cloud = withPasswords()) {
            assertThat(cloud.get("networks", basic("alice", "a-secret")).status())
                    .isEqualTo(200);
            var file = passwords(Passwords.line("bob", "b-secret", "blue", Set.of("member")));
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(5)));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> cloud.get("networks", basic("bob", "b-secret")).status() == 200);
            assertThat(cloud.get("networks", basic("alice", "a-secret")).status())
                    .isEqualTo(401);
        }
    }

    @Test
    void aTokenIsWorthWhatKeystoneSaysOfIt() throws IOException {
        try (var keystone = new FakeKeystone();
                var cloud = new Cloud(keystone.settings(keystone.url()))) {
            keystone.knows("t-alice", "alice", "blue", "member");
            assertThat(cloud.post("networks", "{'network':{}}", token("t-alice"))
                            .ok()
                            .text("project_id"))
                    .isEqualTo("blue");
            cloud.get("networks", token("t-alice")).ok();
            assertThat(keystone.validations()).isEqualTo(1);
            var refused = cloud.get("networks", token("t-mallory"));
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.http().headers().firstValue("WWW-Authenticate"))
                    .contains("Keystone uri=\"%s\"".formatted(keystone.url()));
            assertThat(cloud.get("networks", token("t-mallory")).status()).isEqualTo(401);
            assertThat(keystone.validations()).isEqualTo(2);
        }
    }

    @Test
    void theServersOwnTokenIsRenewedWhenItIsRefused() throws IOException {
        try (var keystone = new FakeKeystone();
                var cloud = new Cloud(keystone.settings(keystone.url()))) {
            keystone.knows("t-alice", "alice", "blue", "member");
            keystone.knows("t-bob", "bob", "blue", "member");
            cloud.get("networks", token("t-alice")).ok();
            keystone.forgetServer();
            cloud.get("networks", token("t-bob")).ok();
        }
    }

    @Test
    void anEndpointThatIsDeadSilentOrBrokenIsPassedOver() throws IOException {
        try (var silent = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress());
                var broken = new FakeKeystone();
                var keystone = new FakeKeystone();
                var cloud = new Cloud(keystone.settings("http://127.0.0.1:1,http://127.0.0.1:%d,%s,%s"
                        .formatted(silent.getLocalPort(), broken.url(), keystone.url())))) {
            broken.answersWith(500);
            keystone.knows("t-alice", "alice", "blue", "member");
            cloud.get("networks", token("t-alice")).ok();
        }
    }

    @Test
    void withoutKeystoneNobodyIsToldThatTheirTokenIsWrong() throws IOException {
        try (var keystone = new FakeKeystone();
                var cloud = new Cloud(keystone.settings(keystone.url()))) {
            keystone.knows("t-alice", "alice", "blue", "member");
            keystone.answersWith(503);
            assertThat(cloud.get("networks", token("t-alice")).status()).isEqualTo(503);
            keystone.answersWith(0);
            cloud.get("networks", token("t-alice")).ok();
        }
    }

    @Test
    void anAnswerThatMakesNoSenseLetsNobodyIn() throws IOException {
        try (var keystone = new FakeKeystone();
                var cloud = new Cloud(keystone.settings(keystone.url()))) {
            for (var answer : List.of("{", "[]", "{'token':{}}", "{'token':{'user':{'id':'u'},'expires_at':'soon'}}")) {
                keystone.answersOf("t-alice", answer.replace('\'', '"'));
                assertThat(cloud.get("networks", token("t-alice")).status())
                        .as(answer)
                        .isEqualTo(503);
            }
        }
    }

    @Test
    void aTokenThatIsOverIsRefusedWhateverKeystoneSays() throws IOException {
        try (var keystone = new FakeKeystone();
                var cloud = new Cloud(keystone.settings(keystone.url()))) {
            keystone.answersOf(
                    "t-alice",
                    FakeKeystone.token("alice", "blue", "member", Instant.now().minusSeconds(1)));
            assertThat(cloud.get("networks", token("t-alice")).status()).isEqualTo(401);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--identity.kind=magic",
                "--identity.kind=basic",
                "--identity.kind=keystone",
                "--api.tls-certificate=/nowhere"
            })
    void settingsThatCannotBeAreRefused(String setting) {
        assertThatThrownBy(() -> new Cloud(setting).close())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching(".*(identity\\.k|identity\\.password-file|api\\.tls).*");
    }
}
