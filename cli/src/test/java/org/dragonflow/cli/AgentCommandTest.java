package org.dragonflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent is asked over its unix socket. */
class AgentCommandTest {
    @TempDir
    private Path directory = Path.of("");

    /** Answers one question, and gives its request line. */
    private CompletableFuture<String> answering(String status, String body) throws IOException {
        var socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        socket.bind(UnixDomainSocketAddress.of(directory.resolve("agent.sock")));
        var asked = new CompletableFuture<String>();
        Thread.ofVirtual().start(() -> {
            try (socket;
                    var connection = socket.accept()) {
                var request = ByteBuffer.allocate(4096);
                connection.read(request);
                asked.complete(new String(request.array(), 0, request.position(), StandardCharsets.UTF_8)
                        .lines()
                        .findFirst()
                        .orElse(""));
                connection.write(ByteBuffer.wrap("HTTP/1.1 %s\r\nConnection: close\r\n\r\n%s"
                        .formatted(status, body)
                        .getBytes(StandardCharsets.UTF_8)));
            } catch (IOException e) {
                asked.completeExceptionally(e);
            }
        });
        return asked;
    }

    private record Run(int status, String out, String err) {}

    private Run run(String... words) {
        var out = new StringWriter();
        var err = new StringWriter();
        var all = new String[words.length + 3];
        all[0] = "agent";
        System.arraycopy(words, 0, all, 1, words.length);
        all[words.length + 1] = "--socket";
        all[words.length + 2] = directory.resolve("agent.sock").toString();
        int status = Dfctl.run(new PrintWriter(out, true), new PrintWriter(err, true), all);
        return new Run(status, out.toString(), err.toString());
    }

    @Test
    void itsStatusIsShown() throws Exception {
        var asked = answering("200 OK", """
                {"chassis":"hv1","revision":42,"acknowledged":41,"in_sync":true,
                 "connected":{"server":"connected","database":"connected","switch":"no connection"},
                 "ports":{"up":3,"down":1},
                 "uplinks":[{"physical_network":"p1","up":true},{"physical_network":"p2","up":false}],
                 "flows":{"total":230,"per_table":{"classify":4}},
                 "degraded":[],"problems":["app l2, rule port, Port x: bad"],"complaints":[]}
                """);
        var run = run("status");
        assertThat(asked.get(5, TimeUnit.SECONDS)).isEqualTo("GET /status HTTP/1.1");
        assertThat(run.status()).isZero();
        assertThat(run.out())
                .contains("chassis hv1, revision 42 (41 confirmed), in sync")
                .contains(
                        "switch    no connection",
                        "ports     3 up, 1 down",
                        "uplinks   p1, p2 (down)",
                        "problems: app l2, rule port, Port x: bad");
    }

    @Test
    void itsFlowsAreCountedByTable() throws Exception {
        var _ = answering("200 OK", "{\"flows\":{\"total\":7,\"per_table\":{\"classify\":4,\"l2_lookup\":3}}}");
        assertThat(run("flows").out()).isEqualTo("""
                TABLE      FLOWS
                classify   4
                l2_lookup  3
                all        7
                """);
    }

    @Test
    void aFlowIsExplainedByItsCookie() throws Exception {
        var asked = answering("200 OK", """
                [{"key":"table=classify,priority=2000,in_port=0x1","cookie":"0xd7a6000000000001","actions":["x"],
                  "makers":[{"app":"classifier","rule":"plugged","type":"Port","entity":"p1"}]}]
                """);
        var run =
                run("explain", " cookie=0xd7a6000000000001, duration=1s, table=0, n_packets=4, in_port=1 actions=drop");
        assertThat(asked.get(5, TimeUnit.SECONDS)).isEqualTo("GET /explain?cookie=0xd7a6000000000001 HTTP/1.1");
        assertThat(run.out()).contains("made by  classifier/plugged for Port p1");
    }

    @Test
    void anEntityIsExplainedByItsId() throws Exception {
        var asked = answering("200 OK", "[]");
        var run = run("explain", "p 1".replace(" ", "-"));
        assertThat(asked.get(5, TimeUnit.SECONDS)).isEqualTo("GET /explain?entity=p-1 HTTP/1.1");
        assertThat(run).isEqualTo(new Run(1, "the agent keeps no flow for it\n", ""));
    }

    @Test
    void whatTheAgentRefusesIsToldInOneLine() throws Exception {
        var _ = answering("503 Service Unavailable", "the agent is busy\n");
        assertThat(run("ports")).isEqualTo(new Run(1, "", "dfctl: the agent says: the agent is busy\n"));
    }

    @Test
    void anAnswerOfNoAgentIsToldInOneLine() throws Exception {
        var _ = answering("200 OK", "<html>");
        assertThat(run("ports").err()).endsWith("is no agent; check --socket\n").hasLineCount(1);
    }
}
