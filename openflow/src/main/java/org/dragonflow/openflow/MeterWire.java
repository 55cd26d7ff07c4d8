package org.dragonflow.openflow;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dragonflow.flow.Meter;
import org.dragonflow.openflow.Message.InstalledMeter;
import org.dragonflow.openflow.Message.MeterMod;

/** Meters on the wire (OpenFlow 1.5, sections 7.3.4.5 and 7.3.5.14): packets a second, one band that drops. */
final class MeterWire {
    private static final long ALL_METERS = 0xffff_ffffL;
    private static final int PACKETS = 2;
    private static final int BURST = 4;
    private static final int COUNTED = 8;
    private static final int DROP = 1;

    private MeterWire() {}

    /** A delete names no band. */
    static void writeMod(WireWriter out, MeterMod mod) {
        boolean isDelete = mod.command() == MeterMod.Command.DELETE;
        out.u16(mod.command().ordinal())
                .u16(isDelete ? 0 : PACKETS | BURST)
                .u32(mod.meter().id());
        if (!isDelete) {
            out.u16(DROP)
                    .u16(16)
                    .u32(mod.meter().packetsPerSecond())
                    .u32(mod.meter().burst())
                    .u32(0);
        }
    }

    static MeterMod readMod(WireReader in) {
        int command = in.u16();
        int flags = in.u16();
        long id = in.u32();
        if (command >= MeterMod.Command.values().length) {
            throw new MalformedMessage("a meter mod of command %d".formatted(command));
        }
        return new MeterMod(
                MeterMod.Command.values()[command], readBand(id, flags, in).orElse(new Meter(id, 0, 0)));
    }

    static void writeRequest(WireWriter out) {
        out.u32(ALL_METERS).u32(0);
    }

    static List<InstalledMeter> readMeters(WireReader in) {
        var meters = new ArrayList<InstalledMeter>();
        while (in.hasMore()) {
            int length = in.peek().u16();
            if (length < 8) {
                throw new MalformedMessage("a meter description of %d bytes".formatted(length));
            }
            var part = in.part(length);
            part.skip(2);
            int flags = part.u16();
            long id = part.u32();
            meters.add(new InstalledMeter(id, readBand(id, flags, part)));
        }
        return meters;
    }

    private static Optional<Meter> readBand(long id, int flags, WireReader in) {
        boolean isPlain = (flags & ~(COUNTED | BURST)) == PACKETS;
        if (!isPlain || in.remaining() != 16 || in.u16() != DROP) {
            return Optional.empty();
        }
        in.skip(2);
        long rate = in.u32();
        return Optional.of(new Meter(id, rate, in.u32()));
    }
}
