package org.dragonflow.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.flow.Action.copy;
import static org.dragonflow.flow.Action.goTo;
import static org.dragonflow.flow.Action.onCopy;
import static org.dragonflow.flow.Action.output;
import static org.dragonflow.flow.Action.resubmit;
import static org.dragonflow.flow.Action.set;
import static org.dragonflow.trace.Draft.eth;
import static org.dragonflow.trace.Draft.mac;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Entry;
import org.dragonflow.flow.Field;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.FlowTable;
import org.dragonflow.flow.Group;
import org.dragonflow.flow.Match;
import org.dragonflow.flow.Pipeline;
import org.dragonflow.flow.Table;
import org.dragonflow.packet.Ipv4Packet;
import org.dragonflow.packet.Udp;
import org.junit.jupiter.api.Test;

class TracerTest {
    private static final Table FIRST = Table.of("first", "test", "");
    private static final Table SECOND = Table.of("second", "test", "");
    private static final Table THIRD = Table.of("third", "test", "");
    private static final Pipeline PIPELINE = Pipeline.of(FIRST, SECOND, THIRD);
    private static final Field TARGET = Field.reg("target", 7, 0, 32);
    private static final Field LOW = Field.reg("low", 3, 0, 16);
    private static final Packet UDP = eth().from(":0a")
            .to(":0b")
            .ip4("10.0.0.10", "10.0.0.11")
            .udp(1000, 53)
            .on(1);

    private static Tracer tracer(Entry... entries) {
        return new Tracer(PIPELINE, FlowTable.of(List.of(entries)));
    }

    private static Flow first(int priority, Match match, Action... actions) {
        return Flow.in(FIRST, priority, match, actions);
    }

    private static Flow always(Table table, Action... actions) {
        return Flow.in(table, Flow.NORMAL, Match.ANY, actions);
    }

    private static List<Long> ports(Trace trace) {
        return trace.outputs().stream().map(Outcome.Output::port).toList();
    }

    @Test
    void ofTheFlowsThatMatchTheHighestPriorityWins() {
        var tracer = tracer(
                first(10, Match.ANY, output(2)),
                first(30, Match.on(Field.ETH_TYPE, 0x0806), output(3)),
                first(20, Match.on(Field.ETH_TYPE, 0x0800), output(4)));
        assertThat(ports(tracer.trace(UDP))).containsExactly(4L);
    }

    @Test
    void aPacketThatNoFlowMatchesIsDropped() {
        var trace = tracer(always(FIRST, goTo(SECOND))).trace(UDP);
        assertThat(trace.isDroppedIn(SECOND)).isTrue();
        assertThat(trace.drops().getFirst().flow()).isEmpty();
    }

    @Test
    void aFlowWithoutActionsDrops() {
        var drop = Flow.drop(FIRST, 5, Match.ANY);
        var trace = tracer(drop).trace(UDP);
        assertThat(trace.drops())
                .singleElement()
                .satisfies(d -> assertThat(d.flow()).contains(drop));
    }

    @Test
    void nothingLeavesThroughThePortItCameInOn() {
        assertThat(tracer(always(FIRST, output(1), output(2))).trace(UDP))
                .satisfies(trace -> assertThat(ports(trace)).containsExactly(2L));
    }

    @Test
    void withItsInputPortForgottenAPacketMayTurnBack() {
        assertThat(ports(tracer(always(FIRST, set(Field.IN_PORT, 0), output(1))).trace(UDP)))
                .containsExactly(1L);
    }

    @Test
    void whatIsSetAfterAnOutputDoesNotChangeWhatWentOut() {
        var trace = tracer(always(FIRST, output(2), set(Field.ETH_DST, mac(":0c")), output(3)))
                .trace(UDP);
        assertThat(trace.outputs())
                .extracting(o -> o.packet().ethernet().destination())
                .containsExactly(mac(":0b"), mac(":0c"));
    }

    @Test
    void gotoComesAfterTheOtherActions() {
        var tracer =
                tracer(always(FIRST, goTo(SECOND), set(TARGET, 2)), Flow.in(SECOND, 1, Match.on(TARGET, 2), output(2)));
        assertThat(ports(tracer.trace(UDP))).containsExactly(2L);
    }

    @Test
    void resubmitComesBackWithWhatWasSet() {
        var tracer = tracer(
                always(FIRST, resubmit(THIRD), copy(TARGET, Field.reg("copy", 8, 0, 32)), goTo(SECOND)),
                always(THIRD, set(TARGET, 9)),
                Flow.in(SECOND, 1, Match.on(Field.reg("copy", 8, 0, 32), 9), output(2)));
        var trace = tracer.trace(UDP);
        assertThat(ports(trace)).containsExactly(2L);
        assertThat(trace.drops()).isEmpty();
    }

    @Test
    void aCloneChangesNothingOfTheOriginal() {
        var trace = tracer(always(FIRST, onCopy(set(TARGET, 5), set(Field.ETH_SRC, mac(":0f")), output(2)), output(3)))
                .trace(UDP);
        assertThat(trace.outputs())
                .extracting(o -> o.packet().headers().get(TARGET).low())
                .containsExactly(5L, 0L);
        assertThat(trace.outputs().getLast().packet().frame()).isEqualTo(UDP.frame());
    }

    @Test
    void settingAFieldLeavesTheRestOfItsRegister() {
        var trace = tracer(always(FIRST, set(Field.reg("high", 3, 16, 16), 7), set(LOW, 1), set(LOW, 2), output(2)))
                .trace(UDP);
        assertThat(trace.outputs().getFirst().packet().headers().number(org.dragonflow.flow.Header.REG3))
                .isEqualTo(0x0007_0002L);
    }

    @Test
    void aPacketWithoutHopsGoesNoFurtherInTheList() {
        var tracer = tracer(always(FIRST, output(2), new Action.DecrementTtl(), output(3), goTo(SECOND)));
        var last = eth().ip4("10.0.0.10", "10.0.0.11").udp(1, 2).ttl(1).on(1);
        assertThat(ports(tracer.trace(last))).containsExactly(2L);
        assertThat(ports(tracer.trace(UDP))).containsExactly(2L, 3L);
    }

    @Test
    void aHopCorrectsTheChecksum() {
        var trace = tracer(always(FIRST, new Action.DecrementTtl(), output(2))).trace(UDP);
        var expected = eth().from(":0a")
                .to(":0b")
                .ip4("10.0.0.10", "10.0.0.11")
                .udp(1000, 53)
                .ttl(63);
        assertThat(trace.outputs().getFirst().packet().frame()).isEqualTo(expected.bytes());
    }

    @Test
    void rewrittenAddressesAndPortsCorrectBothChecksums() {
        var trace = tracer(always(
                        FIRST,
                        set(Field.IPV4_SRC, org.dragonflow.address.Ipv4.parse("192.0.2.1")),
                        set(Field.UDP_DST, 5353),
                        output(2)))
                .trace(UDP);
        var packet = (Ipv4Packet) trace.outputs().getFirst().packet().ethernet().payload();
        var expected = eth().from(":0a").to(":0b").ip4("192.0.2.1", "10.0.0.11").udp(1000, 5353);
        assertThat(((Udp) packet.transport()).destinationPort()).isEqualTo(5353);
        assertThat(trace.outputs().getFirst().packet().frame()).isEqualTo(expected.bytes());
    }

    @Test
    void aHeaderThatThePacketDoesNotHaveIsNotSet() {
        var trace = tracer(always(FIRST, set(Field.TCP_SRC, 5), output(2))).trace(UDP);
        assertThat(trace.outputs().getFirst().packet()).isEqualTo(UDP);
    }

    @Test
    void aGroupOfAllSendsACopyToEachBucket() {
        var group = new Group(
                7,
                Group.Type.ALL,
                List.of(
                        new Group.Bucket(1, 0, List.of(set(TARGET, 1), output(2))),
                        new Group.Bucket(2, 0, List.of(output(3)))));
        var trace =
                tracer(group, always(FIRST, new Action.ToGroup(7), output(4))).trace(UDP);
        assertThat(ports(trace)).containsExactly(2L, 3L, 4L);
        assertThat(trace.outputs().get(1).packet().headers().get(TARGET).isZero())
                .isTrue();
    }

    @Test
    void aSelectGroupTakesOneBucketAndTheSameForAConversation() {
        var group = new Group(
                7,
                Group.Type.SELECT,
                List.of(new Group.Bucket(1, 1, List.of(output(2))), new Group.Bucket(2, 1, List.of(output(3)))));
        var tracer = tracer(group, always(FIRST, new Action.ToGroup(7)));
        assertThat(ports(tracer.trace(UDP))).hasSize(1).isEqualTo(ports(tracer.trace(UDP)));
        var chosen = IntStream.range(0, 50)
                .mapToObj(i -> eth().ip4("10.0.0.1", "10.0.0.2").udp(i, 53).on(1))
                .flatMap(packet -> ports(tracer.trace(packet)).stream())
                .distinct();
        assertThat(chosen).containsExactlyInAnyOrder(2L, 3L);
    }

    @Test
    void aTagIsPushedAndPopped() {
        var pushed = tracer(always(FIRST, new Action.PushVlan(0x8100), set(Field.VLAN_VID, 0x1000 | 42), output(2)))
                .trace(UDP)
                .outputs()
                .getFirst()
                .packet();
        assertThat(pushed.ethernet().tags())
                .singleElement()
                .satisfies(tag -> assertThat(tag.id()).isEqualTo(42));
        var popped = tracer(always(FIRST, new Action.PopVlan(), output(2)))
                .trace(Packet.arriving(1, pushed.frame()))
                .outputs()
                .getFirst()
                .packet();
        assertThat(popped.frame()).isEqualTo(UDP.frame());
    }

    @Test
    void aPuntCarriesThePacketAsItIsThen() {
        var trace = tracer(always(FIRST, set(TARGET, 4), new Action.Punt("0102"), set(TARGET, 5)))
                .trace(UDP);
        assertThat(trace.punts()).singleElement().satisfies(punt -> {
            assertThat(punt.userdata()).isEqualTo("0102");
            assertThat(punt.packet().headers().get(TARGET).low()).isEqualTo(4);
        });
    }

    @Test
    void goingBackTooOftenDropsThePacketAltogether() {
        var trace = tracer(always(FIRST, output(2), resubmit(FIRST))).trace(UDP);
        assertThat(trace.outputs()).isEmpty();
        assertThat(trace.drops())
                .singleElement()
                .satisfies(d -> assertThat(d.reason()).contains("64"));
    }

    @Test
    void tooManyLookupsDropThePacketAltogether() {
        var many = Stream.generate(() -> resubmit(SECOND)).limit(5000).toArray(Action[]::new);
        var trace = tracer(always(FIRST, many), always(SECOND, output(2))).trace(UDP);
        assertThat(trace.outputs()).isEmpty();
        assertThat(trace.drops().getLast().reason()).contains("4096");
    }

    @Test
    void aTraceReadsAsASentenceForEachStep() {
        var trace = tracer(
                        first(10, Match.IPV4.and(Field.IN_PORT, 1), set(TARGET, 2), goTo(SECOND)),
                        Flow.in(SECOND, 1, Match.on(TARGET, 2), output(2)))
                .trace(UDP);
        assertThat(trace.toString())
                .contains(" 0. first: in_port=1,eth_type=0x800, priority 10, cookie 0x0")
                .contains("target := 0x2 (was 0x0)")
                .contains(" 1. second: reg7=0x2, priority 1")
                .contains("=> out of port 2");
    }

    @Test
    void aThousandPacketsThroughTenThousandFlowsTakeNoTime() {
        var flows = IntStream.range(0, 10_000)
                .mapToObj(i ->
                        first(100, Match.IPV4.and(Field.IPV4_DST, 0x0a00_0000L + i), set(TARGET, i), output(2 + i)))
                .toList();
        var tracer = new Tracer(PIPELINE, FlowTable.of(flows));
        for (int i = 0; i < 1_000; i++) {
            assertThat(ports(tracer.trace(UDP))).containsExactly(13L);
        }
    }
}
