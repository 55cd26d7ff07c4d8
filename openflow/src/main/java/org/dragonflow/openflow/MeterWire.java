package org.dragonflow.openflow;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dragonflow.flow.Meter;
import org.dragonflow.openflow.Message.InstalledMeter;
import org.dragonflow.openflow.Message.MeterMod;

/** Meters on the wire (OpenFlow 1.5, sections 7.3.4.5 and 7.3.5.14): one band that drops what is over a number of packets or kilobits. */
final class MeterWire {
    private static final long ALL_METERS = 0xffff_ffffL;
    private static final int KILOBITS = 1;
    private static final int PACKETS = 2;
    private static final int BURST = 4;
    private static final int COUNTED = 8;
    private static final int DROP = 1;

    private MeterWire() {}

    static void writeMod(WireWriter out, MeterMod mod) {
        out.u16(mod.command().ordinal())
                .u16(mod.meter().map(meter -> flag(meter.unit()) | BURST).orElse(0))
                .u32(mod.id());
        mod.meter()
                .ifPresent(meter -> out.u16(DROP)
                        .u16(16)
                        .u32(meter.rate())
                        .u32(meter.burst())
                        .u32(0));
    }

    private static int flag(Meter.Unit unit) {
        return switch (unit) {
            case KILOBITS -> KILOBITS;
            case PACKETS -> PACKETS;
        };
    }

    static MeterMod readMod(WireReader in) {
        int command = in.u16();
        int flags = in.u16();
        long id = in.u32();
        if (command >= MeterMod.Command.values().length) {
            throw new MalformedMessage("a meter mod of command %d".formatted(command));
        }
        return new MeterMod(MeterMod.Command.values()[command], id, readBand(id, flags, in));
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
        var unit = unit(flags & ~(COUNTED | BURST));
        if (unit.isEmpty() || in.remaining() != 16 || in.u16() != DROP) {
            return Optional.empty();
        }
        in.skip(2);
        long rate = in.u32();
        return Optional.of(new Meter(id, unit.get(), rate, in.u32()));
    }

    private static Optional<Meter.Unit> unit(int flags) {
        return switch (flags) {
            case KILOBITS -> Optional.of(Meter.Unit.KILOBITS);
            case PACKETS -> Optional.of(Meter.Unit.PACKETS);
            default -> Optional.empty();
        };
    }
}
