package org.dragonflow.it.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.dragonflow.address.IpAddress;
import org.dragonflow.it.Command;

/**
 * Opens and closes TCP connections as fast as it can, or accepts them. To be run in processes of its own, in the network namespaces of client
 * and server.
 */
public final class ConnectionLoad {
    static final String READY = "listening";

    private static final int FIRST_PORT = 5300;
    /** Several, so that no client runs out of source ports: closed connections keep theirs for a while. */
    private static final int PORTS = 16;

    private static final int CLIENTS = 4;
    private static final int WARM_UP = 200;
    private static final int BACKLOG = 256;
    private static final int PATIENCE = 5_000;

    private ConnectionLoad() {}

    static Command serving() {
        return program().and("serve");
    }

    static Command connecting(IpAddress target, Duration time) {
        return program().and("connect", target.toString(), Long.toString(time.toMillis()));
    }

    /** Opens so many, one after the other. */
    static Command opening(IpAddress target, int count) {
        return program().and("open", target.toString(), Integer.toString(count));
    }

    private static Command program() {
        return Command.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                ConnectionLoad.class.getName());
    }

    /**
     * Takes {@code serve}, or {@code open ADDRESS COUNT}, or {@code connect ADDRESS MILLISECONDS} and prints the connections a second.
     */
    public static void main(String... args) throws Exception {
        switch (args[0]) {
            case "serve" -> serve();
            case "open" -> open(InetAddress.getByName(args[1]), Integer.parseInt(args[2]));
            default ->
                System.out.println(connect(InetAddress.getByName(args[1]), Duration.ofMillis(Long.parseLong(args[2]))));
        }
    }

    private static void serve() throws IOException {
        for (int port = FIRST_PORT; port < FIRST_PORT + PORTS; port++) {
            var listening = new ServerSocket(port, BACKLOG);
            Thread.ofPlatform().start(() -> answer(listening));
        }
        System.out.println(READY);
    }

    private static void answer(ServerSocket listening) {
        while (true) {
            // It closes first, so that the client's source port is free at once.
            try (var connection = listening.accept()) {
                connection.getOutputStream().write(connection.getInputStream().read());
            } catch (IOException e) {
                System.out.println("a connection broke: " + e);
            }
        }
    }

    private static void open(InetAddress target, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            once(target, FIRST_PORT + i % PORTS);
        }
    }

    private static double connect(InetAddress target, Duration time) throws Exception {
        try (var threads = Executors.newFixedThreadPool(CLIENTS)) {
            var clients = new ArrayList<Callable<Double>>();
            for (int i = 0; i < CLIENTS; i++) {
                int first = FIRST_PORT + i * PORTS / CLIENTS;
                clients.add(() -> rate(target, first, time));
            }
            double sum = 0;
            for (var rate : threads.invokeAll(clients)) {
                sum += rate.get();
            }
            return sum;
        }
    }

    private static double rate(InetAddress target, int first, Duration time) throws IOException {
        for (int i = 0; i < WARM_UP; i++) {
            once(target, first + i % (PORTS / CLIENTS));
        }
        long began = System.nanoTime();
        int count = 0;
        while (System.nanoTime() - began < time.toNanos()) {
            once(target, first + count % (PORTS / CLIENTS));
            count++;
        }
        return count * 1e9 / (System.nanoTime() - began);
    }

    private static void once(InetAddress target, int port) throws IOException {
        try (var connection = new Socket(target, port)) {
            connection.setSoTimeout(PATIENCE);
            connection.getOutputStream().write(1);
            // The byte, and then the end.
            connection.getInputStream().readAllBytes();
        }
    }
}
