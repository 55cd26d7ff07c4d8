package org.dragonflow.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.IpPrefix;

/**
 * A machine on a physical network, outside the cloud: a network namespace with one card, {@code eth0}, on the wire. Nothing of it is known to
 * the cloud, and nothing of it is configured through the API.
 *
 * <p>Its card is a port of a plain learning switch, which gives and takes tags: not every kernel can.
 */
public final class Outsider {
    static final String CARD = "eth0";
    private static final String BRIDGE = "br0";
    private static final Duration READY = Duration.ofSeconds(10);

    private final Space space;
    private final Path directory;
    private final VirtualSwitch vswitch;

    Outsider(String name, Space space, Path directory) {
        this.space = space;
        this.directory = directory;
        this.vswitch = new VirtualSwitch(name, space, directory, () -> {});
        // The kernel sees what comes by the card too, and would answer for the bridge's addresses with the card's
        // link-layer address.
        space.set(List.of("net.ipv4.conf.all.arp_ignore=1"));
        vswitch.start(List.of("add-br %1$s -- set Bridge %1$s datapath_type=netdev -- add-port %1$s %2$s"
                .formatted(BRIDGE, CARD)
                .split(" ", -1)));
        awaitDevice(BRIDGE);
    }

    private String awaitDevice(String device) {
        Wait.until(
                device,
                READY,
                () -> space.command("ip", "link", "show", device).run().succeeded());
        space.ip("link", "set", device, "up");
        return device;
    }

    public Space space() {
        return space;
    }

    /** The device for frames that bear no tag on the wire. */
    public String untagged() {
        return BRIDGE;
    }

    /** The device for frames that bear this tag on the wire, made if it is not there. */
    public String vlan(int number) {
        var device = "vlan" + number;
        vswitch.vsctl("--may-exist add-port %1$s %2$s tag=%3$d -- set Interface %2$s type=internal"
                .formatted(BRIDGE, device, number)
                .split(" ", -1));
        return awaitDevice(device);
    }

    /** The device for frames that bear this tag within that service tag (802.1ad) on the wire, made if it is not there. */
    public String vlan(int service, int own) {
        var device = "vlan%d.%d".formatted(service, own);
        // By itself a switch knows the outermost tag alone, and gives no frame a second one.
        vswitch.vsctl("set", "Open_vSwitch", ".", "other_config:vlan-limit=2");
        vswitch.vsctl(("--may-exist add-br service%1$d -- set Bridge service%1$d datapath_type=netdev"
                        + " -- --may-exist add-port %4$s to-service%1$d tag=%1$d vlan_mode=dot1q-tunnel"
                        + " -- set Port to-service%1$d other_config:qinq-ethtype=802.1ad"
                        + " -- set Interface to-service%1$d type=patch options:peer=of-service%1$d"
                        + " -- --may-exist add-port service%1$d of-service%1$d"
                        + " -- set Interface of-service%1$d type=patch options:peer=to-service%1$d"
                        + " -- --may-exist add-port service%1$d %3$s tag=%2$d -- set Interface %3$s type=internal")
                .formatted(service, own, device, BRIDGE)
                .split(" ", -1));
        return awaitDevice(device);
    }

    /** Gives a device an address, usable at once. */
    public void address(String device, IpAddress address, int length) {
        switch (address.version()) {
            case 4 -> space.ip("addr", "replace", address + "/" + length, "dev", device);
            default -> space.ip("addr", "replace", address + "/" + length, "dev", device, "nodad");
        }
    }

    public void route(IpPrefix destination, IpAddress gateway) {
        space.ip("-" + gateway.version(), "route", "replace", destination.toString(), "via", gateway.toString());
    }

    /** What it has in mind as the link-layer address of the IP address, as {@code ip neighbour} says it. */
    public String neighbour(IpAddress address) {
        var words = space.ip("neighbour", "show", "to", address.toString()).split("\\s+", -1);
        int at = List.of(words).indexOf("lladdr");
        return at < 0 ? "" : words[at + 1];
    }

    /** Sends so many pings and waits for the answers, a second at most for the last. */
    public Pings ping(IpAddress target, int count, Duration interval) {
        var result = space.command(Pinging.words(target, interval))
                .and("-W", "1", "-c", Integer.toString(count))
                .within(interval.multipliedBy(count).plusSeconds(10))
                .run();
        return Pings.read(result.stdout(), count);
    }

    /** Pings until told to stop. */
    public Pinging pingContinuously(IpAddress target, Duration interval) {
        return Pinging.start(space, target, interval, fresh("ping"));
    }

    /** What {@code ping} says of a packet that may be passed on so often, less one. */
    public String probe(IpAddress target, int hops) {
        return space.command("ping", "-c", "1", "-W", "2", "-t", Integer.toString(hops), target.toString())
                .run()
                .stdout();
    }

    /** Captures what the card sends and receives, with the tags, from now on; the filter is tcpdump's. */
    public Capture capture(String... filter) {
        return Capture.start(space, CARD, fresh("capture"), filter);
    }

    /** A TCP server that sends back all that it receives. */
    public Echo listenTcp(int port) {
        return Echo.tcp(space, port);
    }

    /** Answers datagrams with what they hold. */
    public Echo listenUdp(int port) {
        return Echo.udp(space, port);
    }

    /** Tries to open a TCP connection. */
    public Reach tcp(IpAddress target, int port, Duration limit) {
        return Reach.tcp(space, target, port, limit);
    }

    /** Sends one datagram and waits for it to come back, as it does from a UDP {@link Echo}. */
    public Reach udp(IpAddress target, int port, Duration limit) {
        return Reach.udp(space, target, port, 1, limit);
    }

    /** Opens a TCP connection to an {@link Echo}, which must be answered within the limit. */
    public Conversation converse(IpAddress target, int port, Duration limit) {
        return Conversation.open(space, target, port, limit);
    }

    /** The command as it runs on this machine. */
    public Command command(String... words) {
        return space.command(words);
    }

    private Path fresh(String purpose) {
        try {
            return Files.createTempFile(directory, purpose + "-", ".log");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
