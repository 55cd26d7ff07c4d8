package org.dragonflow.ovsdb;

import java.nio.file.Path;

/** Where an OVSDB server listens, written as OVS writes it: {@code unix:PATH} or {@code tcp:HOST:PORT}. */
public sealed interface Endpoint {

    /** A socket in the file system. */
    record Unix(Path path) implements Endpoint {
        @Override
        public String toString() {
            return "unix:" + path;
        }
    }

    /** An IPv6 host is kept without its brackets. */
    record Tcp(String host, int port) implements Endpoint {
        public Tcp {
            if (host.isEmpty()) {
                throw new IllegalArgumentException("an OVSDB endpoint needs a host");
            }
            if (port < 1 || port > 65_535) {
                throw new IllegalArgumentException("port %d is not within 1..65535".formatted(port));
            }
        }

        @Override
        public String toString() {
            return host.contains(":") ? "tcp:[%s]:%d".formatted(host, port) : "tcp:%s:%d".formatted(host, port);
        }
    }

    /** Reads either form; an {@link IllegalArgumentException} says what is wrong with any other text. */
    static Endpoint parse(String text) {
        if (text.startsWith("unix:") && text.length() > "unix:".length()) {
            return new Unix(Path.of(text.substring("unix:".length())));
        }
        if (text.startsWith("tcp:")) {
            return tcp(text, text.substring("tcp:".length()));
        }
        throw new IllegalArgumentException("an OVSDB endpoint is unix:PATH or tcp:HOST:PORT, not '%s'".formatted(text));
    }

    private static Tcp tcp(String text, String hostAndPort) {
        int colon = hostAndPort.lastIndexOf(':');
        var host = colon < 0 ? "" : hostAndPort.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (host.contains(":") && !bracketed) {
            throw new IllegalArgumentException("an IPv6 host is written in brackets: '%s'".formatted(text));
        }
        try {
            int port = Integer.parseInt(hostAndPort.substring(colon + 1));
            return new Tcp(bracketed ? host.substring(1, host.length() - 1) : host, port);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("no port number in '%s'".formatted(text), e);
        }
    }
}
