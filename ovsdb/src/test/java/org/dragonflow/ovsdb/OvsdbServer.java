package org.dragonflow.ovsdb;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A real ovsdb-server with the schema of Open vSwitch, in a directory of its own. */
final class OvsdbServer {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Path directory;
    private Process process;

    private OvsdbServer(Path directory) throws IOException {
        this.directory = directory;
        this.process = launch();
    }

    static OvsdbServer start(Path directory) throws IOException, InterruptedException {
        run(
                directory,
                "ovsdb-tool",
                "create",
                directory.resolve("conf.db").toString(),
                "/usr/share/openvswitch/vswitch.ovsschema");
        return new OvsdbServer(directory);
    }

    /** A cluster of one, which unlike a server that stands alone keeps a history of transactions. */
    static OvsdbServer startCluster(Path directory) throws IOException, InterruptedException {
        run(
                directory,
                "ovsdb-tool",
                "create-cluster",
                directory.resolve("conf.db").toString(),
                "/usr/share/openvswitch/vswitch.ovsschema",
                "unix:" + directory.resolve("raft.sock"));
        return new OvsdbServer(directory);
    }

    Endpoint endpoint() {
        return new Endpoint.Unix(directory.resolve("db.sock"));
    }

    /** The other party. */
    void vsctl(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("ovs-vsctl", "--db=" + endpoint(), "--no-wait", "--timeout=10"));
        command.addAll(List.of(arguments));
        run(directory, command.toArray(String[]::new));
    }

    /** All rows of a table, whole. */
    static List<Row> rows(Database connection, String table) throws OvsdbException, InterruptedException {
        var outcome = connection.transact(List.of(new Operation.Select(table, List.of(), Set.of())));
        return outcome instanceof Outcome.Committed(var results)
                        && results.getFirst() instanceof Outcome.Result.Selected(var rows)
                ? rows
                : List.of();
    }

    /** Ends the server as a crash would. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    void restart() throws IOException {
        process = launch();
    }

    private Process launch() throws IOException {
        var socket = directory.resolve("db.sock");
        Files.deleteIfExists(socket);
        var started = new ProcessBuilder(
                        "ovsdb-server",
                        directory.resolve("conf.db").toString(),
                        "--remote=punix:" + socket,
                        "--no-chdir",
                        "--pidfile=" + directory.resolve("ovsdb.pid"),
                        "--unixctl=" + directory.resolve("ovsdb.ctl"),
                        "-vconsole:off")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("server.log").toFile())
                .start();
        await().atMost(PATIENCE).until(() -> Files.exists(socket));
        return started;
    }

    private static void run(Path directory, String... command) throws IOException, InterruptedException {
        var output = directory.resolve("command.log");
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new UncheckedIOException(
                    new IOException(String.join(" ", command) + ": " + Files.readString(output)));
        }
    }
}
