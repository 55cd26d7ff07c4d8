package org.dragonflow.openflow;

import java.util.List;
import java.util.Optional;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.Group;
import org.dragonflow.flow.Meter;
import org.dragonflow.flow.PacketOut;
import org.dragonflow.flow.SwitchEvent;
import org.dragonflow.flow.Table;

/** What controller and switch say to each other: the messages of OpenFlow 1.5 and of Nicira that this project uses. */
sealed interface Message {

    /** The versions that the sender speaks, version n as bit n; section 7.5.1. */
    record Hello(int version, long versions) implements Message {}

    /** A request was refused; {@code request} is how it began, in hexadecimal. */
    record Failure(OpenFlowError error, String request) implements Message {}

    record EchoRequest(String data) implements Message {}

    record EchoReply(String data) implements Message {}

    record FeaturesRequest() implements Bare {}

    record Features(long datapath, int tables, long capabilities) implements Heard {}

    record GetConfig() implements Bare {}

    record Config(int flags, int missSendLength) implements Heard {}

    record SetConfig(int flags, int missSendLength) implements Message {}

    /** Which reasons of what is told unasked the sender wants to hear, one bit each; section 7.3.10. */
    record SetAsync(int packetIn, int portStatus, int flowRemoved) implements Message {}

    record RoleRequest(long role, long generation) implements Message {}

    record RoleReply(long role, long generation) implements Heard {}

    record BarrierRequest() implements Bare {}

    record BarrierReply() implements Bare {}

    /** Changes flows; a strict command means the one flow of this priority and match. Cookie and mask select what is deleted. */
    record FlowMod(FlowMod.Command command, Flow flow, long cookieMask) implements Message {
        enum Command {
            ADD,
            MODIFY,
            MODIFY_STRICT,
            DELETE,
            DELETE_STRICT
        }
    }

    record GroupMod(GroupMod.Command command, Group group) implements Message {
        /** The last one is Open vSwitch's own. */
        enum Command {
            ADD(0),
            MODIFY(1),
            DELETE(2),
            ADD_OR_MODIFY(0x8000);

            final int number;

            Command(int number) {
                this.number = number;
            }
        }
    }

    /** Changes a meter; a delete names none but its id. */
    record MeterMod(MeterMod.Command command, long id, Optional<Meter> meter) implements Message {
        MeterMod(MeterMod.Command command, Meter meter) {
            this(command, meter.id(), Optional.of(meter));
        }

        enum Command {
            ADD,
            MODIFY,
            DELETE
        }
    }

    record Send(PacketOut packet) implements Message {}

    /** A punted packet (NXT_PACKET_IN2); {@code continuation} is for the switch alone, and empty unless the flow paused it. */
    record PacketIn(SwitchEvent.PacketIn event, String continuation) implements Heard {}

    record PortStatus(SwitchEvent.PortStatus event) implements Heard {}

    record FlowRemoved(Table table, int priority, long cookie, int reason, Oxm.Tests tests) implements Heard {}

    /** Section 7.3.9. All of ours are atomic and ordered. */
    record BundleControl(long bundle, Step step) implements Message {
        enum Step {
            OPEN_REQUEST,
            OPEN_REPLY,
            CLOSE_REQUEST,
            CLOSE_REPLY,
            COMMIT_REQUEST,
            COMMIT_REPLY,
            DISCARD_REQUEST,
            DISCARD_REPLY
        }
    }

    /** One message of a bundle; it has the transaction id of the message around it. */
    record BundleAdd(long bundle, Message message) implements Message {}

    /** The flows of all tables whose cookie agrees with this one under the mask. */
    record FlowsRequest(long cookie, long cookieMask) implements Message {}

    record GroupsRequest() implements Message {}

    record MetersRequest() implements Message {}

    record PortsRequest() implements Message {}

    /** Part of an answer; {@code more} says that another part follows. */
    record Part(boolean more, Contents contents) implements Heard {}

    /** What a multipart answer lists. */
    sealed interface Contents {
        record Flows(List<InstalledFlow> flows) implements Contents {}

        record Groups(List<InstalledGroup> groups) implements Contents {}

        record Meters(List<InstalledMeter> meters) implements Contents {}

        record Ports(List<SwitchEvent.Port> ports) implements Contents {}

        record Unknown(int type, String hex) implements Contents {}
    }

    /** A flow of a switch with its counts; {@code unknown} are tests that no {@link org.dragonflow.flow.Header} stands for. */
    record InstalledFlow(Flow flow, List<String> unknown, long packets, long bytes) {}

    /** A group of a switch; empty where it is of a kind that this project does not make. */
    record InstalledGroup(long id, Optional<Group> group) {}

    /** A meter of a switch; empty where it is of a kind that this project does not make. */
    record InstalledMeter(long id, Optional<Meter> meter) {}

    /** A message of Nicira's that this side writes. */
    sealed interface NiciraRequest extends Message {}

    /** A message without a body. */
    sealed interface Bare extends Message {}

    /** A message that only a switch writes. */
    sealed interface Heard extends Message {}

    record SetPacketInFormat(int format) implements NiciraRequest {}

    record SetControllerId(int id) implements NiciraRequest {}

    record TlvTableMod(TlvTableMod.Command command, List<TlvMap> maps) implements NiciraRequest {
        enum Command {
            ADD,
            DELETE,
            CLEAR
        }
    }

    record TlvTableRequest() implements NiciraRequest {}

    record TlvTable(List<TlvMap> maps) implements Heard {}

    record FlushZone(int zone) implements NiciraRequest {}

    /** A message that nobody here knows: its bytes in hexadecimal. */
    record Unknown(int type, String hex) implements Message {}
}
