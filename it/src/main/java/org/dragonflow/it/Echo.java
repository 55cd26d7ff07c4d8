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

/** A server in a namespace of the lab that sends back all that it receives, over IPv4 and IPv6; it lives in this process. */
public final class Echo implements AutoCloseable {
    private static final int LARGEST_DATAGRAM = 65_535;

    private final AutoCloseable socket;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger heard = new AtomicInteger();

    private Echo(AutoCloseable socket) {
        this.socket = socket;
    }

    static Echo tcp(Space space, int port) {
        var listening = opened(space, () -> bound(port));
        var echo = new Echo(listening);
        Thread.ofVirtual().name("echo").start(() -> echo.accept(listening));
        return echo;
    }

    static Echo udp(Space space, int port) {
        var listening = opened(space, () -> new DatagramSocket(port));
        var echo = new Echo(listening);
        Thread.ofVirtual().name("echo").start(() -> echo.answer(listening));
        return echo;
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

    @Override
    public void close() {
        try {
            socket.close();
            for (var connection : connections) {
                connection.close();
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
