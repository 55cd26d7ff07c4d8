package org.dragonflow.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dragonflow.address.IpAddress;
import org.dragonflow.apps.Queue;
import org.dragonflow.model.Chassis.Uplink;
import org.dragonflow.ovsdb.Change;
import org.dragonflow.ovsdb.QueueSpec;
import org.dragonflow.ovsdb.Row;
import org.dragonflow.ovsdb.Value;
import org.junit.jupiter.api.Test;

/** What a chassis says of its uplinks, by the rows of its switch's database. */
class UplinksTest {
    private static final Instant NOW = Instant.EPOCH;
    private static final Way WAY = new Way("hv1", "physnet1", "br-ex");
    private static final Map<String, String> OURS = Map.of("dragonflow", "hv1", Way.NETWORK, "physnet1");
    private static final Uplink UP = new Uplink("physnet1", true);
    private static final Uplink DOWN = new Uplink("physnet1", false);

    private final Uplinks uplinks = new Uplinks(unsaid().withBridgeMappings(BridgeMappings.parse("physnet1:br-ex")));
    private final Map<String, Row> known = new HashMap<>();

    private static Config unsaid() {
        return Config.standard("hv1", IpAddress.parse("192.0.2.1"), Path.of("/nowhere"), Path.of("/nowhere"));
    }

    private boolean tell(String table, String name, Map<String, Value> columns) {
        var before = Optional.ofNullable(known.get(table + name));
        var all = new HashMap<>(columns);
        all.put("name", Value.text(name));
        var row = new Row(before.map(Row::uuid).orElseGet(UUID::randomUUID), all);
        known.put(table + name, row);
        return uplinks.hear(List.of(new Change(table, row.uuid(), before, Optional.of(row))));
    }

    private boolean device(String name, String type, String admin, String link, Map<String, String> ids) {
        var columns = new HashMap<String, Value>(
                Map.of("type", Value.text(type), "ofport", new Value.Whole(7), "external_ids", Value.map(ids)));
        if (!link.isEmpty()) {
            columns.put("admin_state", Value.text(admin));
            columns.put("link_state", Value.text(link));
        }
        return tell("Interface", name, columns);
    }

    private boolean wire(String name, String admin, String link) {
        return device(name, "", admin, link, Map.of());
    }

    /** The bridge with a port for each of these devices. */
    private boolean bridge(String name, String... devices) {
        var ports = new ArrayList<Value.Ref>();
        for (var device : devices) {
            var interfaces = Value.ref(Optional.ofNullable(known.get("Interface" + device))
                    .orElseThrow()
                    .uuid());
            tell("Port", device, Map.of("interfaces", interfaces));
            ports.add(new Value.Ref(Optional.ofNullable(known.get("Port" + device))
                    .orElseThrow()
                    .uuid()));
        }
        return tell("Bridge", name, Map.of("ports", Value.set(ports.stream().collect(Collectors.toSet()))));
    }

    private void wired() {
        device(WAY.near(), "patch", "up", "up", OURS);
        device(WAY.far(), "patch", "up", "up", OURS);
        device("br-ex", "internal", "down", "down", Map.of());
    }

    private Uplink after(int millis) {
        return uplinks.look(NOW.plus(Duration.ofMillis(millis))).getFirst();
    }

    @Test
    void aPhysicalNetworkCountsOnceAPortOfOursLeadsThere() {
        bridge("br-ex");
        assertThat(uplinks.look(NOW)).isEmpty();
        device(WAY.near(), "patch", "up", "up", Map.of(Way.NETWORK, "physnet1"));
        assertThat(uplinks.look(NOW)).as("a port without our mark").isEmpty();
        device(WAY.near(), "patch", "up", "up", OURS);
        assertThat(uplinks.look(NOW)).containsExactly(UP);
    }

    @Test
    void oneWireThatIsUpIsEnoughAndPatchesAndTheBridgesOwnPortAreNone() {
        wired();
        wire("eth1", "up", "down");
        wire("eth2", "up", "up");
        bridge("br-ex", "br-ex", WAY.far(), "eth1", "eth2");
        assertThat(after(0)).isEqualTo(UP);
        wire("eth2", "down", "up");
        assertThat(after(1)).isEqualTo(DOWN);
        assertThat(uplinks.faults().values())
                .containsExactly("physnet1 is cut off: eth1: it has no link, eth2: it is switched off (by br-ex)");
    }

    @Test
    void aBridgeWithoutAWireIsUp() {
        wired();
        bridge("br-ex", "br-ex", WAY.far());
        assertThat(after(0)).isEqualTo(UP);
        assertThat(uplinks.faults()).isEmpty();
    }

    @Test
    void aLinkThatFlapsIsDownUntilItHasHeldForASecond() {
        wired();
        wire("eth1", "up", "up");
        bridge("br-ex", "eth1");
        assertThat(after(0)).isEqualTo(UP);
        for (int at = 0; at < 3000; at += 200) {
            wire("eth1", "up", "down");
            assertThat(after(at)).isEqualTo(DOWN);
            wire("eth1", "up", "up");
            assertThat(after(at + 100)).isEqualTo(DOWN);
        }
        assertThat(after(3800)).isEqualTo(DOWN);
        assertThat(after(3901)).isEqualTo(UP);
    }

    @Test
    void whileTheSwitchStartsNothingIsSaidAnew() {
        wired();
        wire("eth1", "", "");
        bridge("br-ex", "eth1");
        assertThat(after(0)).isEqualTo(DOWN);
        wire("eth1", "up", "up");
        after(0);
        assertThat(after(1000)).isEqualTo(UP);
        wire("eth1", "", "");
        assertThat(after(2000)).isEqualTo(UP);
    }

    @Test
    void aBridgeOfAnotherDatapathIsComplainedOf() {
        wired();
        tell("Bridge", "br-ex", Map.of("datapath_type", Value.text("netdev")));
        assertThat(uplinks.faults().values())
                .singleElement()
                .satisfies(
                        fault -> assertThat(fault).contains("br-ex is of datapath type netdev, and br-int of system"));
    }

    @Test
    void portsAreSeenToWhenAPartOfAWayComesOrGoes() {
        assertThat(bridge("br-other")).isFalse();
        assertThat(bridge("br-ex")).isTrue();
        assertThat(device(WAY.near(), "patch", "up", "up", OURS)).isTrue();
        assertThat(device(WAY.near(), "patch", "up", "down", OURS)).isFalse();
        var row = Optional.ofNullable(known.get("Interface" + WAY.near())).orElseThrow();
        assertThat(uplinks.hear(List.of(new Change("Interface", row.uuid(), Optional.of(row), Optional.empty()))))
                .isTrue();
        assertThat(uplinks.look(NOW)).isEmpty();
    }

    private void wire(String name, long speed, String driver, Map<String, String> ids) {
        tell(
                "Interface",
                name,
                Map.of(
                        "type", Value.text(""),
                        "ofport", new Value.Whole(7),
                        "link_speed", speed == 0 ? Value.SetOf.EMPTY : new Value.Whole(speed),
                        "status", Value.map(Map.of("driver_name", driver)),
                        "external_ids", Value.map(ids)));
    }

    private void wire(String name, long speed) {
        wire(name, speed, "ixgbe", Map.of());
    }

    /** How fast the links are of the ports that lead onto the wire. */
    private Map<String, Optional<Long>> speeds() {
        return uplinks.wires("physnet1").collect(Collectors.toMap(Uplinks.Wire::port, Uplinks.Wire::speed));
    }

    @Test
    void howFastALinkIsSaysItsOperatorOrElseADeviceThatCanKnow() {
        wired();
        wire("eth1", 1_000_000_000);
        wire("eth2", 1_000_000_000, "ixgbe", Map.of(Uplinks.SPEED, "200"));
        wire("eth3", 0);
        wire("eth4", 1_000_000_000, "ixgbe", Map.of(Uplinks.SPEED, "fast"));
        wire("tap5", 10_000_000, "tun", Map.of());
        wire("tap6", 10_000_000, "tun", Map.of(Uplinks.SPEED, "300"));
        device("vx7", "vxlan", "up", "up", Map.of());
        bridge("br-ex", "br-ex", WAY.far(), "eth1", "eth2", "eth3", "eth4", "tap5", "tap6", "vx7");
        assertThat(speeds())
                .isEqualTo(Map.of(
                        "eth1", Optional.of(1_000_000_000L),
                        "eth2", Optional.of(200_000L),
                        "eth3", Optional.<Long>empty(),
                        "eth4", Optional.of(1_000_000_000L),
                        "tap5", Optional.<Long>empty(),
                        "tap6", Optional.of(300_000L)));
        assertThat(uplinks.wires("physnet2")).isEmpty();
    }

    @Test
    void whatALinkSaidLastHoldsWhileItIsDown() {
        wired();
        wire("eth1", 1_000_000);
        bridge("br-ex", "br-ex", WAY.far(), "eth1");
        wire("eth1", 0);
        assertThat(speeds()).isEqualTo(Map.of("eth1", Optional.of(1_000_000L)));
        wire("eth1", 2_000_000);
        assertThat(speeds()).isEqualTo(Map.of("eth1", Optional.of(2_000_000L)));
    }

    @Test
    void severalLinksAsOneAreAsFastAsTheFastest() {
        wired();
        wire("eth1", 1_000_000);
        wire("eth2", 5_000_000);
        wire("eth3", 0);
        bridge("br-ex", "br-ex", WAY.far());
        var members = Stream.of("eth1", "eth2", "eth3")
                .map(name -> new Value.Ref(Optional.ofNullable(known.get("Interface" + name))
                        .orElseThrow()
                        .uuid()))
                .collect(Collectors.toSet());
        tell("Port", "bond0", Map.of("interfaces", Value.set(members)));
        var bond = Optional.ofNullable(known.get("Portbond0")).orElseThrow().uuid();
        tell("Bridge", "br-ex", Map.of("ports", Value.ref(bond)));
        assertThat(speeds()).isEqualTo(Map.of("bond0", Optional.of(5_000_000L)));
    }

    private WireShares shares(String datapath, Queue... queues) {
        return WireShares.of(Set.of(queues), uplinks, unsaid().withDatapathType(datapath));
    }

    private static Queue queue(int number, int kilobits) {
        return new Queue("physnet1", number, kilobits);
    }

    @Test
    void aWireIsSharedBetweenThoseWhoWerePromisedAPartOfItAndAllOthers() {
        wired();
        wire("eth1", 1_000_000);
        bridge("br-ex", "br-ex", WAY.far(), "eth1");
        var shares = shares("system", queue(3, 500), queue(4, 100));
        assertThat(shares.specs()).containsExactly(new QueueSpec("eth1", 1_000_000, Map.of(3, 500_000L, 4, 100_000L)));
        assertThat(shares.ports()).containsExactly("eth1");
        assertThat(shares.faults()).isEmpty();
        assertThat(shares("system").ports()).isEmpty();
    }

    private void assertNotHeld(WireShares shares, String why) {
        assertThat(shares.specs()).isEmpty();
        assertThat(shares.faults())
                .isEqualTo(Map.of("physnet1", "what ports were promised on physnet1 is not held free: " + why));
    }

    @Test
    void whatCannotBeHeldFreeIsSaid() {
        assertNotHeld(shares("netdev", queue(3, 500)), "the datapath netdev has no queues");
        assertNotHeld(shares("system", queue(3, 500)), "no device of the system leads there");
        wired();
        wire("eth1", 0);
        bridge("br-ex", "br-ex", WAY.far(), "eth1");
        var unknown = shares("system", queue(3, 500));
        assertNotHeld(
                unknown,
                "nobody says how fast the link of eth1 is; for 10 Gbit/s: ovs-vsctl set Interface eth1"
                        + " external_ids:dragonflow-link-kbps=10000000");
        assertThat(unknown.ports()).as("whose queues stay meanwhile").containsExactly("eth1");
        wire("eth1", 400_000);
        assertThat(shares("system", queue(3, 500)).faults().values())
                .containsExactly("ports were promised 500 kbit/s on physnet1, and the link of eth1 carries 400");
    }

    @Test
    void aLinkThatIsTooFastForTheSwitchIsNotShared() {
        wired();
        wire("eth1", 40_000_000_000L);
        bridge("br-ex", "br-ex", WAY.far(), "eth1");
        var tooOld = "Open vSwitch before 3.2 cannot share a link of 34 Gbit/s or more";
        assertNotHeld(shares("system", queue(3, 500)), tooOld);
        version("3.1.0");
        assertNotHeld(shares("system", queue(3, 500)), tooOld);
        assertThat(shares("system", queue(3, 500)).ports()).isEmpty();
        version("3.2.0-dev");
        assertThat(shares("system", queue(3, 500)).specs()).hasSize(1);
    }

    private void version(String text) {
        var row = new Row(new UUID(0, 1), Map.of("ovs_version", Value.text(text)));
        uplinks.hear(List.of(new Change("Open_vSwitch", row.uuid(), Optional.empty(), Optional.of(row))));
    }

    private static Change says(String... mappings) {
        var ids = Stream.of(mappings).collect(Collectors.toMap(_ -> "ovn-bridge-mappings", text -> text));
        var row = new Row(new UUID(0, 1), Map.of("external_ids", Value.map(ids)));
        return new Change("Open_vSwitch", row.uuid(), Optional.empty(), Optional.of(row));
    }

    @Test
    void whatIsMappedForOvnHoldsUnlessTheAgentIsToldOtherwise() {
        var here = new Uplinks(unsaid());
        assertThat(here.mappings()).contains(BridgeMappings.NONE);
        assertThat(here.hear(List.of(says("physnet1:br-ex")))).isTrue();
        assertThat(here.mappings()).contains(BridgeMappings.parse("physnet1:br-ex"));
        assertThat(here.hear(List.of(says("physnet1")))).isTrue();
        assertThat(here.mappings()).as("what cannot be read").isEmpty();
        assertThat(here.faults().values())
                .singleElement()
                .satisfies(fault -> assertThat(fault).contains("ovn-bridge-mappings", "'physnet1' is not of the form"));
        assertThat(here.hear(List.of(says()))).isTrue();
        assertThat(here.mappings()).contains(BridgeMappings.NONE);
        assertThat(here.faults()).isEmpty();

        assertThat(uplinks.hear(List.of(says("physnet7:br-seven")))).isFalse();
        assertThat(uplinks.mappings()).contains(BridgeMappings.parse("physnet1:br-ex"));
    }
}
