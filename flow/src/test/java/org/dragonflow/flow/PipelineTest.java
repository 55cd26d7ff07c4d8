package org.dragonflow.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.dragonflow.flow.Action.goTo;
import static org.dragonflow.flow.Action.resubmit;
import static org.dragonflow.flow.Action.set;

import java.util.List;
import org.junit.jupiter.api.Test;

class PipelineTest {
    private static final Field MARK = Field.reg("mark", 1, 0, 16);
    private static final Table FIRST =
            Table.of("first", "app", "").matching(Field.IN_PORT).setting(MARK);
    private static final Table SECOND = Table.of("second", "app", "")
            .contributors("other")
            .matching(MARK, Field.ETH_TYPE, Field.IPV4_DST)
            .goingBackTo(FIRST);
    private static final Pipeline PIPELINE = Pipeline.of(FIRST, SECOND);

    private static List<String> violations(Flow flow) {
        return PIPELINE.violations("app", flow);
    }

    @Test
    void aFlowThatKeepsItsTablesContractHasNoViolations() {
        assertThat(violations(Flow.in(FIRST, Flow.NORMAL, Match.on(Field.IN_PORT, 1), set(MARK, 7), goTo(SECOND))))
                .isEmpty();
        assertThat(violations(Flow.in(SECOND, Flow.NORMAL, Match.on(MARK, 7).and(Match.IPV4), resubmit(FIRST))))
                .isEmpty();
        assertThat(PIPELINE.violations("other", Flow.drop(SECOND, Flow.NORMAL, Match.ANY)))
                .isEmpty();
    }

    @Test
    void everyBreachIsNamed() {
        var flow = Flow.in(SECOND, Flow.NORMAL, Match.on(Field.IN_PORT, 1), set(MARK, 1), goTo(FIRST), goTo(SECOND));
        assertThat(PIPELINE.violations("stranger", flow))
                .containsExactly(
                        "second is not written by stranger",
                        "second may not match in_port",
                        "second may not set mark",
                        "second may not go back to first",
                        "second may not go back to second");
    }

    @Test
    void breachesInsideCopiesAndConnectionsAreFoundToo() {
        assertThat(violations(Flow.in(SECOND, Flow.NORMAL, Match.ANY, Action.onCopy(set(MARK, 1)))))
                .hasSize(1);
        assertThat(violations(Flow.in(SECOND, Flow.NORMAL, Match.IPV4, Action.track(new Action.Zone.Fixed(1), SECOND))))
                .hasSize(1);
    }

    @Test
    void aFieldIsMatchedInItsOwnBitsOnly() {
        var whole = Field.reg("whole", 1, 0, 32);
        assertThat(violations(Flow.drop(SECOND, Flow.NORMAL, Match.on(whole, 7))))
                .containsExactly("second may not match reg1");
    }

    @Test
    void aHeaderIsNotMatchedWithoutWhatMustBeKnownBefore() {
        assertThat(violations(Flow.drop(SECOND, Flow.NORMAL, Match.on(Field.IPV4_DST, 1))))
                .hasSize(1);
        assertThat(violations(Flow.drop(SECOND, Flow.NORMAL, Match.IPV4.and(Field.IPV4_DST, 1))))
                .isEmpty();
    }

    @Test
    void twoFieldsThatShareBitsMayNotBeLiveInOneTable() {
        var clash = Table.of("clash", "app", "").matching(MARK).setting(Field.reg("flag", 1, 15, 1));
        assertThatThrownBy(() -> Pipeline.of(clash)).hasMessageContaining("mark and flag share bits");
        var wide = Table.of("wide", "app", "").matching(MARK).setting(Field.named("address", Header.XXREG0, 64, 64));
        assertThatThrownBy(() -> Pipeline.of(wide)).hasMessageContaining("share bits");
    }

    @Test
    void twoTablesMayNotShareAName() {
        assertThatThrownBy(() -> Pipeline.of(FIRST, FIRST)).hasMessageContaining("first");
    }

    @Test
    void aTableIsPluggedInBehindAnother() {
        var more = Table.of("more", "app", "");
        var longer = PIPELINE.after(FIRST, more);
        assertThat(longer.number(more)).isEqualTo(1);
        assertThat(longer.number(SECOND)).isEqualTo(2);
        assertThat(longer.table(1)).contains(more);
        assertThat(longer.table(3)).isEmpty();
    }

    @Test
    void theDifferenceOfTwoSwitchesIsTheSmallestAndLeadsFromOneToTheOther() {
        var kept = Flow.drop(FIRST, 1, Match.ANY);
        var old = Flow.drop(FIRST, 2, Match.on(Field.IN_PORT, 1));
        var before = FlowTable.of(List.of(kept, old, Meter.ofPackets(1, 10, 10)));
        var after = FlowTable.of(List.of(kept, Flow.in(FIRST, 2, Match.on(Field.IN_PORT, 1), goTo(SECOND))));
        var bundle = after.since(before);
        assertThat(bundle.mods()).hasSize(2);
        assertThat(before.apply(bundle)).isEqualTo(after);
        assertThat(after.since(after).isEmpty()).isTrue();
    }
}
