package org.dragonflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dragonflow.address.IpAddress;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Chassis.Uplink;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.model.TunnelType;
import org.dragonflow.server.Config;
import org.dragonflow.server.Server;
import org.dragonflow.store.MemoryStore;
import org.dragonflow.store.Retention;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the command prints, and what it ends with. */
class DfctlTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Server server = Server.start(
            Config.read(Optional.empty(), Map.of(), List.of("--api.port=0")),
            new MemoryStore(Clock.systemUTC(), Retention.STANDARD));

    @AfterEach
    void close() {
        server.close();
    }

    private record Run(int status, String out, String err) {}

    private static Run run(String... words) {
        var out = new StringWriter();
        var err = new StringWriter();
        int status = Dfctl.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
        return new Run(status, out.toString(), err.toString());
    }

    private String endpoint() {
        return "http://127.0.0.1:" + server.port();
    }

    private Run ask(String... words) {
        var all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--endpoint", endpoint()));
        return run(all.toArray(String[]::new));
    }

    private String post(String path, String body) throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create(endpoint() + "/v2.0/" + path))
                    .POST(HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')))
                    .build();
            var answer = JSON.readTree(
                    http.send(request, HttpResponse.BodyHandlers.ofString()).body());
            return answer.iterator().next().path("id").asString("");
        }
    }

    private void twoServersOnTwoChassis() throws IOException, InterruptedException {
        for (int i = 1; i <= 2; i++) {
            var chassis = new Chassis(
                    Id.of(Chassis.class, "hv" + i),
                    IpAddress.parse("192.0.2." + i),
                    List.of(TunnelType.GENEVE),
                    "system-" + i,
                    "br-int",
                    "system",
                    List.of(new Uplink("p1", true), new Uplink("p2", false)),
                    i == 1,
                    Instant.EPOCH);
            server.replica().edit(edit -> edit.create(chassis));
        }
        var network = post("networks", "{'network':{'name':'lan'}}");
        post("subnets", "{'subnet':{'network_id':'%s','cidr':'10.0.0.0/24','ip_version':4}}".formatted(network));
        for (var port : List.of("alice 10.0.0.10 hv1", "bob 10.0.0.11 hv2")) {
            var words = port.split(" ", -1);
            post(
                    "ports",
                    "{'port':{'network_id':'%s','name':'%s','fixed_ips':[{'ip_address':'%s'}],'binding:host_id':'%s'}}"
                            .formatted(network, words[0], words[1], words[2]));
        }
    }

    @Test
    void aTraceThatArrivesIsToldTableByTable() throws Exception {
        twoServersOnTwoChassis();
        var run = ask("trace", "alice", "icmp", "to", "10.0.0.11");
        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
        assertThat(run.out().lines())
                .anyMatch(line -> line.equals("chassis hv1, from port alice"))
                .anyMatch(line -> line.matches(" +0 classify +classifier/plugged: port alice"))
                .anyMatch(line -> line.startsWith("     => tunnelled: through a tunnel to chassis hv2"))
                .anyMatch(line -> line.equals(
                        "delivered: delivered to port bob, on network lan, from hv1 through a tunnel to hv2"));
        assertThat(run.out()).doesNotContain("cookie");
        assertThat(ask("trace", "--all", "alice", "icmp", "to", "10.0.0.11").out())
                .contains("cookie 0xd7a6", "made by  classifier/plugged for port alice");
    }

    @Test
    void aTraceThatDoesNotArriveEndsWithOne() throws Exception {
        twoServersOnTwoChassis();
        var run = ask("trace", "alice", "icmp to 10.0.0.11 from 10.0.0.99");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).contains("dropped: port security: port alice may not send from 10.0.0.99");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void aTraceCanBeHadAsJson() throws Exception {
        twoServersOnTwoChassis();
        JsonNode trace = JSON.readTree(
                ask("trace", "--json", "alice", "arp", "who-has", "10.0.0.11").out());
        assertThat(trace.path("verdict").asString("")).isEqualTo("answered");
    }

    @Test
    void faultsAreToldInOneLine() throws Exception {
        twoServersOnTwoChassis();
        assertThat(ask("trace", "zoe", "dhcp")).isEqualTo(new Run(1, "", "dfctl: Port zoe could not be found.\n"));
        assertThat(ask("trace", "alice", "tcp", "to", "10.0.0.11").err())
                .isEqualTo("dfctl: Invalid packet: tcp needs an address and a port: tcp to 10.0.0.5:80.\n");
        assertThat(run("status", "--endpoint", "http://127.0.0.1:1"))
                .isEqualTo(new Run(
                        1,
                        "",
                        "dfctl: no server answers at http://127.0.0.1:1; start one (dragonflow server), or say where it is"
                                + " (--endpoint, DRAGONFLOW_ENDPOINT)\n"));
        assertThat(run("status", "--endpoint", "nowhere").err())
                .isEqualTo("dfctl: 'nowhere' is no endpoint; write one such as http://127.0.0.1:9696\n");
        assertThat(run("agent", "status", "--socket", "/nonexistent/agent.sock").err())
                .startsWith("dfctl: no agent is at /nonexistent/agent.sock; start one")
                .hasLineCount(1);
    }

    @Test
    void whatIsNotUnderstoodEndsWithTwo() {
        var run = run("chassis", "frobnicate");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).endsWith("see dfctl chassis --help\n").hasLineCount(1);
        assertThat(run("trace", "alice").status()).isEqualTo(2);
        assertThat(run("--nonsense").status()).isEqualTo(2);
    }

    @Test
    void chassisAreListedShownAndRemoved() throws Exception {
        twoServersOnTwoChassis();
        assertThat(ask("chassis", "list").out()).isEqualTo("""
                        CHASSIS  ADDRESS    TUNNELS  UPLINKS        PORTS  STATE
                        hv1      192.0.2.1  geneve   p1, p2 (down)  1      not connected, nothing confirmed
                        hv2      192.0.2.2  geneve   p1, p2 (down)  1      down, nothing confirmed
                        """);
        assertThat(ask("chassis", "show", "hv1").out()).contains("system-1");
        assertThat(ask("chassis", "show", "hv9").err()).isEqualTo("dfctl: Chassis hv9 could not be found.\n");
        assertThat(ask("chassis", "remove", "hv1").err())
                .isEqualTo("dfctl: Chassis hv1 cannot be removed: 1 ports are bound to it.\n");
        assertThat(ask("chassis", "list", "--project", "red").err()).isEqualTo("dfctl: This is for administrators.\n");
    }

    @Test
    void whoIsBehindAnAddressOutsideIsTold() throws Exception {
        twoServersOnTwoChassis();
        var out = post("networks", "{'network':{'name':'out','router:external':true}}");
        post("subnets", "{'subnet':{'network_id':'%s','cidr':'203.0.113.0/24','ip_version':4}}".formatted(out));
        var port = post(
                "ports",
                "{'port':{'network_id':'%s','name':'web','project_id':'red','binding:host_id':'hv1'}}".formatted(out));
        assertThat(ask("nat", "whois", "203.0.113.2", "443").out()).isEqualTo("""
                        PORT                                  NAME  PROJECT  CHASSIS  BY    PORTS OUTSIDE
                        %s  web   red      hv1      port  all
                        """.formatted(port));
        var json = JSON.readTree(ask("nat", "whois", "203.0.113.2", "443", "--protocol", "tcp", "--json")
                .out());
        assertThat(json.at("/holders/0/port_id").asString()).isEqualTo(port);
        assertThat(ask("nat", "whois", "203.0.113.2", "443", "--at", "1"))
                .isEqualTo(
                        new Run(
                                1,
                                "",
                                "dfctl: Nobody had 203.0.113.2 on an external network; look at another time, or at who routes there.\n"));
        assertThat(ask("nat", "whois", "203.0.113.2", "http").err())
                .isEqualTo("dfctl: 'port' is a number from 1 to 65535, and not 'http'\n");
        assertThat(run("nat", "whois", "203.0.113.2").status()).isEqualTo(2);
    }

    @Test
    void statusSaysHowAllIs() throws Exception {
        assertThat(ask("status").out()).contains("server: well, revision", "no chassis has joined");
        twoServersOnTwoChassis();
        var run = ask("status");
        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("server: well, revision", "hv2");
    }

    @Test
    void whatIsNotRealisedIsToldChassisByChassis() throws Exception {
        twoServersOnTwoChassis();
        var port = server.replica()
                .state()
                .topology()
                .find(Port.at(Id.of(Chassis.class, "hv1")))
                .findFirst()
                .orElseThrow()
                .id()
                .value();
        var run = ask("realised", "port", port);
        assertThat(run.err()).isEmpty();
        assertThat(run.status())
                .as("an agent that might come has confirmed nothing")
                .isEqualTo(1);
        assertThat(run.out()).contains("0 done, 2 pending, 0 absent").containsPattern("hv1 +pending +0\\.");
        var network = post("networks", "{'network':{'name':'empty'}}");
        assertThat(ask("realised", "network", network).status())
                .as("nobody is concerned")
                .isZero();
        assertThat(ask("realised", "revision", "2").out()).contains("revision 2:");
        assertThat(ask("realised", "nonsense", "1").err()).contains("there is no kind 'nonsense'", "security_group");
    }

    @Test
    void thePipelineAndTheVersionAreListed() {
        assertThat(ask("pipeline").out().lines()).anyMatch(line -> line.matches("0 +classify +classifier +Knows .*"));
        assertThat(run("version").out()).startsWith("dfctl ").doesNotContain("$", "unknown");
        assertThat(run("--version").out()).isEqualTo(run("version").out());
    }

    @Test
    void thePolicyIsListedAndItsRulesAreChecked() {
        assertThat(ask("policy", "list", "network:shared").out())
                .startsWith("RULE")
                .contains("create_network:shared  standard  \"rule:admin_only\"")
                .doesNotContain("create_port");
        var never = ask("policy", "check", "create_network:shared", "--roles", "member", "--in-project", "blue");
        assertThat(never.status()).isEqualTo(1);
        assertThat(never.out()).endsWith("allowed: never\n");
        assertThat(ask("policy", "check", "create_network:shared", "--roles", "admin")
                        .out())
                .endsWith("allowed: always\n");
        var sometimes = ask("policy", "check", "get_network", "--roles", "reader", "--in-project", "blue");
        assertThat(sometimes.status()).isZero();
        assertThat(sometimes.out()).contains("allowed: if ", "project_id is blue", " or network's shared is true");
        assertThat(ask("policy", "check", "get_nothing", "--roles", "reader"))
                .isEqualTo(new Run(1, "", "dfctl: Policy rule get_nothing could not be found.\n"));
        assertThat(ask("policy", "list", "--project", "red").err()).isEqualTo("dfctl: This is for administrators.\n");
    }

    @Test
    void whoAsksIsProvedByTheEnvironment() {
        assertThat(Proof.of("", Map.of()).headers()).isEmpty();
        assertThat(Proof.of("blue", Map.of("OS_TOKEN", "t")).headers())
                .isEqualTo(Map.of("X-Project-Id", "blue", "X-Roles", "member", "X-Auth-Token", "t"));
        var basic = Proof.of("", Map.of("DRAGONFLOW_USER", "alice", "DRAGONFLOW_PASSWORD", "secret"));
        assertThat(basic.headers()).isEqualTo(Map.of("Authorization", "Basic YWxpY2U6c2VjcmV0"));
        assertThat(basic.toString()).doesNotContain("YWx");
    }

    @Test
    void everyCommandHasHelpWithAnExample() {
        for (var words : List.of(
                "",
                "status",
                "trace",
                "pipeline",
                "version",
                "realised",
                "chassis add",
                "chassis list",
                "chassis show",
                "chassis remove",
                "nat whois",
                "policy list",
                "policy check",
                "agent status",
                "agent ports",
                "agent flows",
                "agent explain")) {
            var help = run((words + " --help").strip().split(" ", -1));
            assertThat(help.status()).as(words).isZero();
            assertThat(help.out()).as(words).contains("Example");
        }
    }

    @Test
    void aBundleIsTriedAndThenDoneOnce(@TempDir Path directory) throws IOException {
        var file = directory.resolve("tenant.yaml");
        Files.writeString(file, """
                bundle:
                  operations:
                  - {name: net, method: POST, path: /v2.0/networks, body: {network: {name: lan}}}
                  - method: POST
                    path: /v2.0/ports
                    body: {port: {network_id: "${net.id}"}}
                """);
        long before = server.replica().state().revision();
        var tried = ask("bundle", file.toString(), "--dry-run");
        assertThat(tried.status()).isZero();
        assertThat(tried.out()).contains("net", "201", "Nothing has been done");
        assertThat(server.replica().state().revision()).isEqualTo(before);
        var done = ask("bundle", file.toString(), "--key", "k");
        assertThat(done.status()).isZero();
        assertThat(ask("bundle", file.toString(), "--key", "k").out()).isEqualTo(done.out());
        assertThat(server.replica().state().revision()).isEqualTo(before + 1);
    }

    @Test
    void aBundleThatIsRefusedNamesItsOperation(@TempDir Path directory) throws IOException {
        var file = directory.resolve("bad.json");
        Files.writeString(
                file, "{\"bundle\":{\"operations\":[{\"method\":\"DELETE\",\"path\":\"/v2.0/networks/none\"}]}}");
        var refused = ask("bundle", file.toString());
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err())
                .contains("Network none could not be found. (operation 0: DELETE /v2.0/networks/none)");
        assertThat(ask("bundle", directory.resolve("missing").toString()).err()).contains("cannot be read");
    }
}
