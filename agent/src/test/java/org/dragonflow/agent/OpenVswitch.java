package org.dragonflow.agent;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real Open vSwitch with its own database and dummy devices, in a directory of its own; it needs no privilege. */
final class OpenVswitch {
    private static final String SCHEMA = "/usr/share/openvswitch/vswitch.ovsschema";

    private final Path directory;
    private Process database;
    private Process daemon;

    /** What is not tried is not known to work: a test that needs it fails without it. */
    OpenVswitch(Path directory) throws Exception {
        if (!Files.exists(Path.of(SCHEMA))) {
            throw new IllegalStateException("Open vSwitch is not installed: apt-get install openvswitch-switch");
        }
        this.directory = directory;
        run("ovsdb-tool", "create", directory + "/conf.db", SCHEMA);
        startDatabase();
        vsctl("--no-wait", "init");
        startDaemon();
    }

    Path directory() {
        return directory;
    }

    void startDatabase() throws IOException {
        database = start(
                "ovsdb-server",
                "--remote=punix:" + directory + "/db.sock",
                "--unixctl=" + directory + "/db.ctl",
                "-vconsole:off",
                directory + "/conf.db");
        await().until(() -> Files.exists(directory.resolve("db.sock")));
    }

    void startDaemon() throws IOException {
        daemon = start(
                "ovs-vswitchd",
                "--enable-dummy=override",
                "--disable-system",
                "-vconsole:off",
                "--log-file=" + directory + "/vswitchd.log",
                "--unixctl=" + directory + "/vswitchd.ctl",
                "unix:" + directory + "/db.sock");
    }

    private Process start(String... command) throws IOException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectOutput(directory.resolve(command[0] + ".out").toFile());
        builder.environment().put("OVS_RUNDIR", directory.toString());
        return builder.start();
    }

    /** As by kill -9. */
    void killDaemon() throws InterruptedException {
        daemon.destroyForcibly().waitFor();
    }

    /** As by kill -9. */
    void killDatabase() throws Exception {
        database.destroyForcibly().waitFor();
        Files.deleteIfExists(directory.resolve("db.sock"));
    }

    /** Plugs in a dummy device for a port. */
    void plug(String name, String ifaceId) throws Exception {
        vsctl(
                "add-port",
                "br-int",
                name,
                "--",
                "set",
                "Interface",
                name,
                "type=dummy",
                "external_ids:iface-id=" + ifaceId);
    }

    void unplug(String name) throws Exception {
        vsctl("del-port", "br-int", name);
    }

    String vsctl(String... arguments) throws Exception {
        return run(concat(List.of("ovs-vsctl", "--timeout=10", "--db=unix:" + directory + "/db.sock"), arguments));
    }

    String appctl(String... arguments) throws Exception {
        return run(concat(List.of("ovs-appctl", "--timeout=10", "-t", directory + "/vswitchd.ctl"), arguments));
    }

    String ofctl(String command, String... arguments) throws Exception {
        var head =
                List.of("ovs-ofctl", "--timeout=10", "-O", "OpenFlow15", command, "unix:" + directory + "/br-int.mgmt");
        return run(concat(head, arguments));
    }

    List<String> flows() throws Exception {
        return ofctl("dump-flows", "--no-stats", "--no-names")
                .lines()
                .map(String::strip)
                .toList();
    }

    int ofport(String name) throws Exception {
        return Integer.parseInt(vsctl("get", "Interface", name, "ofport").strip());
    }

    private static String[] concat(List<String> head, String... tail) {
        var all = new ArrayList<>(head);
        all.addAll(List.of(tail));
        return all.toArray(String[]::new);
    }

    private static String run(String... command) throws Exception {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IllegalStateException("%s: %s".formatted(List.of(command), output));
        }
        return output;
    }

    void close() throws Exception {
        killDaemon();
        killDatabase();
    }
}
