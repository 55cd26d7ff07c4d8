package org.dragonflow.openflow;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dragonflow.openflow.Message.TlvTableMod;

/** Nicira's messages (nicira-ext.h): what follows the experimenter's id and the subtype. */
final class NiciraWire {
    private static final int SET_PACKET_IN_FORMAT = 16;
    private static final int SET_CONTROLLER_ID = 20;
    private static final int TLV_TABLE_MOD = 24;
    private static final int TLV_TABLE_REQUEST = 25;
    private static final int TLV_TABLE_REPLY = 26;
    private static final int CT_FLUSH_ZONE = 29;
    static final int PACKET_IN2 = 30;

    private NiciraWire() {}

    static void write(WireWriter out, Message.NiciraRequest request) {
        switch (request) {
            case Message.SetPacketInFormat(var format) ->
                begin(out, SET_PACKET_IN_FORMAT).u32(format);
            case Message.SetControllerId(var id) ->
                begin(out, SET_CONTROLLER_ID).zeros(6).u16(id);
            case TlvTableMod mod -> writeTlvTableMod(out, mod);
            case Message.TlvTableRequest _ -> begin(out, TLV_TABLE_REQUEST);
            case Message.FlushZone(var zone) ->
                begin(out, CT_FLUSH_ZONE).zeros(6).u16(zone);
        }
    }

    /** A message that is no packet; empty if nobody knows its subtype. */
    static Optional<Message> read(int subtype, WireReader in) {
        return switch (subtype) {
            case SET_PACKET_IN_FORMAT -> Optional.of(new Message.SetPacketInFormat((int) in.u32()));
            case SET_CONTROLLER_ID -> {
                in.skip(6);
                yield Optional.of(new Message.SetControllerId(in.u16()));
            }
            case TLV_TABLE_MOD -> Optional.of(readTlvTableMod(in));
            case TLV_TABLE_REQUEST -> Optional.of(new Message.TlvTableRequest());
            case TLV_TABLE_REPLY -> Optional.of(readTlvTable(in));
            case CT_FLUSH_ZONE -> {
                in.skip(6);
                yield Optional.of(new Message.FlushZone(in.u16()));
            }
            default -> Optional.empty();
        };
    }

    private static WireWriter begin(WireWriter out, int subtype) {
        return out.u32(ActionCode.NICIRA).u32(subtype);
    }

    private static void writeTlvTableMod(WireWriter out, TlvTableMod mod) {
        begin(out, TLV_TABLE_MOD).u16(mod.command().ordinal()).zeros(6);
        for (var map : mod.maps()) {
            out.u16(map.optionClass())
                    .u8(map.optionType())
                    .u8(map.length())
                    .u16(map.index())
                    .u16(0);
        }
    }

    private static TlvTableMod readTlvTableMod(WireReader in) {
        int command = in.u16();
        in.skip(6);
        if (command >= TlvTableMod.Command.values().length) {
            throw new MalformedMessage("a change of the TLV table of command %d".formatted(command));
        }
        return new TlvTableMod(TlvTableMod.Command.values()[command], readMaps(in));
    }

    private static Message.TlvTable readTlvTable(WireReader in) {
        in.skip(16);
        return new Message.TlvTable(readMaps(in));
    }

    private static List<TlvMap> readMaps(WireReader in) {
        var maps = new ArrayList<TlvMap>();
        while (in.hasMore()) {
            maps.add(new TlvMap(in.u16(), in.u8(), in.u8(), in.u16()));
            in.skip(2);
        }
        return maps;
    }
}
