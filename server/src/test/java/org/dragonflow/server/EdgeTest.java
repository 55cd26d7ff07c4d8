package org.dragonflow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.dragonflow.address.IpAddress;
import org.dragonflow.model.ActivePort;
import org.dragonflow.model.Detour;
import org.dragonflow.model.Id;
import org.dragonflow.model.NatLease;
import org.dragonflow.model.Port;
import org.dragonflow.model.Query;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What follows in the store from what users ask for outside: who stands for an address, and who shares it with whom. */
class EdgeTest {
    private final Cloud cloud = new Cloud();
    private String outside = "";
    private String inside = "";
    private String router = "";

    @BeforeEach
    void build() throws InterruptedException {
        cloud.chassis("hv1", true, true);
        cloud.chassis("hv2", true, true);
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

    private String port(String host) {
        return cloud.post(
                        "ports",
                        "{'port':{'network_id':'%s','device_owner':'compute:nova','binding:host_id':'%s'}}"
                                .formatted(inside, host))
                .id();
    }

    private String floating(String port) {
        return cloud.post(
                        "floatingips",
                        "{'floatingip':{'floating_network_id':'%s','port_id':'%s'}}".formatted(outside, port))
                .id();
    }

    private void announces(String port, String address) throws InterruptedException {
        cloud.server().replica().edit(edit -> {
            var holder = edit.get(Id.of(Port.class, port)).orElseThrow();
            var active = ActivePort.of(holder, IpAddress.parse(address), holder.macAddress());
            return edit.get(active.id()).isPresent() ? edit.replace(active) : edit.create(active);
        });
    }

    private List<String> activeAddresses(String port) {
        var shown = new ArrayList<String>();
        cloud.get("ports/" + port)
                .get("dragonflow:active_addresses")
                .forEach(one -> shown.add(one.path("ip_address").asString("")));
        return shown;
    }

    @Test
    void aPortSaysWhichOfTheAddressesThatItSharesItHasNow() throws InterruptedException {
        var pairs = ",'allowed_address_pairs':[{'ip_address':'10.0.0.100'},{'ip_address':'10.0.0.101'}]";
        var one = cloud.port(inside, ",'binding:host_id':'hv1'" + pairs).id();
        var other = cloud.port(inside, ",'binding:host_id':'hv2'" + pairs).id();
        assertThat(activeAddresses(one)).isEmpty();
        announces(one, "10.0.0.101");
        announces(one, "10.0.0.100");
        assertThat(activeAddresses(one)).containsExactly("10.0.0.100", "10.0.0.101");
        announces(other, "10.0.0.100");
        assertThat(activeAddresses(one)).containsExactly("10.0.0.101");
        assertThat(activeAddresses(other)).containsExactly("10.0.0.100");
        assertThat(Cloud.all(cloud.get("ports?dragonflow:active_addresses=10.0.0.100"), "id"))
                .containsExactly(other);
        cloud.put("ports/" + other, "{'port':{'allowed_address_pairs':[]}}").ok();
        assertThat(activeAddresses(other)).isEmpty();
        assertThat(cloud.put("ports/" + one, "{'port':{'dragonflow:active_addresses':[]}}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void aFloatingIpOfASharedAddressIsWhereThePortIsThatHasAnnouncedIt() throws InterruptedException {
        var shared = cloud.post(
                        "ports",
                        "{'port':{'network_id':'%s','fixed_ips':[{'ip_address':'10.0.0.100'}]}}".formatted(inside))
                .id();
        var floating = floating(shared);
        for (var host : List.of("hv1", "hv2")) {
            var port = port(host);
            var pairs = "{'port':{'allowed_address_pairs':[{'ip_address':'10.0.0.100'}]}}";
            cloud.put("ports/" + port, pairs).ok();
            announces(port, "10.0.0.100");
            await().untilAsserted(
                            () -> assertThat(hostOf("device_id=" + floating)).isEqualTo(host));
            if (host.equals("hv2")) {
                cloud.delete("ports/" + port);
                await().untilAsserted(() ->
                        assertThat(hostOf("device_id=" + floating)).isEmpty());
            }
        }
    }

    private String hostOf(String query) {
        var hosts = Cloud.all(cloud.get("ports?" + query), "binding:host_id");
        assertThat(hosts).hasSize(1);
        return hosts.getFirst();
    }

    private String gatewayHost() {
        return hostOf("device_owner=network:router_gateway");
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
    void aFloatingIpIsWhereItsServerIs() {
        var port = port("hv1");
        var floating = floating(port);
        await().untilAsserted(() -> assertThat(hostOf("device_id=" + floating)).isEqualTo("hv1"));
        cloud.put("ports/" + port, "{'port':{'binding:host_id':'hv2'}}").ok();
        await().untilAsserted(() -> assertThat(hostOf("device_id=" + floating)).isEqualTo("hv2"));
        cloud.put("floatingips/" + floating, "{'floatingip':{'port_id':null}}").ok();
        await().untilAsserted(() -> assertThat(hostOf("device_id=" + floating)).isEmpty());
        assertThat(cloud.get("floatingips/" + floating).text("status")).isEqualTo("DOWN");
    }

    @Test
    void aChassisWhoseLinkIsDownOrThatIsGoneStandsForNoRouter() throws InterruptedException {
        await().untilAsserted(() -> assertThat(gatewayHost()).isNotEmpty());
        var first = gatewayHost();
        var second = first.equals("hv1") ? "hv2" : "hv1";
        cloud.chassis(first, false, true);
        await().untilAsserted(() -> assertThat(gatewayHost()).isEqualTo(second));
        // Who has come to stand for it stays.
        cloud.chassis(first, true, true);
        cloud.chassis("hv3", true, true);
        await().during(java.time.Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(gatewayHost()).isEqualTo(second));
        cloud.chassis(second, true, false);
        await().untilAsserted(
                        () -> assertThat(gatewayHost()).isNotEqualTo(second).isNotEmpty());
    }

    private List<Detour> detours() {
        return cloud.server()
                .replica()
                .state()
                .topology()
                .find(Query.all(Detour.class))
                .toList();
    }

    @Test
    void aChassisThatIsNotConnectedReachesTheExternalNetworkByOneThatIs() throws InterruptedException {
        cloud.chassis("hv3", List.of(), true);
        await().untilAsserted(() -> assertThat(detours())
                .singleElement()
                .returns("hv3", detour -> detour.chassis().value()));
        cloud.chassis("hv3", true, true);
        await().untilAsserted(() -> assertThat(detours()).isEmpty());
        cloud.chassis("hv3", List.of(), true);
        await().untilAsserted(() -> assertThat(detours()).hasSize(1));
        var another = cloud.post(
                        "networks",
                        "{'network':{'name':'another','router:external':true,'provider:network_type':'vlan',"
                                + "'provider:physical_network':'p1','provider:segmentation_id':9}}")
                .id();
        await().untilAsserted(() -> assertThat(detours())
                .hasSize(2)
                .anyMatch(detour -> detour.networkId().value().equals(another)));
        cloud.delete("networks/" + another).ok();
        await().untilAsserted(() -> assertThat(detours()).hasSize(1));
    }

    @Test
    void aChassisWhoseLinkIsDownReachesTheExternalNetworkByOneWhoseLinkIsUp() throws InterruptedException {
        cloud.chassis("hv1", false, true);
        await().untilAsserted(() -> assertThat(detours()).singleElement().satisfies(detour -> {
            assertThat(detour.networkId().value()).isEqualTo(outside);
            assertThat(detour.chassis().value()).isEqualTo("hv1");
            assertThat(detour.via().value()).isEqualTo("hv2");
        }));
        assertThat(cloud.get("/dragonflow/v1/chassis/hv1")
                        .get("detours")
                        .get(0)
                        .path("via")
                        .asString(""))
                .isEqualTo("hv2");
        assertThat(cloud.get("agents?host=hv1").body().at("/agents/0/configurations/links_down"))
                .hasToString("[\"p1\"]");
        cloud.chassis("hv3", true, true);
        cloud.chassis("hv2", false, true);
        await().untilAsserted(() -> assertThat(detours())
                .hasSize(2)
                .allMatch(detour -> detour.via().value().equals("hv3")));
        cloud.chassis("hv3", true, false);
        await().untilAsserted(() -> assertThat(detours()).as("nobody is left").isEmpty());
        cloud.chassis("hv1", true, true);
        await().untilAsserted(() -> assertThat(detours())
                .singleElement()
                .returns("hv1", detour -> detour.via().value()));
        cloud.chassis("hv2", true, true);
        await().untilAsserted(() -> assertThat(detours()).isEmpty());
    }

    @Test
    void eachServerBehindARouterLeasesABlockOfItsSourcePorts() {
        var ports = Stream.of("hv1", "hv1", "hv2").map(this::port).toList();
        await().untilAsserted(() -> assertThat(leases()).hasSize(3));
        var blocks = new HashSet<Integer>();
        assertThat(leases()).allSatisfy(lease -> {
            assertThat(lease.ipAddress()).hasToString("203.0.113.2");
            assertThat(lease.ports()).isEqualTo(256);
            assertThat(lease.firstPort()).isGreaterThanOrEqualTo(1024).isLessThan(65_536);
            assertThat(lease.firstPort() % lease.ports()).isZero();
            assertThat(blocks.add(lease.firstPort())).isTrue();
            assertThat(ports).contains(lease.portId().value());
        });
    }

    @Test
    void aLeaseGoesWithItsPortAndWithTheTranslation() {
        var port = port("hv1");
        port("hv2");
        await().untilAsserted(() -> assertThat(leases()).hasSize(2));
        cloud.delete("ports/" + port);
        await().untilAsserted(() -> assertThat(leases()).hasSize(1));
        cloud.put(
                        "routers/" + router,
                        "{'router':{'external_gateway_info':{'network_id':'%s','enable_snat':false}}}"
                                .formatted(outside))
                .ok();
        await().untilAsserted(() -> assertThat(leases()).isEmpty());
    }

    @Test
    void whereChassisShareTheirAddressesEachWithServersThereHasOne() {
        cloud.put("networks/" + outside, "{'network':{'dragonflow:snat':'chassis'}}")
                .ok();
        port("hv1");
        port("hv1");
        var query = Query.by(Port.class, "device_owner", Port.CHASSIS_GATEWAY);
        await().untilAsserted(() -> assertThat(cloud.server()
                        .replica()
                        .state()
                        .topology()
                        .find(query)
                        .map(port -> port.hostId().orElseThrow().value()))
                .containsExactly("hv1"));
        assertThat(leases()).isEmpty();
        cloud.put("networks/" + outside, "{'network':{'dragonflow:snat':'router'}}")
                .ok();
        await().untilAsserted(() -> assertThat(leases()).hasSize(2));
    }
}
