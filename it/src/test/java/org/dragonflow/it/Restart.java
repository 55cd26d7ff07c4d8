package org.dragonflow.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dragonflow.it.Tenant.SOON;

import java.time.Duration;
import java.util.List;

/** An agent that is killed and started again under pings: before, while it is away and after, all are answered. */
final class Restart {
    static final Duration FAST = Duration.ofMillis(10);
    private static final int AROUND = 25;

    private Restart() {}

    static void losesNothing(Agent agent, Pinging... all) {
        losesNothing(agent, () -> {}, all);
    }

    /** The same, and meanwhile, that is while the agent is away, something else is looked at too. */
    static void losesNothing(Agent agent, Runnable meanwhile, Pinging... all) {
        losesNothing(List.of(agent), meanwhile, all);
    }

    /** The same of several agents, which are away at once. */
    static void losesNothing(List<Agent> agents, Runnable meanwhile, Pinging... all) {
        awaitAnswers(all);
        agents.forEach(Agent::kill);
        awaitAnswers(all);
        meanwhile.run();
        agents.forEach(Agent::start);
        agents.forEach(Agent::awaitSync);
        awaitAnswers(all);
        for (var pinging : all) {
            assertThat(pinging.stop()).returns(0, Pings::lost);
        }
    }

    private static void awaitAnswers(Pinging... all) {
        for (var pinging : List.of(all)) {
            pinging.awaitAnswers(AROUND, SOON);
        }
    }
}
