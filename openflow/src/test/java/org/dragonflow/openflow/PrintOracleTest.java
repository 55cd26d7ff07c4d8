package org.dragonflow.openflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.dragonflow.flow.Flow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** What Open vSwitch reads in our bytes. */
@EnabledIf("isInstalled")
class PrintOracleTest {
    private final Codec codec = new Codec(RandomFlows.PIPELINE, 0);

    static boolean isInstalled() {
        return OpenVswitch.isInstalled();
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
}
