package org.dragonflow.openflow;

import java.util.HexFormat;
import org.dragonflow.flow.Pipeline;
import org.dragonflow.openflow.Message.BundleControl;
import org.dragonflow.openflow.Message.Contents;

/** Messages as bytes and back: OpenFlow 1.5.1, with the header of section 7.1.1 before each. */
final class Codec {
    static final int VERSION = 6;
    static final int HEADER_LENGTH = 8;

    private static final int HELLO = 0;
    private static final int ERROR = 1;
    private static final int ECHO_REQUEST = 2;
    private static final int ECHO_REPLY = 3;
    private static final int EXPERIMENTER = 4;
    private static final int FEATURES_REQUEST = 5;
    private static final int FEATURES_REPLY = 6;
    private static final int GET_CONFIG_REQUEST = 7;
    private static final int GET_CONFIG_REPLY = 8;
    private static final int SET_CONFIG = 9;
    private static final int FLOW_REMOVED = 11;
    private static final int PORT_STATUS = 12;
    private static final int PACKET_OUT = 13;
    private static final int FLOW_MOD = 14;
    private static final int GROUP_MOD = 15;
    private static final int MULTIPART_REQUEST = 18;
    private static final int MULTIPART_REPLY = 19;
    private static final int BARRIER_REQUEST = 20;
    private static final int BARRIER_REPLY = 21;
    private static final int ROLE_REQUEST = 24;
    private static final int ROLE_REPLY = 25;
    private static final int SET_ASYNC = 28;
    private static final int METER_MOD = 29;
    private static final int BUNDLE_CONTROL = 33;
    private static final int BUNDLE_ADD = 34;

    private static final int PART_FLOWS = 1;
    private static final int PART_GROUPS = 7;
    private static final int PART_METERS = 10;
    private static final int PART_PORTS = 13;

    private static final int ATOMIC_AND_ORDERED = 3;
    private static final int VERSION_BITMAP = 1;

    private final FlowWire flows;
    private final GroupWire groups;
    private final PacketWire packets;

    /** The id is that of the connection to which punted packets go; see {@link ActionWriter}. */
    Codec(Pipeline pipeline, int controllerId) {
        var names = new Names(pipeline);
        var writer = new ActionWriter(names, controllerId);
        var reader = new ActionReader(names, controllerId);
        this.flows = new FlowWire(names, writer, reader);
        this.groups = new GroupWire(writer, reader);
        this.packets = new PacketWire(names, writer, reader);
    }

    /** A message with its transaction id. */
    record Envelope(int xid, Message message) {}

    byte[] encode(int xid, Message message) {
        var out = new WireWriter(256);
        write(out, xid, message);
        return out.toBytes();
    }

    /** Appends a message; one that OpenFlow has no form for is an IllegalArgumentException. */
    void write(WireWriter out, int xid, Message message) {
        int start = out.length();
        out.u8(message instanceof Message.Hello hello ? hello.version() : VERSION)
                .u8(typeOf(message))
                .u16(0)
                .u32(xid);
        writeBody(out, xid, message);
        out.lengthAt(start + 2, start);
    }

    private static int typeOf(Message message) {
        return switch (message) {
            case Message.Hello _ -> HELLO;
            case Message.Failure _ -> ERROR;
            case Message.EchoRequest _ -> ECHO_REQUEST;
            case Message.EchoReply _ -> ECHO_REPLY;
            case Message.FeaturesRequest _ -> FEATURES_REQUEST;
            case Message.GetConfig _ -> GET_CONFIG_REQUEST;
            case Message.SetConfig _ -> SET_CONFIG;
            case Message.SetAsync _ -> SET_ASYNC;
            case Message.RoleRequest _ -> ROLE_REQUEST;
            case Message.BarrierRequest _ -> BARRIER_REQUEST;
            case Message.BarrierReply _ -> BARRIER_REPLY;
            case Message.FlowMod _ -> FLOW_MOD;
            case Message.GroupMod _ -> GROUP_MOD;
            case Message.MeterMod _ -> METER_MOD;
            case Message.Send _ -> PACKET_OUT;
            case Message.BundleControl _ -> BUNDLE_CONTROL;
            case Message.BundleAdd _ -> BUNDLE_ADD;
            case Message.FlowsRequest _, Message.GroupsRequest _ -> MULTIPART_REQUEST;
            case Message.MetersRequest _, Message.PortsRequest _ -> MULTIPART_REQUEST;
            case Message.NiciraRequest _ -> EXPERIMENTER;
            case Message.Unknown unknown -> unknown.type();
            case Message.Heard _ -> throw onlyHeard(message);
        };
    }

    private static IllegalArgumentException onlyHeard(Message message) {
        return new IllegalArgumentException("only a switch says this: " + message);
    }

    private void writeBody(WireWriter out, int xid, Message message) {
        switch (message) {
            case Message.Hello hello -> out.u16(VERSION_BITMAP).u16(8).u32(hello.versions());
            case Message.Failure(var error, var request) -> {
                out.u16(error.type()).u16(error.code());
                (error.experimenter() != 0 ? out.u32(error.experimenter()) : out).hex(request);
            }
            case Message.EchoRequest(var data) -> out.hex(data);
            case Message.EchoReply(var data) -> out.hex(data);
            case Message.SetConfig(var flags, var length) -> out.u16(flags).u16(length);
            case Message.SetAsync async -> writeAsync(out, async);
            case Message.RoleRequest(var role, var generation) ->
                out.u32(role).u32(0).u64(generation);
            case Message.FlowMod mod -> flows.writeMod(out, mod);
            case Message.GroupMod mod -> groups.writeMod(out, mod);
            case Message.MeterMod mod -> MeterWire.writeMod(out, mod);
            case Message.Send(var packet) -> packets.writeOut(out, packet);
            case BundleControl(var bundle, var step) ->
                out.u32(bundle).u16(step.ordinal()).u16(ATOMIC_AND_ORDERED);
            case Message.BundleAdd(var bundle, var inner) -> {
                out.u32(bundle).u16(0).u16(ATOMIC_AND_ORDERED);
                write(out, xid, inner);
            }
            case Message.FlowsRequest request -> flows.writeRequest(multipart(out, PART_FLOWS), request);
            case Message.GroupsRequest _ -> GroupWire.writeRequest(multipart(out, PART_GROUPS));
            case Message.MetersRequest _ -> MeterWire.writeRequest(multipart(out, PART_METERS));
            case Message.PortsRequest _ -> PortWire.writeRequest(multipart(out, PART_PORTS));
            case Message.Unknown(var _, var hex) -> out.hex(hex);
            case Message.NiciraRequest request -> NiciraWire.write(out, request);
            case Message.Bare _ -> {}
            case Message.Heard _ -> throw onlyHeard(message);
        }
    }

    private static WireWriter multipart(WireWriter out, int type) {
        return out.u16(type).u16(0).u32(0);
    }

    // A pair of properties for each: a controller in the secondary role hears nothing, any other what it asked for.
    private static void writeAsync(WireWriter out, Message.SetAsync async) {
        int[] masks = {async.packetIn(), async.portStatus(), async.flowRemoved()};
        for (int i = 0; i < masks.length; i++) {
            out.u16(2 * i).u16(8).u32(0).u16(2 * i + 1).u16(8).u32(masks[i]);
        }
    }

    /** Reads one whole message; throws nothing but {@link MalformedMessage}. */
    Envelope decode(byte[] bytes) {
        var in = WireReader.of(bytes);
        int version = in.u8();
        int type = in.u8();
        int length = in.u16();
        int xid = (int) in.u32();
        if (length != bytes.length) {
            throw new MalformedMessage("a message of %d bytes says that it has %d".formatted(bytes.length, length));
        }
        // A peer of another version still says hello, and why it goes away.
        if (version != VERSION && type != HELLO && type != ERROR) {
            throw new MalformedMessage("a message of version %d after %d was agreed on".formatted(version, VERSION));
        }
        return new Envelope(xid, read(version, type, in));
    }

    private Message read(int version, int type, WireReader in) {
        return switch (type) {
            case HELLO -> readHello(version, in);
            case ERROR -> readFailure(in);
            case ECHO_REQUEST -> new Message.EchoRequest(hexOfRest(in));
            case ECHO_REPLY -> new Message.EchoReply(hexOfRest(in));
            case EXPERIMENTER -> readExperimenter(in);
            case FEATURES_REQUEST -> new Message.FeaturesRequest();
            case FEATURES_REPLY -> readFeatures(in);
            case GET_CONFIG_REQUEST -> new Message.GetConfig();
            case GET_CONFIG_REPLY -> new Message.Config(in.u16(), in.u16());
            case SET_CONFIG -> new Message.SetConfig(in.u16(), in.u16());
            case PORT_STATUS -> new Message.PortStatus(PortWire.readStatus(in));
            case FLOW_REMOVED -> flows.readRemoved(in);
            case PACKET_OUT -> new Message.Send(packets.readOut(in));
            case FLOW_MOD -> flows.readMod(in);
            case GROUP_MOD -> groups.readMod(in);
            case METER_MOD -> MeterWire.readMod(in);
            case MULTIPART_REPLY -> readPart(in);
            case BARRIER_REQUEST -> new Message.BarrierRequest();
            case BARRIER_REPLY -> new Message.BarrierReply();
            case ROLE_REPLY -> readRole(in);
            case BUNDLE_CONTROL -> readBundleControl(in);
            case BUNDLE_ADD -> readBundleAdd(in);
            default -> new Message.Unknown(type, hexOfRest(in));
        };
    }

    private static String hexOfRest(WireReader in) {
        return HexFormat.of().formatHex(in.rest());
    }

    private static Message readHello(int version, WireReader in) {
        long versions = (1L << Math.min(version, 31) << 1) - 1;
        while (in.remaining() >= 4) {
            var element = Property.read(in);
            if (element.type() == VERSION_BITMAP && element.body().remaining() >= 4) {
                versions = element.body().u32();
            }
        }
        return new Message.Hello(version, versions);
    }

    private static Message readFailure(WireReader in) {
        int type = in.u16();
        int code = in.u16();
        long experimenter = type == 0xffff ? in.u32() : 0;
        return new Message.Failure(new OpenFlowError(type, code, experimenter), hexOfRest(in));
    }

    private static Message readFeatures(WireReader in) {
        long datapath = in.u64();
        in.skip(4);
        int tables = in.u8();
        in.skip(3);
        return new Message.Features(datapath, tables, in.u32());
    }

    private static Message readRole(WireReader in) {
        long role = in.u32();
        in.skip(4);
        return new Message.RoleReply(role, in.u64());
    }

    private Message readExperimenter(WireReader in) {
        var all = in.peek();
        long experimenter = in.u32();
        if (experimenter != ActionCode.NICIRA) {
            return new Message.Unknown(EXPERIMENTER, hexOfRest(all));
        }
        int subtype = (int) in.u32();
        return subtype == NiciraWire.PACKET_IN2
                ? packets.readIn(in)
                : NiciraWire.read(subtype, in).orElseGet(() -> new Message.Unknown(EXPERIMENTER, hexOfRest(all)));
    }

    private Message readPart(WireReader in) {
        int type = in.u16();
        boolean more = (in.u16() & 1) != 0;
        in.skip(4);
        return new Message.Part(
                more,
                switch (type) {
                    case PART_FLOWS -> new Contents.Flows(flows.readFlows(in));
                    case PART_GROUPS -> new Contents.Groups(groups.readGroups(in));
                    case PART_METERS -> new Contents.Meters(MeterWire.readMeters(in));
                    case PART_PORTS -> new Contents.Ports(PortWire.readPorts(in));
                    default -> new Contents.Unknown(type, hexOfRest(in));
                });
    }

    private static Message readBundleControl(WireReader in) {
        long bundle = in.u32();
        int step = in.u16();
        if (step >= BundleControl.Step.values().length) {
            throw new MalformedMessage("a bundle control of step %d".formatted(step));
        }
        return new BundleControl(bundle, BundleControl.Step.values()[step]);
    }

    private Message readBundleAdd(WireReader in) {
        long bundle = in.u32();
        in.skip(4);
        var head = in.peek();
        head.skip(1);
        if (head.u8() == BUNDLE_ADD) {
            throw new MalformedMessage("a bundle in a bundle");
        }
        return new Message.BundleAdd(bundle, decode(in.rest()).message());
    }
}
