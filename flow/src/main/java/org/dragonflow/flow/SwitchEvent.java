package org.dragonflow.flow;

import org.dragonflow.address.Mac;

/** What a switch tells unasked. */
public sealed interface SwitchEvent {

    /** The switch can be asked and told from now on; what it holds is unknown until asked. */
    record Connected() implements SwitchEvent {}

    /** The switch can be neither asked nor told until it is connected again; what was under way may have been done or not. */
    record Disconnected(String reason) implements SwitchEvent {}

    /**
     * A packet that a flow punted.
     *
     * @param frame the packet
     * @param length of the packet before it was cut; that of the frame if it was not
     * @param table where the flow is that punted it
     * @param cookie of that flow
     * @param reason number of the OpenFlow reason (OFPR_*)
     * @param metadata what it carried: in port, registers, tunnel and connection fields
     * @param userdata of the {@link Action.Punt}, in hexadecimal
     */
    record PacketIn(Frame frame, long length, Table table, long cookie, int reason, Match metadata, String userdata)
            implements SwitchEvent {}

    /** A port has come, gone or changed. */
    record PortStatus(Change change, Port port) implements SwitchEvent {
        /** What became of the port. */
        public enum Change {
            ADDED,
            DELETED,
            MODIFIED
        }
    }

    /**
     * A port as OpenFlow shows it.
     *
     * @param number its OpenFlow number
     * @param name of the interface
     * @param isUp whether the link is up and the port is not administratively down
     */
    record Port(long number, String name, Mac mac, boolean isUp) {}
}
