package org.dragonflow.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;

/** Plays Nova's metadata service: keeps what it is asked, and tells each server its own id. */
final class NovaMetadata implements AutoCloseable {
    private final ServerSocket socket;
    private final BlockingQueue<Question> questions = new LinkedBlockingQueue<>();

    /** One question, with its headers by their names in lower case. */
    record Question(String line, Map<String, String> headers) {
        String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    NovaMetadata(String address) {
        try {
            this.socket = new ServerSocket(0, 16, InetAddress.getByName(address));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    URI url() {
        return URI.create("http://%s:%d".formatted(socket.getInetAddress().getHostAddress(), socket.getLocalPort()));
    }

    BlockingQueue<Question> questions() {
        return questions;
    }

    private void accept() {
        while (!socket.isClosed()) {
            try (var connection = socket.accept()) {
                answer(connection);
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void answer(Socket connection) throws IOException {
        var in = new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
        var line = in.readLine();
        var headers = in.lines()
                .takeWhile(header -> !header.isEmpty())
                .map(header -> header.split(": ", 2))
                .collect(Collectors.toMap(
                        words -> words[0].toLowerCase(Locale.ROOT), words -> words[1], (a, _) -> a, TreeMap::new));
        var question = new Question(String.valueOf(line), headers);
        questions.add(question);
        var body = question.header("x-instance-id");
        var status = question.line().contains("/missing") ? "404 Not Found" : "200 OK";
        connection
                .getOutputStream()
                .write("HTTP/1.1 %s\r\nContent-Type: text/plain\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
                        .formatted(status, body.length(), body)
                        .getBytes(StandardCharsets.US_ASCII));
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
