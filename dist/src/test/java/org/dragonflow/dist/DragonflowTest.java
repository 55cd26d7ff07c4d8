package org.dragonflow.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.dragonflow.feed.Credentials;
import org.dragonflow.feed.FeedSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What the daemons make of their command lines. */
class DragonflowTest {
    private static final List<String> HV1 = List.of("--chassis=hv1", "--tunnel-address=192.0.2.1");

    private final StringWriter said = new StringWriter();

    private int run(String... words) {
        return Dragonflow.commandLine()
                .setOut(new PrintWriter(said))
                .setErr(new PrintWriter(said))
                .execute(words);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--version",
                "server --version",
                "agent --version",
                "all --version",
                "join --version",
                "password --version"
            })
    void everyDaemonSaysWhichVersionItIs(String words) {
        assertThat(run(words.split(" "))).isZero();
        assertThat(said.toString().strip()).matches("dragonflow \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?");
    }

    private static AgentCommand agent(String... words) {
        var command = new CommandLine(new AgentCommand());
        command.parseArgs(Stream.concat(HV1.stream(), Stream.of(words)).toArray(String[]::new));
        return command.getCommand();
    }

    @Test
    void aCertificateThatTheAgentGotByJoiningIsRenewed() {
        assertThat(agent("--server=https://192.0.2.10:9697", "--state-directory=/state")
                        .identity())
                .contains(new FeedSource.Identity(
                        new Credentials.Files(
                                Path.of("/state/chassis.pem"),
                                Path.of("/state/chassis.pem"),
                                Path.of("/state/authority.crt")),
                        true));
    }

    @Test
    void aCertificateThatTheOperatorBringsIsNot() {
        assertThat(agent("--server=https://192.0.2.10:9697", "--certificate=/c", "--key=/k", "--authority=/a")
                        .identity())
                .contains(new FeedSource.Identity(
                        new Credentials.Files(Path.of("/c"), Path.of("/k"), Path.of("/a")), false));
    }

    @Test
    void aLineOfThePasswordFileHoldsAHash() {
        var stdin = System.in;
        System.setIn(new ByteArrayInputStream("secret\n".getBytes(StandardCharsets.UTF_8)));
        try {
            assertThat(run("password", "alice", "--project=blue", "--roles=reader,member"))
                    .isZero();
        } finally {
            System.setIn(stdin);
        }
        assertThat(said.toString().strip()).matches("alice:\\$2y\\$10\\$[./A-Za-z0-9]{53}:blue:member,reader");
    }

    @Test
    void aServerOnThisMachineNeedsNone() {
        assertThat(agent("--server=http://127.0.0.1:9697").identity()).isEmpty();
    }

    @Test
    void aCertificateWithoutItsKeyIsMisunderstood() {
        assertThat(run(
                        "agent",
                        "--chassis=hv1",
                        "--tunnel-address=192.0.2.1",
                        "--server=https://192.0.2.10:9697",
                        "--certificate=/c"))
                .isEqualTo(2);
        assertThat(said.toString()).contains("--key", "--authority");
    }

    @Test
    @Timeout(30)
    void whatKeepsAServerFromStartingIsSaidInOneLine() throws IOException {
        assertThat(run("server", "--feed.port=0", "--store.path=/no/such/directory/northbound.db"))
                .isEqualTo(1);
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(run("server", "--feed.port=0", "--api.port=" + taken.getLocalPort()))
                    .isEqualTo(1);
            assertThat(said.toString().lines())
                    .satisfiesExactly(
                            line -> assertThat(line)
                                    .startsWith("dragonflow server: ")
                                    .contains("see that its directory exists"),
                            line -> assertThat(line)
                                    .startsWith(
                                            "dragonflow server: the API cannot listen on 127.0.0.1 port %d: it is taken"
                                                    .formatted(taken.getLocalPort())));
        }
    }
}
