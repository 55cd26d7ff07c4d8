package org.dragonflow.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.dragonflow.server.Config;
import org.dragonflow.server.Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every resource by the stock {@code openstack} command, with a real Keystone: made, listed with filters, shown, changed and removed. */
class OpenStackClientTest {
    @TempDir
    private static Path directory;

    private static final String NOWHERE = "http://127.0.0.1:9";

    private static Keystone keystone;

    /** Of each server in turn, as Keystone tells clients. */
    private static final int PORT = Tenant.freePort();

    private Server server;

    @BeforeAll
    static void startKeystone() {
        keystone = Keystone.start(directory);
        keystone.offerNetworks("http://127.0.0.1:" + PORT);
        // The client's command for quotas wants to know where these are, and does not go there for those of
        // networks.
        keystone.offer("nova", "compute", NOWHERE);
        keystone.offer("cinderv3", "volumev3", NOWHERE);
    }

    @AfterAll
    static void stopKeystone() {
        keystone.close();
    }

    @BeforeEach
    void start() {
        var settings = new ArrayList<>(keystone.settings());
        settings.addAll(List.of("--api.port=" + PORT, "--feed.port=0"));
        server = Server.start(Config.read(Optional.empty(), Map.of(), settings));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "networks",
                "ports",
                "routers",
                "groups",
                "shares",
                "trunks",
                "qos",
                "operator",
                "projects",
                "segments",
                "local"
            })
    void aSessionGoesAsItsScriptSays(String name) throws IOException, InterruptedException {
        var resource = "session/%s.txt".formatted(name);
        try (var script = Objects.requireNonNull(OpenStackClientTest.class.getResourceAsStream(resource), resource);
                var session = ClientSession.start(keystone.adminEnvironment())) {
            session.follow(new String(script.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
