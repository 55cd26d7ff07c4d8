package org.dragonflow.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real Keystone on this machine, from its Debian package, with a database of its own and nobody in it but an administrator. */
public final class Keystone implements AutoCloseable {
    /** The name and the password of its administrator, and the name of his project. */
    public static final String ADMIN = "admin";

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int KEY_BYTES = 32;

    private final Path directory;
    private final PythonProgram service;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private String token = "";

    private Keystone(Path directory) {
        int port = PythonProgram.freePort();
        this.directory = directory;
        this.service = new PythonProgram(
                "keystone",
                directory,
                port,
                Map.of("OS_KEYSTONE_CONFIG_DIR", directory.toString()),
                directory.resolve("keystone.conf").toString(),
                Integer.toString(port),
                ADMIN);
    }

    /** Starts one that keeps all it has in this directory. */
    public static Keystone start(Path directory) {
        var keystone = new Keystone(directory);
        try {
            keystone.configure();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        keystone.start();
        return keystone;
    }

    private void configure() throws IOException {
        for (var keys : List.of("fernet", "credential")) {
            Files.createDirectory(directory.resolve(keys));
            for (int i = 0; i < 2; i++) {
                Files.writeString(directory.resolve(keys).resolve(Integer.toString(i)), key());
            }
        }
        // Passwords in tests protect nothing, so hashing them need not take long. It is one process, which hears of all
        // changes: what it
        // remembers is right, and makes it ten times as fast.
        Files.writeString(directory.resolve("keystone.conf"), """
                [database]
                connection = sqlite:///%1$s/keystone.db
                [fernet_tokens]
                key_repository = %1$s/fernet
                [fernet_receipts]
                key_repository = %1$s/fernet
                [credential]
                key_repository = %1$s/credential
                [identity]
                password_hash_rounds = 4
                [cache]
                enabled = true
                backend = dogpile.cache.memory
                """.formatted(directory));
    }

    private static String key() {
        var key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return Base64.getUrlEncoder().encodeToString(key);
    }

    /** Starts it again, with all it had. */
    public void start() {
        service.launch();
        token = "";
        service.await();
        token = token(Map.of("system", Map.of("all", true)), ADMIN, ADMIN);
    }

    /** Ends it; what it knows stays. */
    public void stop() {
        service.stop();
    }

    @Override
    public void close() {
        stop();
        http.close();
    }

    /** Where it is, with the version. */
    public String url() {
        return service.url() + "/v3";
    }

    /** Makes a project, and gives its id. */
    public String project(String name) {
        return create("projects", "project", Map.of("name", name, "domain_id", "default"));
    }

    /** Makes a user whose password is the name, and gives the id. */
    public String user(String name) {
        return create("users", "user", Map.of("name", name, "password", name, "domain_id", "default"));
    }

    /** Gives a user a role in a project; makes the role if there is none. */
    public void grant(String user, String project, String role) {
        send("PUT", "/projects/%s/users/%s/roles/%s".formatted(project, user, role(role)), Map.of());
    }

    /** Gives a user a role in the whole system. */
    public void grantOnSystem(String user, String role) {
        send("PUT", "/system/users/%s/roles/%s".formatted(user, role(role)), Map.of());
    }

    private String role(String name) {
        var found = json(send("GET", "/roles?name=" + name, Map.of())).path("roles");
        return found.isEmpty()
                ? create("roles", "role", Map.of("name", name))
                : found.get(0).path("id").asString();
    }

    /** Tells clients where the networks are. */
    public void offerNetworks(String url) {
        offer("neutron", "network", url);
    }

    /** Tells clients where a service of some type is. */
    public void offer(String name, String type, String url) {
        var service = create("services", "service", Map.of("name", name, "type", type));
        for (var side : List.of("public", "internal", "admin")) {
            create(
                    "endpoints",
                    "endpoint",
                    Map.of("service_id", service, "interface", side, "region_id", "RegionOne", "url", url));
        }
    }

    /** A token of the user, whose password is the name, for a project. */
    public String token(String user, String project) {
        return token(Map.of("project", Map.of("id", project)), user, user);
    }

    /** A token of the administrator for his project. */
    public String adminToken() {
        return token(Map.of("project", Map.of("name", ADMIN, "domain", Map.of("id", "default"))), ADMIN, ADMIN);
    }

    /** Who the administrator is, for clients that read it from their environment. */
    public Map<String, String> adminEnvironment() {
        return Map.of(
                "OS_AUTH_URL",
                url(),
                "OS_USERNAME",
                ADMIN,
                "OS_PASSWORD",
                ADMIN,
                "OS_PROJECT_NAME",
                ADMIN,
                "OS_USER_DOMAIN_ID",
                "default",
                "OS_PROJECT_DOMAIN_ID",
                "default",
                "OS_IDENTITY_API_VERSION",
                "3");
    }

    /** How a server is told to ask this Keystone, as its administrator. */
    public List<String> settings() {
        return List.of(
                "--identity.kind=keystone",
                // It answers one at a time, and has other work too.
                "--identity.keystone.timeout-millis=60000",
                "--identity.keystone.urls=" + url(),
                "--identity.keystone.user=" + ADMIN,
                "--identity.keystone.password=" + ADMIN,
                "--identity.keystone.project=" + ADMIN);
    }

    /** A token of the user, whose password is the name, for the whole system. */
    public String systemToken(String user) {
        return token(Map.of("system", Map.of("all", true)), user, user);
    }

    private String token(Map<String, ?> scope, String user, String password) {
        var who = Map.of("name", user, "password", password, "domain", Map.of("id", "default"));
        var identity = Map.of("methods", List.of("password"), "password", Map.of("user", who));
        return send("POST", "/auth/tokens", Map.of("auth", Map.of("identity", identity, "scope", scope)))
                .headers()
                .firstValue("X-Subject-Token")
                .orElseThrow();
    }

    public void revoke(String revoked) {
        send("DELETE", "/auth/tokens", Map.of(), "X-Subject-Token", revoked);
    }

    private String create(String collection, String singular, Map<String, ?> attributes) {
        return json(send("POST", "/" + collection, Map.of(singular, attributes)))
                .path(singular)
                .path("id")
                .asString();
    }

    private static JsonNode json(HttpResponse<String> response) {
        return JSON.readTree(response.body());
    }

    private HttpResponse<String> send(String method, String path, Map<String, ?> body, String... headers) {
        var request = HttpRequest.newBuilder(URI.create(url() + path))
                .timeout(LIMIT)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        HttpRequest.BodyPublishers.ofString(body.isEmpty() ? "" : JSON.writeValueAsString(body)));
        if (!token.isEmpty()) {
            request.header("X-Auth-Token", token);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            var response = sent(request.build());
            if (response.statusCode() >= 300) {
                throw new IllegalStateException("Keystone answers %s %s with %d: %s"
                        .formatted(method, path, response.statusCode(), response.body()));
            }
            return response;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Keystone's server here closes connections as it likes, also one on which a request is just about to go out. */
    private HttpResponse<String> sent(HttpRequest request) throws IOException, InterruptedException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted", e);
    }
}
