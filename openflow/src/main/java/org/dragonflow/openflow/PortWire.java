package org.dragonflow.openflow;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.dragonflow.address.Mac;
import org.dragonflow.flow.SwitchEvent;

/** Ports on the wire (OpenFlow 1.5, section 7.2.1). */
final class PortWire {
    private static final long ANY_PORT = 0xffff_ffffL;
    private static final int NAME_LENGTH = 16;

    private PortWire() {}

    static void writeRequest(WireWriter out) {
        out.u32(ANY_PORT).u32(0);
    }

    static SwitchEvent.PortStatus readStatus(WireReader in) {
        int reason = in.u8();
        in.skip(7);
        var changes = SwitchEvent.PortStatus.Change.values();
        if (reason >= changes.length) {
            throw new MalformedMessage("a port status of reason %d".formatted(reason));
        }
        return new SwitchEvent.PortStatus(changes[reason], readPort(in));
    }

    static List<SwitchEvent.Port> readPorts(WireReader in) {
        var ports = new ArrayList<SwitchEvent.Port>();
        while (in.hasMore()) {
            var head = in.peek();
            head.skip(4);
            int length = head.u16();
            if (length < 40) {
                throw new MalformedMessage("a port of %d bytes".formatted(length));
            }
            ports.add(readPort(in.part(length)));
        }
        return ports;
    }

    private static SwitchEvent.Port readPort(WireReader in) {
        long number = in.u32();
        in.skip(4);
        var mac = new Mac(in.u48());
        in.skip(2);
        var name = new String(in.take(NAME_LENGTH), StandardCharsets.UTF_8);
        int end = name.indexOf('\0');
        boolean isTakenDown = (in.u32() & 1) != 0;
        boolean hasNoLink = (in.u32() & 1) != 0;
        boolean isUp = !isTakenDown && !hasNoLink;
        return new SwitchEvent.Port(number, end < 0 ? name : name.substring(0, end), mac, isUp);
    }
}
