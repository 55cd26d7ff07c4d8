package org.dragonflow.it.bench;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an agent says of itself on its socket. */
record AgentStatus(boolean inSync, int portsUp, long flows, long flowMods) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Asks; empty if there is nobody to answer yet. */
    static Optional<AgentStatus> ask(Path socket) {
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            channel.write(ByteBuffer.wrap("GET /status HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
            var answer = new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
            int body = answer.indexOf("\r\n\r\n");
            return answer.startsWith("HTTP/1.") && answer.contains(" 200 ") && body > 0
                    ? Optional.of(of(JSON.readTree(answer.substring(body))))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static AgentStatus of(JsonNode json) {
        return new AgentStatus(
                json.path("in_sync").asBoolean() && json.path("acknowledged").asLong() >= 0,
                json.path("ports").path("up").asInt(),
                json.path("flows").path("total").asLong(),
                json.path("flow_mods").asLong());
    }
}
