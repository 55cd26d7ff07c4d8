package org.dragonflow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.dragonflow.model.Id;
import org.dragonflow.model.NatLease;
import org.dragonflow.model.Port;
import org.dragonflow.model.Query;
import org.dragonflow.model.Schema;
import org.dragonflow.store.MemoryStore;
import org.dragonflow.store.Retention;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Whose packets bear an address and a port outside, and whose did. */
class NatTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final String ROUTER = "203.0.113.2";

    private final AtomicReference<Instant> clock = new AtomicReference<>(NOON);
    private final Cloud cloud = new Cloud(new MemoryStore(clock::get, Retention.STANDARD));
    private String outside = "";
    private String inside = "";
    private String router = "";

    @BeforeEach
    void build() throws InterruptedException {
        for (var name : List.of("hv1", "hv2")) {
            cloud.chassis(name, true, true);
        }
        outside = cloud.post(
                        "networks",
                        "{'network':{'name':'outside','router:external':true,'provider:network_type':'flat','provider:physical_network':'p1'}}")
                .id();
        cloud.subnet(outside, "203.0.113.0/24");
        inside = cloud.network();
        var subnet = cloud.subnet(inside, "10.0.0.0/24");
        router = cloud.post("routers", "{'router':{'external_gateway_info':{'network_id':'%s'}}}".formatted(outside))
                .id();
        cloud.put("routers/" + router + "/add_router_interface", "{'subnet_id':'%s'}".formatted(subnet))
                .ok();
    }

    @AfterEach
    void close() {
        cloud.close();
    }

    private String port(String project, String host) {
        return cloud.post(
                        "ports",
                        "{'port':{'network_id':'%s','project_id':'%s','device_owner':'compute:nova','binding:host_id':'%s'}}"
                                .formatted(inside, project, host))
                .id();
    }

    private NatLease lease(String port) {
        var query = NatLease.of(Id.of(Port.class, port));
        await().until(() -> cloud.server().replica().state().topology().count(query) == 1);
        return cloud.server()
                .replica()
                .state()
                .topology()
                .find(query)
                .findFirst()
                .orElseThrow();
    }

    private Cloud.Reply whois(String address, int port, String more, String... headers) {
        return cloud.get("/dragonflow/v1/nat?address=%s&port=%d%s".formatted(address, port, more), headers);
    }

    private JsonNode holder(String address, int port, String more) {
        var holders = whois(address, port, more).ok().body().path("holders");
        assertThat(holders).hasSize(1);
        return holders.get(0);
    }

    private static void assertIs(JsonNode holder, String by, String project, String port, String chassis) {
        assertThat(holder.path("by").asString("")).isEqualTo(by);
        assertThat(holder.path("project_id").asString("")).isEqualTo(project);
        assertThat(holder.path("port_id").asString("")).isEqualTo(port);
        assertThat(holder.path("chassis").asString("")).isEqualTo(chassis);
    }

    @Test
    void whoLeasesASourcePortOfTheRouterIsTold() {
        var red = port("red", "hv1");
        var blue = port("blue", "hv2");
        var reds = lease(red);
        var blues = lease(blue);
        assertIs(holder(ROUTER, reds.firstPort(), ""), "nat_lease", "red", red, "hv1");
        assertIs(holder(ROUTER, reds.lastPort(), "&protocol=tcp"), "nat_lease", "red", red, "hv1");
        assertIs(holder(ROUTER, blues.lastPort(), "&protocol=udp"), "nat_lease", "blue", blue, "hv2");
        assertThat(whois(ROUTER, 80, "").error()).isEqualTo("HolderNotFound");
    }

    @Test
    void theLessIsLeftOfAnAddressTheSmallerAreTheBlocksSoThatManyGetOne() {
        int servers = 500;
        inside = cloud.network();
        var subnet = cloud.subnet(inside, "10.1.0.0/16");
        cloud.put("routers/" + router + "/add_router_interface", "{'subnet_id':'%s'}".formatted(subnet))
                .ok();
        for (int i = 0; i < servers; i++) {
            port("red", i % 2 == 0 ? "hv1" : "hv2");
        }
        await().until(() -> leases().size() == servers);
        var blocks = leases().stream().collect(Collectors.groupingBy(NatLease::ports, Collectors.counting()));
        assertThat(blocks).isEqualTo(Map.of(256, 127L, 128, 125L, 64, 125L, 32, 123L));
        var leased = new BitSet();
        for (var lease : leases()) {
            assertThat(lease.firstPort()).isGreaterThanOrEqualTo(1024);
            assertThat(lease.firstPort() % lease.ports()).isZero();
            assertThat(leased.get(lease.firstPort(), lease.lastPort() + 1).isEmpty())
                    .as("nobody else's: %s", lease)
                    .isTrue();
            leased.set(lease.firstPort(), lease.lastPort() + 1);
        }
    }

    @Test
    void whoHasUsedUpWhatItHasGetsMoreAndKeepsThatAsLongAsEnoughIsLeftToOthersAndIsKnownByAllOfIt() throws Exception {
        var red = port("red", "hv1");
        var sizes = new ArrayList<Integer>();
        for (int ports : new int[] {1024, 4096, 8192}) {
            sizes.add(current(red).ports());
            assertIs(holder(ROUTER, current(red).firstPort(), ""), "nat_lease", "red", red, "hv1");
            grow(red, ports);
        }
        sizes.add(current(red).ports());
        useUp(current(red));
        assertThat(sizes).containsExactly(256, 1024, 4096, 8192);
        assertThat(leases()).extracting(NatLease::ports).containsExactlyInAnyOrder(256, 1024, 4096, 8192);

        // A quarter of what is left would be no more than it has; what others give back is looked at again.
        var blue = port("blue", "hv2");
        assertThat(lease(blue).ports()).isEqualTo(256);
        cloud.delete("ports/" + red).ok();
        await().until(() -> leases().size() == 1);
        useUp(lease(blue));
        await().until(() -> current(blue).ports() == 1024);
    }

    @Test
    void whoGetsNoMoreDoesSoWhenOthersHaveGivenBack() throws Exception {
        var red = port("red", "hv1");
        grow(red, 8192);
        grow(port("blue", "hv1"), 8192);
        var green = port("green", "hv2");
        grow(green, 4096);
        useUp(current(green));
        await().until(() -> current(green).noMore());
        assertThat(current(green).ports()).isEqualTo(4096);
        cloud.delete("ports/" + red).ok();
        await().until(() -> current(green).ports() == 8192);
    }

    private void grow(String port, int ports) throws InterruptedException {
        while (current(port).ports() < ports) {
            int had = current(port).ports();
            useUp(current(port));
            await().until(() -> current(port).ports() > had);
        }
    }

    private NatLease current(String port) {
        var id = Id.of(Port.class, port);
        await().until(() -> cloud.server().replica().state().topology().count(NatLease.of(id)) > 0);
        var view = cloud.server().replica().state().topology();
        var gateway = view.find(NatLease.of(id)).findFirst().orElseThrow().gatewayPortId();
        return NatLease.current(id, gateway, view).orElseThrow();
    }

    /** As the port's chassis says. */
    private void useUp(NatLease lease) throws InterruptedException {
        var _ = cloud.server()
                .replica()
                .edit(edit -> edit.replace(Schema.of(lease).with(lease, Map.of("used_up", true))));
    }

    private List<NatLease> leases() {
        return cloud.server()
                .replica()
                .state()
                .topology()
                .find(Query.all(NatLease.class))
                .toList();
    }

    @Test
    void whoHadThePortThenIsToldWhenOthersHaveItNow() {
        var red = port("red", "hv1");
        int port = lease(red).firstPort();
        clock.set(NOON.plusSeconds(60));
        cloud.put("ports/" + red, "{'port':{'binding:host_id':'hv2'}}").ok();
        clock.set(NOON.plusSeconds(120));
        cloud.delete("ports/" + red).ok();
        clock.set(NOON.plusSeconds(180));
        var blue = port("blue", "hv2");
        assertThat(lease(blue).firstPort()).isEqualTo(port);
        assertIs(holder(ROUTER, port, "&as_of=2026-03-01T12:00:30Z"), "nat_lease", "red", red, "hv1");
        assertIs(holder(ROUTER, port, "&as_of=2026-03-01T12:01:30Z"), "nat_lease", "red", red, "hv2");
        assertThat(whois(ROUTER, port, "&as_of=2026-03-01T12:02:30Z").status()).isEqualTo(404);
        assertIs(holder(ROUTER, port, ""), "nat_lease", "blue", blue, "hv2");
    }

    @Test
    void aFloatingIpIsOfItsPortAndAForwardedPortOfWhereItLeads() {
        var red = port("red", "hv1");
        cloud.post(
                        "floatingips",
                        "{'floatingip':{'floating_network_id':'%s','floating_ip_address':'203.0.113.50','port_id':'%s'}}"
                                .formatted(outside, red))
                .ok();
        assertIs(holder("203.0.113.50", 1, ""), "floatingip", "red", red, "hv1");
        var blue = port("blue", "hv2");
        var floating = cloud.post(
                        "floatingips",
                        "{'floatingip':{'floating_network_id':'%s','floating_ip_address':'203.0.113.51'}}"
                                .formatted(outside))
                .id();
        var address = cloud.get("ports/" + blue).get("fixed_ips").get(0).path("ip_address");
        cloud.post(
                        "floatingips/%s/port_forwardings".formatted(floating),
                        "{'port_forwarding':{'protocol':'tcp','external_port':8080,'internal_port':80,'internal_port_id':'%s','internal_ip_address':'%s'}}"
                                .formatted(blue, address.asString("")))
                .ok();
        assertIs(holder("203.0.113.51", 8080, ""), "port_forwarding", "blue", blue, "hv2");
        assertIs(holder("203.0.113.51", 8080, "&protocol=tcp"), "port_forwarding", "blue", blue, "hv2");
        assertThat(whois("203.0.113.51", 8080, "&protocol=udp").error()).isEqualTo("HolderNotFound");
        assertThat(whois("203.0.113.51", 8081, "").error()).isEqualTo("HolderNotFound");
    }

    @Test
    void ofTheAddressOfAChassisNoMoreIsToldThanIsKnown() {
        cloud.put("networks/" + outside, "{'network':{'dragonflow:snat':'chassis'}}")
                .ok();
        port("red", "hv2");
        var query = "ports?device_owner=network:floatingip_agent_gateway";
        await().until(() -> Cloud.all(cloud.get(query), "id").size() == 1);
        var own = cloud.get(query).body().at("/ports/0/fixed_ips/0/ip_address").asString("");
        var holder = holder(own, 40_000, "");
        assertThat(holder.path("chassis").asString("")).isEqualTo("hv2");
        assertThat(holder.path("note").asString("")).contains("dump-conntrack");
        assertThat(holder.has("port_id")).isFalse();
    }

    @Test
    void whatIsNotUnderstoodIsRefusedWithHowToAsk() {
        assertThat(whois("203.0.113.99", 80, "").error()).isEqualTo("AddressNotFound");
        assertThat(whois("10.0.0.1", 80, "").error()).as("an address inside").isEqualTo("AddressNotFound");
        assertThat(whois(ROUTER, 0, "").message()).contains("'port' is a number from 1 to 65535");
        assertThat(whois("nobody", 80, "").message()).contains("'address' is an IP address");
        assertThat(whois(ROUTER, 80, "&protocol=icmp").message()).contains("tcp, udp or sctp");
        assertThat(whois(ROUTER, 80, "&as_of=yesterday").status()).isEqualTo(400);
        assertThat(whois(ROUTER, 80, "", Cloud.member("red")).status()).isEqualTo(403);
    }
}
