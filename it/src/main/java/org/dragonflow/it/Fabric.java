package org.dragonflow.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Ipv6;

/**
 * What joins the chassis of a lab: one Ethernet bridge, with a control segment for agents and servers and a tunnel
 * segment for the overlay, and one for each physical network, which passes frames with any tag. Addresses are
 * from the block for benchmarks (RFC 2544) and from unique local ones.
 */
public final class Fabric {
    static final int SEGMENTS = 256;
    private static final int ROOT = 254;

    private final Set<String> wires = new HashSet<>();
    private final Space space;
    private int cables;
    private final IpPrefix control4;
    private final IpPrefix control6;
    private final IpPrefix tunnel4;
    private final IpPrefix tunnel6;

    Fabric(Space space, int segment) {
        this.space = space;
        this.control4 = block4("198.18.0.0", segment);
        this.control6 = block6("fd18:df::", segment);
        this.tunnel4 = block4("198.19.0.0", segment);
        this.tunnel6 = block6("fd19:df::", segment);
        space.ip("link", "add", "fabric", "type", "bridge");
        space.ip("link", "set", "fabric", "up");
    }

    private static IpPrefix block4(String first, int segment) {
        return new IpPrefix(Ipv4.parse(first).plus((long) segment << 8), 24);
    }

    private static IpPrefix block6(String first, int segment) {
        var base = Ipv6.parse(first);
        return new IpPrefix(new Ipv6(base.high() + segment, 0), 64);
    }

    public Space space() {
        return space;
    }

    Segment control(int number) {
        return Segment.host(control4, control6, number);
    }

    Segment tunnel(int number) {
        return Segment.host(tunnel4, tunnel6, number);
    }

    /** A cable from a new device of the machine to a new port of the fabric. */
    Link join(Space machine, String device, String port) {
        return join(machine, device, port, "fabric");
    }

    /** A cable from a new device of the machine to a physical network, which is made if it is not there. */
    synchronized Link wire(Space machine, String device, String physicalNetwork) {
        if (!wires.contains(physicalNetwork)) {
            space.ip("link", "add", physicalNetwork, "type", "bridge");
            space.ip("link", "set", physicalNetwork, "up");
            wires.add(physicalNetwork);
        }
        cables++;
        var link = join(machine, device, "wire" + cables, physicalNetwork);
        // Switches in user space read frames as they are, and would pass on checksums that no card fills in.
        machine.command("ethtool", "-K", device, "tx", "off").require();
        return link;
    }

    private Link join(Space machine, String device, String port, String bridge) {
        space.ip("link", "add", port, "type", "veth", "peer", "name", device, "netns", machine.name());
        space.ip("link", "set", port, "master", bridge, "up");
        machine.ip("link", "set", device, "up");
        return new Link(space, port);
    }

    /** A cable from a new device of the namespace in which this process is. */
    Segment joinRoot(String device, Journal journal) {
        var address = control(ROOT);
        if (Files.exists(Path.of("/sys/class/net", device))) {
            throw new IllegalStateException("the device %s exists, and this lab did not make it".formatted(device));
        }
        journal.record(new Journal.Entry.Device(device));
        Command.of("ip", "link", "add", device, "type", "veth", "peer", "name", "root", "netns", space.name())
                .require();
        space.ip("link", "set", "root", "master", "fabric", "up");
        Command.of("ip", "link", "set", device, "up").require();
        Command.of("ip", "addr", "add", address.cidr4(), "dev", device).require();
        Command.of("ip", "addr", "add", address.cidr6(), "dev", device, "nodad").require();
        return address;
    }
}
