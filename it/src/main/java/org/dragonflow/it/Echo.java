package org.dragonflow.it;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/** A server in a namespace of the lab that sends back all that it receives, over IPv4 and IPv6; it lives in this process. */
public final class Echo implements AutoCloseable {
    private static final int LARGEST_DATAGRAM = 65_535;

    private final AutoCloseable socket;
    private final Thread listener;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger heard = new AtomicInteger();

    private <S extends AutoCloseable> Echo(S socket, BiConsumer<Echo, S> loop) {
        this.socket = socket;
        this.listener = Thread.ofVirtual().name("echo").start(() -> loop.accept(this, socket));
    }

    static Echo tcp(Space space, int port) {
        return new Echo(opened(space, () -> bound(port)), Echo::accept);
    }

    static Echo udp(Space space, int port) {
        return new Echo(opened(space, () -> new DatagramSocket(port)), Echo::answer);
    }

    /** A port that was listened on a moment ago can be listened on again, whatever connections it had. */
    private static ServerSocket bound(int port) throws IOException {
        var socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(port));
        return socket;
    }

    private static <T> T opened(Space space, Callable<T> work) {
        try {
            return space.inside(work);
        } catch (Exception e) {
            throw new IllegalStateException("cannot listen in " + space, e);
        }
    }

    private void accept(ServerSocket listening) {
        while (true) {
            try {
                var connection = listening.accept();
                heard.incrementAndGet();
                connections.add(connection);
                Thread.ofVirtual().name("echo").start(() -> answer(connection));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void answer(Socket connection) {
        try (connection) {
            connection.getInputStream().transferTo(connection.getOutputStream());
        } catch (IOException e) {
            // The peer went away, which is its right.
        } finally {
            connections.remove(connection);
        }
    }

    private void answer(DatagramSocket listening) {
        var packet = new DatagramPacket(new byte[LARGEST_DATAGRAM], LARGEST_DATAGRAM);
        while (!listening.isClosed()) {
            try {
                packet.setLength(LARGEST_DATAGRAM);
                listening.receive(packet);
                heard.incrementAndGet();
                listening.send(packet);
            } catch (IOException e) {
                // The peer cannot be answered, or the socket is closed and the loop ends.
            }
        }
    }

    /** How many connections or datagrams have come in. */
    public int heard() {
        return heard.get();
    }

    /** From now on the port refuses. */
    @Override
    public void close() {
        try {
            socket.close();
            // A socket that a thread waits on is closed by that thread.
            listener.join();
            for (var connection : connections) {
                connection.close();
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
