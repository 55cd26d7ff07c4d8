package org.dragonflow.it.demo;

import java.net.URI;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Ipv6;
import org.dragonflow.address.Mac;
import org.dragonflow.apps.Apps;
import org.dragonflow.apps.Metadata;
import org.dragonflow.apps.PortNames;
import org.dragonflow.apps.Pseudonym;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Delta;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.model.Schema;
import org.dragonflow.model.Status;
import org.dragonflow.model.Topology;
import org.dragonflow.model.TunnelType;
import org.dragonflow.packet.Bytes;
import org.dragonflow.packet.Dhcpv4;
import org.dragonflow.packet.Dhcpv4MessageType;
import org.dragonflow.packet.Dhcpv4Option;
import org.dragonflow.packet.Dns;
import org.dragonflow.packet.Ethernet;
import org.dragonflow.packet.Icmp;
import org.dragonflow.packet.Icmpv6;
import org.dragonflow.packet.IpPacket;
import org.dragonflow.packet.Ipv4Packet;
import org.dragonflow.packet.Ipv6Packet;
import org.dragonflow.packet.NdOption;
import org.dragonflow.packet.NeighbourDiscovery.RouterAdvertisement;
import org.dragonflow.packet.NeighbourDiscovery.RouterSolicitation;
import org.dragonflow.packet.Tcp;
import org.dragonflow.packet.Transport;
import org.dragonflow.packet.Udp;
import org.dragonflow.packet.VlanTag;
import org.dragonflow.server.Config;
import org.dragonflow.server.Server;
import org.dragonflow.store.Edit;
import org.dragonflow.trace.Fabric;
import org.dragonflow.trace.Journey;
import org.dragonflow.trace.Packet;

/** Switches in memory: the same server, apps and flows, with packets walked through them by the tracer. */
final class SimulatedStage implements Stage {
    private static final int CLIENT_PORT = 40_000;
    private static final int PACKETS_AROUND = 100;
    private static final int WEB = 80;
    private static final String SERVICES = "services";
    private static final String DOMAIN = "openstacklocal";

    private final Object lock = new Object();
    private final Map<String, SimulatedChassis> chassis = new LinkedHashMap<>();
    private final Map<String, Machine> machines = new LinkedHashMap<>();
    private final Map<String, Card> containers = new HashMap<>();
    private final Fabric fabric =
            new Fabric(Apps.pipeline(), (name, punted) -> chassis(name).answer(punted));
    private Optional<Server> server = Optional.empty();
    private Topology whole = Topology.EMPTY;
    private int xid;

    /** Whose card a container's frames pass, and with which tag. */
    private record Card(Machine host, int vlan) {}

    @Override
    public URI startServer() {
        var started = Server.start(Config.read(Optional.empty(), Map.of(), List.of("--api.port=0", "--feed.port=0")));
        server = Optional.of(started);
        whole = started.replica()
                .subscribe((after, deltas) -> hear(after.topology(), deltas))
                .topology();
        return URI.create("http://127.0.0.1:" + started.port());
    }

    private void hear(Topology after, Collection<Delta> deltas) {
        synchronized (lock) {
            whole = after;
            chassis.values().forEach(one -> one.hear(after, deltas));
        }
    }

    private <R> R edit(Function<Edit, R> changes) {
        try {
            return server.orElseThrow().replica().edit(changes);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public String startChassis(String name) {
        var id = Id.of(Chassis.class, name);
        int number;
        synchronized (lock) {
            number = chassis.size() + 1;
            chassis.put(name, new SimulatedChassis(id, fabric.chassis(name), whole));
        }
        var address = new Ipv4(Ipv4.parse("192.0.2.0").bits() + number);
        fabric.attach(name, SimulatedChassis.TUNNEL_PORT, new Fabric.Attachment.Tunnel("geneve", address));
        fabric.attach(name, SimulatedChassis.METADATA_PORT, new Fabric.Attachment.Named(SERVICES));
        edit(edit ->
                edit.create(new Chassis(id, address, List.of(TunnelType.GENEVE), "simulated-" + name, Instant.EPOCH)));
        return "a switch in memory, tunnels at " + address;
    }

    private SimulatedChassis chassis(String name) {
        return Objects.requireNonNull(chassis.get(name), name);
    }

    @Override
    public void plug(Machine machine) {
        synchronized (lock) {
            machines.put(machine.name(), machine);
            long ofport = chassis(machine.chassis()).plug(Id.of(Port.class, machine.port()));
            fabric.attach(machine.chassis(), ofport, new Fabric.Attachment.Named(machine.name()));
        }
        activate(machine);
    }

    private void activate(Machine machine) {
        edit(edit -> {
            var port = edit.get(Id.of(Port.class, machine.port())).orElseThrow();
            return edit.replace(Schema.of(port).with(port, Map.of("status", Status.ACTIVE)));
        });
    }

    @Override
    public void plugBehind(Machine container, Machine host, int vlan) {
        synchronized (lock) {
            machines.put(container.name(), container);
            containers.put(container.name(), new Card(host, vlan));
        }
        activate(container);
    }

    private List<Packet> sendAndHear(Machine from, Machine at, Ethernet frame) {
        synchronized (lock) {
            Journey journey = fabric.send(
                    from.chassis(),
                    card(from),
                    Bytes.of(frame.withTags(tags(from)).encode()));
            return journey.at(card(at)).stream()
                    .filter(packet -> packet.ethernet().tags().equals(tags(at)))
                    .toList();
        }
    }

    private String card(Machine machine) {
        var card = containers.get(machine.name());
        return card == null ? machine.name() : card.host().name();
    }

    private List<VlanTag> tags(Machine machine) {
        var card = containers.get(machine.name());
        return card == null ? List.of() : List.of(VlanTag.of(card.vlan()));
    }

    @Override
    public Leased lease(Machine machine) {
        var offer = ask(machine, Dhcpv4.request(Dhcpv4MessageType.DISCOVER, ++xid, machine.mac()));
        var ack = ask(
                machine,
                Dhcpv4.request(
                        Dhcpv4MessageType.REQUEST,
                        ++xid,
                        machine.mac(),
                        Dhcpv4Option.requestedAddress(offer.yiaddr())));
        var routers = ack.find(Dhcpv4Option.ROUTERS).map(Dhcpv4Option::asAddresses);
        return new Leased(ack.yiaddr(), "router %s".formatted(routers.orElse(List.of())));
    }

    private Dhcpv4 ask(Machine machine, Dhcpv4 question) {
        var udp = new Udp(Dhcpv4.CLIENT_PORT, Dhcpv4.SERVER_PORT, question.encode());
        var frame = Ethernet.of(machine.mac(), Mac.BROADCAST, Ipv4Packet.of(Ipv4.ANY, Ipv4.BROADCAST, udp));
        return sendAndHear(machine, machine, frame).stream()
                .map(packet -> ((IpPacket) packet.ethernet().payload()).transport())
                .map(transport -> Dhcpv4.decode(((Udp) transport).payload()).orThrow())
                .findFirst()
                .orElseThrow(() -> new AssertionError("nobody answered " + machine.name()));
    }

    @Override
    public Leased formAddress(Machine machine) {
        var solicitation = new RouterSolicitation(List.of(new NdOption.SourceMac(machine.mac())));
        var frame = Ethernet.of(
                machine.mac(),
                Ipv6.ALL_ROUTERS.multicastMac(),
                Ipv6Packet.of(machine.mac().linkLocal(), Ipv6.ALL_ROUTERS, solicitation));
        return sendAndHear(machine, machine, frame).stream()
                .map(packet -> (IpPacket) packet.ethernet().payload())
                .flatMap(packet -> prefixes(packet)
                        .map(prefix ->
                                new Leased(machine.mac().eui64(prefix.address().high()), "router " + packet.source())))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no router answered " + machine.name()));
    }

    /** Those from which hosts form addresses. */
    private static Stream<IpPrefix> prefixes(IpPacket packet) {
        return packet.transport() instanceof RouterAdvertisement advertisement
                ? advertisement.options().stream()
                        .flatMap(option -> option instanceof NdOption.Prefix prefix && prefix.autonomous()
                                ? Stream.of(prefix.prefix())
                                : Stream.of())
                : Stream.of();
    }

    @Override
    public int ping(Machine from, IpAddress to, int count) {
        int answered = 0;
        for (int i = 0; i < count; i++) {
            answered += isAnswered(from, to, i) ? 1 : 0;
        }
        return answered;
    }

    private boolean isAnswered(Machine from, IpAddress to, int sequence) {
        var echo = to.version() == 4
                ? Icmp.echoRequest(7, sequence, Bytes.EMPTY)
                : Icmpv6.echoRequest(7, sequence, Bytes.EMPTY);
        var target = machineAt(to);
        if (target.isEmpty()) {
            // A router answers at once.
            return !sendAndHear(from, from, frame(from, to, echo)).isEmpty();
        }
        var reply = to.version() == 4
                ? Icmp.echoReply(7, sequence, Bytes.EMPTY)
                : Icmpv6.echoReply(7, sequence, Bytes.EMPTY);
        return converse(from, target.get(), to, echo, reply);
    }

    private Optional<Machine> machineAt(IpAddress address) {
        return machines.values().stream()
                .filter(m -> m.ipv4().equals(address) || m.ipv6().equals(address))
                .findFirst();
    }

    @Override
    public boolean connects(Machine from, Machine to, IpAddress address, int port) {
        return converse(
                from,
                to,
                address,
                Tcp.syn(CLIENT_PORT, port),
                Tcp.of(port, CLIENT_PORT, 1, 1, Tcp.SYN | Tcp.ACK, Bytes.EMPTY));
    }

    @Override
    public String metadata(Machine machine) {
        var asked = ask(machine, Tcp.syn(CLIENT_PORT, WEB));
        serve(machine, asked, Tcp.of(WEB, CLIENT_PORT, 1, 1, Tcp.SYN | Tcp.ACK, Bytes.EMPTY));
        return asker(asked).name();
    }

    @Override
    public String resolve(Machine machine, String name) {
        var question = Dns.ask(++xid, name, Dns.Type.A);
        var asked = ask(machine, new Udp(CLIENT_PORT, Dns.PORT, question.encode()));
        var view = chassis(machine.chassis()).topology();
        var answer = new PortNames(DOMAIN).answer(question, asker(asked), view).orElseThrow();
        serve(machine, asked, new Udp(Dns.PORT, CLIENT_PORT, answer.encode()));
        return IpAddress.of(answer.answers().getFirst().data().toArray()).toString();
    }

    /** What the services of the chassis get of it. */
    private IpPacket ask(Machine machine, Transport question) {
        var frame = frame(machine, Metadata.ADDRESS, question);
        synchronized (lock) {
            return fabric.send(machine.chassis(), machine.name(), Bytes.of(frame.encode())).at(SERVICES).stream()
                    .map(packet -> (IpPacket) packet.ethernet().payload())
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("nothing of %s got there".formatted(machine.name())));
        }
    }

    private Port asker(IpPacket asked) {
        int key = Pseudonym.keyOf(asked.source()).orElseThrow();
        synchronized (lock) {
            return whole.find(Port.withKey(key)).findFirst().orElseThrow();
        }
    }

    private void serve(Machine machine, IpPacket asked, Transport answer) {
        var packet = Ipv4Packet.of(Metadata.ADDRESS, (Ipv4) asked.source(), answer);
        var frame = Ethernet.of(Metadata.MAC, Metadata.MAC, packet);
        synchronized (lock) {
            var journey = fabric.send(machine.chassis(), SERVICES, Bytes.of(frame.encode()));
            if (journey.at(machine.name()).isEmpty()) {
                throw new AssertionError("no answer gets back to " + machine.name());
            }
        }
    }

    /** Whether the packet gets there, and the answer gets back. */
    private boolean converse(Machine from, Machine to, IpAddress address, Transport question, Transport answer) {
        var own = address.version() == 4 ? from.ipv4() : from.ipv6();
        return !sendAndHear(from, to, frame(from, address, question)).isEmpty()
                && !sendAndHear(to, from, frame(to, own, answer)).isEmpty();
    }

    private Ethernet frame(Machine from, IpAddress to, Transport transport) {
        var own = to.version() == 4 ? from.ipv4() : from.ipv6();
        var packet = to instanceof Ipv4 ipv4
                ? Ipv4Packet.of((Ipv4) own, ipv4, transport)
                : Ipv6Packet.of((Ipv6) own, (Ipv6) to, transport);
        return Ethernet.of(from.mac(), nextHop(from, to), packet);
    }

    /** What the machine would learn by asking: the card of the target on its own network, or that of its router. */
    private Mac nextHop(Machine from, IpAddress to) {
        synchronized (lock) {
            return SimulatedChassis.nextHop(whole, Id.of(Port.class, from.port()), to);
        }
    }

    @Override
    public Outage restartAgent(String name, Machine from, IpAddress to) {
        int received = ping(from, to, PACKETS_AROUND);
        int changes;
        synchronized (lock) {
            changes = chassis(name).restart(whole);
        }
        received += ping(from, to, PACKETS_AROUND);
        return new Outage(2 * PACKETS_AROUND, 2 * PACKETS_AROUND - received, "%d flow mods sent".formatted(changes));
    }

    @Override
    public Optional<Outside> outside() {
        return Optional.empty();
    }

    @Override
    public void leaveRunning() {
        throw new UnsupportedOperationException("a simulation ends with its program");
    }

    @Override
    public String hints() {
        return "";
    }

    @Override
    public void close() {
        server.ifPresent(Server::close);
    }
}
