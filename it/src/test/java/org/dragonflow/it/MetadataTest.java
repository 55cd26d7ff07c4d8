package org.dragonflow.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.it.Tenant.SOON;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.dragonflow.it.Tenant.Machine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/**
 * Metadata on real switches: alice and eve have the same address, on two networks that lead nowhere; bob is behind a router. These three are
 * on hv1, which has no Nova; carol and dave, like alice and eve, are on hv2, which has.
 */
class MetadataTest {
    private static final String SECOND = "2001:db8:5::20";
    private static final String SECRET = "ovs-and-nova-know";
    private static final String CHASSIS = "169.254.169.254";
    private static final String SERVICE = "http://" + CHASSIS;
    private static final String SERVICE6 = "http://[fe80::a9fe:a9fe%25eth0]";

    private static Cloud cloud;
    private static Tenant tenant;
    private static NovaMetadata nova;
    private static Running upstream;
    private static Machine alice;
    private static Machine eve;
    private static Machine bob;
    private static Machine carol;
    private static Machine dave;

    @BeforeAll
    static void start() throws Exception {
        cloud = Cloud.open("metadata", Tenant.freePort());
        tenant = new Tenant(cloud);
        cloud.startServer();
        var root = cloud.lab().joinRoot().ipv4().toString();
        nova = new NovaMetadata(root);
        upstream = cloud.lab()
                .start(
                        resolver(root, "192.0.2.80"),
                        cloud.lab().directory("upstream").resolve("dnsmasq.log"));
        cloud.join("hv1", "hv1").start("--dns-upstream=" + root);
        var secret = Files.writeString(cloud.lab().directory("nova").resolve("secret"), SECRET + "\n");
        var second = cloud.join("hv2", "hv2");
        second.start(
                "--nova-metadata-url=" + nova.url(), "--nova-metadata-secret-file=" + secret, "--dns-upstream=" + root);
        cloud.agent("hv1").awaitSync();
        second.awaitSync();
        var blue = tenant.network("blue", "10.5.0.0/24");
        var blue6 = tenant.subnet(blue.id(), "2001:db8:5::/64", Map.of());
        var red = tenant.network("red", "10.5.0.0/24");
        var green = tenant.network("green", "10.6.0.0/24");
        tenant.router(green);
        alice = machine("alice", blue, "hv1", "10.5.0.10");
        eve = machine("eve", red, "hv1", "10.5.0.10");
        bob = machine("bob", green, "hv1", "10.6.0.10");
        carol = machine("carol", blue, "hv2", "10.5.0.20");
        var both = List.of(
                Map.of("subnet_id", blue.subnet(), "ip_address", "10.5.0.20"),
                Map.of("subnet_id", blue6.subnet(), "ip_address", SECOND));
        tenant.update(carol, Map.of("fixed_ips", both));
        dave = machine("dave", red, "hv2", "10.5.0.20");
        tenant.awaitActive(alice, eve, bob, carol, dave);
        for (var machine : List.of(alice, eve, bob, carol, dave)) {
            machine.server().dhcp().start(SOON);
            Wait.until(
                    "metadata for " + machine.server().name(),
                    SOON,
                    () -> ask(machine, SERVICE + "/latest/").succeeded());
        }
        nova.questions().clear();
    }

    /** One at the address, that knows one name. */
    private static Command resolver(String address, String answer) {
        return Command.of("dnsmasq", "--no-daemon", "--conf-file=/dev/null", "--no-resolv", "--no-hosts")
                .and("--listen-address=" + address, "--bind-interfaces")
                .and("--address=/www.example.org/" + answer);
    }

    private static Machine machine(String name, Tenant.Network network, String chassis, String address) {
        var more = new HashMap<String, Object>();
        more.put("name", name);
        more.put("dns_name", name);
        more.put("device_id", "server-of-" + name);
        more.put("fixed_ips", List.of(Map.of("subnet_id", network.subnet(), "ip_address", address)));
        more.put(
                "binding:profile",
                Map.of(
                        "metadata",
                        Map.of(
                                "user_data",
                                "#!/bin/sh\necho " + name,
                                "public_keys",
                                Map.of("mine", "ssh-ed25519 AAAA " + name))));
        return tenant.unaddressed(name, chassis, tenant.port(network, chassis, more));
    }

    @AfterAll
    static void end() {
        nova.close();
        upstream.close();
        cloud.close();
    }

    private static Command.Result ask(Machine machine, String... words) {
        return machine.server()
                .command("curl", "-sf", "--max-time", "5")
                .and(words)
                .run();
    }

    private static String told(Machine machine, String url) {
        return machine.server().command("curl", "-sf", "--max-time", "5", url).require();
    }

    private static void eachIsToldItsOwn() {
        for (var service : List.of(SERVICE, SERVICE6)) {
            var url = service + "/latest/meta-data/instance-id";
            assertThat(told(alice, url)).isEqualTo("server-of-alice");
            assertThat(told(eve, url)).isEqualTo("server-of-eve");
            assertThat(told(bob, url)).isEqualTo("server-of-bob");
            assertThat(told(carol, url)).isEqualTo("server-of-carol");
            assertThat(told(dave, url)).isEqualTo("server-of-dave");
        }
    }

    @Test
    void serversWithTheSameAddressAreToldApartOverIpv4AndIpv6OnRoutedAndIsolatedNetworksAndAfterARestart()
            throws Exception {
        eachIsToldItsOwn();
        for (var chassis : List.of("hv1", "hv2")) {
            cloud.agent(chassis).kill();
            assertThat(ask(alice, SERVICE + "/latest/").succeeded()).isEqualTo(!chassis.equals("hv1"));
            cloud.agent(chassis).start();
            cloud.agent(chassis).awaitSync();
        }
        Wait.until("metadata for carol", SOON, () -> ask(carol, SERVICE + "/").succeeded());
        Wait.until("metadata for alice", SOON, () -> ask(alice, SERVICE + "/").succeeded());
        eachIsToldItsOwn();
        alicesPortIsTold();
        novaIsToldOfDave();
        namesAreAnswered();
    }

    @Test
    void novaIsToldWhoAsksAndThatItMayBelieveIt() throws Exception {
        novaIsToldOfDave();
        assertThat(ask(dave, SERVICE + "/missing", "-o", "/dev/null", "-w", "%{http_code}")
                        .stdout())
                .isEqualTo("404");
    }

    private static void novaIsToldOfDave() throws Exception {
        nova.questions().clear();
        ask(dave, SERVICE + "/openstack/latest/meta_data.json", "-H", "X-Instance-ID: server-of-carol");
        var question = nova.questions().take();
        assertThat(question.line()).isEqualTo("GET /openstack/latest/meta_data.json HTTP/1.1");
        assertThat(question.header("x-instance-id")).isEqualTo("server-of-dave");
        assertThat(question.header("x-forwarded-for")).isEqualTo("10.5.0.20");
        assertThat(question.header("x-tenant-id"))
                .isEqualTo(cloud.api()
                        .show("ports", "port", dave.port())
                        .get("project_id")
                        .asString());
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
        assertThat(question.header("x-instance-id-signature"))
                .isEqualTo(HexFormat.of().formatHex(mac.doFinal("server-of-dave".getBytes(StandardCharsets.US_ASCII))));
    }

    @Test
    void withoutNovaAServerIsToldWhatItsPortSays() {
        alicesPortIsTold();
        var data = JsonMapper.shared().readTree(told(bob, SERVICE + "/openstack/latest/meta_data.json"));
        assertThat(data.get("uuid").asString()).isEqualTo("server-of-bob");
        assertThat(data.get("hostname").asString()).isEqualTo("bob.openstacklocal");
    }

    private static void alicesPortIsTold() {
        assertThat(told(alice, SERVICE + "/latest/meta-data/public-keys/")).isEqualTo("0=mine");
        assertThat(told(alice, SERVICE + "/2009-04-04/meta-data/public-keys/0/openssh-key"))
                .isEqualTo("ssh-ed25519 AAAA alice");
        assertThat(told(alice, SERVICE + "/latest/user-data")).isEqualTo("#!/bin/sh\necho alice");
    }

    /** What dig prints of the answer alone. */
    private static String dig(Machine machine, String... words) {
        return machine.server()
                .command("dig", "+short", "+time=3", "+tries=2")
                .and(words)
                .require()
                .strip();
    }

    @Test
    void namesOfPortsAreAnsweredOverUdpAndTcpAndIpv6AndTheRestIsForwarded() {
        namesAreAnswered();
    }

    private static void namesAreAnswered() {
        for (var way : List.of(
                List.of("@169.254.169.254"),
                List.of("@169.254.169.254", "+tcp"),
                List.of("@fe80::a9fe:a9fe%eth0"),
                List.of("@fe80::a9fe:a9fe%eth0", "+tcp"))) {
            var words = way.toArray(String[]::new);
            assertThat(dig(alice, with(words, "carol.openstacklocal", "A"))).isEqualTo("10.5.0.20");
            assertThat(dig(alice, with(words, "CaRoL", "A"))).isEqualTo("10.5.0.20");
            assertThat(dig(alice, with(words, "carol", "AAAA"))).isEqualTo(SECOND);
            assertThat(dig(alice, with(words, "-x", SECOND))).isEqualTo("carol.openstacklocal.");
            assertThat(dig(bob, with(words, "bob", "AAAA"))).isEmpty();
            assertThat(dig(alice, with(words, "-x", "10.5.0.20"))).isEqualTo("carol.openstacklocal.");
            assertThat(dig(dave, with(words, "-x", "10.5.0.10"))).isEqualTo("eve.openstacklocal.");
            assertThat(dig(bob, with(words, "www.example.org", "A"))).isEqualTo("192.0.2.80");
        }
        var unknown = alice.server()
                .command("dig", "@169.254.169.254", "bob.openstacklocal")
                .require();
        assertThat(unknown).contains("status: NXDOMAIN");
    }

    private static String[] with(String[] words, String... more) {
        return Stream.of(words, more).flatMap(Stream::of).toArray(String[]::new);
    }

    @Test
    void whereASubnetNamesNoResolverDhcpHandsOutTheChassis() {
        assertThat(alice.server().dhcp().resolver()).contains("nameserver 169.254.169.254");
    }

    @Test
    void whereASubnetNamesTheChassisFirstAllElseIsAskedOfItsOwnServersAlsoAfterARestart() {
        var chassis = cloud.lab().chassis("hv1");
        var own = "192.0.2.53";
        chassis.space().ip("addr", "add", own + "/32", "dev", "lo");
        var gold = tenant.network("gold", "10.7.0.0/24");
        cloud.api().update("subnets", "subnet", gold.subnet(), Map.of("dns_nameservers", List.of(CHASSIS, own)));
        var frank = machine("frank", gold, "hv1", "10.7.0.10");
        try (var _ = chassis.start(
                        resolver(own, "192.0.2.81"), chassis.directory().resolve("dnsmasq.log"));
                var client = frank.server().dhcp()) {
            tenant.awaitActive(frank);
            client.start(SOON);
            assertThat(client.resolver()).containsSubsequence("nameserver " + CHASSIS, "nameserver " + own);
            namesOfPortsAndOthers(frank);
            cloud.agent("hv1").kill();
            cloud.agent("hv1").start();
            cloud.agent("hv1").awaitSync();
            Wait.until(
                    "metadata for frank", SOON, () -> ask(frank, SERVICE + "/").succeeded());
            namesOfPortsAndOthers(frank);
        }
    }

    private static void namesOfPortsAndOthers(Machine frank) {
        assertThat(dig(frank, "@" + CHASSIS, "frank.openstacklocal")).isEqualTo("10.7.0.10");
        assertThat(dig(frank, "@" + CHASSIS, "www.example.org")).isEqualTo("192.0.2.81");
        assertThat(dig(frank, "@" + CHASSIS, "+tcp", "www.example.org")).isEqualTo("192.0.2.81");
    }

    @Test
    void theHostReachesNothingOfItAndIsNotReached() {
        var chassis = cloud.lab().chassis("hv1");
        assertThat(chassis.command("curl", "-sf", "--max-time", "2", SERVICE + "/")
                        .run()
                        .succeeded())
                .isFalse();
        assertThat(chassis.command("ip", "-4", "addr").require()).doesNotContain("169.254.169.254");
    }
}
