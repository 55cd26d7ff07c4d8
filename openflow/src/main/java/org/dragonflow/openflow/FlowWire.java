package org.dragonflow.openflow;

import java.util.ArrayList;
import java.util.List;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.Match;
import org.dragonflow.openflow.Message.FlowMod;
import org.dragonflow.openflow.Message.InstalledFlow;

/** Flows on the wire: flow mods, flow descriptions with their counts, and word of their end. */
final class FlowWire {
    private static final int GOTO_TABLE = 1;
    private static final int APPLY_ACTIONS = 4;
    private static final long ANY = 0xffff_ffffL;
    private static final int ALL_TABLES = 0xff;
    private static final int STATISTICS_CLASS = 0x8002;
    private static final int PACKET_COUNT = 4;
    private static final int BYTE_COUNT = 5;

    private final Names names;
    private final ActionWriter writer;
    private final ActionReader reader;

    FlowWire(Names names, ActionWriter writer, ActionReader reader) {
        this.names = names;
        this.writer = writer;
        this.reader = reader;
    }

    /** Section 7.3.4.2. */
    void writeMod(WireWriter out, FlowMod mod) {
        var flow = mod.flow();
        out.u64(flow.cookie())
                .u64(mod.cookieMask())
                .u8(names.number(flow.table()))
                .u8(mod.command().ordinal())
                .u16(0)
                .u16(0)
                .u16(flow.priority())
                .u32(ANY)
                .u32(ANY)
                .u32(ANY)
                .u16(0)
                .u16(0);
        Oxm.writeMatch(out, flow.match());
        writeInstructions(out, flow.actions());
    }

    private void writeInstructions(WireWriter out, List<Action> actions) {
        boolean goesOn = !actions.isEmpty() && actions.getLast() instanceof Action.Goto;
        var applied = goesOn ? actions.subList(0, actions.size() - 1) : actions;
        if (!applied.isEmpty()) {
            int start = out.length();
            out.u16(APPLY_ACTIONS).u16(0).u32(0);
            writer.write(out, applied);
            out.lengthAt(start + 2, start);
        }
        if (goesOn && actions.getLast() instanceof Action.Goto(var table)) {
            out.u16(GOTO_TABLE).u16(8).u8(names.number(table)).zeros(3);
        }
    }

    FlowMod readMod(WireReader in) {
        long cookie = in.u64();
        long mask = in.u64();
        var table = names.table(in.u8());
        int command = in.u8();
        if (command >= FlowMod.Command.values().length) {
            throw new MalformedMessage("a flow mod of command %d".formatted(command));
        }
        in.skip(4);
        int priority = in.u16();
        in.skip(16);
        var match = Oxm.readMatch(in).match();
        var flow = new Flow(table, priority, match, readInstructions(in), cookie);
        return new FlowMod(FlowMod.Command.values()[command], flow, mask);
    }

    private List<Action> readInstructions(WireReader in) {
        var actions = new ArrayList<Action>();
        while (in.hasMore()) {
            var head = in.peek();
            int type = head.u16();
            int length = head.u16();
            if (length < 8) {
                throw new MalformedMessage("an instruction of %d bytes".formatted(length));
            }
            var part = in.part(length);
            var hex = part.hex();
            part.skip(4);
            switch (type) {
                case GOTO_TABLE -> actions.add(new Action.Goto(names.table(part.u8())));
                case APPLY_ACTIONS -> {
                    part.skip(4);
                    actions.addAll(reader.read(part));
                }
                default -> actions.add(new Action.Unknown(hex));
            }
        }
        return actions;
    }

    /** Section 7.3.5.2; the same request asks for descriptions, with counts, of OpenFlow 1.5. */
    void writeRequest(WireWriter out, Message.FlowsRequest request) {
        out.u8(ALL_TABLES)
                .zeros(3)
                .u32(ANY)
                .u32(ANY)
                .zeros(4)
                .u64(request.cookie())
                .u64(request.cookieMask());
        Oxm.writeMatch(out, Match.ANY);
    }

    List<InstalledFlow> readFlows(WireReader in) {
        var flows = new ArrayList<InstalledFlow>();
        while (in.hasMore()) {
            int length = in.peek().u16();
            if (length < 24) {
                throw new MalformedMessage("a flow description of %d bytes".formatted(length));
            }
            flows.add(readFlow(in.part(length)));
        }
        return flows;
    }

    private InstalledFlow readFlow(WireReader in) {
        in.skip(4);
        var table = names.table(in.u8());
        in.skip(1);
        int priority = in.u16();
        in.skip(8);
        long cookie = in.u64();
        var tests = Oxm.readMatch(in);
        var counts = readCounts(in);
        var flow = new Flow(table, priority, tests.match(), readInstructions(in), cookie);
        return new InstalledFlow(flow, tests.unknown(), counts.packets(), counts.bytes());
    }

    private record Counts(long packets, long bytes) {}

    /** The structure {@code ofp_stats} (section 7.2.4), padded. */
    private static Counts readCounts(WireReader in) {
        var head = in.peek();
        head.skip(2);
        int length = head.u16();
        if (length < 4) {
            throw new MalformedMessage("statistics of %d bytes".formatted(length));
        }
        var part = in.part(length);
        in.skip(Math.min(in.remaining(), -length & 7));
        part.skip(4);
        long packets = 0;
        long bytes = 0;
        while (part.hasMore()) {
            long header = part.u32();
            var value = part.part((int) header & 0xff);
            boolean isKnown = header >>> 16 == STATISTICS_CLASS;
            int field = (int) (header >>> 9) & 0x7f;
            if (isKnown && field == PACKET_COUNT) {
                packets = value.u64();
            } else if (isKnown && field == BYTE_COUNT) {
                bytes = value.u64();
            }
        }
        return new Counts(packets, bytes);
    }

    Message.FlowRemoved readRemoved(WireReader in) {
        var table = names.table(in.u8());
        int reason = in.u8();
        int priority = in.u16();
        in.skip(4);
        long cookie = in.u64();
        return new Message.FlowRemoved(table, priority, cookie, reason, Oxm.readMatch(in));
    }
}
