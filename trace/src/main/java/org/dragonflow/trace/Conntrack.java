package org.dragonflow.trace;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.Ipv4;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Bits;
import org.dragonflow.flow.Header;

/**
 * The connections that a switch knows, by zone. Immutable; nothing ever times out.
 *
 * <p>A connection is new until it has been answered. Fragments belong to what the first of them belongs to ({@link Pieces}).
 */
public final class Conntrack {
    public static final Conntrack EMPTY = new Conntrack(Map.of(), Map.of(), Pieces.NONE);

    public static final long NEW = 0x01;
    public static final long ESTABLISHED = 0x02;
    public static final long RELATED = 0x04;
    public static final long REPLY = 0x08;
    public static final long INVALID = 0x10;
    public static final long TRACKED = 0x20;
    public static final long SOURCE_TRANSLATED = 0x40;
    public static final long DESTINATION_TRANSLATED = 0x80;

    private static final int SYN = 0x02;
    private static final int ACK = 0x10;
    private static final int RST_OR_FIN = 0x05;
    private static final int FIN_PSH_OR_URG = 0x29;

    private final Map<Key, Connection> connections;
    // The same connections, by what their replies look like.
    private final Map<Key, Key> replies;
    private final Pieces pieces;

    private Conntrack(Map<Key, Connection> connections, Map<Key, Key> replies, Pieces pieces) {
        this.connections = connections;
        this.replies = replies;
        this.pieces = pieces;
    }

    private record Key(int zone, Tuple tuple) {}

    private record Connection(Tuple original, Tuple reply, boolean answered, Label label) {}

    /** What a connection is marked with. */
    record Label(long mark, Bits label) {
        static final Label NONE = new Label(0, Bits.ZERO);
    }

    /**
     * A {@code ct} action, with its zone found and its sets ready to be done.
     *
     * @param pass tells the recirculations apart in which a packet meets it
     */
    record Request(
            int zone, int pass, boolean commit, boolean force, Optional<Action.Nat> nat, UnaryOperator<Label> exec) {}

    /**
     * What came of passing a packet through.
     *
     * @param state 0 if it is a fragment that is kept until the first of its packet is there
     * @param original how the connection began, or would; empty if there is none
     */
    record Answer(long state, Label label, Optional<Tuple> original, Packet packet, Conntrack after) {
        boolean isKept() {
            return state == 0;
        }
    }

    public int size() {
        return connections.size();
    }

    Answer pass(Packet packet, Request request) {
        if (Quote.isIn(packet.frame())) {
            return related(packet, request);
        }
        boolean isFragment = packet.headers().number(Header.IP_FRAG) != 0;
        var place = (isFragment ? Tuple.datagram(packet.frame()) : Optional.<Pieces.Datagram>empty())
                .map(datagram -> new Pieces.Place(request.zone(), request.pass(), datagram));
        var shown = Tuple.of(packet.frame()).map(tuple -> new Pieces.First(tuple, mayBegin(packet.headers())));
        var first = shown.or(() -> place.flatMap(pieces::find));
        if (first.isEmpty()) {
            return place.isEmpty() ? invalid(packet) : new Answer(0, Label.NONE, Optional.empty(), packet, this);
        }
        return place.map(at -> new Conntrack(connections, replies, pieces.with(at, first.get())))
                .orElse(this)
                .pass(packet, first.get(), request);
    }

    private Answer pass(Packet packet, Pieces.First first, Request request) {
        var key = new Key(request.zone(), first.tuple());
        boolean isReply = !connections.containsKey(key) && replies.containsKey(key);
        var original = isReply ? replies.getOrDefault(key, key) : key;
        var known = Optional.ofNullable(connections.get(original));
        if (isReply && request.commit() && request.force()) {
            return without(original).fresh(packet, key, first.mayBegin(), request);
        }
        return known.isPresent()
                ? known(packet, original, known.get(), isReply, request)
                : fresh(packet, key, first.mayBegin(), request);
    }

    private Answer invalid(Packet packet) {
        return new Answer(TRACKED | INVALID, Label.NONE, Optional.empty(), packet, this);
    }

    private Answer related(Packet packet, Request request) {
        var quote = Quote.of(packet.frame());
        // An error goes against the packet that it quotes.
        var back = quote.flatMap(Quote::tuple).map(tuple -> new Key(request.zone(), tuple.reversed()));
        if (back.isEmpty()) {
            return invalid(packet);
        }
        var key = back.get();
        boolean isReply = !connections.containsKey(key);
        var connection = connections.get(isReply ? replies.getOrDefault(key, key) : key);
        if (connection == null) {
            return invalid(packet);
        }
        long state = TRACKED | RELATED | (isReply ? REPLY : 0);
        return request.nat().isEmpty()
                ? new Answer(state, connection.label(), Optional.of(connection.original()), packet, this)
                : translated(packet, quote.get(), state, connection, isReply);
    }

    private Answer known(Packet packet, Key key, Connection was, boolean isReply, Request request) {
        var label = request.commit() ? request.exec().apply(was.label()) : was.label();
        var connection = new Connection(was.original(), was.reply(), was.answered() || isReply, label);
        long state = TRACKED | (connection.answered() ? ESTABLISHED : NEW) | (isReply ? REPLY : 0);
        return translated(packet, state, connection, isReply, request, with(key, connection));
    }

    private Answer fresh(Packet packet, Key key, boolean mayBegin, Request request) {
        if (!mayBegin) {
            return invalid(packet);
        }
        if (!request.commit()) {
            return new Answer(TRACKED | NEW, Label.NONE, Optional.of(key.tuple()), packet, this);
        }
        var reply = request.nat()
                .map(nat -> translate(key, nat))
                .orElse(Optional.of(key.tuple().reversed()));
        if (reply.isEmpty()) {
            return invalid(packet);
        }
        var connection =
                new Connection(key.tuple(), reply.get(), false, request.exec().apply(Label.NONE));
        return translated(packet, TRACKED | NEW, connection, false, request, with(key, connection));
    }

    // As OVS' lib/conntrack-tcp.c: an answer begins nothing, but a connection may be picked up in its middle.
    private static boolean mayBegin(Headers headers) {
        if (headers.number(Header.IP_PROTO) == Layout.ICMP || headers.isIcmpv6()) {
            long type = headers.number(headers.isIcmpv6() ? Header.ICMPV6_TYPE : Header.ICMPV4_TYPE);
            return type == 8 || type == 128;
        }
        if (headers.number(Header.IP_PROTO) != Layout.TCP) {
            return true;
        }
        long flags = headers.number(Header.TCP_FLAGS);
        boolean isAcknowledged = (flags & ACK) != 0;
        if ((flags & SYN) != 0) {
            return !isAcknowledged && (flags & (RST_OR_FIN | FIN_PSH_OR_URG)) == 0;
        }
        return isAcknowledged || (flags & (RST_OR_FIN | FIN_PSH_OR_URG)) == 0x04;
    }

    private Answer translated(
            Packet packet, long state, Connection connection, boolean isReply, Request request, Conntrack after) {
        if (request.nat().isEmpty()) {
            return new Answer(state, connection.label(), Optional.of(connection.original()), packet, after);
        }
        var goal = (isReply ? connection.original() : connection.reply()).reversed();
        long flags = translations(connection, isReply);
        return new Answer(
                state | flags,
                connection.label(),
                Optional.of(connection.original()),
                packet.rewritten(rewrite(packet.headers(), goal)),
                after);
    }

    /** An error, and the packet that it quotes, which went the other way. */
    private Answer translated(Packet packet, Quote quote, long state, Connection connection, boolean isReply) {
        var goal = (isReply ? connection.original() : connection.reply()).reversed();
        long flags = translations(connection, isReply);
        var outer = packet.rewritten(translations(packet.headers(), goal, flags));
        var quoted = Packet.arriving(0, quote.frame());
        var changed =
                quoted.rewritten(rewrite(quoted.headers(), goal.reversed())).frame();
        var frame = flags == 0
                ? outer.frame()
                : Quote.of(outer.frame()).orElseThrow().changed(changed);
        return new Answer(
                state | flags,
                connection.label(),
                Optional.of(connection.original()),
                new Packet(outer.headers(), frame),
                this);
    }

    // Only what is translated: the error may come from who is no end of the connection.
    private static Headers translations(Headers headers, Tuple goal, long flags) {
        boolean is4 = goal.source() instanceof Ipv4;
        var next = headers;
        if ((flags & SOURCE_TRANSLATED) != 0) {
            next = next.with(is4 ? Header.IPV4_SRC : Header.IPV6_SRC, bits(goal.source()));
        }
        return (flags & DESTINATION_TRANSLATED) != 0
                ? next.with(is4 ? Header.IPV4_DST : Header.IPV6_DST, bits(goal.destination()))
                : next;
    }

    /** Which ends of its packets a connection changes. */
    private static long translations(Connection connection, boolean isReply) {
        var goal = (isReply ? connection.original() : connection.reply()).reversed();
        var now = isReply ? connection.reply() : connection.original();
        boolean source = !goal.source().equals(now.source()) || goal.sourcePort() != now.sourcePort();
        boolean destination =
                !goal.destination().equals(now.destination()) || goal.destinationPort() != now.destinationPort();
        return (source ? SOURCE_TRANSLATED : 0) | (destination ? DESTINATION_TRANSLATED : 0);
    }

    private static Headers rewrite(Headers headers, Tuple goal) {
        boolean is4 = goal.source() instanceof Ipv4;
        var next = headers.with(is4 ? Header.IPV4_SRC : Header.IPV6_SRC, bits(goal.source()))
                .with(is4 ? Header.IPV4_DST : Header.IPV6_DST, bits(goal.destination()));
        return switch (goal.protocol()) {
            case Layout.TCP -> ports(next, goal, Header.TCP_SRC, Header.TCP_DST);
            case Layout.UDP -> ports(next, goal, Header.UDP_SRC, Header.UDP_DST);
            case Layout.SCTP -> ports(next, goal, Header.SCTP_SRC, Header.SCTP_DST);
            default -> next;
        };
    }

    private static Headers ports(Headers headers, Tuple goal, Header source, Header destination) {
        return headers.has(source)
                ? headers.with(source, goal.sourcePort()).with(destination, goal.destinationPort())
                : headers;
    }

    private static Bits bits(IpAddress address) {
        return new Bits(address.high(), address.low());
    }

    /** What replies will look like: the first address and port of the range that nobody else has; empty if all are taken. */
    private Optional<Tuple> translate(Key key, Action.Nat nat) {
        var own = key.tuple();
        if (nat.to().isEmpty()) {
            return Optional.of(own.reversed());
        }
        var range = nat.to().get();
        for (var address = range.first(); address.compareTo(range.last()) <= 0; address = address.plus(1)) {
            for (int port : ports(own, nat.source(), range)) {
                var goal = nat.source()
                        ? new Tuple(own.protocol(), address, own.destination(), port, own.destinationPort())
                        : new Tuple(own.protocol(), own.source(), address, own.sourcePort(), port);
                if (!replies.containsKey(new Key(key.zone(), goal.reversed()))) {
                    return Optional.of(goal.reversed());
                }
            }
        }
        return Optional.empty();
    }

    /** The ports to try, in order. A source port that may be any stays, or becomes another of its class (OVS' lib/conntrack.c). */
    private static int[] ports(Tuple own, boolean source, Action.Nat.Range range) {
        int kept = source ? own.sourcePort() : own.destinationPort();
        if (own.protocol() == Layout.ICMP || own.protocol() == Layout.ICMPV6) {
            return new int[] {kept};
        }
        if (range.firstPort() != 0) {
            return IntStream.rangeClosed(range.firstPort(), range.lastPort()).toArray();
        }
        if (!source) {
            return new int[] {kept};
        }
        int first = kept < 512 ? 1 : kept < 1024 ? 600 : 1024;
        int last = kept < 512 ? 511 : kept < 1024 ? 1023 : 65_535;
        return IntStream.concat(IntStream.rangeClosed(kept, last), IntStream.range(first, kept))
                .toArray();
    }

    private Conntrack with(Key key, Connection connection) {
        if (connection.equals(connections.get(key))) {
            return this;
        }
        var nextConnections = new HashMap<>(connections);
        var nextReplies = new HashMap<>(replies);
        nextConnections.put(key, connection);
        nextReplies.put(new Key(key.zone(), connection.reply()), key);
        return new Conntrack(nextConnections, nextReplies, pieces);
    }

    private Conntrack without(Key key) {
        var nextConnections = new HashMap<>(connections);
        var nextReplies = new HashMap<>(replies);
        nextConnections.remove(key);
        nextReplies.values().removeIf(key::equals);
        return new Conntrack(nextConnections, nextReplies, pieces);
    }

    /** The connections of all other zones. */
    Conntrack withoutZone(int zone) {
        var nextConnections = new HashMap<>(connections);
        var nextReplies = new HashMap<>(replies);
        nextConnections.keySet().removeIf(key -> key.zone() == zone);
        nextReplies.keySet().removeIf(key -> key.zone() == zone);
        return new Conntrack(nextConnections, nextReplies, pieces);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Conntrack conntrack && connections.equals(conntrack.connections);
    }

    @Override
    public int hashCode() {
        return connections.hashCode();
    }

    @Override
    public String toString() {
        return connections.toString();
    }
}
