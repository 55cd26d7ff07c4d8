package org.dragonflow.agent.metadata;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.dragonflow.address.IpAddress;
import org.dragonflow.model.Port;
import org.dragonflow.packet.Bytes;
import org.dragonflow.packet.Decoded;
import org.dragonflow.packet.Dns;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks other resolvers, from the host's own network. */
final class Upstream {
    private static final Logger LOG = LoggerFactory.getLogger(Upstream.class);
    private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int MOST_SERVERS = 3;
    private static final int LONGEST = 65_535;

    private final List<IpAddress> configured;
    private final SecureRandom random = new SecureRandom();

    /** @param configured whom to ask; nobody: those of resolv.conf */
    Upstream(List<IpAddress> configured) {
        this.configured = configured;
    }

    /** The answer of the first who answers, under the question's own id. */
    Optional<Bytes> ask(Dns question, Bytes message, Asker asker, boolean isStream) {
        for (var server : servers(asker)) {
            try {
                int id = random.nextInt(0x1_0000);
                var sent = withId(message, id);
                var answer = isStream ? overTcp(sent, server) : overUdp(sent, id, question, server);
                if (isAnswer(answer, id, question)) {
                    return Optional.of(withId(answer, question.id()));
                }
            } catch (IOException e) {
                LOG.debug("{} does not answer: {}", server, e.toString());
            }
        }
        return Optional.empty();
    }

    /**
     * Those of the port's subnets that are in the public internet, or else those of the operator: what tenants write into their subnets
     * must not lead into the host's own network, where no tenant may send.
     */
    private List<IpAddress> servers(Asker asker) {
        var own = asker.port().fixedIps().stream()
                .map(Port.FixedIp::subnetId)
                .flatMap(id -> asker.view().get(id).stream())
                .flatMap(subnet -> subnet.dnsNameservers().stream())
                .filter(Upstream::isPublic)
                .distinct()
                .toList();
        var servers = !own.isEmpty() ? own : configured.isEmpty() ? ofHost() : configured;
        return servers.stream().limit(MOST_SERVERS).toList();
    }

    static boolean isPublic(IpAddress address) {
        int first = address.bytes()[0] & 0xff;
        int second = address.bytes()[1] & 0xff;
        if (address.version() == 6) {
            return (first & 0xe0) == 0x20;
        }
        boolean isPrivate = first == 10 || first == 172 && (second & 0xf0) == 16 || first == 192 && second == 168;
        boolean isShared = first == 100 && (second & 0xc0) == 64;
        boolean isLocal = first == 0 || first == 127 || first == 169 && second == 254;
        return !isPrivate && !isShared && !isLocal && first < 224;
    }

    private static List<IpAddress> ofHost() {
        try (var lines = Files.lines(RESOLV_CONF)) {
            return lines.map(line -> line.strip().split("\\s+"))
                    .filter(words -> words.length > 1 && words[0].equals("nameserver"))
                    .flatMap(words -> address(words[1]))
                    .toList();
        } catch (IOException e) {
            LOG.debug("{} cannot be read: {}", RESOLV_CONF, e.toString());
            return List.of();
        }
    }

    private static Stream<IpAddress> address(String text) {
        try {
            return Stream.of(IpAddress.parse(text));
        } catch (IllegalArgumentException _) {
            return Stream.of();
        }
    }

    private static Bytes withId(Bytes message, int id) {
        return Bytes.of((byte) (id >>> 8), (byte) id).plus(message.slice(2, message.length()));
    }

    private static boolean isAnswer(Bytes message, int id, Dns question) {
        return Dns.decode(message) instanceof Decoded.Ok<Dns>(var answer, var _)
                && answer.id() == id
                && (answer.flags() & Dns.RESPONSE) != 0
                && answer.questions().equals(question.questions());
    }

    private static InetSocketAddress socket(IpAddress server) throws IOException {
        return new InetSocketAddress(InetAddress.getByAddress(server.bytes()), Dns.PORT);
    }

    /** From a port of its own, and only what comes from where it was asked: nobody else can guess what to forge. */
    private static Bytes overUdp(Bytes message, int id, Dns question, IpAddress server) throws IOException {
        try (var socket = new DatagramSocket()) {
            socket.connect(socket(server));
            socket.send(new DatagramPacket(message.toArray(), message.length()));
            long end = System.nanoTime() + PATIENCE.toNanos();
            var buffer = new DatagramPacket(new byte[LONGEST], LONGEST);
            while (true) {
                int left = (int) Duration.ofNanos(end - System.nanoTime()).toMillis();
                if (left <= 0) {
                    throw new IOException("no answer in time");
                }
                socket.setSoTimeout(left);
                buffer.setLength(LONGEST);
                socket.receive(buffer);
                var answer = Bytes.of(buffer.getData()).head(buffer.getLength());
                if (isAnswer(answer, id, question)) {
                    return answer;
                }
            }
        }
    }

    private static Bytes overTcp(Bytes message, IpAddress server) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(socket(server), (int) PATIENCE.toMillis());
            socket.setSoTimeout((int) PATIENCE.toMillis());
            write(new DataOutputStream(socket.getOutputStream()), message);
            return read(new DataInputStream(new BufferedInputStream(socket.getInputStream())));
        }
    }

    /** A message as a stream carries it: behind its length (RFC 1035, section 4.2.2). */
    static Bytes read(DataInputStream in) throws IOException {
        var message = new byte[in.readUnsignedShort()];
        in.readFully(message);
        return Bytes.of(message);
    }

    static void write(DataOutputStream out, Bytes message) throws IOException {
        // In one piece, so that no half of it waits for an acknowledgement.
        out.write(Bytes.of((byte) (message.length() >>> 8), (byte) message.length())
                .plus(message)
                .toArray());
        out.flush();
    }
}
