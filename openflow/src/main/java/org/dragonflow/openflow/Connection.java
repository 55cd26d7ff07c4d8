package org.dragonflow.openflow;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One conversation with a switch, from hello to its end.
 *
 * <p>A reader thread takes every message as it comes and never waits for anyone, a writer thread sends what is queued: so neither side's
 * full buffers can hold up both. What answers no request goes to the listener, on the reader's thread.
 */
final class Connection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final int QUEUE = 256;

    private final FrameChannel channel;
    private final Codec codec;
    private final Timing timing;
    private final Consumer<Message> listener;
    private final AtomicInteger xids = new AtomicInteger(1);
    private final BlockingQueue<byte[]> outgoing = new ArrayBlockingQueue<>(QUEUE);
    private final Map<Integer, Pending> pending = new ConcurrentHashMap<>();
    private final Set<FailureLog> failureLogs = ConcurrentHashMap.newKeySet();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile Optional<String> endReason = Optional.empty();
    private volatile long lastHeard = System.nanoTime();

    /** A request that waits for its answer. */
    private record Pending(List<Message.Contents> parts, CompletableFuture<List<Message>> answer) {}

    /** The errors among a run of transaction ids. */
    static final class FailureLog {
        private final int first;
        private final int count;
        private final Map<Integer, OpenFlowError> errors = new ConcurrentHashMap<>();

        private FailureLog(int first, int count) {
            this.first = first;
            this.count = count;
        }

        int first() {
            return first;
        }

        /** By place in the run. */
        Map<Integer, OpenFlowError> errors() {
            return errors;
        }

        private void take(int xid, OpenFlowError error) {
            int place = xid - first;
            if (place >= 0 && place < count) {
                errors.putIfAbsent(place, error);
            }
        }
    }

    private Connection(FrameChannel channel, Codec codec, Timing timing, Consumer<Message> listener) {
        this.channel = channel;
        this.codec = codec;
        this.timing = timing;
        this.listener = listener;
    }

    /** Connects and agrees on the version. */
    static Connection open(Endpoint endpoint, Codec codec, Timing timing, Consumer<Message> listener)
            throws IOException {
        var connection = new Connection(new FrameChannel(endpoint.connect()), codec, timing, listener);
        Thread.ofVirtual().name("openflow watch " + endpoint).start(connection::watch);
        try {
            connection.greet();
        } catch (IOException e) {
            connection.end(e.toString());
            throw e;
        }
        Thread.ofVirtual().name("openflow reader " + endpoint).start(connection::readAll);
        Thread.ofVirtual().name("openflow writer " + endpoint).start(connection::writeAll);
        return connection;
    }

    private void greet() throws IOException {
        channel.write(codec.encode(0, new Message.Hello(Codec.VERSION, 1L << Codec.VERSION)));
        switch (decode(channel.read()).message()) {
            case Message.Hello(var _, var versions) when (versions & 1L << Codec.VERSION) != 0 -> {}
            case Message.Hello(var version, var versions) -> {
                var incompatible = new Message.Failure(new OpenFlowError(0, 0, 0), "");
                channel.write(codec.encode(0, incompatible));
                throw new IOException("the switch speaks no OpenFlow 1.5 (highest version %d, bitmap 0x%x)"
                        .formatted(version, versions));
            }
            case Message other -> throw new IOException("the switch began with no hello but " + other);
        }
    }

    private Codec.Envelope decode(byte[] bytes) throws IOException {
        try {
            return codec.decode(bytes);
        } catch (MalformedMessage e) {
            throw new IOException("the switch began with no hello", e);
        }
    }

    private void readAll() {
        try {
            while (true) {
                var bytes = channel.read();
                lastHeard = System.nanoTime();
                take(bytes);
            }
        } catch (IOException e) {
            end(e.getMessage() == null ? e.toString() : e.getMessage());
        } finally {
            var lost = new IOException("the connection ended: " + end("the reader stopped"));
            pending.values().forEach(p -> p.answer().completeExceptionally(lost));
            ended.countDown();
        }
    }

    private void take(byte[] bytes) {
        try {
            var envelope = codec.decode(bytes);
            take(envelope.xid(), envelope.message());
        } catch (MalformedMessage e) {
            LOG.warn("unreadable message from the switch: {}", e.getMessage());
            int xid = (bytes[4] & 0xff) << 24 | (bytes[5] & 0xff) << 16 | (bytes[6] & 0xff) << 8 | bytes[7] & 0xff;
            Optional.ofNullable(pending.remove(xid))
                    .ifPresent(p -> p.answer().completeExceptionally(new IOException("unreadable answer", e)));
        }
    }

    private void take(int xid, Message message) {
        switch (message) {
            case Message.EchoRequest(var data) -> {
                // A full queue means that we are sending, which is a sign of life as good as this one.
                boolean _ = outgoing.offer(codec.encode(xid, new Message.EchoReply(data)));
            }
            case Message.EchoReply _ -> {}
            case Message.Failure(var error, var _) -> fail(xid, error);
            case Message.Part(var more, var contents) when more -> addPart(xid, contents);
            case Message.Part(var _, var contents) -> {
                addPart(xid, contents);
                answer(xid, message);
            }
            default -> answer(xid, message);
        }
    }

    private void addPart(int xid, Message.Contents contents) {
        var request = pending.get(xid);
        if (request != null) {
            request.parts().add(contents);
        }
    }

    private void answer(int xid, Message message) {
        var request = pending.remove(xid);
        if (request != null) {
            request.answer().complete(List.of(message));
        } else {
            listener.accept(message);
        }
    }

    private void fail(int xid, OpenFlowError error) {
        var request = pending.remove(xid);
        if (request != null) {
            request.answer().completeExceptionally(new RefusedRequest(error));
        }
        failureLogs.forEach(log -> log.take(xid, error));
    }

    private void writeAll() {
        try {
            while (ended.getCount() > 0) {
                var bytes = outgoing.poll(1, TimeUnit.SECONDS);
                if (bytes != null) {
                    channel.write(bytes);
                }
            }
        } catch (IOException e) {
            end("cannot write: " + e.getMessage());
        } catch (InterruptedException e) {
            end("the writer was interrupted");
        }
    }

    private void watch() {
        try {
            while (!ended.await(timing.idle().toMillis(), TimeUnit.MILLISECONDS)) {
                var silence = Duration.ofNanos(System.nanoTime() - lastHeard);
                if (silence.compareTo(timing.dead()) >= 0) {
                    end("nothing was heard for %d ms".formatted(silence.toMillis()));
                    return;
                }
                if (silence.compareTo(timing.idle()) >= 0) {
                    boolean _ = outgoing.offer(codec.encode(0, new Message.EchoRequest("")));
                }
            }
        } catch (InterruptedException e) {
            end("the watch was interrupted");
        }
    }

    /** Ends the conversation for this reason, unless it has ended for another; the reason that holds. */
    String end(String reason) {
        String holds;
        synchronized (this) {
            holds = endReason.orElse(reason);
            endReason = Optional.of(holds);
        }
        channel.close();
        return holds;
    }

    /** Waits until the conversation has ended, and nothing more comes to the listener; the reason. */
    String awaitEnd() throws InterruptedException {
        ended.await();
        return end("closed");
    }

    /** Queues bytes; waits while the queue is full. */
    void send(byte[] bytes) throws IOException {
        try {
            while (!outgoing.offer(bytes, 1, TimeUnit.SECONDS)) {
                checkOpen();
            }
            checkOpen();
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private void checkOpen() throws IOException {
        var reason = endReason;
        if (reason.isPresent()) {
            throw new IOException("the connection ended: " + reason.get());
        }
    }

    private static InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted while waiting for the switch");
    }

    /** Sends a message that has no answer. */
    void tell(Message message) throws IOException {
        send(codec.encode(xids.getAndIncrement(), message));
    }

    /** Sends a request and waits for its answer, of this type. */
    <M extends Message> M ask(Message request, Class<M> type) throws IOException {
        var message = await(enqueue(xids.getAndIncrement(), request)).getFirst();
        if (!type.isInstance(message)) {
            throw new IOException("%s was answered by %s".formatted(request, message));
        }
        return type.cast(message);
    }

    /** The type of the answer to a request under a transaction id that was set apart. */
    record Expected(int xid, Class<? extends Message> type) {}

    /** Sends what is encoded already, in as few turns of the switch as it takes, and waits for the answers of the requests in it. */
    void ask(List<byte[]> encoded, List<Expected> expected) throws IOException {
        var entries = new LinkedHashMap<Expected, Pending>();
        expected.forEach(e -> entries.put(e, expect(e.xid())));
        try {
            for (var bytes : encoded) {
                send(bytes);
            }
        } catch (IOException | RuntimeException e) {
            expected.forEach(each -> pending.remove(each.xid()));
            throw e;
        }
        for (var entry : entries.entrySet()) {
            var message = await(entry.getValue()).getFirst();
            if (!entry.getKey().type().isInstance(message)) {
                throw new IOException("%s was answered by %s".formatted(entry.getKey(), message));
            }
        }
    }

    /** Sends a request whose answer comes in parts, all of this type. */
    <C extends Message.Contents> List<C> askAll(Message request, Class<C> type) throws IOException {
        var entry = enqueue(xids.getAndIncrement(), request);
        await(entry);
        var parts = new ArrayList<C>(entry.parts().size());
        for (var part : entry.parts()) {
            if (!type.isInstance(part)) {
                throw new IOException("%s was answered by %s".formatted(request, part));
            }
            parts.add(type.cast(part));
        }
        return parts;
    }

    private Pending enqueue(int xid, Message request) throws IOException {
        var entry = expect(xid);
        try {
            send(codec.encode(xid, request));
        } catch (IOException | RuntimeException e) {
            pending.remove(xid);
            throw e;
        }
        return entry;
    }

    /** To be called before the request is sent: whoever ends the connection later fails the entry, whoever did before is seen by send. */
    private Pending expect(int xid) {
        var entry = new Pending(new ArrayList<>(), new CompletableFuture<>());
        pending.put(xid, entry);
        return entry;
    }

    private List<Message> await(Pending entry) throws IOException {
        try {
            return entry.answer().get(timing.answer().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            end("no answer within " + timing.answer().toMillis() + " ms");
            throw new IOException(
                    "no answer within %d ms".formatted(timing.answer().toMillis()), e);
        } catch (InterruptedException e) {
            throw interrupted();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RefusedRequest refused
                    ? new RefusedRequest(refused.error())
                    : new IOException(e.getCause());
        }
    }

    /** A request that the switch answered with an error. */
    static final class RefusedRequest extends IOException {
        private static final long serialVersionUID = 1;
        private final transient OpenFlowError error;

        RefusedRequest(OpenFlowError error) {
            super("the switch refused: " + error.name());
            this.error = error;
        }

        OpenFlowError error() {
            return error;
        }
    }

    /** Sends messages that are answered only when refused; the errors by their place, after all have been handled. */
    Map<Integer, OpenFlowError> confirm(List<Message> messages) throws IOException {
        if (messages.isEmpty()) {
            return Map.of();
        }
        var log = reserve(messages.size());
        try {
            for (int i = 0; i < messages.size(); i++) {
                send(codec.encode(log.first() + i, messages.get(i)));
            }
            ask(new Message.BarrierRequest(), Message.BarrierReply.class);
            return log.errors();
        } finally {
            release(log);
        }
    }

    /** Sets a run of transaction ids apart; errors that name one of them are kept until the log is released. */
    FailureLog reserve(int count) {
        var log = new FailureLog(xids.getAndAdd(count), count);
        failureLogs.add(log);
        return log;
    }

    void release(FailureLog log) {
        failureLogs.remove(log);
    }

    @Override
    public void close() {
        end("closed");
    }
}
