package org.dragonflow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.stream.Stream;
import org.dragonflow.feed.PortState;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Trunks, and the ports that they carry. */
class TrunkTest {
    private static final String NOBODY = "00000000-0000-0000-0000-000000000000";

    private final Cloud cloud = new Cloud();
    private String network = "";

    @BeforeEach
    void build() {
        network = cloud.network();
    }

    @AfterEach
    void close() {
        cloud.close();
    }

    private String port() {
        return cloud.port(network, "").id();
    }

    private Cloud.Reply make(String port, String subPorts) {
        return cloud.post("trunks", "{'trunk':{'port_id':'%s','sub_ports':[%s]}}".formatted(port, subPorts));
    }

    private static String subPort(String port, int vlan) {
        return "{'port_id':'%s','segmentation_type':'vlan','segmentation_id':%d}".formatted(port, vlan);
    }

    private Cloud.Reply add(String trunk, String subPorts) {
        return cloud.put("trunks/" + trunk + "/add_subports", "{'sub_ports':[%s]}".formatted(subPorts));
    }

    private Cloud.Reply remove(String trunk, String port) {
        return cloud.put("trunks/" + trunk + "/remove_subports", "{'sub_ports':[{'port_id':'%s'}]}".formatted(port));
    }

    @Test
    void portsComeToATrunkAndGo() {
        var parent = port();
        var child = port();
        var late = port();
        var trunk = make(parent, subPort(child, 100)).ok();
        assertThat(trunk.text("status")).isEqualTo("DOWN");
        assertThat(trunk.get("sub_ports")).hasSize(1);
        assertThat(add(trunk.id(), subPort(late, 200)).ok().body().path("sub_ports"))
                .hasSize(2);
        var details = cloud.get("ports/" + parent).get("trunk_details");
        assertThat(details.path("trunk_id").asString("")).isEqualTo(trunk.id());
        assertThat(details.path("sub_ports").path(1).path("mac_address").asString(""))
                .isEqualTo(cloud.get("ports/" + late).text("mac_address"));
        assertThat(remove(trunk.id(), child).ok().body().path("sub_ports")).hasSize(1);
        assertThat(cloud.get("trunks/" + trunk.id() + "/get_subports")
                        .ok()
                        .body()
                        .path("sub_ports")
                        .path(0)
                        .path("port_id")
                        .asString(""))
                .isEqualTo(late);
        assertThat(cloud.delete("trunks/" + trunk.id()).status()).isEqualTo(204);
        assertThat(cloud.get("ports/" + parent).get("trunk_details").isMissingNode())
                .isTrue();
    }

    @Test
    void aPortOfATrunkIsNotDeleted() {
        var parent = port();
        var child = port();
        make(parent, subPort(child, 1)).ok();
        assertThat(cloud.delete("ports/" + parent).error()).isEqualTo("PortInUseAsTrunkParent");
        assertThat(cloud.delete("ports/" + child).error()).isEqualTo("PortInUseAsSubPort");
    }

    @Test
    void aPortIsPartOfOneTrunkOnly() {
        var parent = port();
        var child = port();
        var trunk = make(parent, subPort(child, 1)).id();
        assertThat(make(parent, "").error()).isEqualTo("ParentPortInUse");
        assertThat(make(child, "").error()).isEqualTo("TrunkPortInUse");
        assertThat(make(port(), subPort(child, 2)).error()).isEqualTo("TrunkPortInUse");
        assertThat(make(port(), subPort(parent, 2)).error()).isEqualTo("ParentPortInUse");
        assertThat(add(trunk, subPort(parent, 2)).error()).isEqualTo("ParentPortInUse");
        assertThat(add(trunk, subPort(port(), 1)).error()).isEqualTo("DuplicateSubPort");
        assertThat(remove(trunk, port()).error()).isEqualTo("SubPortNotFound");
    }

    @Test
    void whatCannotBeToldApartIsRefused() {
        var trunk = make(port(), "").id();
        var child = port();
        assertThat(add(trunk, "{'port_id':'%s'}".formatted(child)).message()).contains("missing segmentation");
        assertThat(add(trunk, subPort(child, 4095)).message()).contains("Segmentation ID '4095' is not in range");
        assertThat(add(trunk, subPort(child, 5).replace("vlan", "qinq")).message())
                .contains("Unknown segmentation_type 'qinq'");
        assertThat(add(trunk, "{'port_id':'%s','segmentation_type':'inherit'}".formatted(child))
                        .message())
                .contains("Unknown segmentation_type 'geneve'");
        assertThat(add(trunk, subPort(child, 5) + "," + subPort(child, 6)).status())
                .isEqualTo(400);
        assertThat(add(trunk, subPort(NOBODY, 5)).error()).isEqualTo("PortNotFound");
        assertThat(make(NOBODY, subPort(child, 5) + "," + subPort(port(), 5)).message())
                .contains("is not unique");
        assertThat(make(port(), "{'port_id':'%s','segmentation_id':5}".formatted(NOBODY))
                        .message())
                .contains("missing segmentation");
        assertThat(make(NOBODY, "").error()).isEqualTo("PortNotFound");
    }

    @Test
    void aSubportsPacketsFitTheTrunk() {
        var wide = cloud.post(
                        "networks", "{'network':{'provider:network_type':'flat','provider:physical_network':'p1'}}")
                .id();
        var child = cloud.port(wide, "").id();
        assertThat(make(port(), subPort(child, 5)).error()).isEqualTo("SubPortMtuGreaterThanTrunkPortMtu");
    }

    @Test
    void aDisabledTrunkIsLeftAsItIs() {
        var child = port();
        var trunk = make(port(), subPort(child, 5)).id();
        cloud.put("trunks/" + trunk, "{'trunk':{'admin_state_up':false}}").ok();
        assertThat(add(trunk, subPort(port(), 6)).error()).isEqualTo("TrunkDisabled");
        assertThat(remove(trunk, child).error()).isEqualTo("TrunkDisabled");
        assertThat(cloud.delete("trunks/" + trunk).error()).isEqualTo("TrunkDisabled");
    }

    private String host(String port) {
        return cloud.get("ports/" + port).text("binding:host_id");
    }

    private void bind(String port, String host) {
        cloud.put("ports/" + port, "{'port':{'binding:host_id':'%s','device_owner':'compute:nova'}}".formatted(host))
                .ok();
    }

    @Test
    void aSubportIsWhereTheTrunkIs() {
        var parent = port();
        var child = port();
        var late = port();
        var trunk = make(parent, subPort(child, 100)).id();
        assertThat(cloud.get("ports/" + child).text("device_owner")).isEqualTo("trunk:subport");
        assertThat(host(child)).isEmpty();
        bind(parent, "hv1");
        assertThat(host(child)).isEqualTo("hv1");
        add(trunk, subPort(late, 200)).ok();
        assertThat(host(late)).isEqualTo("hv1");
        bind(parent, "hv2");
        assertThat(host(child)).isEqualTo("hv2");
        assertThat(host(late)).isEqualTo("hv2");
        remove(trunk, child).ok();
        assertThat(host(child)).isEmpty();
        assertThat(cloud.get("ports/" + child).text("device_owner")).isEmpty();
        bind(parent, "");
        assertThat(host(late)).isEmpty();
        assertThat(cloud.delete("trunks/" + trunk).status()).isEqualTo(204);
        assertThat(cloud.get("ports/" + late).text("device_owner")).isEmpty();
    }

    @Test
    void aRunningServersPortBecomesATrunkAndIsNoneAgain() {
        try (var _ = new Puppet(cloud, "hv1", 1)) {
            var parent = port();
            var child = port();
            bind(parent, "hv1");
            assertThat(cloud.get("ports/" + parent).text("binding:vif_type")).isEqualTo("ovs");
            var trunk = make(parent, subPort(child, 100)).id();
            assertThat(host(child)).isEqualTo("hv1");
            assertThat(cloud.get("ports/" + child).text("binding:vif_type")).isEqualTo("ovs");
            assertThat(cloud.delete("trunks/" + trunk).status()).isEqualTo(204);
            assertThat(host(child)).isEmpty();
            assertThat(host(parent)).isEqualTo("hv1");
        }
    }

    @Test
    void aSubportFollowsALiveMigration() {
        try (var _ = new Puppet(cloud, "hv1", 1);
                var _ = new Puppet(cloud, "hv2", 2)) {
            migrate(port(), port());
        }
    }

    private void migrate(String parent, String child) {
        var trunk = make(parent, subPort(child, 100)).id();
        bind(parent, "hv1");
        cloud.post("ports/%s/bindings".formatted(parent), "{'binding':{'host':'hv2'}}")
                .ok();
        assertThat(host(child)).isEqualTo("hv1");
        assertThat(awaitedAt(child)).containsExactly("hv2");
        var late = port();
        add(trunk, subPort(late, 200)).ok();
        assertThat(awaitedAt(late)).containsExactly("hv2");
        cloud.put("ports/%s/bindings/hv2/activate".formatted(parent), "{}").ok();
        assertThat(host(child)).isEqualTo("hv2");
        assertThat(awaitedAt(child)).containsExactly("hv1");
        remove(trunk, late).ok();
        assertThat(awaitedAt(late)).isEmpty();
        assertThat(cloud.delete("ports/%s/bindings/hv1".formatted(parent)).status())
                .isEqualTo(204);
        assertThat(awaitedAt(child)).isEmpty();
        assertThat(cloud.delete("ports/%s/bindings/hv2".formatted(parent)).status())
                .isEqualTo(204);
        assertThat(host(child)).isEmpty();
    }

    /** The chassis that are to be ready for the port. */
    private Stream<String> awaitedAt(String port) {
        var id = Id.of(Port.class, port);
        return cloud.server().replica().state().topology().get(id).orElseThrow().inactiveBindings().stream()
                .map(binding -> binding.host().value());
    }

    @Test
    void aSubportIsNotPutElsewhere() {
        var child = port();
        make(port(), subPort(child, 100)).ok();
        assertThat(cloud.put("ports/" + child, "{'port':{'binding:host_id':'hv1'}}")
                        .error())
                .isEqualTo("PortInUseAsSubPort");
        assertThat(cloud.put("ports/" + child, "{'port':{'name':'c','binding:host_id':''}}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aSubportInheritsTheVlanOfItsNetwork() {
        var office = cloud.post(
                        "networks",
                        "{'network':{'provider:network_type':'vlan','provider:physical_network':'p1','provider:segmentation_id':42,'mtu':1400}}")
                .ok()
                .id();
        var child = cloud.port(office, "").id();
        var trunk = make(port(), "{'port_id':'%s','segmentation_type':'inherit'}".formatted(child))
                .ok();
        var carried = trunk.body().path("trunk").path("sub_ports").path(0);
        assertThat(carried.path("segmentation_type").asString("")).isEqualTo("vlan");
        assertThat(carried.path("segmentation_id").asInt()).isEqualTo(42);
        assertThat(add(trunk.id(), subPort(port(), 42)).error()).isEqualTo("DuplicateSubPort");
    }

    @Test
    void aTrunkSaysHowItStandsWithItsPorts() {
        try (var hv1 = new Puppet(cloud, "hv1", 1)) {
            var parent = port();
            var child = port();
            var idle = port();
            var trunk = make(parent, subPort(child, 100)).id();
            bind(parent, "hv1");
            assertThat(status(trunk)).isEqualTo("DOWN");
            report(hv1, parent, PortState.UP);
            awaitStatus(trunk, "BUILD");
            report(hv1, child, PortState.UP);
            awaitStatus(trunk, "ACTIVE");
            add(trunk, subPort(idle, 200)).ok();
            assertThat(status(trunk)).isEqualTo("BUILD");
            cloud.put("ports/" + idle, "{'port':{'admin_state_up':false}}").ok();
            assertThat(status(trunk)).isEqualTo("ACTIVE");
            report(hv1, child, PortState.DEGRADED);
            awaitStatus(trunk, "DEGRADED");
            remove(trunk, child).ok();
            assertThat(status(trunk)).isEqualTo("ACTIVE");
            bind(parent, "hv2");
            assertThat(status(trunk)).isEqualTo("DOWN");
        }
    }

    private static void report(Puppet chassis, String port, PortState state) {
        chassis.awaitNews();
        chassis.confirm(port, state);
    }

    private String status(String trunk) {
        return cloud.get("trunks/" + trunk).text("status");
    }

    private void awaitStatus(String trunk, String status) {
        await().atMost(Duration.ofSeconds(20)).until(() -> status(trunk).equals(status));
    }
}
