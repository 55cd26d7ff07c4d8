package org.dragonflow.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

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
    private static final Path SCHEMA = Path.of("/usr/share/openvswitch/vswitch.ovsschema");
    private static final String SECONDS = "10";
    private static final Duration READY = Duration.ofSeconds(10);

    private final String name;
    private final Space space;
    private final Path directory;
    private final Link control;
    private final Link underlay;
    private final Segment controlAddress;
    private final Segment tunnelAddress;
    private final Daemon database;
    private final Daemon vswitch;

    Chassis(Lab lab, String name, Space space, Fabric fabric, int number) {
        this.name = name;
        this.space = space;
        this.directory = lab.directory(name);
        this.controlAddress = fabric.control(number);
        this.tunnelAddress = fabric.tunnel(number);
        this.control = fabric.join(space, "control", "control" + number);
        this.underlay = fabric.join(space, "uplink", "tunnel" + number);
        give("control", controlAddress);
        this.database = new Daemon(
                "ovsdb-server of " + name,
                space,
                daemon("ovsdb-server", file("conf.db"), "--remote=punix:" + databaseSocket()),
                directory.resolve("ovsdb-server.out"),
                tool("ovsdb-client", "--timeout=" + SECONDS, "list-dbs", "unix:" + databaseSocket()),
                () -> {});
        this.vswitch = new Daemon(
                "ovs-vswitchd of " + name,
                space,
                daemon("ovs-vswitchd", "unix:" + databaseSocket()),
                directory.resolve("ovs-vswitchd.out"),
                appctl("version"),
                this::addressTunnelEnd);
    }

    private String file(String leaf) {
        return directory.resolve(leaf).toString();
    }

    private Command daemon(String program, String... arguments) {
        return tool(program, arguments).and("--no-chdir", "--pidfile", "--log-file", "-vconsole:off");
    }

    private Command tool(String program, String... arguments) {
        return Command.of(program).and(arguments).with(environment());
    }

    /** What the programs of Open vSwitch need to find the files of this chassis. */
    public Map<String, String> environment() {
        var here = directory.toString();
        return Map.of("OVS_RUNDIR", here, "OVS_LOGDIR", here, "OVS_DBDIR", here, "OVS_SYSCONFDIR", here);
    }

    /** Starts those daemons that do not run, and makes those bridges that are not there. */
    public void start() {
        if (!Files.exists(directory.resolve("conf.db"))) {
            tool("ovsdb-tool", "create", file("conf.db"), SCHEMA.toString()).require();
        }
        database.start();
        // The bridges are in the database before the switch starts, so that its first start is like any other.
        tool("ovs-vsctl", "--no-wait", "--timeout=" + SECONDS, "--db=unix:" + databaseSocket())
                .and("set", "Open_vSwitch", ".", "external_ids:system-id=" + name)
                .and("--", "--may-exist", "add-br", PHYSICAL_BRIDGE)
                .and("--", "set", "Bridge", PHYSICAL_BRIDGE, "datapath_type=netdev")
                .and("--", "--may-exist", "add-port", PHYSICAL_BRIDGE, "uplink")
                .and("--", "--may-exist", "add-br", INTEGRATION_BRIDGE)
                .and("--", "set", "Bridge", INTEGRATION_BRIDGE, "datapath_type=netdev", "fail_mode=secure")
                .require();
        vswitch.start();
    }

    /** The local port of a bridge goes with the process that forwards for it, and comes back without addresses. */
    private void addressTunnelEnd() {
        var device = Command.of("ip", "-n", space.name(), "link", "show", PHYSICAL_BRIDGE);
        var bridge = ofctl("show", INTEGRATION_BRIDGE);
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
        return database;
    }

    /** The ovs-vswitchd. Its flows go with it; its bridges and ports come back, as the database has them. */
    public Daemon vswitch() {
        return vswitch;
    }

    /** The cable on which an agent reaches its server. */
    public Link control() {
        return control;
    }

    /** The cable that carries tunnels. */
    public Link underlay() {
        return underlay;
    }

    public Segment controlAddress() {
        return controlAddress;
    }

    /** What other chassis send tunnels to. */
    public Segment tunnelAddress() {
        return tunnelAddress;
    }

    public Path databaseSocket() {
        return directory.resolve("db.sock");
    }

    /** Where the integration bridge speaks OpenFlow to a controller on the same machine. */
    public Path managementSocket() {
        return managementSocket(INTEGRATION_BRIDGE);
    }

    public Path managementSocket(String bridge) {
        return directory.resolve(bridge + ".mgmt");
    }

    /** Runs {@code ovs-vsctl}, which must succeed; it waits until the switch has done what is asked, 10 s at most. */
    public String ovsVsctl(String... words) {
        return tool("ovs-vsctl", "--timeout=" + SECONDS, "--db=unix:" + databaseSocket())
                .and(words)
                .require();
    }

    /** Runs {@code ovs-ofctl COMMAND BRIDGE WORDS}, which must succeed, in OpenFlow 1.5. */
    public String ovsOfctl(String command, String bridge, String... words) {
        return ofctl(command, bridge, words).require();
    }

    private Command ofctl(String command, String bridge, String... words) {
        return tool("ovs-ofctl", "-O", "OpenFlow15", "--timeout=" + SECONDS, command)
                .and("unix:" + managementSocket(bridge))
                .and(words);
    }

    /** Runs {@code ovs-appctl} against the switch, which must succeed. */
    public String ovsAppctl(String... words) {
        return appctl(words).require();
    }

    private Command appctl(String... words) {
        return tool("ovs-appctl", "--timeout=" + SECONDS).and(words);
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
