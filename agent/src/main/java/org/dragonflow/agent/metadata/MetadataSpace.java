package org.dragonflow.agent.metadata;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.dragonflow.address.IpAddress;
import org.dragonflow.agent.MetadataConfig;
import org.dragonflow.agent.NetworkNamespace;
import org.dragonflow.apps.PortNames;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.View;
import org.dragonflow.packet.Dns;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The place where the services of a chassis listen: a network namespace with one device, which is a port of the integration bridge.
 *
 * <p>So nothing of the host's own network is touched, and nothing of it can be reached from there; and whatever happens to be at
 * 169.254.169.254 for the host itself stays so. All of it is looked at again from time to time, and put right.
 */
public final class MetadataSpace implements AutoCloseable {
    /** The device, and the port of the bridge. */
    public static final String DEVICE = "df-metadata";

    private static final Logger LOG = LoggerFactory.getLogger(MetadataSpace.class);
    private static final Path DEVICES = Path.of("/proc/thread-self/net/dev");
    private static final int HTTP = 80;
    private static final int BACKLOG = 64;
    private static final Duration APPEARING = Duration.ofSeconds(5);
    private static final Duration LOOKING = Duration.ofMillis(50);

    private final NetworkNamespace namespace;
    private final Id<Chassis> chassis;
    private final Supplier<View> topology;
    private final Metadata metadata;
    private final PortNames names;
    private final Upstream upstream;
    private final ReentrantLock lock = new ReentrantLock();
    private Optional<Object> listeningIn = Optional.empty();
    private final List<AutoCloseable> sockets = new ArrayList<>();
    private boolean isClosed;

    private MetadataSpace(MetadataConfig config, Id<Chassis> chassis, Supplier<View> topology, Metadata metadata) {
        this.namespace = config.namespace();
        this.chassis = chassis;
        this.topology = topology;
        this.metadata = metadata;
        this.names = new PortNames(config.domain());
        this.upstream = new Upstream(config.upstream());
    }

    /**
     * Nothing is there as yet.
     *
     * @param topology what is known, at any moment
     */
    public static MetadataSpace of(MetadataConfig config, Id<Chassis> chassis, Supplier<View> topology)
            throws IOException {
        Metadata metadata = config.nova().isPresent()
                ? new NovaProxy(config.nova().get())
                : new BuiltIn(new PortNames(config.domain()).domain());
        return new MetadataSpace(config, chassis, topology, metadata);
    }

    /** Sees to the namespace, to the device that the bridge has for it, and to the sockets; what is wrong, in words. */
    public List<String> see() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (isClosed) {
                return List.of();
            }
            ensureNamespace();
            ensureDevice();
            ensureSockets();
            return metadata.fault().stream().toList();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            LOG.debug("the metadata service is not as it should be", e);
            return List.of("servers get no metadata and no names: " + e.getMessage());
        } finally {
            lock.unlock();
        }
    }

    private void ensureNamespace() throws Exception {
        if (namespace.exists() && !isEnterable()) {
            // A name that is left of a mount that is no more.
            Tool.ip("netns", "delete", namespace.name());
        }
        if (!namespace.exists()) {
            Tool.ip("netns", "add", namespace.name());
        }
    }

    private boolean isEnterable() {
        try {
            return namespace.call(() -> true);
        } catch (Exception e) {
            LOG.debug("{} is no namespace", namespace.name(), e);
            return false;
        }
    }

    /** The switch makes its devices where it runs itself, and makes them anew when it is started anew. */
    private void ensureDevice() throws Exception {
        if (!namespace.call(MetadataSpace::isDeviceHere)) {
            long end = System.nanoTime() + APPEARING.toNanos();
            while (!isDeviceHere()) {
                if (System.nanoTime() > end) {
                    throw new IOException("the switch has made no device " + DEVICE);
                }
                Thread.sleep(LOOKING);
            }
            Tool.ip("link", "set", DEVICE, "netns", namespace.name());
        }
        // Nobody's link-layer address need be known behind it: flows give packets theirs.
        Tool.ipInside(
                namespace.name(),
                List.of(
                        "link set lo up",
                        "link set dev %s address %s arp off addrgenmode none"
                                .formatted(DEVICE, org.dragonflow.apps.Metadata.MAC),
                        "link set dev %s up".formatted(DEVICE),
                        "address replace %s/32 dev %s".formatted(org.dragonflow.apps.Metadata.ADDRESS, DEVICE),
                        "address replace %s/128 dev %s nodad".formatted(org.dragonflow.apps.Metadata.ADDRESS6, DEVICE),
                        "route replace 0.0.0.0/0 dev " + DEVICE,
                        "route replace ::/0 dev " + DEVICE));
    }

    /** In the namespace of this thread; Java knows of no device without an address. */
    private static boolean isDeviceHere() throws IOException {
        return Files.readAllLines(DEVICES).stream()
                .anyMatch(line -> line.strip().startsWith(DEVICE + ":"));
    }

    private void ensureSockets() throws Exception {
        var here = namespace.identity();
        if (here.equals(listeningIn)) {
            return;
        }
        closeSockets();
        var web = namespace.call(() -> new ServerSocket(HTTP, BACKLOG));
        sockets.add(new Listener("metadata", web, this::asker, this::converse));
        var resolver = new Resolver(names, upstream, namespace.call(() -> new DatagramSocket(Dns.PORT)), this::asker);
        sockets.add(resolver);
        var stream = namespace.call(() -> new ServerSocket(Dns.PORT, BACKLOG));
        sockets.add(new Listener("resolver", stream, this::asker, resolver::hold));
        listeningIn = here;
    }

    private Optional<Asker> asker(IpAddress pseudonym) {
        return Asker.of(pseudonym, chassis, topology.get());
    }

    private void converse(BufferedInputStream in, BufferedOutputStream out, Asker asker) throws IOException {
        try {
            var request = Request.read(in);
            try (var reply = metadata.answer(request, asker)) {
                reply.write(out, !request.method().equals("HEAD"));
            }
        } catch (Request.Refused refused) {
            try (var reply = Reply.fault(refused.status(), String.valueOf(refused.getMessage()))) {
                reply.write(out, true);
            }
        }
    }

    private void closeSockets() throws Exception {
        listeningIn = Optional.empty();
        for (var socket : sockets) {
            socket.close();
        }
        sockets.clear();
    }

    /** Ends the services. Namespace and device stay, as flows do, for whoever comes next. */
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            isClosed = true;
            closeSockets();
            metadata.close();
        } catch (Exception e) {
            throw e instanceof IOException fault ? fault : new IOException(e);
        } finally {
            lock.unlock();
        }
    }
}
