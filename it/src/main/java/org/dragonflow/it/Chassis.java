package org.dragonflow.it;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A hypervisor of the lab: a network namespace with an Open vSwitch of its own, which forwards in user space.
 *
 * <p>It has two cables to the fabric. {@code control} is plain, so that an agent keeps its server when the switch
 * dies. The other is a port of the bridge {@code br-phy}, which holds the tunnel address: Open vSwitch sends tunnels
 * in user space only through a bridge of its own.
 */
public final class Chassis {
    public static final String INTEGRATION_BRIDGE = "br-int";
    private static final String PHYSICAL_BRIDGE = "br-phy";
    private static final Duration READY = Duration.ofSeconds(10);

    private final String name;
    private final Space space;
    private final Path directory;
    private final Fabric fabric;
    private final Map<String, Link> wires = new LinkedHashMap<>();
    private final Link control;
    private final Link underlay;
    private final Segment controlAddress;
    private final Segment tunnelAddress;
    private final VirtualSwitch vswitch;

    Chassis(Lab lab, String name, Space space, Fabric fabric, int number) {
        this.name = name;
        this.space = space;
        this.fabric = fabric;
        this.directory = lab.directory(name);
        this.controlAddress = fabric.control(number);
        this.tunnelAddress = fabric.tunnel(number);
        this.control = fabric.join(space, "control", "control" + number);
        this.underlay = fabric.join(space, "uplink", "tunnel" + number);
        give("control", controlAddress);
        this.vswitch = new VirtualSwitch(name, space, directory, this::addressTunnelEnd);
    }

    /** What the programs of Open vSwitch need to find the files of this chassis. */
    public Map<String, String> environment() {
        return vswitch.environment();
    }

    /** Starts those daemons that do not run, and makes those bridges that are not there. */
    public void start() {
        vswitch.start(List.of(("set Open_vSwitch . external_ids:system-id=%1$s"
                        + " -- --may-exist add-br %2$s -- set Bridge %2$s datapath_type=netdev"
                        + " -- --may-exist add-port %2$s uplink"
                        + " -- --may-exist add-br %3$s -- set Bridge %3$s datapath_type=netdev fail_mode=secure")
                .formatted(name, PHYSICAL_BRIDGE, INTEGRATION_BRIDGE)
                .split(" ", -1)));
    }

    /** The local port of a bridge goes with the process that forwards for it, and comes back without addresses. */
    private void addressTunnelEnd() {
        var device = Command.of("ip", "-n", space.name(), "link", "show", PHYSICAL_BRIDGE);
        var bridge = vswitch.ofctl("show", INTEGRATION_BRIDGE);
        Wait.until(PHYSICAL_BRIDGE, READY, () -> device.run().succeeded());
        Wait.until(INTEGRATION_BRIDGE, READY, () -> bridge.run().succeeded());
        give(PHYSICAL_BRIDGE, tunnelAddress);
    }

    private void give(String device, Segment address) {
        space.ip("link", "set", device, "up");
        space.ip("addr", "replace", address.cidr4(), "dev", device);
        space.ip("addr", "replace", address.cidr6(), "dev", device, "nodad");
    }

    public String name() {
        return name;
    }

    public Space space() {
        return space;
    }

    /** Where the files of this chassis are: database, sockets, logs. */
    public Path directory() {
        return directory;
    }

    /**
     * The ovsdb-server. While it is away, a switch in user space forwards nothing and heeds no controller: its main
     * loop, which does both, waits to hold the database's lock again.
     */
    public Daemon database() {
        return vswitch.database();
    }

    /** The ovs-vswitchd. Its flows go with it; its bridges and ports come back, as the database has them. */
    public Daemon vswitch() {
        return vswitch.vswitch();
    }

    /** The cable on which an agent reaches its server. */
    public Link control() {
        return control;
    }

    /** The cable that carries tunnels. */
    public Link underlay() {
        return underlay;
    }

    /**
     * Connects the chassis to a physical network, by a bridge of its own that forwards as any switch does; gives the cable. Its agent must be
     * told, as {@link Cloud} does.
     *
     * @param physicalNetwork 1 to 12 lower-case letters and digits
     */
    public Link wire(String physicalNetwork) {
        return wires.computeIfAbsent(physicalNetwork, name -> {
            var device = "to-" + name;
            var link = fabric.wire(space, device, name);
            var bridge = bridge(name);
            ovsVsctl("add-br", bridge, "--", "set", "Bridge", bridge, "datapath_type=netdev");
            ovsVsctl("add-port", bridge, device);
            return link;
        });
    }

    private static String bridge(String physicalNetwork) {
        return "br-" + physicalNetwork;
    }

    /** By which bridges the chassis is connected to physical networks, as its agent is told. */
    String mappings() {
        return wires.keySet().stream().map(name -> name + ":" + bridge(name)).collect(Collectors.joining(","));
    }

    public Segment controlAddress() {
        return controlAddress;
    }

    /** What other chassis send tunnels to. */
    public Segment tunnelAddress() {
        return tunnelAddress;
    }

    public Path databaseSocket() {
        return vswitch.databaseSocket();
    }

    /** Where the integration bridge speaks OpenFlow to a controller on the same machine. */
    public Path managementSocket() {
        return managementSocket(INTEGRATION_BRIDGE);
    }

    public Path managementSocket(String bridge) {
        return vswitch.managementSocket(bridge);
    }

    /** Runs {@code ovs-vsctl}, which must succeed; it waits until the switch has done what is asked, 10 s at most. */
    public String ovsVsctl(String... words) {
        return vswitch.vsctl(words);
    }

    /** Runs {@code ovs-ofctl COMMAND BRIDGE WORDS}, which must succeed, in OpenFlow 1.5. */
    public String ovsOfctl(String command, String bridge, String... words) {
        return vswitch.ofctl(command, bridge, words).require();
    }

    /** Runs {@code ovs-appctl} against the switch, which must succeed. */
    public String ovsAppctl(String... words) {
        return vswitch.appctl(words).require();
    }

    /** The flows of a bridge, one to a line, without what changes by itself. */
    public List<String> dumpFlows(String bridge) {
        return ovsOfctl("dump-flows", bridge, "--no-stats", "--no-names")
                .lines()
                .map(String::strip)
                .filter(line -> line.contains("actions="))
                .toList();
    }

    /** The connections that the switch tracks, one to a line. */
    public List<String> dumpConntrack() {
        return ovsAppctl("dpctl/dump-conntrack").lines().toList();
    }

    /** Starts a program on this chassis, with its output appended to the log; the tools of Open vSwitch work in it. */
    public Running start(Command command, Path log) {
        return space.start(command.with(environment()), log);
    }

    /** The network namespace where the services of this chassis listen. */
    public String metadataNamespace() {
        return space.name() + "-md";
    }

    /** Starts an agent on this chassis, with its output appended to the log. */
    Running startAgent(Command command, Path log) {
        return space.startMaking(
                metadataNamespace(),
                command.and("--metadata-namespace=" + metadataNamespace()).with(environment()),
                log);
    }

    /** The command as it runs on this chassis; the tools of Open vSwitch work in it. */
    public Command command(String... words) {
        return space.command(words).with(environment());
    }
}
