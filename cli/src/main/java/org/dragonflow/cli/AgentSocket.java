package org.dragonflow.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks the agent of this node, over HTTP on its unix socket; the JDK's HTTP client knows TCP alone. */
final class AgentSocket {
    private static final int PATIENCE_SECONDS = 15;
    private static final int MOST_BYTES = 256 << 20;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path socket;

    AgentSocket(Path socket) {
        this.socket = socket;
    }

    JsonNode get(String target) throws Failure, InterruptedException {
        var answer = ask(target);
        int blank = answer.indexOf("\r\n\r\n");
        var head = blank < 0 ? answer : answer.substring(0, blank);
        var body = blank < 0 ? "" : answer.substring(blank + 4);
        if (!head.startsWith("HTTP/1.1 200 ")) {
            throw new Failure("the agent says: %s"
                    .formatted(body.isBlank() ? head.lines().findFirst().orElse("nothing") : body.strip()));
        }
        try {
            return JSON.readTree(body);
        } catch (JacksonException e) {
            throw new Failure("what answers at %s is no agent; check --socket".formatted(socket));
        }
    }

    private String ask(String target) throws Failure, InterruptedException {
        if (!Files.exists(socket)) {
            throw new Failure("no agent is at %s; start one (dragonflow agent), or say where its socket is (--socket)"
                    .formatted(socket));
        }
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                var reader = Executors.newVirtualThreadPerTaskExecutor()) {
            var answer = reader.submit(() -> exchange(channel, target));
            try {
                return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                // Whoever reads is interrupted, and the channel closes.
                answer.cancel(true);
                throw new Failure("the agent at %s does not answer in time; see its log".formatted(socket));
            } catch (ExecutionException e) {
                throw new Failure("the agent at %s cannot be asked (%s); it may have ended, or is another user's"
                        .formatted(
                                socket, e.getCause() == null ? e : e.getCause().getMessage()));
            }
        } catch (IOException e) {
            throw new Failure("the agent at %s cannot be asked: %s".formatted(socket, e.getMessage()));
        }
    }

    private String exchange(SocketChannel channel, String target) throws IOException {
        channel.connect(UnixDomainSocketAddress.of(socket));
        var request = ByteBuffer.wrap("GET %s HTTP/1.1\r\nHost: agent\r\nConnection: close\r\n\r\n"
                .formatted(target)
                .getBytes(StandardCharsets.UTF_8));
        while (request.hasRemaining()) {
            channel.write(request);
        }
        var answer = new ByteArrayOutputStream();
        var buffer = ByteBuffer.allocate(1 << 16);
        while (channel.read(buffer) >= 0) {
            answer.write(buffer.array(), 0, buffer.position());
            if (answer.size() > MOST_BYTES) {
                throw new IOException("it says more than %d bytes".formatted(MOST_BYTES));
            }
            buffer.clear();
        }
        return answer.toString(StandardCharsets.UTF_8);
    }
}
