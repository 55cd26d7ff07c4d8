package org.dragonflow.openflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Field;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.Frame;
import org.dragonflow.flow.Group;
import org.dragonflow.flow.Match;
import org.dragonflow.flow.Meter;
import org.dragonflow.flow.PacketOut;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What Open vSwitch reads in our bytes. */
class PrintOracleTest {
    private final Codec codec = new Codec(RandomFlows.PIPELINE, 0);

    @BeforeAll
    static void requireOpenVswitch() {
        OpenVswitch.requireInstalled();
    }

    private String printed(Message message) {
        var hex = HexFormat.of().formatHex(codec.encode(1, message));
        return OpenVswitch.run("ovs-ofctl", "ofp-print", hex).strip();
    }

    @Test
    void everyRandomFlowIsPrinted() {
        for (Flow flow : new RandomFlows(3).take(60)) {
            var text = printed(new Message.FlowMod(Message.FlowMod.Command.ADD, flow, 0));
            assertThat(text).as("%s", flow).startsWith("OFPT_FLOW_MOD").doesNotContain("***");
        }
    }

    @Test
    void groupsAndMetersPrintAsMeant() {
        var bucket = new Group.Bucket(3, 30, List.of(Action.output(2)));
        var group = new Group(77, Group.Type.SELECT, List.of(bucket));
        assertThat(printed(new Message.GroupMod(Message.GroupMod.Command.ADD_OR_MODIFY, group)))
                .contains("ADD_OR_MOD group_id=77,type=select,bucket=bucket_id:3,weight:30,actions=output:2");
        assertThat(printed(new Message.MeterMod(Message.MeterMod.Command.ADD, Meter.ofPackets(5, 100, 10))))
                .contains("ADD meter=5 pktps burst bands=")
                .contains("type=drop rate=100 burst_size=10");
        assertThat(printed(new Message.MeterMod(Message.MeterMod.Command.MODIFY, Meter.ofKilobits(6, 1000, 800))))
                .contains("MOD meter=6 kbps burst bands=")
                .contains("type=drop rate=1000 burst_size=800");
    }

    @Test
    void aPacketOutPrintsWithItsRegisters() {
        var packet = new PacketOut(
                Frame.ofHex("ffffffffffff0200000000010806"),
                1,
                Match.on(Field.reg("mark", 9, 0, 32), 77),
                List.of(Action.resubmit(RandomFlows.SECOND)));
        assertThat(printed(new Message.Send(packet)))
                .contains("reg9=0x4d", "in_port=1", "actions=resubmit(,1)", "data_len=14");
    }

    @Test
    void theRestPrintsAsMeant() {
        assertThat(printed(new Message.BundleControl(1, Message.BundleControl.Step.COMMIT_REQUEST)))
                .contains("bundle_id=0x1 type=COMMIT_REQUEST flags=atomic ordered");
        assertThat(printed(new Message.FlushZone(9))).contains("NXT_CT_FLUSH_ZONE", "zone_id=9");
        assertThat(printed(
                        new Message.TlvTableMod(Message.TlvTableMod.Command.ADD, List.of(new TlvMap(0x102, 1, 8, 0)))))
                .contains("ADD")
                .containsPattern("0x102\\s+0x1\\s+8\\s+tun_metadata0");
        assertThat(printed(new Message.SetAsync(0x3f, 7, 0))).contains("PORT_STATUS: add delete modify");
        assertThat(printed(new Message.RoleRequest(2, 9))).contains("role=primary", "generation_id=9");
    }
}
