package org.dragonflow.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.dragonflow.model.Delta;
import org.junit.jupiter.api.Test;

class ZoneAllocationTest {
    private static ZoneWanted wish(String owner) {
        return ZoneWanted.by(owner, Bridge.INTEGRATION.id());
    }

    private static ZoneAllocation wanting(ZoneAllocation zones, String... owners) {
        return zones.hearing(
                List.of(owners).stream().map(owner -> Delta.create(wish(owner))).toList());
    }

    private static ZoneAllocation given(ZoneAllocation zones) {
        return zones.with(zones.next());
    }

    private static ConntrackZone zone(String owner, int number) {
        return new ConntrackZone(wish(owner).zone(), number);
    }

    @Test
    void eachWhoWaitsGetsTheLowestNumberThatIsNobodys() {
        var zones = given(wanting(ZoneAllocation.EMPTY.with(List.of(zone("old", 2))), "old", "alice", "bob"));
        assertThat(zones.given()).containsExactlyInAnyOrder(zone("old", 2), zone("alice", 1), zone("bob", 3));
        assertThat(zones.waiting()).isEmpty();
        assertThat(zones.next()).isEmpty();
    }

    @Test
    void aZoneIsItsOwnersUntilItIsFreedAndNobodyElsesBefore() {
        var left = given(wanting(ZoneAllocation.EMPTY, "alice")).hearing(List.of(Delta.delete(wish("alice"))));
        assertThat(left.abandoned()).containsExactly(zone("alice", 1));
        assertThat(wanting(left, "bob").next()).containsExactly(zone("bob", 2));
        assertThat(wanting(left, "alice").abandoned()).isEmpty();
        assertThat(wanting(left, "alice").next()).isEmpty();
        assertThat(wanting(left.without(left.abandoned()), "bob").next()).containsExactly(zone("bob", 1));
    }

    @Test
    void theZoneOfAnIdleOwnerIsToBeEmptiedOnceEachTimeThatItsOwnerGoesAndStaysItsOwners() {
        var here = given(wanting(ZoneAllocation.EMPTY, "alice"));
        var away =
                here.hearing(List.of(Delta.replace(wish("alice"), wish("alice").idle(true))));
        assertThat(here.stale()).isEmpty();
        assertThat(away.stale()).containsExactly(zone("alice", 1));
        var emptied = away.emptied(away.stale());
        assertThat(emptied.stale()).isEmpty();
        assertThat(emptied.given()).containsExactly(zone("alice", 1));
        assertThat(emptied.abandoned()).isEmpty();
        var back = emptied.hearing(List.of(Delta.replace(wish("alice").idle(true), wish("alice"))));
        assertThat(back.stale()).isEmpty();
        assertThat(back.hearing(List.of(
                                Delta.replace(wish("alice"), wish("alice").idle(true))))
                        .stale())
                .containsExactly(zone("alice", 1));
    }

    @Test
    void whenNumbersRunOutTheRestWaitsForOneToBeFreed() {
        var owners = IntStream.range(0, ConntrackZone.FIRST_FIXED).mapToObj(i -> "%05d".formatted(i));
        var full = given(wanting(ZoneAllocation.EMPTY, owners.toArray(String[]::new)));
        assertThat(full.given()).hasSize(ConntrackZone.FIRST_FIXED - 1);
        assertThat(full.waiting()).containsExactly(wish("64999"));
        assertThat(full.next()).isEmpty();
        var after = full.hearing(List.of(Delta.delete(wish("00006"))));
        assertThat(after.next()).isEmpty();
        assertThat(after.without(after.abandoned()).next()).containsExactly(zone("64999", 7));
    }

    @Test
    void theNumbersOfFixedZonesAndZoneZeroAreNeverGiven() {
        assertThatThrownBy(() -> zone("alice", 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> zone("alice", ConntrackZone.FIRST_FIXED)).isInstanceOf(IllegalArgumentException.class);
    }
}
