package org.dragonflow.apps;

import org.dragonflow.flow.Action;
import org.dragonflow.flow.Match;

/** What is known of the connection between two ports of this chassis, while a packet from one to the other is looked at ({@link Pairs}). */
enum PairState {
    /** Nothing: no zone of the two has been asked, or the two are asked one by one, as if each were alone. */
    UNKNOWN,

    /** In the target's zone, which was asked first, the packet is no answer to the target; a connection may be there. */
    NO_ANSWER,

    /** In the target's zone, which was asked first, there is no such connection. */
    NEW_TO_TARGET,

    /** In the sender's zone, which was asked first, there is no such connection. */
    NEW_TO_SENDER,

    /** In the sender's zone, which was asked first, the packet belongs to nothing: it may be an answer to the target. */
    STRANGE_TO_SENDER,

    /** The connection begins: neither zone has it. */
    BEGINNING,

    /** The sender began the connection, and it was entered in the sender's zone for both. */
    ENTERED,

    /** As {@link #ENTERED}, and the sender's rules have allowed again what they had stopped; what the target's have, is not seen any more. */
    REOPENED,

    /** The target began the connection, it was entered in the target's zone for both, and the packet answers. */
    ANSWER;

    Match match() {
        return Match.on(Registers.PAIR_STATE, ordinal());
    }

    Action set() {
        return Action.set(Registers.PAIR_STATE, ordinal());
    }
}
