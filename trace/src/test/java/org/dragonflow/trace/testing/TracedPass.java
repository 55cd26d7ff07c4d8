package org.dragonflow.trace.testing;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.dragonflow.address.Ipv6;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Bits;
import org.dragonflow.flow.Header;
import org.dragonflow.trace.Headers;
import org.dragonflow.trace.Outcome;
import org.dragonflow.trace.Step;
import org.dragonflow.trace.Trace;

/** One pass of a {@link Trace} in the form of a {@link ReferencePass}, so that the two can be compared. */
public final class TracedPass {
    private static final String[] STATES = {"new", "est", "rel", "rpl", "inv", "trk", "snat", "dnat"};

    private static final long NEW = 1;
    private static final long ESTABLISHED = 2;
    private static final long RELATED = 4;

    private final Headers before;
    private final boolean isReread;
    private final boolean isGuessed;
    private boolean isKept;
    private final List<TracedPass> forks = new ArrayList<>();
    private final List<String> lookups = new ArrayList<>();
    private final List<String> ends = new ArrayList<>();
    private Optional<Headers> after = Optional.empty();

    private TracedPass(Headers before, boolean isReread, boolean isGuessed) {
        this.before = before;
        this.isReread = isReread;
        this.isGuessed = isGuessed;
    }

    /** The passes in the order in which {@code ofproto/trace} takes them: breadth first. */
    public static List<TracedPass> of(Trace trace) {
        var passes = new ArrayList<>(List.of(tree(trace)));
        for (int i = 0; i < passes.size(); i++) {
            passes.addAll(passes.get(i).forks);
        }
        return passes;
    }

    private static TracedPass tree(Trace trace) {
        Deque<TracedPass> open = new ArrayDeque<>();
        Deque<Integer> depths = new ArrayDeque<>();
        Optional<Action.Nat> translation = Optional.empty();
        var looked = trace.arrived().headers();
        for (var step : trace.steps()) {
            while (!depths.isEmpty() && step.depth() <= depths.peek() && !(step instanceof Step.Left)) {
                open.pop();
                depths.pop();
            }
            switch (step) {
                case Step.Entered(int depth, var _, var headers, var reread) -> {
                    var asked = looked;
                    boolean isGuessed = translation
                            .filter(nat -> isGuessed(nat, asked, headers))
                            .isPresent();
                    var pass = new TracedPass(headers, !reread.isEmpty(), isGuessed);
                    if (!open.isEmpty()) {
                        open.element().forks.add(pass);
                    }
                    open.push(pass);
                    depths.push(depth);
                }
                case Step.LookedUp(int _, var _, int number, var flow, var headers) -> {
                    looked = headers;
                    open.element()
                            .lookups
                            .add(number + "/"
                                    + flow.map(f -> "0x" + Long.toHexString(f.cookie()))
                                            .orElse("miss"));
                }
                case Step.Left(int depth, var headers) -> {
                    while (depths.element() > depth) {
                        open.pop();
                        depths.pop();
                    }
                    open.element().after = Optional.of(headers);
                }
                case Step.Ended(int _, var outcome) -> open.element().end(outcome);
                case Step.Did(int _, Action.Ct ct, var _, var _) -> translation = ct.nat();
                case Step.Did _ -> {}
            }
        }
        return open.getLast();
    }

    /**
     * Whether {@code ofproto/trace} is wrong about the translation. It has no connections, so it puts the addresses and ports of the flow into any
     * packet, and none back into an answer.
     */
    private static boolean isGuessed(Action.Nat translation, Headers before, Headers headers) {
        boolean begins = (headers.number(Header.CT_STATE) & NEW) != 0;
        boolean hasPorts = Set.of(6L, 17L, 132L).contains(headers.number(Header.IP_PROTO));
        return translation.to().isPresent()
                ? !begins || !hasPorts || !isFirst(translation, before, headers)
                : (headers.number(Header.CT_STATE) & (ESTABLISHED | RELATED)) != 0;
    }

    /**
     * Whether recirculation has lost headers that found no room in the frame. A datapath reads the frame anew, as the tracer does;
     * {@code ofproto/trace} goes on with what it had, so that the two may differ from here on.
     */
    public boolean isReread() {
        return isReread;
    }

    /** Whether the packet got the first port of the range, or kept its own, which is what is guessed. */
    private static boolean isFirst(Action.Nat translation, Headers before, Headers headers) {
        var ports = translation.source()
                ? List.of(Header.TCP_SRC, Header.UDP_SRC, Header.SCTP_SRC)
                : List.of(Header.TCP_DST, Header.UDP_DST, Header.SCTP_DST);
        int first = translation.to().orElseThrow().firstPort();
        return first == 0
                ? ports.stream().allMatch(port -> headers.number(port) == before.number(port))
                : ports.stream().anyMatch(port -> headers.number(port) == first);
    }

    /** Whether {@code ofproto/trace} goes on with a packet that it translated as no datapath would. */
    public boolean isGuessed() {
        return isGuessed;
    }

    /** Whether a datapath takes the packet no further, because it was recirculated too often; {@code ofproto/trace} has no such limit. */
    public boolean isRefused() {
        return lookups.isEmpty();
    }

    private void end(Outcome outcome) {
        switch (outcome) {
            case Outcome.Output(long port, var _) -> ends.add("p" + port);
            case Outcome.Punted _ -> ends.add("controller");
            case Outcome.Dropped drop -> isKept |= drop.reason().equals(Outcome.Dropped.KEPT);
        }
    }

    /**
     * Whether a datapath knows of a fragment what {@code ofproto/trace} does not: that the rest of its packet is missing, or how its connection
     * began.
     */
    public boolean isFragmentTracked() {
        return isKept || before.number(Header.IP_FRAG) != 0 && before.number(Header.CT_STATE) != 0;
    }

    /** The connection state of the pass, in the words of {@code --ct-next}; empty in the first pass. */
    public String state() {
        return states(before.number(Header.CT_STATE), ",");
    }

    /** The mark of the connection that the packet belongs to, as the pass begins, as a switch writes it. */
    String mark() {
        return before.get(Header.CT_MARK).toString();
    }

    /** The label of that connection. */
    String label() {
        return before.get(Header.CT_LABEL).toString();
    }

    /** What the switch says otherwise; empty if the two agree. */
    public List<String> differencesFrom(ReferencePass reference) {
        var differences = new ArrayList<String>();
        compare("lookups", lookups, reference.lookups(), differences);
        differences.addAll(differences("before", before, reference.before()));
        if (reference.isFailed() == after.isPresent()) {
            differences.add("given up: " + reference.isFailed());
        }
        if (after.isPresent()) {
            compare("ends", ends, reference.ends(), differences);
            differences.addAll(differences("after", after.get(), reference.after()));
        }
        return differences;
    }

    private static void compare(String what, Object ours, Object theirs, List<String> differences) {
        if (!ours.equals(theirs)) {
            differences.add("%s: ours %s, theirs %s".formatted(what, ours, theirs));
        }
    }

    private static List<String> differences(String when, Headers ours, Map<String, String> theirs) {
        var differences = new ArrayList<String>();
        theirs.forEach((name, value) -> shown(name, ours)
                .filter(own -> !own.equals(ipv6(value)))
                .ifPresent(own -> differences.add("%s %s: ours %s, theirs %s".formatted(when, name, own, value))));
        IntStream.range(0, 16)
                .mapToObj(Header::register)
                .filter(register -> ours.number(register) != 0 && !theirs.containsKey(register.text()))
                .forEach(register -> differences.add("%s %s: theirs is zero".formatted(when, register)));
        return differences;
    }

    /** The value of a field under its name in a formatted flow; empty for fields that are not compared. */
    private static Optional<String> shown(String name, Headers headers) {
        return switch (name) {
            case "dl_src" -> Optional.of(text(Header.ETH_SRC, headers));
            case "dl_dst" -> Optional.of(text(Header.ETH_DST, headers));
            case "dl_type" -> Optional.of("0x%04x".formatted(headers.number(Header.ETH_TYPE)));
            case "dl_vlan" -> Optional.of(Long.toString(headers.number(Header.VLAN_VID) & 0xfff));
            case "dl_vlan_pcp" -> Optional.of(decimal(Header.VLAN_PCP, headers));
            case "vlan_tci" -> Optional.of("0x%04x".formatted(headers.number(Header.VLAN_VID)));
            case "nw_tos" -> Optional.of(Long.toString(headers.number(Header.IP_DSCP) << 2));
            case "nw_ecn", "nw_ttl", "nw_proto", "arp_op", "icmp_type", "icmp_code", "nd_options_type" ->
                Optional.of(decimal(header(name, headers), headers));
            case "nw_frag" ->
                Optional.of(List.of("no", "first", "?", "later").get((int) headers.number(Header.IP_FRAG)));
            case "tp_src", "tp_dst" -> Optional.of(decimal(port(name, headers), headers));
            case "ipv6_label" -> Optional.of("0x%05x".formatted(headers.number(Header.IPV6_FLABEL)));
            case "ct_state" -> Optional.of(states(headers.number(Header.CT_STATE), "|"));
            // ofproto/trace shows the mark and the label that an action asked for, in this zone or another, whatever a
            // connection carries.
            case "ct_mark", "ct_label" -> Optional.empty();
            case "ct_zone" -> Optional.of(decimal(Header.CT_ZONE, headers));
            case "in_port" -> Optional.of(inPort(headers.number(Header.IN_PORT)));
            case "nw_src", "nw_dst", "ipv6_src", "ipv6_dst", "nd_target", "nd_sll", "nd_tll", "nd_reserved" ->
                Optional.of(text(header(name, headers), headers));
            case "arp_spa", "arp_tpa", "arp_sha", "arp_tha", "metadata", "pkt_mark" ->
                Optional.of(text(header(name, headers), headers));
            default -> Header.named(name).filter(Header::isRegister).map(register -> text(register, headers));
        };
    }

    // Open vSwitch writes an address whose first 96 bits are zero with the last 32 as IPv4.
    private static String ipv6(String value) {
        return value.startsWith("::") && value.contains(".") && !value.contains("/")
                ? Ipv6.parse(value).toString()
                : value;
    }

    private static String inPort(long port) {
        return port == 0 ? "0" : "p" + port;
    }

    private static Header header(String name, Headers headers) {
        boolean is6 = headers.number(Header.ETH_TYPE) == 0x86dd;
        return switch (name) {
            case "icmp_type" -> is6 ? Header.ICMPV6_TYPE : Header.ICMPV4_TYPE;
            case "icmp_code" -> is6 ? Header.ICMPV6_CODE : Header.ICMPV4_CODE;
            default -> Header.named(name).orElseThrow();
        };
    }

    private static Header port(String name, Headers headers) {
        boolean isSource = name.equals("tp_src");
        return switch ((int) headers.number(Header.IP_PROTO)) {
            case 6 -> isSource ? Header.TCP_SRC : Header.TCP_DST;
            case 17 -> isSource ? Header.UDP_SRC : Header.UDP_DST;
            default -> isSource ? Header.SCTP_SRC : Header.SCTP_DST;
        };
    }

    private static String text(Header header, Headers headers) {
        Bits value = headers.get(header);
        return OfctlText.value(header, value);
    }

    private static String decimal(Header header, Headers headers) {
        return Long.toString(headers.number(header));
    }

    private static String states(long value, String separator) {
        return IntStream.range(0, STATES.length)
                .filter(i -> (value >>> i & 1) != 0)
                .mapToObj(i -> STATES[i])
                .collect(Collectors.joining(separator));
    }
}
