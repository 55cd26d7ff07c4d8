package org.dragonflow.openflow;

import java.util.ArrayList;
import java.util.List;
import org.dragonflow.openflow.Message.TlvTableMod;

/** Nicira's messages (nicira-ext.h): what follows the experimenter's id and the subtype. */
final class NiciraWire {
    static final int SET_PACKET_IN_FORMAT = 16;
    static final int SET_CONTROLLER_ID = 20;
    static final int TLV_TABLE_MOD = 24;
    static final int TLV_TABLE_REQUEST = 25;
    static final int TLV_TABLE_REPLY = 26;
    static final int CT_FLUSH_ZONE = 29;
    static final int PACKET_IN2 = 30;

    private NiciraWire() {}

    static WireWriter begin(WireWriter out, int subtype) {
        return out.u32(ActionCode.NICIRA).u32(subtype);
    }

    static void writeTlvTableMod(WireWriter out, TlvTableMod mod) {
        begin(out, TLV_TABLE_MOD).u16(mod.command().ordinal()).zeros(6);
        for (var map : mod.maps()) {
            out.u16(map.optionClass())
                    .u8(map.optionType())
                    .u8(map.length())
                    .u16(map.index())
                    .u16(0);
        }
    }

    static TlvTableMod readTlvTableMod(WireReader in) {
        int command = in.u16();
        in.skip(6);
        if (command >= TlvTableMod.Command.values().length) {
            throw new MalformedMessage("a change of the TLV table of command %d".formatted(command));
        }
        return new TlvTableMod(TlvTableMod.Command.values()[command], readMaps(in));
    }

    static Message.TlvTable readTlvTable(WireReader in) {
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
