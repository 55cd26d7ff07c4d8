package org.dragonflow.openflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Ipv6;
import org.dragonflow.address.Mac;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Field;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.Header;
import org.dragonflow.flow.Match;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ovs-ofctl makes of its own flow syntax, read by us: a fake switch takes the flows that {@code add-flows} sends. */
class TextOracleTest {
    private final Codec codec = new Codec(RandomFlows.PIPELINE, 0);

    @TempDir
    private Path directory;

    @BeforeAll
    static void requireOpenVswitch() {
        OpenVswitch.requireInstalled();
    }

    @Test
    void flowsInTextAreReadAsMeant() throws Exception {
        var wanted = flows();
        var sent = send(List.copyOf(wanted.keySet()));
        assertThat(sent).hasSameSizeAs(wanted.keySet());
        int i = 0;
        for (var flow : wanted.values()) {
            assertThat(codec.decode(sent.get(i++)).message())
                    .isEqualTo(new Message.FlowMod(Message.FlowMod.Command.ADD, flow, 0));
        }
    }

    @Test
    void ourBytesPrintAsTheirs() throws Exception {
        var wanted = flows();
        var sent = send(List.copyOf(wanted.keySet()));
        int i = 0;
        for (var flow : wanted.values()) {
            var ours = codec.encode(1, new Message.FlowMod(Message.FlowMod.Command.ADD, flow, 0));
            assertThat(printed(ours)).isEqualTo(printed(sent.get(i++)));
        }
    }

    private static String printed(byte[] bytes) {
        var withoutXid = Arrays.copyOf(bytes, bytes.length);
        Arrays.fill(withoutXid, 4, 8, (byte) 0);
        return OpenVswitch.run("ovs-ofctl", "ofp-print", HexFormat.of().formatHex(withoutXid));
    }

    private List<byte[]> send(List<String> lines) throws Exception {
        var socket = directory.resolve("fake.sock");
        var file = Files.write(directory.resolve("flows"), lines);
        Files.deleteIfExists(socket);
        try (var server =
                ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket))) {
            var process = new ProcessBuilder(
                            "ovs-ofctl",
                            "--no-names",
                            "-t",
                            "5",
                            "-O",
                            "OpenFlow15",
                            "--strict",
                            "add-flows",
                            "unix:" + socket,
                            file.toString())
                    .inheritIO()
                    .start();
            try (var channel = new FrameChannel(server.accept())) {
                return receive(channel);
            } finally {
                assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    private List<byte[]> receive(FrameChannel channel) throws IOException {
        var mods = new ArrayList<byte[]>();
        channel.write(codec.encode(1, new Message.Hello(Codec.VERSION, 1L << Codec.VERSION)));
        try {
            while (true) {
                var bytes = channel.read();
                var envelope = codec.decode(bytes);
                if (envelope.message() instanceof Message.FlowMod) {
                    mods.add(bytes);
                } else if (envelope.message() instanceof Message.BarrierRequest) {
                    channel.write(codec.encode(envelope.xid(), new Message.BarrierReply()));
                }
            }
        } catch (EOFException e) {
            return mods;
        }
    }

    private static Flow flow(int priority, Match match, Action... actions) {
        return Flow.in(RandomFlows.SECOND, priority, match, actions);
    }

    private static Map<String, Flow> flows() {
        var flows = new LinkedHashMap<String, Flow>();
        addMatches(flows);
        addUnderlayMatches(flows);
        addActions(flows);
        addMeasuring(flows);
        addTracking(flows);
        return flows;
    }

    private static Match icmp6(int type) {
        return Match.IPV6.and(Field.IP_PROTO, 58).and(Field.ICMPV6_TYPE, type);
    }

    private static void addUnderlayMatches(Map<String, Flow> flows) {
        flows.put(
                "table=1,priority=15,icmp6,ip_frag=yes,nw_ttl=255,tun_ipv6_src=fd00::2,tun_ipv6_dst=fd00::1,actions=drop",
                flow(
                        15,
                        Match.IPV6
                                .and(Field.IP_PROTO, 58)
                                .and(Field.IP_FRAG, 1, 1)
                                .and(Field.IP_TTL, 255)
                                .and(Field.TUN_IPV6_SRC, Ipv6.parse("fd00::2"))
                                .and(Field.TUN_IPV6_DST, Ipv6.parse("fd00::1"))));
    }

    private static void addMatches(Map<String, Flow> flows) {
        flows.put(
                "table=1,priority=1,reg9=0x10/0xf0,reg15=3,metadata=0x7,tun_id=9,in_port=4,actions=drop",
                flow(
                        1,
                        Match.on(Field.reg("nibble", 9, 4, 4), 1)
                                .and(Field.of(Header.REG15), 3)
                                .and(Field.of(Header.METADATA), 7)
                                .and(Field.TUN_ID, 9)
                                .and(Field.IN_PORT, 4)));
        flows.put(
                "table=1,priority=2,ct_state=+est+trk,ct_mark=0x1/0x1,ct_zone=9,ct_label=0x5,ip,actions=drop",
                flow(
                        2,
                        Match.IPV4
                                .and(Field.CT_STATE, 0x22, 0x22)
                                .and(Field.CT_MARK, 1, 1)
                                .and(Field.of(Header.CT_ZONE), 9)
                                .and(Field.of(Header.CT_LABEL), 5)));
        flows.put(
                "table=1,priority=3,icmp6,icmp_type=136,icmp_code=0,nd_target=fe80::1,nd_tll=02:00:00:00:00:01,actions=drop",
                flow(
                        3,
                        icmp6(136)
                                .and(Field.ICMPV6_CODE, 0)
                                .and(Field.ND_TARGET, Ipv6.parse("fe80::1"))
                                .and(Field.ND_TLL, Mac.parse("02:00:00:00:00:01"))));
        flows.put(
                "table=1,priority=4,udp6,ipv6_src=2001:db8::/32,ipv6_label=0x12345,tp_dst=546,actions=drop",
                flow(
                        4,
                        Match.IPV6
                                .and(Field.IP_PROTO, 17)
                                .and(Field.IPV6_SRC, IpPrefix.parse("2001:db8::/32"))
                                .and(Field.of(Header.IPV6_FLABEL), 0x12345)
                                .and(Field.UDP_DST, 546)));
        flows.put("table=1,priority=5,vlan_tci=0,actions=drop", flow(5, Match.on(Field.VLAN_VID, 0)));
        flows.put(
                "table=1,priority=6,tcp,tcp_flags=+syn-ack,ip_frag=no,actions=drop",
                flow(
                        6,
                        Match.IPV4
                                .and(Field.IP_PROTO, 6)
                                .and(Field.of(Header.TCP_FLAGS), 2, 0x12)
                                .and(Field.IP_FRAG, 0)));
        flows.put("table=1,priority=7,xxreg1=0x5,actions=drop", flow(7, Match.on(Field.of(Header.XXREG1), 5)));
    }

    private static void addActions(Map<String, Flow> flows) {
        flows.put(
                "table=1,priority=20,ip,actions=set_field:0x20/0x30->reg3,move:NXM_NX_REG0[0..15]->NXM_NX_REG9[16..31],dec_ttl,"
                        + "set_field:0x99->tun_id,set_field:10.0.0.9->tun_dst,group:5,output:2,goto_table:2",
                flow(
                        20,
                        Match.IPV4,
                        Action.set(Field.reg("two", 3, 4, 2), 2),
                        Action.copy(Field.reg("low", 0, 0, 16), Field.reg("high", 9, 16, 16)),
                        new Action.DecrementTtl(),
                        Action.set(Field.TUN_ID, 0x99),
                        Action.set(Field.TUN_DST, Ipv4.parse("10.0.0.9")),
                        new Action.ToGroup(5),
                        Action.output(2),
                        Action.goTo(RandomFlows.THIRD)));
        flows.put(
                "table=1,priority=21,icmp6,icmp_type=135,actions=clone(set_field:136->icmpv6_type,resubmit(,2)),"
                        + "controller(userdata=01.02.03.04.05)",
                flow(
                        21,
                        icmp6(135),
                        Action.onCopy(Action.set(Field.ICMPV6_TYPE, 136), Action.resubmit(RandomFlows.THIRD)),
                        new Action.Punt("0102030405")));
        flows.put(
                "table=1,priority=22,icmp6,icmp_type=136,icmp_code=0,actions=set_field:0xe0000000->nd_reserved,set_field:2->nd_options_type",
                flow(
                        22,
                        icmp6(136).and(Field.ICMPV6_CODE, 0),
                        Action.set(Field.ND_RESERVED, 0xe000_0000L),
                        Action.set(Field.ND_OPTIONS_TYPE, 2)));
        flows.put(
                "table=1,priority=23,ip,actions=conjunction(7,1/2),conjunction(8,3/3)",
                flow(23, Match.IPV4, new Action.Conjunction(7, 0, 2), new Action.Conjunction(8, 2, 3)));
        flows.put(
                "table=1,priority=24,actions=meter:6,set_queue:7,push_vlan:0x8100,set_field:4101->vlan_vid,pop_vlan",
                flow(
                        24,
                        Match.ANY,
                        new Action.Metered(6),
                        new Action.SetQueue(7),
                        new Action.PushVlan(0x8100),
                        Action.set(Field.VLAN_VID, 0x1005),
                        new Action.PopVlan()));
    }

    private static void addMeasuring(Map<String, Flow> flows) {
        flows.put(
                "table=1,priority=25,actions=check_pkt_larger(1514)->NXM_NX_REG3[4],check_pkt_larger(90)->NXM_NX_XXREG1[100],goto_table:2",
                flow(
                        25,
                        Match.ANY,
                        new Action.CheckLarger(1514, Field.reg("bit", 3, 4, 1)),
                        new Action.CheckLarger(90, Field.named("high", Header.XXREG1, 100, 1)),
                        Action.goTo(RandomFlows.THIRD)));
    }

    private static Optional<Action.Nat> nat(boolean source, String first, String last, int firstPort, int lastPort) {
        return Optional.of(new Action.Nat(
                source,
                Optional.of(new Action.Nat.Range(IpAddress.parse(first), IpAddress.parse(last), firstPort, lastPort))));
    }

    private static void addTracking(Map<String, Flow> flows) {
        flows.put(
                "table=1,priority=40,tcp,actions=ct(commit,zone=5,table=2,nat(src=10.0.0.1-10.0.0.9:1000-2000))",
                flow(
                        40,
                        Match.IPV4.and(Field.IP_PROTO, 6),
                        new Action.Ct(
                                true,
                                false,
                                new Action.Zone.Fixed(5),
                                Optional.of(RandomFlows.THIRD),
                                nat(true, "10.0.0.1", "10.0.0.9", 1000, 2000),
                                List.of())));
        flows.put(
                "table=1,priority=41,tcp6,actions=ct(commit,force,zone=NXM_NX_REG9[16..31],nat(dst=[2001:db8::1]:80),"
                        + "exec(set_field:0x7->ct_mark,set_field:0x1/0x3->ct_label)),ct_clear",
                flow(
                        41,
                        Match.IPV6.and(Field.IP_PROTO, 6),
                        new Action.Ct(
                                true,
                                true,
                                new Action.Zone.In(RandomFlows.ZONE),
                                Optional.empty(),
                                nat(false, "2001:db8::1", "2001:db8::1", 80, 80),
                                List.of(
                                        Action.set(Field.CT_MARK, 7),
                                        Action.set(Field.named("two", Header.CT_LABEL, 0, 2), 1))),
                        new Action.CtClear()));
    }
}
