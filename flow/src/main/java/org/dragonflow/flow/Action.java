package org.dragonflow.flow;

import java.util.List;
import java.util.Optional;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.Mac;

/**
 * What a flow does to a packet. The list of cases is the list of what the encoder and the tracer must know.
 *
 * <p>Two actions are equal when a switch does the same for them: of a field counts which bits it takes, not what it is called. So
 * what is read back from a switch equals what was asked for, although a switch knows no names.
 */
public sealed interface Action {

    /** Puts a value into a field; the bits of the header beside the field stay. */
    record Set(Field field, Bits value) implements Action {
        public Set {
            field.place(value);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Set set && field.isSameBitsAs(set.field) && value.equals(set.value);
        }

        @Override
        public int hashCode() {
            return 31 * field.bitsHash() + value.hashCode();
        }
    }

    /** Copies one field to another of the same width. */
    record Copy(Field from, Field to) implements Action {
        public Copy {
            if (from.width() != to.width()) {
                throw new IllegalArgumentException(
                        "%s has %d bits and %s has %d".formatted(from, from.width(), to, to.width()));
            }
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Copy copy && from.isSameBitsAs(copy.from) && to.isSameBitsAs(copy.to);
        }

        @Override
        public int hashCode() {
            return 31 * from.bitsHash() + to.bitsHash();
        }
    }

    /** Sends the packet, as it is now, out of a port; never out of the port it came in on. */
    record Output(long port) implements Action {}

    /** Goes on in a later table, once all other actions are done. */
    record Goto(Table table) implements Action {}

    /** Looks the packet up in another table, does what is found there, and comes back (NXAST_RESUBMIT_TABLE). */
    record Resubmit(Table table) implements Action {}

    /** Does the actions on a copy; the packet and its registers are afterwards as they were (NXAST_CLONE). */
    record Clone(List<Action> actions) implements Action {
        public Clone {
            actions = List.copyOf(actions);
        }
    }

    /**
     * Passes the packet through connection tracking (NXAST_CT).
     *
     * @param commit whether the connection is entered (or its mark and label changed), not only looked up
     * @param force with {@code commit}: an existing connection of the other direction is replaced
     * @param zone which set of connections
     * @param next where the packet goes on with its connection state known; without it, it goes on untracked
     * @param nat an address translation, where one is wanted
     * @param exec sets of CT_MARK and CT_LABEL, with {@code commit}
     */
    record Ct(boolean commit, boolean force, Zone zone, Optional<Table> next, Optional<Nat> nat, List<Action> exec)
            implements Action {
        public Ct {
            exec = List.copyOf(exec);
        }
    }

    /** The set of connections that a packet is looked up in: given by number, or found in a field of 16 bits. */
    sealed interface Zone {
        /** The zone of this number. */
        record Fixed(int zone) implements Zone {
            public Fixed {
                if (zone < 0 || zone > 0xffff) {
                    throw new IllegalArgumentException("a conntrack zone has 16 bits: " + zone);
                }
            }
        }

        /** The zone whose number is in the field. */
        record In(Field field) implements Zone {
            public In {
                if (field.width() != 16) {
                    throw new IllegalArgumentException(
                            "a conntrack zone has 16 bits, %s has %d".formatted(field, field.width()));
                }
            }

            @Override
            public boolean equals(Object other) {
                return other instanceof In in && field.isSameBitsAs(in.field);
            }

            @Override
            public int hashCode() {
                return field.bitsHash();
            }
        }
    }

    /** A translation of the source or the destination to an address, and to a port if one is given; without one, {@link #BACK}. */
    record Nat(boolean source, Optional<Range> to) {
        /** Does with the packet what its connection says, which some other flow began to translate. */
        public static final Nat BACK = new Nat(true, Optional.empty());

        public Nat {
            // There is but one way back.
            source |= to.isEmpty();
        }

        /** Inclusive at both ends; ports 0 and 0 leave the port to conntrack. */
        public record Range(IpAddress first, IpAddress last, int firstPort, int lastPort) {}
    }

    /** Forgets the connection state, so that the packet can be tracked anew. */
    record CtClear() implements Action {}

    /** One less hop; a packet that has none left goes no further in this list. */
    record DecrementTtl() implements Action {}

    /** Writes into a field of one bit whether the frame, from its link-layer header on, is longer than this (NXAST_CHECK_PKT_LARGER). */
    record CheckLarger(int length, Field into) implements Action {
        public CheckLarger {
            if (length < 0 || length > 0xffff) {
                throw new IllegalArgumentException("a length of a packet has 16 bits: " + length);
            }
            if (into.width() != 1) {
                throw new IllegalArgumentException(
                        "whether a packet is larger is one bit, %s has %d".formatted(into, into.width()));
            }
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof CheckLarger check && length == check.length && into.isSameBitsAs(check.into);
        }

        @Override
        public int hashCode() {
            return 31 * length + into.bitsHash();
        }
    }

    /** Lets through at the meter's rate, and drops the rest. */
    record Metered(long meter) implements Action {}

    /**
     * Says by which queue the packet leaves (OFPAT_SET_QUEUE), out of whatever port it leaves; where the port has no such queue, by the one for all
     * others. The kernel's datapath gives it the priority that stands for the queue, also where nothing was made of queues.
     */
    record SetQueue(long queue) implements Action {}

    /** Sends the packet with its registers to the controller (NXAST_CONTROLLER2); the bytes come back with it, in hexadecimal. */
    record Punt(String userdata) implements Action {}

    /** Says that dimension {@code clause} (0-based) of {@code of} of a conjunction is met; a flow of these has nothing else. */
    record Conjunction(long id, int clause, int of) implements Action {}

    /** Hands the packet to a group. */
    record ToGroup(long group) implements Action {}

    /**
     * Adds an empty VLAN tag, outermost.
     *
     * @param tagType of the tag: {@code 0x8100} for IEEE 802.1Q, {@code 0x88a8} for IEEE 802.1ad
     */
    record PushVlan(int tagType) implements Action {}

    /** Takes the outermost VLAN tag away. */
    record PopVlan() implements Action {}

    /** An action that this project never makes but may find in a switch; the bytes of its OpenFlow form, in hexadecimal. */
    record Unknown(String hex) implements Action {}

    static Action set(Field field, long value) {
        return new Set(field, Bits.of(value));
    }

    static Action set(Field field, Mac mac) {
        return new Set(field, Bits.of(mac.bits()));
    }

    static Action set(Field field, IpAddress address) {
        return new Set(field, new Bits(address.high(), address.low()));
    }

    static Action copy(Field from, Field to) {
        return new Copy(from, to);
    }

    static Action output(long port) {
        return new Output(port);
    }

    static Action goTo(Table table) {
        return new Goto(table);
    }

    static Action resubmit(Table table) {
        return new Resubmit(table);
    }

    static Action onCopy(Action... actions) {
        return new Clone(List.of(actions));
    }

    /** Looks the packet up in the zone and goes on in the table. */
    static Action track(Zone zone, Table next) {
        return new Ct(false, false, zone, Optional.of(next), Optional.empty(), List.of());
    }

    /** Enters the connection, or changes the mark and label of one that is entered. */
    static Action commit(Zone zone, Action... exec) {
        return new Ct(true, false, zone, Optional.empty(), Optional.empty(), List.of(exec));
    }
}
