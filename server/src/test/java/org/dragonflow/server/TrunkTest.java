package org.dragonflow.server;

import static org.assertj.core.api.Assertions.assertThat;

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
}
