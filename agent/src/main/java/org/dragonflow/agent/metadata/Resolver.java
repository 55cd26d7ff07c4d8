package org.dragonflow.agent.metadata;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.dragonflow.address.IpAddress;
import org.dragonflow.apps.PortNames;
import org.dragonflow.packet.Bytes;
import org.dragonflow.packet.Decoded;
import org.dragonflow.packet.Dns;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers for the names of ports, and asks others for the rest. */
final class Resolver implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Resolver.class);
    private static final int LONGEST_QUESTION = 4_096;
    private static final int LONGEST_STREAMED = 65_535;
    private static final int MOST = 512;
    private static final int MOST_OF_A_PORT = 32;

    private final PortNames names;
    private final Upstream upstream;
    private final DatagramSocket socket;
    private final Function<IpAddress, Optional<Asker>> askers;
    private final Semaphore room = new Semaphore(MOST);
    private final ConcurrentHashMap<Integer, Semaphore> perPort = new ConcurrentHashMap<>();

    Resolver(PortNames names, Upstream upstream, DatagramSocket socket, Function<IpAddress, Optional<Asker>> askers) {
        this.names = names;
        this.upstream = upstream;
        this.socket = socket;
        this.askers = askers;
        Thread.ofVirtual().name("resolver").start(this::receive);
    }

    private void receive() {
        while (!socket.isClosed()) {
            try {
                var packet = new DatagramPacket(new byte[LONGEST_QUESTION], LONGEST_QUESTION);
                socket.receive(packet);
                if (room.tryAcquire()) {
                    Thread.ofVirtual().name("resolver").start(() -> serve(packet));
                }
            } catch (IOException e) {
                LOG.debug("no question: {}", e.toString());
            }
        }
    }

    private void serve(DatagramPacket packet) {
        try {
            var asker = askers.apply(IpAddress.of(packet.getAddress().getAddress()));
            if (asker.isEmpty()) {
                return;
            }
            var own = perPort.computeIfAbsent(asker.get().port().key(), _ -> new Semaphore(MOST_OF_A_PORT));
            if (!own.tryAcquire()) {
                return;
            }
            try {
                var message = Bytes.of(packet.getData()).head(packet.getLength());
                var answer = answer(message, asker.get(), false);
                if (answer.isPresent()) {
                    socket.send(new DatagramPacket(
                            answer.get().toArray(), answer.get().length(), packet.getSocketAddress()));
                }
            } finally {
                own.release();
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("a question came to nothing: {}", e.toString());
        } finally {
            room.release();
        }
    }

    /** Questions one after the other, as a stream has them. */
    void hold(BufferedInputStream in, BufferedOutputStream out, Asker asker) throws IOException {
        var questions = new DataInputStream(in);
        var answers = new DataOutputStream(out);
        try {
            while (true) {
                var answer = answer(Upstream.read(questions), asker, true);
                if (answer.isEmpty()) {
                    return;
                }
                Upstream.write(answers, answer.get());
            }
        } catch (EOFException _) {
            LOG.trace("no more questions");
        }
    }

    /** Nothing for what is no question at all. */
    private Optional<Bytes> answer(Bytes message, Asker asker, boolean isStream) {
        if (!(Dns.decode(message) instanceof Decoded.Ok<Dns>(var question, var _))
                || (question.flags() & Dns.RESPONSE) != 0) {
            return Optional.empty();
        }
        int room = isStream ? LONGEST_STREAMED : question.room();
        if (!question.isQuestion()) {
            int code = (question.flags() & Dns.OPERATION) != 0 ? Dns.NOT_IMPLEMENTED : Dns.FORMAT_ERROR;
            return Optional.of(question.reply(code, false, List.of()).encode(room));
        }
        return names.answer(question, asker.port(), asker.view())
                .map(answer -> answer.encode(room))
                .or(() -> upstream.ask(question, message, asker, isStream))
                .or(() -> Optional.of(
                        question.reply(Dns.SERVER_FAILURE, false, List.of()).encode(room)));
    }

    @Override
    public void close() {
        socket.close();
    }
}
