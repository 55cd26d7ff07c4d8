package org.dragonflow.it;

import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.dragonflow.address.IpAddress;

/** How an attempt to reach a TCP or UDP port ended, as the one who tried it sees it. */
public enum Reach {
    /** TCP: the connection was made. UDP: an answer came. */
    CONNECTED,
    /** The target itself said no: a reset, or ICMP port unreachable. */
    REFUSED,
    /** Somebody on the way, or the own machine, knows no way. */
    UNREACHABLE,
    /** Nobody said anything. */
    TIMED_OUT;

    private static final int ANY_PORT = 0;

    static Reach tcp(Space space, IpAddress target, int port, Duration limit) {
        return attempt(space, () -> {
            try (var socket = new Socket()) {
                socket.connect(end(target, port), Math.toIntExact(limit.toMillis()));
                return CONNECTED;
            }
        });
    }

    static Reach udp(Space space, IpAddress target, int port, int bytes, Duration limit) {
        return udp(space, ANY_PORT, target, port, bytes, limit);
    }

    static Reach udp(Space space, int from, IpAddress target, int port, int bytes, Duration limit) {
        return attempt(space, () -> {
            try (var socket = new DatagramSocket(from)) {
                socket.connect(end(target, port));
                socket.setSoTimeout(Math.toIntExact(limit.toMillis()));
                socket.send(new DatagramPacket(new byte[bytes], bytes));
                socket.receive(new DatagramPacket(new byte[bytes], bytes));
                return CONNECTED;
            }
        });
    }

    static InetSocketAddress end(IpAddress address, int port) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByAddress(address.bytes()), port);
    }

    private static Reach attempt(Space space, Callable<Reach> work) {
        try {
            return space.inside(work);
        } catch (SocketTimeoutException e) {
            return TIMED_OUT;
        } catch (PortUnreachableException e) {
            return REFUSED;
        } catch (ConnectException e) {
            return outcome(e);
        } catch (NoRouteToHostException e) {
            return UNREACHABLE;
        } catch (IOException e) {
            return outcome(e);
        } catch (Exception e) {
            throw new IllegalStateException("in " + space, e);
        }
    }

    /** The library has no types for the finer errors of connect(2), only their messages. */
    private static Reach outcome(IOException e) {
        var message = Objects.requireNonNullElse(e.getMessage(), "");
        if (message.contains("refused")) {
            return REFUSED;
        }
        if (message.contains("unreachable") || message.contains("No route")) {
            return UNREACHABLE;
        }
        if (message.contains("timed out")) {
            return TIMED_OUT;
        }
        throw new IllegalStateException("an outcome that is not known", e);
    }
}
