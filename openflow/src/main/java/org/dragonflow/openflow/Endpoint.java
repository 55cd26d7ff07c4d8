package org.dragonflow.openflow;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** Where a switch listens: {@code unix:PATH} or {@code tcp:HOST:PORT}, as Open vSwitch writes it. */
public sealed interface Endpoint {

    /** A socket in the file system. */
    record Unix(Path path) implements Endpoint {
        @Override
        public String toString() {
            return "unix:" + path;
        }
    }

    /** A TCP port of a host. */
    record Tcp(String host, int port) implements Endpoint {
        @Override
        public String toString() {
            return "tcp:%s:%d".formatted(host, port);
        }
    }

    static Endpoint parse(String text) {
        if (text.startsWith("unix:")) {
            return new Unix(Path.of(text.substring(5)));
        }
        int colon = text.lastIndexOf(':');
        if (text.startsWith("tcp:") && colon > 4 && text.substring(colon + 1).matches("[0-9]{1,5}")) {
            var host = text.substring(4, colon);
            boolean isBracketed = host.startsWith("[") && host.endsWith("]");
            return new Tcp(
                    isBracketed ? host.substring(1, host.length() - 1) : host,
                    Integer.parseInt(text.substring(colon + 1)));
        }
        throw new IllegalArgumentException("'%s' is neither unix:PATH nor tcp:HOST:PORT".formatted(text));
    }

    /** A connected channel; the caller closes it. */
    default SocketChannel connect() throws IOException {
        return switch (this) {
            case Unix(var path) ->
                connect(SocketChannel.open(StandardProtocolFamily.UNIX), UnixDomainSocketAddress.of(path));
            case Tcp(var host, var port) -> connect(SocketChannel.open(), new InetSocketAddress(host, port));
        };
    }

    private static SocketChannel connect(SocketChannel channel, SocketAddress address) throws IOException {
        try {
            channel.connect(address);
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }
}
