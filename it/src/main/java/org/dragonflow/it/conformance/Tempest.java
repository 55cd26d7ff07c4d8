package org.dragonflow.it.conformance;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.dragonflow.it.Keystone;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** OpenStack's suite, as Debian packs it. */
final class Tempest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Pattern END = Pattern.compile("^\\{\\d+} .* \\.\\.\\. (ok|FAILED|SKIPPED)");

    private final Path directory;
    private final Path log;
    private Optional<Process> running = Optional.empty();
    private boolean isStopped;

    Tempest(Path directory, Path log) {
        this.directory = directory;
        this.log = log;
    }

    /** How many tests came to what. */
    record Outcome(int passed, int failed, int skipped) {
        Outcome with(String end) {
            return switch (end) {
                case "ok" -> new Outcome(passed + 1, failed, skipped);
                case "SKIPPED" -> new Outcome(passed, failed, skipped + 1);
                default -> new Outcome(passed, failed + 1, skipped);
            };
        }

        boolean isWell() {
            return failed == 0 && passed > 0;
        }

        @Override
        public String toString() {
            return "%d passed, %d failed, %d skipped".formatted(passed, failed, skipped);
        }
    }

    /**
     * Tells it what there is to be tested: the extensions that the server lists, a network that leads outside, pools that subnets are cut from,
     * and whether there is a Nova.
     */
    void configure(Keystone keystone, String url, boolean hasNova) throws IOException, InterruptedException {
        var admin = keystone.systemToken(Keystone.ADMIN);
        var extensions = extensions(url, admin);
        var outside = outside(url, admin);
        Files.writeString(directory.resolve("tempest.conf"), """
                [DEFAULT]
                log_file = %1$s/tempest.log
                [oslo_concurrency]
                lock_path = %2$s
                [auth]
                use_dynamic_credentials = true
                admin_username = admin
                admin_password = admin
                admin_project_name = admin
                admin_domain_name = Default
                [identity]
                auth_version = v3
                uri_v3 = %3$s
                region = RegionOne
                [service_available]
                neutron = true
                nova = %6$s
                glance = false
                cinder = false
                swift = false
                horizon = false
                [network]
                public_network_id = %4$s
                floating_network_name = outside
                [network-feature-enabled]
                api_extensions = %5$s
                ipv6 = true
                ipv6_subnet_attributes = true
                [neutron_plugin_options]
                available_type_drivers = flat,vlan,vxlan,geneve
                provider_vlans = %7$s
                agent_availability_zone = nova
                create_shared_resources = true
                """.formatted(
                log.toAbsolutePath(), directory, keystone.url(), outside, extensions, hasNova, Conformance.PHYSICAL));
        Files.writeString(directory.resolve(".stestr.conf"), """
                [DEFAULT]
                test_path=/usr/lib/python3/dist-packages/tempest/test_discover
                top_dir=/usr/lib/python3/dist-packages
                group_regex=([^\\.]*\\.)*
                """);
    }

    private static String extensions(String url, String token) throws IOException, InterruptedException {
        return ask("GET", url + "/v2.0/extensions", "", token)
                .path("extensions")
                .valueStream()
                .map(extension -> extension.path("alias").asString())
                .collect(Collectors.joining(","));
    }

    private static String outside(String url, String token) throws IOException, InterruptedException {
        var network = ask(
                        "POST",
                        url + "/v2.0/networks",
                        "{\"network\": {\"name\": \"outside\", \"router:external\": true}}",
                        token)
                .at("/network/id")
                .asString();
        ask(
                "POST",
                url + "/v2.0/subnets",
                JSON.writeValueAsString(
                        Map.of("subnet", Map.of("network_id", network, "ip_version", 4, "cidr", "198.51.100.0/24"))),
                token);
        offerPool(url, token, "10.192.0.0/10", 26);
        offerPool(url, token, "fd00:5:bad::/48", 64);
        return network;
    }

    private static void offerPool(String url, String token, String block, int length)
            throws IOException, InterruptedException {
        Map<String, Object> pool = Map.of(
                "name",
                "default",
                "is_default",
                true,
                "shared",
                true,
                "prefixes",
                List.of(block),
                "default_prefixlen",
                length);
        ask("POST", url + "/v2.0/subnetpools", JSON.writeValueAsString(Map.of("subnetpool", pool)), token);
    }

    private static JsonNode ask(String method, String url, String body, String token)
            throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create(url))
                    .header("X-Auth-Token", token)
                    .method(method, HttpRequest.BodyPublishers.ofString(body))
                    .build();
            var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() >= 300) {
                throw new IOException(
                        "%s %s is answered with %d: %s".formatted(method, url, answer.statusCode(), answer.body()));
            }
            return JSON.readTree(answer.body());
        }
    }

    /** Runs the tests whose names match, and shows how each ends. */
    Outcome run(String pattern, int workers) throws IOException, InterruptedException {
        var builder = new ProcessBuilder("/usr/bin/stestr", "run", "--concurrency", Integer.toString(workers), pattern)
                .directory(directory.toFile())
                .redirectErrorStream(true);
        // Debian's Python is the one that has the suite.
        builder.environment().put("PYTHON", "/usr/bin/python3");
        builder.environment().put("TEMPEST_CONFIG_DIR", directory.toString());
        var process = start(builder);
        var outcome = new Outcome(0, 0, 0);
        process.getOutputStream().close();
        try (var out = process.inputReader(StandardCharsets.UTF_8);
                var file = Files.newBufferedWriter(log.resolve("tests.log"))) {
            for (var line = out.readLine(); line != null; line = out.readLine()) {
                file.write(line);
                file.newLine();
                file.flush();
                if (line.startsWith("{") || line.startsWith(" - ")) {
                    System.out.println(line);
                }
                var end = END.matcher(line);
                if (end.find()) {
                    outcome = outcome.with(end.group(1));
                }
            }
        }
        process.waitFor();
        return outcome;
    }

    private synchronized Process start(ProcessBuilder builder) throws IOException {
        if (isStopped) {
            throw new IOException("stopped before the first test");
        }
        var process = builder.start();
        running = Optional.of(process);
        return process;
    }

    /** Ends a run, with all that it started. */
    synchronized void stop() {
        isStopped = true;
        running.ifPresent(process -> {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        });
    }
}
