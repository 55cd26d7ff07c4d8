package org.dragonflow.openflow;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real ovs-vswitchd with its own database and the dummy datapath, in a directory of its own; it needs no privilege. */
final class OpenVswitch implements AutoCloseable {
    private static final String SCHEMA = "/usr/share/openvswitch/vswitch.ovsschema";

    private final Path directory;
    private final Process database;
    private Process daemon;

    private OpenVswitch(Path directory) throws IOException {
        this.directory = directory;
        run("ovsdb-tool", "create", directory + "/conf.db", SCHEMA);
        this.database = start(
                "ovsdb-server",
                "--remote=punix:" + directory + "/db.sock",
                "--unixctl=" + directory + "/db.ctl",
                "-vconsole:off",
                directory + "/conf.db");
        await().until(() -> Files.exists(directory.resolve("db.sock")));
        vsctl("--no-wait", "init");
        this.daemon = startDaemon();
        vsctl(
                "add-br",
                "br0",
                "--",
                "set",
                "bridge",
                "br0",
                "datapath_type=dummy",
                "fail-mode=secure",
                "--",
                "add-port",
                "br0",
                "p1",
                "--",
                "set",
                "interface",
                "p1",
                "type=dummy",
                "ofport_request=1",
                "--",
                "add-port",
                "br0",
                "p2",
                "--",
                "set",
                "interface",
                "p2",
                "type=dummy",
                "ofport_request=2");
    }

    /** What is not tried is not known to work: a test that needs it fails without it. */
    static void requireInstalled() {
        if (!Files.exists(Path.of(SCHEMA))) {
            throw new IllegalStateException("Open vSwitch is not installed: apt-get install openvswitch-switch");
        }
    }

    static OpenVswitch start() {
        requireInstalled();
        try {
            return new OpenVswitch(Files.createTempDirectory("dfovs"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process startDaemon() throws IOException {
        return start(
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

    Endpoint endpoint() {
        return Endpoint.parse("unix:" + directory + "/br0.mgmt");
    }

    /** As by kill -9. */
    void kill() {
        daemon.destroyForcibly();
        await().until(() -> !daemon.isAlive());
    }

    void restart() throws IOException {
        daemon = startDaemon();
    }

    void signal(String signal) {
        run("kill", "-" + signal, Long.toString(daemon.pid()));
    }

    String vsctl(String... arguments) {
        return run(concat(List.of("ovs-vsctl", "--timeout=10", "--db=unix:" + directory + "/db.sock"), arguments));
    }

    String ofctl(String command, String... arguments) {
        return run(concat(
                List.of("ovs-ofctl", "--timeout=10", "-O", "OpenFlow15", command, "unix:" + directory + "/br0.mgmt"),
                arguments));
    }

    private static String[] concat(List<String> head, String... tail) {
        return Stream.concat(head.stream(), Stream.of(tail)).toArray(String[]::new);
    }

    /** The output of a command that succeeds within 10 seconds. */
    static String run(String... command) {
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IllegalStateException("%s: %s".formatted(List.of(command), output));
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        daemon.destroyForcibly();
        database.destroyForcibly();
        await().atMost(Duration.ofSeconds(5)).until(() -> !daemon.isAlive() && !database.isAlive());
        var files = new ArrayList<Path>();
        try (var walk = Files.walk(directory)) {
            walk.sorted(Comparator.reverseOrder()).forEach(files::add);
            for (var file : files) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
