package org.dragonflow.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A flow that a switch would refuse, because it does not know what its actions are about, is refused before. */
class PrerequisitesTest {
    private static final Table FIRST = Table.of("first", "app", "The first table.")
            .matching(Field.ETH_TYPE, Field.IP_PROTO, Field.ARP_OP)
            .setting(Field.IPV4_SRC, Field.ETH_SRC, Field.ARP_OP);

    private static final Pipeline PIPELINE = Pipeline.of(FIRST);

    private static List<String> violations(Match match, Action action) {
        return PIPELINE.violations("app", Flow.in(FIRST, Flow.NORMAL, match, action));
    }

    @Test
    void connectionsAreTrackedForIpOnly() {
        var commit =
                new Action.Ct(true, false, new Action.Zone.Fixed(1), Optional.empty(), Optional.empty(), List.of());
        assertThat(violations(Match.ANY, commit)).hasSize(1);
        assertThat(violations(Match.ARP, commit)).hasSize(1);
        assertThat(violations(Match.IPV4, commit)).isEmpty();
        assertThat(violations(Match.IPV6, commit)).isEmpty();
    }

    @Test
    void headersOfArpAreSetInWholeFramesOnly() {
        var set = Action.set(Field.ARP_OP, 2);
        assertThat(violations(Match.ARP, set)).hasSize(1);
        assertThat(violations(Match.ARP.and(Field.ARP_OP, 0), set)).hasSize(1);
        assertThat(violations(Match.ARP.and(Field.ARP_OP, 1), set)).isEmpty();
    }

    @Test
    void hopsAreCountedForIpOnly() {
        assertThat(violations(Match.ANY, new Action.DecrementTtl())).hasSize(1);
        assertThat(violations(Match.IPV6, new Action.DecrementTtl())).isEmpty();
    }

    @Test
    void aHeaderIsSetOnlyWhereItIs() {
        assertThat(violations(Match.IPV6, Action.set(Field.IPV4_SRC, 1))).hasSize(1);
        assertThat(violations(Match.IPV4, Action.set(Field.IPV4_SRC, 1))).isEmpty();
        assertThat(violations(Match.ANY, Action.set(Field.ETH_SRC, 1))).isEmpty();
        assertThat(violations(Match.IPV4, Action.onCopy(Action.set(Field.ARP_OP, 2))))
                .hasSize(1);
    }
}
