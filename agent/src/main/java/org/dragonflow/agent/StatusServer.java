package org.dragonflow.agent;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URLDecoder;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers questions about the agent: one HTTP GET a connection.
 *
 * <p>{@code /status}, {@code /ports}, {@code /explain?cookie=0x...}, {@code /explain?entity=ID} in JSON, {@code /metrics} in Prometheus'
 * text format. The unix socket is for root, or whoever runs the agent; TCP has the metrics alone.
 */
final class StatusServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StatusServer.class);
    private static final int LONGEST_LINE = 4_096;
    private static final int MOST_CONNECTIONS = 32;
    private static final long PATIENCE_SECONDS = 5;
    private static final String METRICS = "/metrics";

    private final Function<StatusQuery, Optional<CompletableFuture<String>>> agent;
    private final Supplier<String> metrics;
    private final Semaphore room = new Semaphore(MOST_CONNECTIONS);
    private final List<ServerSocketChannel> sockets = new ArrayList<>();

    private StatusServer(Function<StatusQuery, Optional<CompletableFuture<String>>> agent, Supplier<String> metrics) {
        this.agent = agent;
        this.metrics = metrics;
    }

    static StatusServer start(
            Path socket,
            Optional<InetSocketAddress> tcp,
            Function<StatusQuery, Optional<CompletableFuture<String>>> agent,
            Supplier<String> metrics)
            throws IOException {
        var server = new StatusServer(agent, metrics);
        try {
            server.listenAt(socket);
            if (tcp.isPresent()) {
                server.accept(ServerSocketChannel.open().bind(tcp.get()), path -> path.equals(METRICS));
            }
            return server;
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    // Nobody else may connect between the making of the socket and the change of its mode: its directory is the agent's
    // own.
    private void listenAt(Path socket) throws IOException {
        Files.createDirectories(
                socket.toAbsolutePath().getParent(),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.deleteIfExists(socket);
        var channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
        accept(channel, _ -> true);
    }

    private void accept(ServerSocketChannel channel, Function<String, Boolean> isServed) {
        sockets.add(channel);
        Thread.ofVirtual().name("status").start(() -> {
            try {
                while (true) {
                    var connection = channel.accept();
                    Thread.ofVirtual().start(() -> serve(connection, isServed));
                }
            } catch (ClosedChannelException _) {
                LOG.debug("no more questions");
            } catch (IOException e) {
                LOG.warn("questions can no longer be asked: {}", e.toString());
            }
        });
    }

    private void serve(SocketChannel connection, Function<String, Boolean> isServed) {
        try (connection) {
            if (!room.tryAcquire()) {
                return;
            }
            try {
                var answer = answer(requestLine(connection), isServed);
                connection.write(ByteBuffer.wrap(answer.bytes()));
            } finally {
                room.release();
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("a question came to nothing: {}", e.toString());
        }
    }

    private static String requestLine(SocketChannel connection) throws IOException {
        var in = new BufferedReader(new InputStreamReader(Channels.newInputStream(connection), StandardCharsets.UTF_8));
        var line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n' && line.length() < LONGEST_LINE; c = in.read()) {
            line.append((char) c);
        }
        return line.toString().strip();
    }

    private record Answer(String status, String type, String body) {
        static Answer json(String body) {
            return new Answer("200 OK", "application/json", body);
        }

        static Answer fault(String status, String text) {
            return new Answer(status, "text/plain", text + "\n");
        }

        byte[] bytes() {
            var content = body.getBytes(StandardCharsets.UTF_8);
            var head =
                    "HTTP/1.1 %s\r\nContent-Type: %s; charset=utf-8\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
                            .formatted(status, type, content.length)
                            .getBytes(StandardCharsets.UTF_8);
            return ByteBuffer.allocate(head.length + content.length)
                    .put(head)
                    .put(content)
                    .array();
        }
    }

    private Answer answer(String requestLine, Function<String, Boolean> isServed) {
        var words = requestLine.split(" ", -1);
        if (words.length != 3 || !words[0].equals("GET")) {
            return Answer.fault("400 Bad Request", "only GET is understood");
        }
        if (!isServed.apply(words[1])) {
            return Answer.fault("404 Not Found", "only %s is to be had here".formatted(METRICS));
        }
        if (words[1].equals(METRICS)) {
            return new Answer("200 OK", "text/plain; version=0.0.4", metrics.get());
        }
        try {
            return query(words[1])
                    .map(this::ask)
                    .orElseGet(() -> Answer.fault(
                            "404 Not Found",
                            "there are /status, /ports, /explain?cookie=0x..., /explain?entity=ID, /metrics"));
        } catch (IllegalArgumentException e) {
            return Answer.fault("400 Bad Request", String.valueOf(e.getMessage()));
        }
    }

    private static Optional<StatusQuery> query(String target) {
        int mark = target.indexOf('?');
        var path = mark < 0 ? target : target.substring(0, mark);
        var argument = mark < 0 ? "" : URLDecoder.decode(target.substring(mark + 1), StandardCharsets.UTF_8);
        return switch (path) {
            case "/status" -> Optional.of(new StatusQuery.Overview());
            case "/ports" -> Optional.of(new StatusQuery.Ports());
            case "/explain" -> Optional.of(explanation(argument));
            case String _ -> Optional.empty();
        };
    }

    private static StatusQuery explanation(String argument) {
        if (argument.startsWith("cookie=0x")) {
            return new StatusQuery.ByCookie(Long.parseUnsignedLong(argument.substring("cookie=0x".length()), 16));
        }
        if (argument.startsWith("entity=")) {
            return new StatusQuery.ByEntity(argument.substring("entity=".length()));
        }
        throw new IllegalArgumentException("ask for cookie=0x... or entity=ID, not '%s'".formatted(argument));
    }

    private Answer ask(StatusQuery query) {
        var answer = agent.apply(query);
        try {
            return answer.isPresent()
                    ? Answer.json(answer.get().get(PATIENCE_SECONDS, TimeUnit.SECONDS) + "\n")
                    : Answer.fault("503 Service Unavailable", "the agent begins anew after a fault");
        } catch (TimeoutException e) {
            return Answer.fault("503 Service Unavailable", "the agent is busy");
        } catch (ExecutionException e) {
            return Answer.fault("500 Internal Server Error", String.valueOf(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.fault("503 Service Unavailable", "the agent ends");
        }
    }

    @Override
    public void close() throws IOException {
        for (var socket : sockets) {
            socket.close();
        }
    }
}
