package org.dragonflow.flow;

import java.io.IOException;

/**
 * A switch that holds our entries, takes a change whole or not at all, and leaves what others put there alone.
 *
 * <p>An {@link IOException} says that the switch could not be reached or did not answer; whether it did what it was asked is then
 * unknown until {@link #installed} is asked again.
 */
public interface Switch {

    /** All of our entries that the switch holds now. */
    FlowTable installed() throws IOException;

    /** Makes the change; returns when the switch has confirmed it. */
    void commit(Bundle bundle) throws IOException, Refused;

    /** Hands a packet to the switch, and does not wait for what becomes of it. */
    void send(PacketOut packet) throws IOException;

    /** Forgets all connections of a conntrack zone. */
    void flushZone(int zone) throws IOException;

    /** The switch did not take a bundle, and holds nothing of it. */
    final class Refused extends Exception {
        private static final long serialVersionUID = 1;
        private final transient Bundle.Mod culprit;
        private final String reason;

        public Refused(Bundle.Mod culprit, String reason) {
            super("%s: %s".formatted(reason, culprit));
            this.culprit = culprit;
            this.reason = reason;
        }

        /** The change that the switch would not make. */
        public Bundle.Mod culprit() {
            return culprit;
        }

        /** The name of the error, as in OFPBAC_BAD_OUT_PORT. */
        public String reason() {
            return reason;
        }
    }
}
