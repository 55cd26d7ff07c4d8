package org.dragonflow.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.dragonflow.address.IpAddress;

/** An open TCP connection to an {@link Echo}, which tells whether bytes still make it there and back unharmed. */
public final class Conversation implements AutoCloseable {
    private static final int CHUNK = 16 * 1024;

    private final Socket socket;
    private final Random random = new Random(1);

    private Conversation(Socket socket) {
        this.socket = socket;
    }

    static Conversation open(Space space, IpAddress target, int port, Duration limit) {
        try {
            return new Conversation(space.inside(() -> {
                var socket = new Socket();
                socket.connect(Reach.end(target, port), Math.toIntExact(limit.toMillis()));
                return socket;
            }));
        } catch (Exception e) {
            throw new IllegalStateException("no connection from %s to %s port %d".formatted(space, target, port), e);
        }
    }

    /** Sends so many bytes; whether the very same came back, with no pause longer than the limit. */
    public boolean echoes(int bytes, Duration limit) {
        try {
            socket.setSoTimeout(Math.toIntExact(limit.toMillis()));
            for (int left = bytes; left > 0; left -= CHUNK) {
                var chunk = new byte[Math.min(left, CHUNK)];
                random.nextBytes(chunk);
                socket.getOutputStream().write(chunk);
                if (!Arrays.equals(chunk, socket.getInputStream().readNBytes(chunk.length))) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
