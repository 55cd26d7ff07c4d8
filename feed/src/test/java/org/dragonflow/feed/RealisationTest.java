package org.dragonflow.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Delta;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.model.Schema;
import org.dragonflow.model.Status;
import org.dragonflow.model.Topology;
import org.junit.jupiter.api.Test;

final class RealisationTest {
    private static final Id<Chassis> HV1 = Id.of(Chassis.class, "hv1");
    private static final Port BOUND = port("hv1");
    private static final Port ELSEWHERE = port("hv2");

    private final Realisation realisation = new Realisation(HV1);

    private static Port port(String host) {
        return Schema.of(Port.class)
                .decode(Map.of(
                        "id", "port",
                        "project_id", "demo",
                        "network_id", "network",
                        "mac_address", "fa:16:3e:00:00:01",
                        "port_security_enabled", true,
                        "binding:host_id", host,
                        "key", 1,
                        "created_at", "2026-01-01T00:00:00Z",
                        "updated_at", "2026-01-01T00:00:00Z",
                        "revision_number", 1))
                .orThrow();
    }

    private List<Status> said(long revision, Map<Id<Port>, PortState> states) {
        return realisation.acknowledge(revision, states).stream()
                .map(PortStatus::status)
                .toList();
    }

    private static Map<Id<Port>, PortState> state(PortState state) {
        return Map.of(BOUND.id(), state);
    }

    @Test
    void aPortIsUpOnceTheRevisionThatBoundItIsConfirmed() {
        realisation.note(42, Delta.create(BOUND));
        assertThat(said(41, state(PortState.UP))).isEmpty();
        assertThat(said(42, Map.of())).containsExactly(Status.ACTIVE);
        assertThat(said(43, Map.of())).as("said once").isEmpty();
    }

    @Test
    void whatASnapshotBoundCountsFromItsRevision() {
        realisation.startAnew(50, Topology.of(BOUND));
        assertThat(said(49, state(PortState.UP))).isEmpty();
        assertThat(said(50, Map.of())).containsExactly(Status.ACTIVE);
    }

    @Test
    void theLatestWordCounts() {
        realisation.note(42, Delta.create(BOUND));
        assertThat(said(41, state(PortState.UP))).isEmpty();
        assertThat(said(41, state(PortState.DOWN))).isEmpty();
        assertThat(said(42, Map.of())).containsExactly(Status.DOWN);
        assertThat(said(42, state(PortState.DEGRADED))).containsExactly(Status.ERROR);
    }

    private static Port awaited(Port port) {
        return Schema.of(port)
                .with(port, Map.of("inactive_bindings", List.of(new Port.Binding(HV1, "normal", Map.of()))));
    }

    @Test
    void whatWasSaidOfAPortThatIsAwaitedIsSaidAnewOnceTheRevisionThatBindsItIsConfirmed() {
        realisation.note(42, Delta.create(awaited(ELSEWHERE)));
        assertThat(said(42, state(PortState.UP))).containsExactly(Status.ACTIVE);
        realisation.note(43, Delta.replace(awaited(ELSEWHERE), BOUND));
        assertThat(said(42, Map.of())).isEmpty();
        assertThat(said(43, Map.of())).containsExactly(Status.ACTIVE);
        realisation.startAnew(50, Topology.of(BOUND));
        assertThat(said(50, Map.of())).as("a snapshot may hide a move").containsExactly(Status.ACTIVE);
    }

    @Test
    void aPortOfAnotherChassisIsNotToBeReported() {
        realisation.note(42, Delta.create(ELSEWHERE));
        assertThat(said(42, state(PortState.UP))).isEmpty();
        realisation.note(43, Delta.replace(ELSEWHERE, BOUND));
        assertThat(said(43, Map.of()))
                .as("what was said before it came does not count")
                .isEmpty();
        assertThat(said(43, state(PortState.UP))).containsExactly(Status.ACTIVE);
        realisation.note(44, Delta.replace(BOUND, ELSEWHERE));
        assertThat(said(44, state(PortState.DOWN))).isEmpty();
    }
}
