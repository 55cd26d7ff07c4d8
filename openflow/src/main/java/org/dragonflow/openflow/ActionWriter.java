package org.dragonflow.openflow;

import java.util.List;
import java.util.Optional;
import org.dragonflow.address.IpAddress;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Bits;
import org.dragonflow.flow.Field;
import org.dragonflow.flow.Table;

/** Actions as bytes. What cannot be said in OpenFlow is an IllegalArgumentException. */
final class ActionWriter {
    private final Names names;
    private final int controllerId;

    /** The id is that of the connection to which punted packets go; 0 is every connection that has not asked for another. */
    ActionWriter(Names names, int controllerId) {
        this.names = names;
        this.controllerId = controllerId;
    }

    void write(WireWriter out, List<Action> actions) {
        actions.forEach(action -> write(out, action));
    }

    private void write(WireWriter out, Action action) {
        switch (action) {
            case Action.Set(var field, var value) -> set(out, field, value);
            case Action.Copy(var from, var to) -> copy(out, from, to);
            case Action.Output(var port) -> output(out, port);
            case Action.Goto(var table) ->
                throw new IllegalArgumentException(
                        "going to %s must be the last thing that a flow does".formatted(table));
            case Action.Resubmit(var table) -> resubmit(out, table);
            case Action.Clone(var actions) -> onCopy(out, actions);
            case Action.Ct ct -> track(out, ct);
            case Action.CtClear _ -> nicira(out, ActionCode.NX_CT_CLEAR, () -> out.zeros(6));
            case Action.DecrementTtl _ -> shortAction(out, ActionCode.DEC_NW_TTL, 0);
            case Action.CheckLarger(var length, var into) ->
                nicira(out, ActionCode.NX_CHECK_LARGER, () -> {
                    out.u16(length).u16(into.offset());
                    Oxm.writeHeader(out, into.header());
                });
            case Action.Metered(var meter) -> shortAction(out, ActionCode.METER, meter);
            case Action.SetQueue(var queue) -> shortAction(out, ActionCode.SET_QUEUE, queue);
            case Action.Punt(var userdata) -> punt(out, userdata);
            case Action.Conjunction(var id, var clause, var of) ->
                nicira(
                        out,
                        ActionCode.NX_CONJUNCTION,
                        () -> out.u8(clause).u8(of).u32(id));
            case Action.ToGroup(var group) -> shortAction(out, ActionCode.GROUP, group);
            case Action.PushVlan(var tagType) -> shortAction(out, ActionCode.PUSH_VLAN, (long) tagType << 16);
            case Action.PopVlan _ -> shortAction(out, ActionCode.POP_VLAN, 0);
            case Action.Unknown(var hex) -> out.hex(hex);
        }
    }

    private static void shortAction(WireWriter out, int type, long argument) {
        out.u16(type).u16(8).u32(argument);
    }

    private static void openflow(WireWriter out, int type, Runnable body) {
        int start = out.length();
        out.u16(type).u16(0);
        body.run();
        out.pad(start).lengthAt(start + 2, start);
    }

    private static void nicira(WireWriter out, int subtype, Runnable body) {
        openflow(out, ActionCode.EXPERIMENTER, () -> {
            out.u32(ActionCode.NICIRA).u16(subtype);
            body.run();
        });
    }

    private static void set(WireWriter out, Field field, Bits value) {
        openflow(out, ActionCode.SET_FIELD, () -> Oxm.writeSet(out, field, value));
    }

    private static void copy(WireWriter out, Field from, Field to) {
        openflow(out, ActionCode.COPY_FIELD, () -> {
            out.u16(from.width()).u16(from.offset()).u16(to.offset()).u16(0);
            Oxm.writeHeader(out, from.header());
            Oxm.writeHeader(out, to.header());
        });
    }

    private static void output(WireWriter out, long port) {
        openflow(out, ActionCode.OUTPUT, () -> out.u32(port).u16(ActionCode.WHOLE_PACKET));
    }

    private void resubmit(WireWriter out, Table table) {
        nicira(
                out,
                ActionCode.NX_RESUBMIT_TABLE,
                () -> out.u16(ActionCode.SAME_PORT).u8(names.number(table)));
    }

    private void onCopy(WireWriter out, List<Action> actions) {
        nicira(out, ActionCode.NX_CLONE, () -> {
            out.zeros(6);
            write(out, actions);
        });
    }

    private void punt(WireWriter out, String userdata) {
        nicira(out, ActionCode.NX_CONTROLLER2, () -> {
            out.zeros(6);
            if (controllerId != 0) {
                out.u16(ActionCode.PUNT_CONTROLLER_ID).u16(6).u16(controllerId).u16(0);
            }
            if (!userdata.isEmpty()) {
                int start = out.length();
                out.u16(ActionCode.PUNT_USERDATA).u16(0).hex(userdata);
                out.lengthAt(start + 2, start);
                out.pad(start);
            }
        });
    }

    private void track(WireWriter out, Action.Ct ct) {
        nicira(out, ActionCode.NX_CT, () -> {
            out.u16((ct.commit() ? ActionCode.CT_COMMIT : 0) | (ct.force() ? ActionCode.CT_FORCE : 0));
            switch (ct.zone()) {
                case Action.Zone.Fixed(var zone) -> out.u32(0).u16(zone);
                case Action.Zone.In(var field) -> {
                    Oxm.writeHeader(out, field.header());
                    out.u16(field.offset() << 6 | field.width() - 1);
                }
            }
            out.u8(ct.next().map(names::number).orElse(ActionCode.NO_TABLE))
                    .zeros(3)
                    .u16(0);
            ct.nat().ifPresent(nat -> translate(out, nat));
            write(out, ct.exec());
        });
    }

    private static void translate(WireWriter out, Action.Nat nat) {
        nicira(out, ActionCode.NX_NAT, () -> {
            int kind = nat.source() ? ActionCode.NAT_SOURCE : ActionCode.NAT_DESTINATION;
            nat.to()
                    .ifPresentOrElse(
                            range -> range(out.u16(0).u16(kind), range),
                            // Neither kind: a translation to nowhere would end the switch (OVS 3.1).
                            () -> out.u16(0).u16(0).u16(0));
        });
    }

    private static void range(WireWriter out, Action.Nat.Range range) {
        if (range.first().version() != range.last().version() || range.lastPort() < range.firstPort()) {
            throw new IllegalArgumentException("this is no range to translate to: " + range);
        }
        boolean is4 = range.first().version() == 4;
        var last = range.last().equals(range.first()) ? Optional.<IpAddress>empty() : Optional.of(range.last());
        boolean hasPort = range.firstPort() != 0;
        boolean hasLastPort = hasPort && range.lastPort() != range.firstPort();
        int present = (is4 ? ActionCode.NAT_IPV4_MIN : ActionCode.NAT_IPV6_MIN)
                | (last.isEmpty() ? 0 : is4 ? ActionCode.NAT_IPV4_MAX : ActionCode.NAT_IPV6_MAX)
                | (hasPort ? ActionCode.NAT_PORT_MIN : 0)
                | (hasLastPort ? ActionCode.NAT_PORT_MAX : 0);
        out.u16(present).raw(range.first().bytes());
        last.ifPresent(address -> out.raw(address.bytes()));
        if (hasPort) {
            out.u16(range.firstPort());
        }
        if (hasLastPort) {
            out.u16(range.lastPort());
        }
    }
}
