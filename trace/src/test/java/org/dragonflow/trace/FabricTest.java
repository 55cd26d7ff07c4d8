package org.dragonflow.trace;

import static org.dragonflow.flow.Action.commit;
import static org.dragonflow.flow.Action.output;
import static org.dragonflow.flow.Action.set;
import static org.dragonflow.flow.Action.track;
import static org.dragonflow.trace.Draft.eth;
import static org.dragonflow.trace.Draft.mac;
import static org.dragonflow.trace.testing.JourneyAssert.assertThat;

import java.util.List;
import org.dragonflow.address.Ipv4;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Field;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.FlowTable;
import org.dragonflow.flow.Frame;
import org.dragonflow.flow.Header;
import org.dragonflow.flow.Match;
import org.dragonflow.flow.PacketOut;
import org.dragonflow.flow.Pipeline;
import org.dragonflow.flow.Table;
import org.junit.jupiter.api.Test;

class FabricTest {
    private static final Table FIRST = Table.of("first", "test", "");
    private static final Table SECOND = Table.of("second", "test", "");
    private static final Pipeline PIPELINE = Pipeline.of(FIRST, SECOND);
    private static final Ipv4 HERE = Ipv4.parse("192.0.2.1");
    private static final Ipv4 THERE = Ipv4.parse("192.0.2.2");
    private static final Field OPTION = Field.of(Header.TUN_METADATA0);
    private static final Action.Zone ZONE = new Action.Zone.Fixed(7);

    private static Flow when(Match match, Action... actions) {
        return Flow.in(FIRST, Flow.NORMAL, match, actions);
    }

    private static Fabric between(FlowTable here, FlowTable there) {
        return new Fabric(PIPELINE)
                .chassis("hv1", here)
                .chassis("hv2", there)
                .attach("hv1", 1, new Fabric.Attachment.Named("alice"))
                .attach("hv1", 9, new Fabric.Attachment.Tunnel("geneve", HERE))
                .attach("hv2", 2, new Fabric.Attachment.Named("bob"))
                .attach("hv2", 8, new Fabric.Attachment.Tunnel("geneve", THERE));
    }

    @Test
    void aTunnelCarriesItsKeyAndOptionToTheOtherChassisAndNothingElse() {
        var fabric = between(
                FlowTable.of(List.of(when(
                        Match.ANY,
                        set(Field.TUN_ID, 42),
                        set(OPTION, 0x1234),
                        set(Field.reg("mine", 7, 0, 32), 1),
                        set(Field.TUN_DST, THERE),
                        output(9)))),
                FlowTable.of(List.of(when(
                        Match.on(Field.IN_PORT, 8)
                                .and(Field.TUN_ID, 42)
                                .and(Field.TUN_SRC, HERE)
                                .and(OPTION, 0x1234)
                                .and(Field.reg("mine", 7, 0, 32), 0),
                        output(2)))));
        assertThat(fabric.send("hv1", "alice", eth())).comesOutAt("bob").takesHops(2);
    }

    @Test
    void aTunnelToNobodyLosesThePacket() {
        var fabric = between(
                FlowTable.of(List.of(when(Match.ANY, set(Field.TUN_DST, Ipv4.parse("192.0.2.9")), output(9)))),
                FlowTable.EMPTY);
        var journey = fabric.send("hv1", "alice", eth());
        assertThat(journey).isDropped();
        org.assertj.core.api.Assertions.assertThat(journey.losses())
                .singleElement()
                .satisfies(loss -> org.assertj.core.api.Assertions.assertThat(loss.reason())
                        .contains("192.0.2.9"));
    }

    @Test
    void packetsThatGoInCirclesComeToAnEnd() {
        var back = FlowTable.of(List.of(when(Match.ANY, set(Field.IN_PORT, 0), set(Field.TUN_DST, HERE), output(8))));
        var forth = FlowTable.of(List.of(when(Match.ANY, set(Field.IN_PORT, 0), set(Field.TUN_DST, THERE), output(9))));
        assertThat(between(forth, back).send("hv1", "alice", eth())).isDropped();
    }

    private static Fabric guarded() {
        var flows = FlowTable.of(List.of(
                when(Match.IPV4, track(ZONE, SECOND)),
                Flow.in(
                        SECOND,
                        2,
                        Match.IPV4.and(Field.CT_STATE, 0x21, 0x21).and(Field.IN_PORT, 1),
                        commit(ZONE, set(Field.CT_MARK, 5)),
                        output(2)),
                Flow.in(
                        SECOND,
                        3,
                        Match.IPV4.and(Field.CT_STATE, 0x22, 0x22).and(Field.CT_MARK, 5),
                        output(1),
                        output(2)),
                Flow.in(SECOND, 4, Match.IPV4.and(Field.CT_STATE, 0x24, 0x24), output(1))));
        return new Fabric(PIPELINE)
                .chassis("hv1", flows)
                .attach("hv1", 1, new Fabric.Attachment.Named("alice"))
                .attach("hv1", 2, new Fabric.Attachment.Named("bob"));
    }

    private static final Draft THERE_GOES = eth().ip4("10.0.0.1", "10.0.0.2").udp(1000, 53);
    private static final Draft BACK_COMES = eth().ip4("10.0.0.2", "10.0.0.1").udp(53, 1000);

    @Test
    void anAnswerPassesOnceItsQuestionHas() {
        var fabric = guarded();
        assertThat(fabric.send("hv1", "bob", BACK_COMES)).isDroppedIn(SECOND);
        assertThat(fabric.send("hv1", "alice", THERE_GOES)).comesOutAt("bob");
        assertThat(fabric.send("hv1", "bob", BACK_COMES)).comesOutAt("alice");
        assertThat(fabric.send("hv1", "alice", THERE_GOES)).comesOutAt("bob");
    }

    @Test
    void anErrorAboutAKnownConnectionIsRelatedAndAnyOtherInvalid() {
        var fabric = guarded();
        var error = eth().ip4("10.0.0.2", "10.0.0.1").icmpUnreachable(THERE_GOES);
        assertThat(fabric.send("hv1", "bob", error)).isDropped();
        assertThat(fabric.send("hv1", "alice", THERE_GOES)).comesOutAt("bob");
        assertThat(fabric.send("hv1", "bob", error)).comesOutAt("alice");
    }

    @Test
    void aFlushedZoneForgets() {
        var fabric = guarded();
        assertThat(fabric.send("hv1", "alice", THERE_GOES)).comesOutAt("bob");
        fabric.chassis("hv1").flushZone(7);
        assertThat(fabric.send("hv1", "bob", BACK_COMES)).isDropped();
    }

    @Test
    void theControllerAnswersThroughThePortOrThroughThePipeline() {
        var answer = Frame.of(eth().from(":0f").bytes().toArray());
        var fabric = new Fabric(
                        PIPELINE,
                        (_, _) -> List.of(
                                new PacketOut(answer, PacketOut.CONTROLLER, Match.ANY, List.of(output(1))),
                                new PacketOut(
                                        answer,
                                        PacketOut.CONTROLLER,
                                        Match.on(Field.reg("target", 7, 0, 32), 2),
                                        List.of(Action.resubmit(SECOND)))))
                .chassis(
                        "hv1",
                        FlowTable.of(List.of(
                                when(Match.on(Field.IN_PORT, 1), new Action.Punt("01")),
                                Flow.in(SECOND, 1, Match.on(Field.reg("target", 7, 0, 32), 2), output(2)))))
                .attach("hv1", 1, new Fabric.Attachment.Named("alice"))
                .attach("hv1", 2, new Fabric.Attachment.Named("bob"));
        var journey = fabric.send("hv1", "alice", eth());
        assertThat(journey).isPunted().comesOutAt("alice", "bob");
        org.assertj.core.api.Assertions.assertThat(
                        journey.at("bob").getFirst().ethernet().source())
                .isEqualTo(mac(":0f"));
    }
}
