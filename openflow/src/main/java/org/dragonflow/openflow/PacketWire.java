package org.dragonflow.openflow;

import org.dragonflow.flow.Field;
import org.dragonflow.flow.Frame;
import org.dragonflow.flow.Header;
import org.dragonflow.flow.Match;
import org.dragonflow.flow.PacketOut;
import org.dragonflow.flow.SwitchEvent;

/** Packets on their way to the controller (NXT_PACKET_IN2) and back (OpenFlow 1.5, section 7.3.6). */
final class PacketWire {
    private static final long NO_BUFFER = 0xffff_ffffL;

    private static final int PACKET = 0;
    private static final int FULL_LENGTH = 1;
    private static final int TABLE = 3;
    private static final int COOKIE = 4;
    private static final int REASON = 5;
    private static final int METADATA = 6;
    private static final int USERDATA = 7;
    private static final int CONTINUATION = 8;

    private final Names names;
    private final ActionWriter writer;
    private final ActionReader reader;

    PacketWire(Names names, ActionWriter writer, ActionReader reader) {
        this.names = names;
        this.writer = writer;
        this.reader = reader;
    }

    void writeOut(WireWriter out, PacketOut packet) {
        int lengthAt = out.u32(NO_BUFFER).length();
        out.u16(0).u16(0);
        Oxm.writeMatch(out, Match.on(Field.IN_PORT, packet.inPort()).and(packet.registers()));
        int start = out.length();
        writer.write(out, packet.actions());
        out.lengthAt(lengthAt, start);
        out.raw(packet.frame().bytes());
    }

    PacketOut readOut(WireReader in) {
        in.skip(4);
        int actionsLength = in.u16();
        in.skip(2);
        var match = Oxm.readMatch(in).match();
        var actions = reader.read(in.part(actionsLength));
        return new PacketOut(Frame.of(in.rest()), inPort(match), withoutInPort(match), actions);
    }

    private static long inPort(Match match) {
        return match.tests().stream()
                .filter(t -> t.header() == Header.IN_PORT)
                .findFirst()
                .map(t -> t.value().low())
                .orElseThrow(() -> new MalformedMessage("a packet out without an in port"));
    }

    private static Match withoutInPort(Match match) {
        return Match.of(
                match.tests().stream().filter(t -> t.header() != Header.IN_PORT).toList());
    }

    Message.PacketIn readIn(WireReader in) {
        var frame = Frame.of(new byte[0]);
        long length = -1;
        int table = 0;
        long cookie = 0;
        int reason = 0;
        var metadata = Match.ANY;
        var userdata = "";
        var continuation = "";
        while (in.hasMore()) {
            var property = Property.read(in);
            var body = property.body();
            switch (property.type()) {
                case PACKET -> frame = Frame.of(body.rest());
                case FULL_LENGTH -> length = body.u32();
                case TABLE -> table = body.u8();
                case COOKIE -> {
                    body.skip(4);
                    cookie = body.u64();
                }
                case REASON -> reason = body.u8();
                case METADATA -> metadata = Oxm.readTests(body).match();
                case USERDATA -> userdata = body.hex();
                case CONTINUATION -> continuation = body.hex();
                default -> {
                    // A newer switch may say more; nothing of it is needed.
                }
            }
        }
        long whole = length < 0 ? frame.length() : length;
        return new Message.PacketIn(
                new SwitchEvent.PacketIn(frame, whole, names.table(table), cookie, reason, metadata, userdata),
                continuation);
    }
}
