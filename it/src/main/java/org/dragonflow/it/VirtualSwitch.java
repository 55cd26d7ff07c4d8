package org.dragonflow.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** An Open vSwitch with a database of its own in a namespace of the lab; it forwards in user space. */
final class VirtualSwitch {
    private static final Path SCHEMA = Path.of("/usr/share/openvswitch/vswitch.ovsschema");
    private static final String SECONDS = "10";

    private final Path directory;
    private final Daemon database;
    private final Daemon vswitch;

    /**
     * Nothing of it runs yet.
     *
     * @param afterwards done after each start of ovs-vswitchd, when it answers
     */
    VirtualSwitch(String name, Space space, Path directory, Runnable afterwards) {
        this.directory = directory;
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
                afterwards);
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

    /** What the programs of Open vSwitch need to find its files. */
    Map<String, String> environment() {
        var here = directory.toString();
        return Map.of("OVS_RUNDIR", here, "OVS_LOGDIR", here, "OVS_DBDIR", here, "OVS_SYSCONFDIR", here);
    }

    /**
     * Starts those daemons that do not run.
     *
     * @param bridges what ovs-vsctl is to do before the switch starts, so that its first start is like any other
     */
    void start(List<String> bridges) {
        if (!Files.exists(directory.resolve("conf.db"))) {
            tool("ovsdb-tool", "create", file("conf.db"), SCHEMA.toString()).require();
        }
        database.start();
        tool("ovs-vsctl", "--no-wait", "--timeout=" + SECONDS, "--db=unix:" + databaseSocket())
                .and(bridges.toArray(String[]::new))
                .require();
        vswitch.start();
    }

    Path databaseSocket() {
        return directory.resolve("db.sock");
    }

    Path managementSocket(String bridge) {
        return directory.resolve(bridge + ".mgmt");
    }

    Daemon database() {
        return database;
    }

    Daemon vswitch() {
        return vswitch;
    }

    /** Runs {@code ovs-vsctl}, which must succeed; it waits until the switch has done what is asked, 10 s at most. */
    String vsctl(String... words) {
        return tool("ovs-vsctl", "--timeout=" + SECONDS, "--db=unix:" + databaseSocket())
                .and(words)
                .require();
    }

    /** {@code ovs-ofctl COMMAND BRIDGE WORDS}, in OpenFlow 1.5. */
    Command ofctl(String command, String bridge, String... words) {
        return tool("ovs-ofctl", "-O", "OpenFlow15", "--timeout=" + SECONDS, command)
                .and("unix:" + managementSocket(bridge))
                .and(words);
    }

    /** {@code ovs-appctl} against the switch. */
    Command appctl(String... words) {
        return tool("ovs-appctl", "--timeout=" + SECONDS).and(words);
    }
}
