package org.dragonflow.openflow;

import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Mac;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Field;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.Frame;
import org.dragonflow.flow.Group;
import org.dragonflow.flow.Match;
import org.dragonflow.flow.Meter;
import org.dragonflow.flow.PacketOut;
import org.dragonflow.flow.SwitchEvent;
import org.dragonflow.openflow.Message.Contents;
import org.dragonflow.openflow.Message.FlowMod;
import org.dragonflow.openflow.Message.GroupMod;
import org.dragonflow.openflow.Message.MeterMod;
import org.dragonflow.openflow.Message.TlvTableMod;

/** Messages and their bytes, annotated. All have the transaction id 7; tables are those of {@link RandomFlows}. */
final class Samples {
    private static final Flow FLOW = new Flow(
            RandomFlows.SECOND,
            0x64,
            Match.IPV4.and(RandomFlows.SLICE, 5),
            List.of(Action.output(2), Action.goTo(RandomFlows.THIRD)),
            0x00df_0000_0000_0001L);

    private static final Group GROUP =
            new Group(0x4d, Group.Type.SELECT, List.of(new Group.Bucket(1, 30, List.of(new Action.DecrementTtl()))));

    private static final String MATCH = """
            0001 0016              # OXM, 22 bytes
            00010708 00000050 0000fff0   # NXM reg3, masked
            80000a02 0800          # eth_type
            0000                   # padding
            """;

    private static final String INSTRUCTIONS = """
            0004 0018 00000000     # apply actions
            0000 0010 00000002 ffff 000000000000   # output to 2, whole packet
            0001 0008 02 000000    # goto table 2
            """;

    private static final String BUCKETS = """
            0018 0008 00000001     # bucket 1, its actions are 8 bytes
            0018 0008 00000000     # decrement TTL
            0000 0008 001e 0000    # weight 30
            """;

    /** Which ways this side uses a message: a request is not read, what only a switch says is not written. */
    enum Use {
        WRITTEN,
        READ,
        BOTH
    }

    record Sample(Message message, Use use, String annotated) {
        byte[] bytes() {
            return HexFormat.of()
                    .parseHex(annotated
                            .lines()
                            .map(line -> line.replaceAll("#.*", "").replaceAll("\\s", ""))
                            .collect(Collectors.joining()));
        }

        @Override
        public String toString() {
            return message.toString();
        }
    }

    private Samples() {}

    private static Sample said(Message message, String annotated) {
        return new Sample(message, Use.BOTH, annotated);
    }

    private static Sample asked(Message message, String annotated) {
        return new Sample(message, Use.WRITTEN, annotated);
    }

    private static Sample heard(Message message, String annotated) {
        return new Sample(message, Use.READ, annotated);
    }

    static List<Sample> all() {
        return Stream.of(conversation(), mods(), packets(), parts(), nicira())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Sample> conversation() {
        return List.of(
                said(new Message.Hello(6, 1 << 6), "06 00 0010 00000007  0001 0008 00000040 # bitmap: 1.5 only"),
                said(new Message.Failure(new OpenFlowError(2, 9, 0), "060e"), "06 01 000e 00000007 0002 0009 060e"),
                said(
                        new Message.Failure(new OpenFlowError(0xffff, 15, 0x2320), ""),
                        "06 01 0010 00000007 ffff 000f 00002320 # Nicira's, bad conjunction"),
                said(new Message.EchoRequest("abcd"), "06 02 000a 00000007 abcd"),
                said(new Message.EchoReply(""), "06 03 0008 00000007"),
                said(new Message.FeaturesRequest(), "06 05 0008 00000007"),
                heard(
                        new Message.Features(0xaa55, 254, 0x4f),
                        "06 06 0020 00000007 000000000000aa55 00000000 fe 00 0000 0000004f 00000000"),
                said(new Message.GetConfig(), "06 07 0008 00000007"),
                heard(new Message.Config(0, 0xffff), "06 08 000c 00000007 0000 ffff"),
                said(new Message.SetConfig(0, 0xffff), "06 09 000c 00000007 0000 ffff"),
                said(new Message.BarrierRequest(), "06 14 0008 00000007"),
                said(new Message.BarrierReply(), "06 15 0008 00000007"),
                heard(new Message.RoleReply(2, 9), "06 19 0018 00000007 00000002 00000000 0000000000000009"),
                asked(new Message.RoleRequest(2, 9), "06 18 0018 00000007 00000002 00000000 0000000000000009"),
                asked(new Message.SetAsync(0x3f, 7, 0), """
                        06 1c 0038 00000007
                        0000 0008 00000000  0001 0008 0000003f    # packet-in: as secondary, else
                        0002 0008 00000000  0003 0008 00000007    # port status
                        0004 0008 00000000  0005 0008 00000000    # flow removed
                        """),
                said(
                        new Message.BundleControl(1, Message.BundleControl.Step.COMMIT_REQUEST),
                        "06 21 0010 00000007 00000001 0004 0003 # commit; atomic and ordered"),
                said(
                        new Message.BundleAdd(1, new Message.BarrierRequest()),
                        "06 22 0018 00000007 00000001 0000 0003  06 14 0008 00000007"),
                said(new Message.Unknown(31, "0102"), "06 1f 000a 00000007 0102"));
    }

    private static List<Sample> mods() {
        return List.of(
                said(new FlowMod(FlowMod.Command.ADD, FLOW, 0), """
                        06 0e 0068 00000007
                        00df000000000001 0000000000000000   # cookie, mask
                        01 00 0000 0000 0064                # table 1, add, no timeouts, priority 100
                        ffffffff ffffffff ffffffff 0000 0000  # no buffer, any port, any group, no flags
                        """ + MATCH + INSTRUCTIONS),
                said(new GroupMod(GroupMod.Command.ADD_OR_MODIFY, GROUP), """
                        06 0f 0030 00000007
                        8000 01 00 0000004d     # add or modify, select, id 77
                        0018 0000 ffffffff      # 24 bytes of buckets, all of them
                        """ + BUCKETS),
                said(new MeterMod(MeterMod.Command.ADD, Meter.ofPackets(5, 100, 10)), """
                        06 1d 0020 00000007
                        0000 0006 00000005      # add; packets a second, burst; id 5
                        0001 0010 00000064 0000000a 00000000   # drop above 100, burst 10
                        """),
                said(new MeterMod(MeterMod.Command.MODIFY, Meter.ofKilobits(0x1000_0005, 1000, 800)), """
                        06 1d 0020 00000007
                        0001 0005 10000005      # modify; kilobits a second, burst; id 0x10000005
                        0001 0010 000003e8 00000320 00000000   # drop above 1000, burst 800
                        """),
                said(
                        new MeterMod(MeterMod.Command.DELETE, 5, Optional.empty()),
                        "06 1d 0010 00000007 0002 0000 00000005"),
                heard(
                        new Message.FlowRemoved(RandomFlows.SECOND, 0x64, 1, 2, new Oxm.Tests(FLOW.match(), List.of())),
                        "06 0b 0030 00000007 01 02 0064 0000 0000 0000000000000001" + MATCH));
    }

    private static List<Sample> packets() {
        return List.of(
                said(
                        new Message.Send(new PacketOut(
                                Frame.ofHex("ffff"),
                                1,
                                Match.ANY.and(Field.reg("r", 9, 0, 32), 0x4d),
                                List.of(Action.output(PacketOut.TABLE)))),
                        """
                        06 0d 003a 00000007
                        ffffffff 0010 0000        # no buffer, 16 bytes of actions
                        0001 0014  80000004 00000001  00011204 0000004d  00000000   # in_port, reg9
                        0000 0010 fffffff9 ffff 000000000000   # output to the tables
                        ffff                      # the frame
                        """),
                heard(
                        new Message.PacketIn(
                                new SwitchEvent.PacketIn(
                                        Frame.ofHex("beef"),
                                        60,
                                        RandomFlows.SECOND,
                                        0x1234,
                                        1,
                                        Match.on(Field.IN_PORT, 1)
                                                .and(Field.reg("r", 9, 0, 32), 0x4d)
                                                .and(Field.reg("q", 8, 0, 32), 0),
                                        "09080706"),
                                ""),
                        """
                        06 04 0060 00000007 00002320 0000001e     # NXT_PACKET_IN2
                        0000 0006 beef 0000                       # packet
                        0001 0008 0000003c                        # full length
                        0003 0005 01 000000                       # table
                        0004 0010 00000000 0000000000001234       # cookie
                        0005 0005 01 000000                       # reason
                        0006 0018 80000004 00000001 80010808 000000000000004d   # in_port; xreg4, of which reg9
                        0007 0008 09080706                        # userdata
                        """),
                heard(
                        new Message.PortStatus(new SwitchEvent.PortStatus(
                                SwitchEvent.PortStatus.Change.DELETED,
                                new SwitchEvent.Port(2, "p2", new Mac(0xaa55_0000_0002L), false))),
                        """
                        06 0c 0038 00000007 01 00000000000000
                        00000002 0028 0000 aa5500000002 0000
                        70320000000000000000000000000000        # name
                        00000000 00000001                         # up, but no link
                        """));
    }

    private static List<Sample> parts() {
        return List.of(
                asked(new Message.GroupsRequest(), "06 12 0018 00000007 0007 0000 00000000 fffffffc 00000000"),
                asked(new Message.MetersRequest(), "06 12 0018 00000007 000a 0000 00000000 ffffffff 00000000"),
                asked(new Message.PortsRequest(), "06 12 0018 00000007 000d 0000 00000000 ffffffff 00000000"),
                asked(new Message.FlowsRequest(0, 0), """
                        06 12 0038 00000007 0001 0000 00000000
                        ff 000000 ffffffff ffffffff 00000000 0000000000000000 0000000000000000
                        0001 0004 00000000
                        """),
                heard(
                        new Message.Part(
                                true, new Contents.Flows(List.of(new Message.InstalledFlow(FLOW, List.of(), 3, 180)))),
                        """
                        06 13 0080 00000007 0001 0001 00000000   # flows; more follow
                        0070 0000 01 00 0064 0000 0000 0000 0000 00df000000000001
                        """ + MATCH + """
                        0000 001c                                # statistics
                        80020808 0000000000000003                # packets
                        80020a08 00000000000000b4 00000000       # bytes, padding
                        """ + INSTRUCTIONS),
                heard(
                        new Message.Part(
                                false,
                                new Contents.Groups(List.of(new Message.InstalledGroup(0x4d, Optional.of(GROUP))))),
                        """
                        06 13 0038 00000007 0007 0000 00000000
                        0028 01 00 0000004d 0018 000000000000
                        """ + BUCKETS),
                heard(
                        new Message.Part(
                                false,
                                new Contents.Meters(List.of(
                                        new Message.InstalledMeter(5, Optional.of(Meter.ofPackets(5, 100, 10))),
                                        new Message.InstalledMeter(6, Optional.of(Meter.ofKilobits(6, 100, 80))),
                                        new Message.InstalledMeter(7, Optional.empty())))),
                        """
                        06 13 0058 00000007 000a 0000 00000000
                        0018 000e 00000005 0001 0010 00000064 0000000a 00000000
                        0018 000d 00000006 0001 0010 00000064 00000050 00000000  # in kilobits
                        0018 0000 00000007 0001 0010 00000064 00000000 00000000  # in neither: none of ours
                        """),
                heard(
                        new Message.Part(false, new Contents.Unknown(3, "01")),
                        "06 13 0011 00000007 0003 0000 00000000 01"));
    }

    private static List<Sample> nicira() {
        return List.of(
                said(new Message.SetPacketInFormat(2), "06 04 0014 00000007 00002320 00000010 00000002"),
                said(new Message.SetControllerId(0xdf), "06 04 0018 00000007 00002320 00000014 000000000000 00df"),
                said(
                        new TlvTableMod(TlvTableMod.Command.ADD, List.of(new TlvMap(0x102, 1, 8, 0))),
                        "06 04 0020 00000007 00002320 00000018 0000 000000000000  0102 01 08 0000 0000"),
                said(new Message.TlvTableRequest(), "06 04 0010 00000007 00002320 00000019"),
                heard(
                        new Message.TlvTable(List.of(new TlvMap(0x102, 1, 8, 0))),
                        "06 04 0028 00000007 00002320 0000001a 00000100 0040 00000000000000000000 0102 01 08 0000 0000"),
                said(new Message.FlushZone(9), "06 04 0018 00000007 00002320 0000001d 000000000000 0009"),
                said(
                        new FlowMod(
                                FlowMod.Command.DELETE_STRICT,
                                new Flow(RandomFlows.FIRST, 1, Match.ANY, List.of(ct()), 0x00df_0000_0000_0000L),
                                Owner.MASK),
                        """
                        06 0e 0070 00000007
                        00df000000000000 ffff000000000000
                        00 04 0000 0000 0001 ffffffff ffffffff ffffffff 0000 0000
                        0001 0004 00000000
                        0004 0038 00000000
                        ffff 0030 00002320 0023              # ct
                        0001 00011204 040f ff 000000 0000    # commit; zone is reg9[16..31]; no table
                        ffff 0018 00002320 0024 0000         # nat
                        0002 0031 0a000001 0050 0051    # destination; address, ports 80 to 81
                        """));
    }

    private static Action ct() {
        var address = Ipv4.parse("10.0.0.1");
        return new Action.Ct(
                true,
                false,
                new Action.Zone.In(RandomFlows.ZONE),
                Optional.empty(),
                Optional.of(new Action.Nat(false, Optional.of(new Action.Nat.Range(address, address, 80, 81)))),
                List.of());
    }
}
