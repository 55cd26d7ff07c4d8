package org.dragonflow.server.feed;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Stands between a client and a server, and does to their connections what networks do. */
final class Proxy implements AutoCloseable {
    /** A JSON object has ended, its line, and its chunk. */
    private static final int END_OF_LINE = '}' << 24 | '\n' << 16 | '\r' << 8 | '\n';

    private final ServerSocket door;
    private final Set<Pair> pairs = ConcurrentHashMap.newKeySet();
    private volatile int target;
    private volatile boolean refusing;
    private volatile boolean holding;

    private record Pair(Socket client, Socket server, AtomicInteger heard) {
        Pair(Socket client, Socket server) {
            this(client, server, new AtomicInteger());
        }

        void hear(byte[] bytes, int count) throws IOException {
            synchronized (heard) {
                client.getOutputStream().write(bytes, 0, count);
                for (int i = Math.max(0, count - 4); i < count; i++) {
                    heard.set(heard.get() << 8 | bytes[i] & 0xff);
                }
            }
        }

        /** Whether this is a stream, between two lines of it; else nothing is heard. */
        boolean hear(String chunk) {
            synchronized (heard) {
                if (heard.get() != END_OF_LINE) {
                    return false;
                }
                try {
                    client.getOutputStream().write(chunk.getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                    close();
                }
                return true;
            }
        }

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

    /** Lets nothing through any more, not even that a connection has ended. */
    void hold() {
        holding = true;
    }

    void release() {
        holding = false;
    }

    /** Puts what the server did not say into the stream that the client hears, between two lines. */
    void inject(String text) {
        // As a chunk of its own (RFC 9112, section 7.1), so that it gets as far as the reader of the stream.
        var chunk = "%x\r\n%s\r\n".formatted(text.getBytes(StandardCharsets.UTF_8).length, text);
        await().atMost(Duration.ofSeconds(20)).until(() -> pairs.stream().anyMatch(pair -> pair.hear(chunk)));
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
            var buffer = new byte[8192];
            var from = (up ? pair.client() : pair.server()).getInputStream();
            for (int count = from.read(buffer); count > 0; count = from.read(buffer)) {
                while (holding && !pair.client().isClosed()) {
                    LockSupport.parkNanos(1_000_000);
                }
                if (up) {
                    pair.server().getOutputStream().write(buffer, 0, count);
                } else {
                    pair.hear(buffer, count);
                }
            }
        } catch (IOException e) {
            pairs.remove(pair);
        } finally {
            while (holding && !door.isClosed()) {
                LockSupport.parkNanos(1_000_000);
            }
            pair.close();
            pairs.remove(pair);
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        cut();
    }
}
