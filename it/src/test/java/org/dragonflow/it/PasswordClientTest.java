package org.dragonflow.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.dragonflow.server.Config;
import org.dragonflow.server.PasswordFile;
import org.dragonflow.server.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An installation without Keystone: passwords in a file, and TLS, as the stock {@code openstack} command speaks them. */
class PasswordClientTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    @Test
    void whoKnowsAPasswordGetsInAndNobodyElse() throws IOException {
        certify();
        Files.writeString(
                directory.resolve("passwords"),
                PasswordFile.line("alice", "a-secret", "blue", Set.of("member")) + "\n");
        try (var server = Server.start(Config.read(
                Optional.empty(),
                Map.of(),
                List.of(
                        "--api.port=0",
                        "--feed.port=0",
                        "--api.tls-certificate=" + directory.resolve("certificate.pem"),
                        "--api.tls-key=" + directory.resolve("key.pem"),
                        "--identity.kind=basic",
                        "--identity.password-file=" + directory.resolve("passwords"))))) {
            var alice = openstack(server.port(), "a-secret");
            assertThat(alice.and("network", "create", "net").run().stderr()).isEmpty();
            var listed =
                    alice.and("network", "list", "-f", "value", "-c", "Name").run();
            assertThat(listed.stdout()).as(listed.stderr()).isEqualTo("net\n");
            var stranger =
                    openstack(server.port(), "b-secret").and("network", "list").run();
            assertThat(stranger.succeeded()).isFalse();
            assertThat(stranger.stderr()).contains("401");
            var distrustful = alice.with("OS_CACERT", "/etc/ssl/certs/ca-certificates.crt")
                    .and("network", "list")
                    .run();
            assertThat(distrustful.succeeded()).isFalse();
            assertThat(distrustful.stderr()).containsIgnoringCase("certificate");
        }
    }

    private Command openstack(int port, String password) {
        return Command.of("openstack")
                .with(Map.of(
                        "OS_AUTH_TYPE",
                        "http_basic",
                        "OS_ENDPOINT",
                        "https://127.0.0.1:" + port,
                        "OS_USERNAME",
                        "alice",
                        "OS_PASSWORD",
                        password,
                        "OS_CACERT",
                        directory.resolve("certificate.pem").toString()))
                .within(LIMIT);
    }

    private void certify() {
        var made = Command.of(
                        "openssl",
                        "req",
                        "-x509",
                        "-newkey",
                        "ec",
                        "-pkeyopt",
                        "ec_paramgen_curve:prime256v1",
                        "-nodes",
                        "-days",
                        "2",
                        "-subj",
                        "/CN=here",
                        "-addext",
                        "subjectAltName=IP:127.0.0.1",
                        "-keyout",
                        directory.resolve("key.pem").toString(),
                        "-out",
                        directory.resolve("certificate.pem").toString())
                .run();
        assertThat(made.succeeded()).as(made.stderr()).isTrue();
    }
}
