package org.dragonflow.agent.metadata;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.dragonflow.address.IpAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts connections of ports at a socket: not more at a time of one port, nor of all, than there is room for, and none for ever. */
final class Listener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
    static final int MOST_OF_A_PORT = 16;
    private static final int MOST = 1_024;
    private static final Duration SILENCE = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final String name;
    private final ServerSocket socket;
    private final Function<IpAddress, Optional<Asker>> askers;
    private final Conversation conversation;
    private final ConcurrentHashMap<Integer, Integer> perPort = new ConcurrentHashMap<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /** What is done with a connection while it lasts. */
    interface Conversation {
        void hold(BufferedInputStream in, BufferedOutputStream out, Asker asker) throws IOException;
    }

    Listener(String name, ServerSocket socket, Function<IpAddress, Optional<Asker>> askers, Conversation conversation) {
        this.name = name;
        this.socket = socket;
        this.askers = askers;
        this.conversation = conversation;
        Thread.ofVirtual().name(name).start(this::accept);
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                var connection = socket.accept();
                Thread.ofVirtual().name(name).start(() -> serve(connection));
            } catch (IOException e) {
                LOG.debug("{}: no connection: {}", name, e.toString());
            }
        }
    }

    private void serve(Socket connection) {
        var asker = askers.apply(IpAddress.of(connection.getInetAddress().getAddress()));
        try (connection) {
            if (asker.isPresent() && enter(asker.get(), connection)) {
                try {
                    hold(connection, asker.get());
                } finally {
                    leave(asker.get(), connection);
                }
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("{}: a connection came to nothing: {}", name, e.toString());
        }
    }

    private boolean enter(Asker asker, Socket connection) {
        if (open.size() >= MOST) {
            return false;
        }
        int now = perPort.merge(asker.port().key(), 1, Integer::sum);
        if (now > MOST_OF_A_PORT) {
            perPort.computeIfPresent(asker.port().key(), (_, count) -> count == 1 ? null : count - 1);
            return false;
        }
        return open.add(connection);
    }

    private void leave(Asker asker, Socket connection) {
        open.remove(connection);
        perPort.computeIfPresent(asker.port().key(), (_, count) -> count == 1 ? null : count - 1);
    }

    private void hold(Socket connection, Asker asker) throws IOException {
        connection.setSoTimeout((int) SILENCE.toMillis());
        connection.setTcpNoDelay(true);
        var watch = Thread.ofVirtual().start(() -> endLate(connection));
        try {
            conversation.hold(
                    new BufferedInputStream(connection.getInputStream()),
                    new BufferedOutputStream(connection.getOutputStream()),
                    asker);
        } finally {
            watch.interrupt();
        }
    }

    /** Whoever reads or writes too slowly is not waited for. */
    private static void endLate(Socket connection) {
        try {
            Thread.sleep(LONGEST);
            connection.close();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.debug("a connection cannot be closed: {}", e.toString());
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (var connection : open) {
            connection.close();
        }
    }
}
