package org.dragonflow.ovsdb;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import tools.jackson.databind.JsonNode;

/** A server on loopback that takes one connection, keeps what it is sent, and says what the test tells it to. */
final class FakeServer implements AutoCloseable {
    private final ServerSocket listener;
    private final Socket socket;
    private final BlockingQueue<JsonNode> received = new LinkedBlockingQueue<>();
    private final Ovsdb client;

    FakeServer(Options options) throws IOException {
        listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        client = Ovsdb.connect(Endpoint.parse("tcp:127.0.0.1:" + listener.getLocalPort()), Vswitch.DATABASE, options);
        socket = listener.accept();
    }

    /** From now on keeps what the client sends; before, the client's bytes stay in the socket. */
    FakeServer reading() {
        Thread.ofVirtual().start(() -> {
            try {
                var messages = new MessageReader(socket.getInputStream(), 1 << 20, () -> {});
                while (true) {
                    received.add(messages.next());
                }
            } catch (IOException _) {
                // the end of the test
            }
        });
        return this;
    }

    Ovsdb client() {
        return client;
    }

    BlockingQueue<JsonNode> received() {
        return received;
    }

    void say(String text) {
        try {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void hangUp() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        client.close();
        socket.close();
        listener.close();
    }
}
