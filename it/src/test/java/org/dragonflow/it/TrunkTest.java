package org.dragonflow.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.it.Tenant.SOON;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.Mac;
import org.dragonflow.it.Tenant.Machine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Containers within a server, with ports of their own: each is a network namespace behind a VLAN of the server's one card. Alice, on blue,
 * carries web on red; dave and carol are plain servers on red and on blue, on the other chassis.
 */
class TrunkTest {
    private static final Duration FAST = Duration.ofMillis(10);
    private static final int WEB = 101;

    private static Cloud cloud;
    private static Tenant tenant;
    private static Tenant.Network blue;
    private static Tenant.Network red;
    private static String free;
    private static Machine alice;
    private static Machine carol;
    private static Machine dave;
    private static Machine web;
    private static String trunk;

    @BeforeAll
    static void start() {
        cloud = Cloud.open("trunk", Tenant.freePort());
        tenant = new Tenant(cloud);
        cloud.startServer();
        cloud.startChassis("hv1", "hv2");
        blue = tenant.network("blue", "10.1.0.0/24");
        red = tenant.network("red", "10.2.0.0/24");
        var red6 = tenant.subnet(
                red.id(), "2001:db8:2::/64", Map.of("ipv6_ra_mode", "slaac", "ipv6_address_mode", "slaac"));
        tenant.router(blue, red, red6);
        free = tenant.openGroup();
        alice = tenant.machine("alice", blue, "hv1", in(free));
        carol = tenant.machine("carol", blue, "hv2", in(free));
        dave = tenant.machine("dave", red, "hv2", in(free));
        dave.server().address(second(dave), 64);
        trunk = cloud.api()
                .create("trunks", "trunk", Map.of("port_id", alice.port()))
                .get("id")
                .asString();
        web = carried("web", WEB, in(free));
        tenant.awaitActive(alice, carol, dave, web);
        Tenant.awaitPing(alice, carol.address());
    }

    @AfterAll
    static void end() {
        cloud.close();
    }

    private static Map<String, ?> in(String group) {
        return Map.of("security_groups", List.of(group));
    }

    /** A container in alice, with a port on red that her running server's trunk carries from now on. */
    private static Machine carried(String name, int vlan, Map<String, ?> more) {
        var attributes = new java.util.HashMap<String, Object>(more);
        attributes.put("network_id", red.id());
        var port = cloud.api().create("ports", "port", attributes);
        var subPort = Map.of("port_id", text(port, "id"), "segmentation_type", "vlan", "segmentation_id", vlan);
        change("add_subports", subPort);
        var server = cloud.lab()
                .server(name)
                .withMac(Mac.parse(text(port, "mac_address")))
                .withRouterAdvertisements();
        server.plugBehind(alice.server(), vlan);
        var address = text(port.get("fixed_ips").get(0), "ip_address");
        return new Machine(text(port, "id"), server, IpAddress.parse(address));
    }

    private static void change(String how, Map<String, ?> subPort) {
        cloud.api().put("/v2.0/trunks/%s/%s".formatted(trunk, how), Map.of("sub_ports", List.of(subPort)));
    }

    private static String text(JsonNode entity, String name) {
        return entity.get(name).asString();
    }

    private static String status() {
        return text(cloud.api().show("trunks", "trunk", trunk), "status");
    }

    private static void awaitTrunk(String status) {
        Wait.until("the trunk to be " + status, SOON, () -> status().equals(status));
    }

    /** The IPv6 address of a port. */
    private static IpAddress second(Machine machine) {
        var port = cloud.api().show("ports", "port", machine.port());
        return IpAddress.parse(port.at("/fixed_ips/1/ip_address").asString());
    }

    private static void lease(Machine machine) {
        try (var dhcp = machine.server().dhcp()) {
            assertThat(dhcp.start(SOON).address()).isEqualTo(machine.address());
        }
    }

    @Test
    void aContainerGetsItsAddressAndReachesItsNetworkAndBeyond() {
        lease(web);
        Tenant.awaitPing(web, dave.address());
        assertThat(dave.pings(web.address())).as("across chassis").isTrue();
        assertThat(web.pings(carol.address())).as("routed, across chassis").isTrue();
        assertThat(web.pings(alice.address())).as("routed, to its own server").isTrue();
        assertThat(alice.pings(web.address())).as("routed, from its own server").isTrue();
        assertThat(alice.pings(carol.address())).as("the server itself").isTrue();
        assertThat(web.server()
                        .command("curl", "-sf", "--max-time", "5", "http://169.254.169.254/latest/meta-data/local-ipv4")
                        .require())
                .isEqualTo(web.address().toString());
        awaitTrunk("ACTIVE");
    }

    @Test
    void aContainerHasSecurityGroupsOfItsOwn() {
        var shy = tenant.group("shy");
        var db = carried("db", 102, in(shy));
        tenant.awaitActive(db);
        lease(db);
        try (var _ = db.server().listenTcp(5432)) {
            Tenant.awaitPing(db, dave.address());
            assertThat(dave.connects(db.address(), 5432)).isFalse();
            assertThat(alice.connects(db.address(), 5432)).isFalse();
            tenant.allow(shy, Map.of("protocol", "tcp", "port_range_min", 5432, "port_range_max", 5432));
            Wait.until("the rule to be at work", SOON, () -> dave.connects(db.address(), 5432));
            assertThat(alice.connects(db.address(), 5432)).isTrue();
            assertThat(dave.pings(db.address())).isFalse();
        }
    }

    @Test
    void containersComeAndGoWithoutTheOthersNoticing() {
        lease(web);
        Tenant.awaitPing(dave, web.address());
        try (var pinging = dave.server().pingContinuously(web.address(), FAST)) {
            pinging.awaitAnswers(20, SOON);
            var late = carried("late", 103, in(free));
            tenant.awaitActive(late);
            awaitTrunk("ACTIVE");
            lease(late);
            Tenant.awaitPing(dave, late.address());
            change("remove_subports", Map.of("port_id", late.port()));
            Wait.until("the container to be cut off", SOON, () -> !dave.pings(late.address()));
            assertThat(late.pings(dave.address())).isFalse();
            assertThat(tenant.status(late.port())).isEqualTo("DOWN");
            assertThat(text(cloud.api().show("ports", "port", late.port()), "binding:host_id"))
                    .isEmpty();
            assertThat(cloud.lab().chassis("hv1").dumpFlows("br-int")).noneMatch(flow -> flow.contains("dl_vlan=103"));
            assertThat(pinging.stop().lost()).isZero();
        }
    }

    @Test
    void containersThatComeAndGoWhileTheAgentIsAwayDoSoOnceItIsBack() {
        lease(web);
        Tenant.awaitPing(dave, web.address());
        var early = carried("early", 104, in(free));
        tenant.awaitActive(early);
        lease(early);
        Tenant.awaitPing(dave, early.address());
        var added = new ArrayList<Machine>();
        try (var pinging = dave.server().pingContinuously(web.address(), FAST)) {
            Restart.losesNothing(
                    cloud.agent("hv1"),
                    () -> {
                        change("remove_subports", Map.of("port_id", early.port()));
                        added.add(carried("later", 105, in(free)));
                    },
                    pinging);
        }
        var later = added.getFirst();
        tenant.awaitActive(later);
        lease(later);
        Tenant.awaitPing(dave, later.address());
        assertThat(dave.pings(early.address())).isFalse();
        change("remove_subports", Map.of("port_id", later.port()));
    }

    @Test
    void aContainerIsReachedOverIpv4AndIpv6WhileTheAgentIsKilledAndStartedAgain() {
        lease(web);
        Wait.until(
                "the address that the container forms",
                SOON,
                () -> web.server().addresses6().contains(second(web) + "/64"));
        Tenant.awaitPing(dave, web.address());
        Tenant.awaitPing(dave, second(web));
        try (var pinging = dave.server().pingContinuously(web.address(), FAST);
                var pinging6 = dave.server().pingContinuously(second(web), FAST)) {
            Restart.losesNothing(cloud.agent("hv1"), pinging, pinging6);
        }
        assertThat(web.server().solicitRouter()).contains("2001:db8:2::/64");
    }

    @Test
    void aContainerWithoutATagIsToldApartByAnAllowedAddressPair() {
        var address = IpAddress.parse("10.1.0.200");
        var mac = Mac.parse("fa:16:3e:00:02:00");
        var child = cloud.lab().server("child").withMac(mac);
        child.plugBehind(alice.server());
        child.address(address, blue.block().length());
        var nested = new Machine(alice.port(), child, address);
        assertThat(nested.pings(carol.address())).isFalse();
        tenant.update(
                alice,
                Map.of(
                        "allowed_address_pairs",
                        List.of(Map.of("ip_address", address.toString(), "mac_address", mac.toString()))));
        Tenant.awaitPing(nested, carol.address());
        assertThat(carol.pings(address)).isTrue();
        assertThat(alice.pings(carol.address())).isTrue();
    }

    @Test
    void aTrunkGoesDownWithItsCard() {
        var erin = tenant.machine("erin", blue, "hv2", in(free));
        var port = text(cloud.api().create("ports", "port", Map.of("network_id", red.id())), "id");
        var subPort = Map.of("port_id", port, "segmentation_type", "vlan", "segmentation_id", 7);
        var made = text(
                cloud.api().create("trunks", "trunk", Map.of("port_id", erin.port(), "sub_ports", List.of(subPort))),
                "id");
        Wait.until(
                "the trunk to be ACTIVE",
                SOON,
                () -> text(cloud.api().show("trunks", "trunk", made), "status").equals("ACTIVE"));
        erin.server().unplug();
        Wait.until(
                "the trunk to be DOWN",
                SOON,
                () -> text(cloud.api().show("trunks", "trunk", made), "status").equals("DOWN"));
        assertThat(tenant.status(port)).isEqualTo("DOWN");
    }
}
