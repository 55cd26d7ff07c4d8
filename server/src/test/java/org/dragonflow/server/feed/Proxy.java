package org.dragonflow.server.feed;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands between a client and a server, and does to their connections what networks do. */
final class Proxy implements AutoCloseable {
    private final ServerSocket door;
    private final Set<Pair> pairs = ConcurrentHashMap.newKeySet();
    private volatile int target;
    private volatile boolean refusing;

    /** The door is closed, or nobody listens at the target: the client sees as much. */
    @SuppressWarnings("UnusedVariable")
    private volatile IOException lastFault = new IOException("none yet");

    private record Pair(Socket client, Socket server) {
        void close() {
            try {
                client.close();
                server.close();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
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
        while (!door.isClosed()) {
            try {
                var client = door.accept();
                if (refusing) {
                    client.close();
                } else {
                    var pair = new Pair(client, new Socket(InetAddress.getLoopbackAddress(), target));
                    pairs.add(pair);
                    Thread.ofVirtual().start(() -> pump(pair, true));
                    Thread.ofVirtual().start(() -> pump(pair, false));
                }
            } catch (IOException e) {
                lastFault = e;
            }
        }
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

    private static void copy(Pair pair, InputStream from, OutputStream to) throws IOException {
        var buffer = new byte[8192];
        for (int count = from.read(buffer); count > 0; count = from.read(buffer)) {
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
