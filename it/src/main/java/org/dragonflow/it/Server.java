package org.dragonflow.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.address.Mac;

/**
 * A tenant's machine: a network namespace with one network card, {@code eth0}, which can be plugged into a chassis as
 * Nova's os-vif does. The card, and with it all addresses and routes, goes when it is unplugged.
 */
public final class Server {
    static final String CARD = "eth0";
    private static final String INNER_BRIDGE = "inner";
    private static final int DEFAULT_MTU = 1438;

    /** Where the card is plugged, and the interface of the switch at the other end. */
    private record Socket(Chassis chassis, String bridge, String tap) {}

    private final String name;
    private final Space space;
    private final Path directory;
    private final UUID id;
    private Mac mac;
    private int mtu = DEFAULT_MTU;
    private boolean isAutomatic;
    private Optional<Socket> socket = Optional.empty();
    private Optional<VirtualSwitch> inner = Optional.empty();

    Server(Lab lab, String name, Space space, int number) {
        this.name = name;
        this.space = space;
        this.directory = lab.directory(name);
        this.id = UUID.nameUUIDFromBytes(space.name().getBytes(StandardCharsets.UTF_8));
        this.mac = new Mac(0xfa16_3e00_0000L + number);
    }

    public String name() {
        return name;
    }

    public Space space() {
        return space;
    }

    /** What the switch is told as {@code vm-uuid}. */
    public UUID id() {
        return id;
    }

    public Path directory() {
        return directory;
    }

    public Mac mac() {
        return mac;
    }

    /** The address that the card has from the next plug on. */
    public Server withMac(Mac address) {
        mac = address;
        return this;
    }

    /** The MTU that the card has from the next plug on, until DHCP says otherwise; 1438 leaves room for Geneve. */
    public Server withMtu(int bytes) {
        mtu = bytes;
        return this;
    }

    /** The card heeds router advertisements from the next plug on, and asks for them, as a host does that has just booted. */
    public Server withRouterAdvertisements() {
        isAutomatic = true;
        return this;
    }

    /** Plugs the card into the chassis, as the port with this id. */
    public void plug(Chassis chassis, String port) {
        plug(chassis, Chassis.INTEGRATION_BRIDGE, port);
    }

    /** The same, into a bridge of the chassis that is not the integration bridge. */
    public void plug(Chassis chassis, String bridge, String port) {
        socket.ifPresent(taken -> {
            throw new IllegalStateException(
                    "%s is plugged into %s".formatted(name, taken.chassis().name()));
        });
        var tap = "tap" + port.substring(0, Math.min(port.length(), 11));
        connect(chassis.space(), tap);
        socket = Optional.of(new Socket(chassis, bridge, tap));
        chassis.ovsVsctl(
                "--may-exist",
                "add-port",
                bridge,
                tap,
                "--",
                "set",
                "Interface",
                tap,
                "external_ids:iface-id=" + port,
                "external_ids:iface-status=active",
                "external_ids:attached-mac=\"" + mac + "\"",
                "external_ids:vm-uuid=" + id);
    }

    /** Makes the card, and its other end in a namespace. */
    private void connect(Space host, String end) {
        space.set(List.of("net.ipv6.conf.default.accept_ra=" + (isAutomatic ? 2 : 0)));
        var size = Integer.toString(mtu);
        host.ip("link", "add", end, "mtu", size, "type", "veth", "peer", "name", CARD, "netns", space.name());
        space.ip("link", "set", CARD, "address", mac.toString(), "mtu", size);
        // A switch in user space reads frames as they are, and would pass on checksums that no card fills in.
        space.command("ethtool", "-K", CARD, "tx", "off").require();
        space.ip("link", "set", CARD, "up");
        host.ip("link", "set", end, "up");
    }

    /**
     * Makes this a container within another server: what its card sends leaves by that server's card with the tag. A learning switch in the
     * server gives and takes tags: not every kernel can.
     */
    public void plugBehind(Server host, int vlan) {
        var port = "vlan" + vlan;
        connect(host.space, port);
        host.inner().vsctl("add-port", INNER_BRIDGE, port, "tag=" + vlan);
        // Else it would unlearn where the container is when it hears it from outside too, while the server moves.
        host.inner()
                .appctl("fdb/add", INNER_BRIDGE, port, Integer.toString(vlan), mac.toString())
                .require();
    }

    /** Makes this a container within another server that is told apart by its link-layer address alone. */
    public void plugBehind(Server host) {
        host.space.ip(
                "link", "add", "link", CARD, "name", CARD, "netns", space.name(), "type", "macvlan", "mode", "bridge");
        space.ip("link", "set", CARD, "address", mac.toString(), "up");
    }

    private VirtualSwitch inner() {
        return inner.orElseGet(() -> {
            var made = new VirtualSwitch(name, space, directory, () -> {});
            made.start(List.of("add-br %1$s -- set Bridge %1$s datapath_type=netdev -- add-port %1$s %2$s"
                    .formatted(INNER_BRIDGE, CARD)
                    .split(" ", -1)));
            inner = Optional.of(made);
            return made;
        });
    }

    /** Takes the card away; does nothing if there is none. */
    public void unplug() {
        socket.ifPresent(plugged -> {
            plugged.chassis().ovsVsctl("--if-exists", "del-port", plugged.bridge(), plugged.tap());
            plugged.chassis().space().ip("link", "del", plugged.tap());
        });
        socket = Optional.empty();
    }

    /** The interface of the switch at the other end of the card. */
    public String tap() {
        return socket.map(Socket::tap).orElseThrow(() -> new IllegalStateException(name + " is not plugged in"));
    }

    /** Gives the card an address by hand, usable at once. */
    public void address(IpAddress address, int length) {
        switch (address.version()) {
            case 4 -> space.ip("addr", "replace", address + "/" + length, "dev", CARD);
            default -> space.ip("addr", "replace", address + "/" + length, "dev", CARD, "nodad");
        }
    }

    public void route(IpPrefix destination, IpAddress gateway) {
        space.ip(
                "-" + gateway.version(),
                "route",
                "replace",
                destination.toString(),
                "via",
                gateway.toString(),
                "dev",
                CARD);
    }

    /** Whether addresses and routes are taken from router advertisements; at first they are not. */
    public void heedRouterAdvertisements(boolean heed) {
        space.set(List.of("net.ipv6.conf.%s.accept_ra=%d".formatted(CARD, heed ? 2 : 0)));
    }

    /** A DHCPv6 client on the card, not started yet. */
    public Dhcp6Client dhcp6() {
        return new Dhcp6Client(space, CARD, directory.resolve("dhcp6"));
    }

    /** Asks for a router advertisement, with rdisc6; gives what it printed, which is nothing of use if nobody answers. */
    public String solicitRouter() {
        return space.command("rdisc6", "-1", "-r", "2", "-w", "1000", CARD)
                .within(Duration.ofSeconds(10))
                .run()
                .stdout();
    }

    /** The IPv6 addresses of the card that are not local to the link, in the kernel's words. */
    public String addresses6() {
        return space.ip("-6", "addr", "show", "dev", CARD, "scope", "global");
    }

    /** The router that IPv6 packets to anywhere go by, if there is one. */
    public Optional<IpAddress> defaultRoute6() {
        return Pattern.compile("via (\\S+)")
                .matcher(space.ip("-6", "route", "show", "default"))
                .results()
                .map(found -> IpAddress.parse(found.group(1)))
                .findFirst();
    }

    /** A DHCP client on the card, not started yet. */
    public DhcpClient dhcp() {
        return new DhcpClient(space, CARD, directory.resolve("dhcp"));
    }

    /** Sends so many pings and waits for the answers, a second at most for the last. */
    public Pings ping(IpAddress target, int count, Duration interval) {
        var limit = interval.multipliedBy(count).plusSeconds(10);
        var result = space.command(Pinging.words(target, interval))
                .and("-W", "1", "-c", Integer.toString(count))
                .within(limit)
                .run();
        return Pings.read(result.stdout(), count);
    }

    /** Pings until told to stop. */
    public Pinging pingContinuously(IpAddress target, Duration interval) {
        return Pinging.start(space, target, interval, fresh("ping"));
    }

    /** Captures what the card sends and receives, from now on; the filter is tcpdump's. */
    public Capture capture(String... filter) {
        return Capture.start(space, CARD, fresh("capture"), filter);
    }

    /** The command as it runs on this machine. */
    public Command command(String... words) {
        return space.command(words);
    }

    /** Starts a program on this machine, with its output appended to the log. */
    public Running start(Command command, Path log) {
        return space.start(command, log);
    }

    /** A TCP server that sends back all that it receives. */
    public Echo listenTcp(int port) {
        return Echo.tcp(space, port);
    }

    /** A UDP server that sends back all that it receives. */
    public Echo listenUdp(int port) {
        return Echo.udp(space, port);
    }

    /** Tries to open a TCP connection. */
    public Reach tcp(IpAddress target, int port, Duration limit) {
        return Reach.tcp(space, target, port, limit);
    }

    /** Sends one datagram and waits for it to come back, as it does from {@link #listenUdp}. */
    public Reach udp(IpAddress target, int port, Duration limit) {
        return udp(target, port, 1, limit);
    }

    /** The same with a datagram of so many bytes. */
    public Reach udp(IpAddress target, int port, int bytes, Duration limit) {
        return Reach.udp(space, target, port, bytes, limit);
    }

    /** The same from a port that is always the same, so that it belongs to the conversation before. */
    public Reach udp(int from, IpAddress target, int port, int bytes, Duration limit) {
        return Reach.udp(space, from, target, port, bytes, limit);
    }

    /** Opens a TCP connection to an {@link Echo}, which must be answered within the limit. */
    public Conversation converse(IpAddress target, int port, Duration limit) {
        return Conversation.open(space, target, port, limit);
    }

    private Path fresh(String purpose) {
        try {
            return Files.createTempFile(directory, purpose + "-", ".log");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
