package org.dragonflow.ovsdb;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;

/**
 * One JSON-RPC 1.0 connection (RFC 7047 section 4): calls with an answer, notifications in a queue, echo both ways.
 *
 * <p>Three virtual threads serve it. The reader only sorts what comes; the writer alone writes, so that a server which
 * does not read holds up neither the reader nor the third, which declares a silent connection dead.
 */
final class JsonRpc implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JsonRpc.class);
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final TimeUnit NANOS = TimeUnit.NANOSECONDS;
    /** How much longer than silence a message may last of which bytes keep coming. */
    private static final int MESSAGE_PATIENCE = 20;

    private static final JsonNode ECHO_ID = NODES.stringNode("echo");

    /** What came without being asked for, in order; {@link Ended} is the last. */
    sealed interface Inbound {
        record Notified(String method, JsonNode params) implements Inbound {}

        record Ended(Fault fault) implements Inbound {}
    }

    private final SocketChannel channel;
    private final Options options;
    private final BlockingQueue<JsonNode> outgoing;
    private final BlockingQueue<Inbound> inbox = new LinkedBlockingQueue<>();
    private final Map<Long, CompletableFuture<JsonNode>> calls = new ConcurrentHashMap<>();
    private final CompletableFuture<Fault> end = new CompletableFuture<>();
    private final AtomicLong lastId = new AtomicLong();
    private final Thread writer;
    private volatile long bytesAt = System.nanoTime();
    private volatile long messageAt = bytesAt;

    private JsonRpc(SocketChannel channel, Options options, String name) {
        this.channel = channel;
        this.options = options;
        this.outgoing = new LinkedBlockingQueue<>(options.maxQueued());
        this.writer = Thread.ofVirtual().name(name + " writer").unstarted(this::write);
    }

    static JsonRpc open(Endpoint endpoint, Options options) throws OvsdbException {
        try {
            var rpc = new JsonRpc(connect(endpoint, options.timeout()), options, endpoint.toString());
            rpc.writer.start();
            Thread.ofVirtual().name(endpoint + " reader").start(rpc::read);
            Thread.ofVirtual().name(endpoint + " keep-alive").start(rpc::keepAlive);
            return rpc;
        } catch (IOException e) {
            throw new OvsdbException(new Fault.Broken("%s: %s".formatted(endpoint, e)));
        }
    }

    private static SocketChannel connect(Endpoint endpoint, Duration timeout) throws IOException {
        return switch (endpoint) {
            case Endpoint.Unix(var path) -> SocketChannel.open(UnixDomainSocketAddress.of(path));
            case Endpoint.Tcp(var host, var port) -> connect(new InetSocketAddress(host, port), timeout);
        };
    }

    private static SocketChannel connect(InetSocketAddress address, Duration timeout) throws IOException {
        if (address.isUnresolved()) {
            throw new IOException("no address for host " + address.getHostString());
        }
        var channel = SocketChannel.open();
        try {
            channel.socket().connect(address, Math.toIntExact(timeout.toMillis()));
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Calls and waits for the result; a refusal, a timeout or the end of the connection is an exception. */
    JsonNode call(String method, JsonNode params) throws OvsdbException, InterruptedException {
        long id = lastId.incrementAndGet();
        var reply = new CompletableFuture<JsonNode>();
        calls.put(id, reply);
        try {
            long deadline = System.nanoTime() + options.timeout().toNanos();
            if (!outgoing.offer(request(method, params, NODES.numberNode(id)), nanosUntil(deadline), NANOS)) {
                throw new TimeoutException();
            }
            // Registered before this look: whoever ends the connection later will find the call and fail it.
            if (end.isDone()) {
                throw new OvsdbException(end.join());
            }
            return result(method, reply.get(nanosUntil(deadline), NANOS));
        } catch (TimeoutException _) {
            throw new OvsdbException(new Fault.TimedOut(method, options.timeout()));
        } catch (ExecutionException _) {
            throw new OvsdbException(end.join());
        } finally {
            calls.remove(id);
        }
    }

    private static long nanosUntil(long deadline) {
        return Math.max(0, deadline - System.nanoTime());
    }

    private static JsonNode result(String method, JsonNode reply) throws OvsdbException {
        var error = reply.path("error");
        if (!error.isNull() && !error.isMissingNode()) {
            throw new OvsdbException(new Fault.Refused(method, error.isString() ? error.asString() : error.toString()));
        }
        return reply.path("result");
    }

    /** The next that came unasked; waits for it. After {@link Inbound.Ended} nothing comes. */
    Inbound next() throws InterruptedException {
        return inbox.take();
    }

    Optional<Fault> ended() {
        return end.isDone() ? Optional.of(end.join()) : Optional.empty();
    }

    @Override
    public void close() {
        close(new Fault.ClosedHere());
    }

    /** Ends the connection; the first reason given is the one that counts. */
    void close(Fault fault) {
        if (!end.complete(fault)) {
            return;
        }
        writer.interrupt();
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing a socket that had failed", e);
        }
        calls.values().forEach(call -> call.completeExceptionally(new OvsdbException(fault)));
        inbox.add(new Inbound.Ended(fault));
    }

    private void read() {
        try {
            var messages = new MessageReader(
                    Channels.newInputStream(channel), options.maxMessageBytes(), () -> bytesAt = System.nanoTime());
            while (!end.isDone()) {
                accept(messages.next());
            }
        } catch (OvsdbException e) {
            close(e.fault());
        } catch (IOException e) {
            close(new Fault.Broken(e.toString()));
        }
    }

    private void accept(JsonNode message) throws OvsdbException {
        messageAt = System.nanoTime();
        var method = message.path("method");
        var id = message.path("id");
        boolean wantsReply = !id.isNull() && !id.isMissingNode();
        if (method.isString() && wantsReply) {
            reply(method.asString(), message.path("params"), id);
        } else if (method.isString()) {
            notified(new Inbound.Notified(method.asString(), message.path("params")));
        } else if (message.has("result") || message.has("error")) {
            answered(id, message);
        } else {
            throw OvsdbException.malformed("a message that is no request, notification or reply");
        }
    }

    private void notified(Inbound.Notified notification) throws OvsdbException {
        if (inbox.size() >= options.maxQueued()) {
            throw new OvsdbException(new Fault.Overrun("notifications", options.maxQueued()));
        }
        inbox.add(notification);
    }

    private void answered(JsonNode id, JsonNode message) {
        if (!id.isIntegralNumber() || !id.canConvertToLong()) {
            return; // the answer to our echo
        }
        var call = calls.remove(id.asLong());
        if (call != null) {
            call.complete(message);
        }
    }

    private void reply(String method, JsonNode params, JsonNode id) throws OvsdbException {
        boolean echo = method.equals("echo");
        var reply = NODES.objectNode();
        reply.set("id", id);
        reply.set("result", echo ? params : NullNode.instance);
        reply.set("error", echo ? NullNode.instance : NODES.stringNode("unknown method"));
        // The reader may not wait: a server that asks and does not read would stop it.
        if (!outgoing.offer(reply)) {
            throw new OvsdbException(new Fault.Overrun("replies", options.maxQueued()));
        }
    }

    private static JsonNode request(String method, JsonNode params, JsonNode id) {
        var request = NODES.objectNode();
        request.put("method", method);
        request.set("params", params);
        request.set("id", id);
        return request;
    }

    private void write() {
        try {
            while (!end.isDone()) {
                var bytes = ByteBuffer.wrap(MessageReader.JSON.writeValueAsBytes(outgoing.take()));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            }
        } catch (IOException e) {
            close(new Fault.Broken(e.toString()));
        } catch (InterruptedException _) {
            close(new Fault.ClosedHere());
        }
    }

    private void keepAlive() {
        while (!waitForEnd(options.probeAfter())) {
            long now = System.nanoTime();
            var noBytes = Duration.ofNanos(now - bytesAt);
            var noMessage = Duration.ofNanos(now - messageAt);
            if (noBytes.compareTo(options.deadAfter()) >= 0
                    || noMessage.compareTo(options.deadAfter().multipliedBy(MESSAGE_PATIENCE)) >= 0) {
                close(new Fault.Silent(noMessage));
            } else if (noMessage.compareTo(options.probeAfter()) >= 0) {
                // A full queue needs no probe: silence will tell.
                var _ = outgoing.offer(request("echo", NODES.arrayNode(), ECHO_ID));
            }
        }
    }

    private boolean waitForEnd(Duration atMost) {
        try {
            end.get(atMost.toNanos(), NANOS);
            return true;
        } catch (TimeoutException _) {
            return false;
        } catch (InterruptedException | ExecutionException _) {
            return true;
        }
    }
}
