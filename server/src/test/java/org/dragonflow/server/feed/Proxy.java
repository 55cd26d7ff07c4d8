package org.dragonflow.server.feed;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** Stands between a client and a server, and does to their connections what networks do. */
final class Proxy implements AutoCloseable {
    private final ServerSocket door;
    private final Set<Pair> pairs = ConcurrentHashMap.newKeySet();
    private volatile int target;
    private volatile boolean refusing;
    private volatile boolean holding;

    private record Pair(Socket client, Socket server) {
        void close() {
            try {
                client.close();
                server.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    Proxy(int target) throws IOException {
        this.target = target;
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    URI uri(String scheme) {
        return URI.create("%s://127.0.0.1:%d".formatted(scheme, door.getLocalPort()));
    }

    /** Connections go there from now on. */
    void redirect(int port) {
        target = port;
    }

    /** Ends all connections. */
    void cut() {
        pairs.forEach(Pair::close);
        pairs.clear();
    }

    /** Ends all connections, and lets no new ones through until told so. */
    void down() {
        refusing = true;
        cut();
    }

    void up() {
        refusing = false;
    }

    /** Lets nothing through any more, but keeps the connections. */
    void hold() {
        holding = true;
    }

    void release() {
        holding = false;
    }

    /** Puts what the server did not say into what the client hears. */
    void inject(String text) {
        for (var pair : pairs) {
            try {
                var bytes = text.getBytes(StandardCharsets.UTF_8);
                // As a chunk of its own (RFC 9112, section 7.1), so that it gets as far as the reader of the stream.
                var chunk = "%x\r\n%s\r\n".formatted(bytes.length, text);
                synchronized (pair) {
                    pair.client().getOutputStream().write(chunk.getBytes(StandardCharsets.UTF_8));
                }
            } catch (IOException e) {
                pair.close();
            }
        }
    }

    private void accept() {
        try {
            while (true) {
                var client = door.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException e) {
            cut();
        }
    }

    private void serve(Socket client) {
        try (client;
                var server = refusing ? new Socket() : connect()) {
            if (server.isConnected()) {
                var pair = new Pair(client, server);
                pairs.add(pair);
                var up = Thread.ofVirtual().start(() -> pump(pair, true));
                pump(pair, false);
                up.join();
            }
        } catch (IOException e) {
            // Nobody listens at the target: the client sees its connection closed.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Takes in little at a time, so that a client that does not read is felt by the server. */
    private Socket connect() throws IOException {
        var socket = new Socket();
        socket.setReceiveBufferSize(16 << 10);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
        return socket;
    }

    private void pump(Pair pair, boolean up) {
        try {
            copy(
                    pair,
                    up ? pair.client().getInputStream() : pair.server().getInputStream(),
                    up ? pair.server().getOutputStream() : pair.client().getOutputStream());
        } catch (IOException e) {
            pairs.remove(pair);
        } finally {
            pair.close();
            pairs.remove(pair);
        }
    }

    private void copy(Pair pair, InputStream from, OutputStream to) throws IOException {
        var buffer = new byte[8192];
        for (int count = from.read(buffer); count > 0; count = from.read(buffer)) {
            while (holding && !pair.client().isClosed()) {
                LockSupport.parkNanos(1_000_000);
            }
            synchronized (pair) {
                to.write(buffer, 0, count);
            }
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        cut();
    }
}
