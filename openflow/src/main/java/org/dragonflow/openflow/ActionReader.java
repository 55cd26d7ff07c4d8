package org.dragonflow.openflow;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dragonflow.address.IpAddress;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Bits;

/** Actions from bytes; one that this project has no word for becomes an {@link Action.Unknown}. */
final class ActionReader {
    // Lists nest in clone and ct; no flow of ours nests deeper than 2, and a message could nest until the stack is
    // full.
    private static final int DEEPEST = 8;

    private final Names names;
    private final int controllerId;

    ActionReader(Names names, int controllerId) {
        this.names = names;
        this.controllerId = controllerId;
    }

    /** Reads actions to the end of the part. */
    List<Action> read(WireReader in) {
        return read(in, 0);
    }

    private List<Action> read(WireReader in, int depth) {
        var actions = new ArrayList<Action>();
        while (in.hasMore()) {
            var part = next(in);
            actions.add(known(part.peek(), depth).orElseGet(() -> new Action.Unknown(part.hex())));
        }
        return actions;
    }

    private static WireReader next(WireReader in) {
        var head = in.peek();
        head.skip(2);
        int length = head.u16();
        if (length < 8) {
            throw new MalformedMessage("an action of %d bytes".formatted(length));
        }
        return in.part(length);
    }

    private Optional<Action> known(WireReader in, int depth) {
        int type = in.u16();
        in.skip(2);
        return switch (type) {
            case ActionCode.OUTPUT -> Optional.of(new Action.Output(in.u32()));
            case ActionCode.PUSH_VLAN -> Optional.of(new Action.PushVlan(in.u16()));
            case ActionCode.POP_VLAN -> Optional.of(new Action.PopVlan());
            case ActionCode.GROUP -> Optional.of(new Action.ToGroup(in.u32()));
            case ActionCode.DEC_NW_TTL -> Optional.of(new Action.DecrementTtl());
            case ActionCode.SET_FIELD -> set(in);
            case ActionCode.COPY_FIELD -> copy(in);
            case ActionCode.SET_QUEUE -> Optional.of(new Action.SetQueue(in.u32()));
            case ActionCode.METER -> Optional.of(new Action.Metered(in.u32()));
            case ActionCode.EXPERIMENTER -> in.u32() == ActionCode.NICIRA ? nicira(in, depth) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private Optional<Action> nicira(WireReader in, int depth) {
        return switch (in.u16()) {
            case ActionCode.NX_RESUBMIT_TABLE -> resubmit(in);
            case ActionCode.NX_CONJUNCTION -> {
                int clause = in.u8();
                int of = in.u8();
                yield Optional.of(new Action.Conjunction(in.u32(), clause, of));
            }
            case ActionCode.NX_CT -> depth < DEEPEST ? track(in, depth) : Optional.empty();
            case ActionCode.NX_CONTROLLER2 -> punt(in);
            case ActionCode.NX_CLONE -> depth < DEEPEST ? onCopy(in, depth) : Optional.empty();
            case ActionCode.NX_CT_CLEAR -> Optional.of(new Action.CtClear());
            case ActionCode.NX_CHECK_LARGER -> larger(in);
            default -> Optional.empty();
        };
    }

    // A mask with gaps is no field; such an action is none of ours.
    private Optional<Action> set(WireReader in) {
        var entries = Oxm.readEntries(in);
        if (entries.size() != 1) {
            return Optional.empty();
        }
        var entry = entries.getFirst();
        var mask = entry.mask();
        int length = mask.length();
        int offset = lowestBit(mask);
        boolean hasGaps = !mask.equals(Bits.ones(length - offset).shiftLeft(offset));
        if (length == 0 || hasGaps) {
            return Optional.empty();
        }
        var field = names.field(entry.header(), offset, length - offset);
        return Optional.of(new Action.Set(field, field.extract(entry.value())));
    }

    private static int lowestBit(Bits mask) {
        return mask.low() != 0
                ? Long.numberOfTrailingZeros(mask.low())
                : 64 + Long.numberOfTrailingZeros(mask.high()) % 64;
    }

    private Optional<Action> copy(WireReader in) {
        int width = in.u16();
        int from = in.u16();
        int to = in.u16();
        in.skip(2);
        var source = Oxm.readHeader(in);
        var target = Oxm.readHeader(in);
        if (source.isEmpty() || target.isEmpty()) {
            return Optional.empty();
        }
        if (width < 1
                || from + width > source.get().width()
                || to + width > target.get().width()) {
            return Optional.empty();
        }
        return Optional.of(
                new Action.Copy(names.field(source.get(), from, width), names.field(target.get(), to, width)));
    }

    private Optional<Action> larger(WireReader in) {
        int length = in.u16();
        int offset = in.u16();
        return Oxm.readHeader(in)
                .filter(header -> offset < header.width())
                .map(header -> new Action.CheckLarger(length, names.field(header, offset, 1)));
    }

    private Optional<Action> resubmit(WireReader in) {
        boolean isSamePort = in.u16() == ActionCode.SAME_PORT;
        int table = in.u8();
        return isSamePort && table != ActionCode.NO_TABLE
                ? Optional.of(new Action.Resubmit(names.table(table)))
                : Optional.empty();
    }

    private Optional<Action> onCopy(WireReader in, int depth) {
        in.skip(6);
        return Optional.of(new Action.Clone(read(in, depth + 1)));
    }

    private Optional<Action> punt(WireReader in) {
        in.skip(6);
        var userdata = "";
        int id = 0;
        while (in.remaining() >= 4) {
            var property = Property.read(in);
            switch (property.type()) {
                case ActionCode.PUNT_CONTROLLER_ID -> id = property.body().u16();
                case ActionCode.PUNT_USERDATA -> userdata = property.body().hex();
                default -> {
                    return Optional.empty();
                }
            }
        }
        return id == controllerId ? Optional.of(new Action.Punt(userdata)) : Optional.empty();
    }

    private Optional<Action> track(WireReader in, int depth) {
        int flags = in.u16();
        var source = in.peek();
        boolean isFixed = in.u32() == 0;
        int zone = in.u16();
        int table = in.u8();
        in.skip(3);
        int application = in.u16();
        if (flags > (ActionCode.CT_COMMIT | ActionCode.CT_FORCE) || application != 0) {
            return Optional.empty();
        }
        var where = isFixed ? Optional.of((Action.Zone) new Action.Zone.Fixed(zone)) : zone(source, zone);
        var nested = nested(in, depth + 1);
        return where.flatMap(z -> nested.map(n -> new Action.Ct(
                (flags & ActionCode.CT_COMMIT) != 0,
                (flags & ActionCode.CT_FORCE) != 0,
                z,
                table == ActionCode.NO_TABLE ? Optional.empty() : Optional.of(names.table(table)),
                n.nat(),
                n.exec())));
    }

    private Optional<Action.Zone> zone(WireReader in, int bits) {
        int offset = bits >>> 6;
        int width = (bits & 0x3f) + 1;
        return Oxm.readHeader(in)
                .filter(header -> width == 16 && offset + width <= header.width())
                .map(header -> new Action.Zone.In(names.field(header, offset, width)));
    }

    private record Nested(Optional<Action.Nat> nat, List<Action> exec) {}

    private Optional<Nested> nested(WireReader in, int depth) {
        var nat = Optional.<Action.Nat>empty();
        var exec = new ArrayList<Action>();
        while (in.hasMore()) {
            var part = next(in);
            if (isNat(part.peek())) {
                nat = nat(part.peek());
                if (nat.isEmpty()) {
                    return Optional.empty();
                }
            } else {
                exec.addAll(read(part, depth));
            }
        }
        return Optional.of(new Nested(nat, exec));
    }

    private static boolean isNat(WireReader in) {
        if (in.u16() != ActionCode.EXPERIMENTER) {
            return false;
        }
        in.skip(2);
        return in.u32() == ActionCode.NICIRA && in.remaining() >= 2 && in.u16() == ActionCode.NX_NAT;
    }

    private static Optional<Action.Nat> nat(WireReader in) {
        in.skip(12);
        int flags = in.u16();
        int present = in.u16();
        if (flags == 0 && present == 0) {
            return Optional.of(Action.Nat.BACK);
        }
        boolean isKnown = flags == ActionCode.NAT_SOURCE || flags == ActionCode.NAT_DESTINATION;
        if (!isKnown || present > 0x3f) {
            return Optional.empty();
        }
        boolean source = flags == ActionCode.NAT_SOURCE;
        boolean is4 = (present & ActionCode.NAT_IPV4_MIN) != 0;
        boolean is6 = (present & ActionCode.NAT_IPV6_MIN) != 0;
        if (is4 == is6) {
            return Optional.empty();
        }
        return Optional.of(new Action.Nat(source, Optional.of(range(in, present, is4 ? 4 : 16))));
    }

    private static Action.Nat.Range range(WireReader in, int present, int size) {
        boolean hasLast = (present & (ActionCode.NAT_IPV4_MAX | ActionCode.NAT_IPV6_MAX)) != 0;
        var first = IpAddress.of(in.take(size));
        var last = hasLast ? IpAddress.of(in.take(size)) : first;
        int firstPort = (present & ActionCode.NAT_PORT_MIN) != 0 ? in.u16() : 0;
        int lastPort = (present & ActionCode.NAT_PORT_MAX) != 0 ? in.u16() : firstPort;
        return new Action.Nat.Range(first, last, firstPort, lastPort);
    }
}
