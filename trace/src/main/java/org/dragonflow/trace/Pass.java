package org.dragonflow.trace;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Bits;
import org.dragonflow.flow.Field;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.Group;
import org.dragonflow.flow.Header;
import org.dragonflow.flow.PacketOut;
import org.dragonflow.flow.Table;

/** A packet's way through the pipeline between two recirculations ({@code do_xlate_actions} in OVS' ofproto-dpif-xlate.c). */
final class Pass {
    private static final int MOST_BACKWARD = 64;
    private static final int MOST_LOOKUPS = 4096;
    private static final long TAG_PRESENT = 0x1000;
    private static final long TO_INPUT = 0xffff_fff8L;
    private static final List<Header> BEGUN = List.of(Header.CT_NW_PROTO, Header.CT_TP_SRC, Header.CT_TP_DST);
    private static final List<Header> CONNECTION = Stream.concat(
                    Stream.of(Header.CT_STATE, Header.CT_ZONE, Header.CT_MARK, Header.CT_LABEL), BEGUN.stream())
            .toList();

    private final Walk walk;
    private final Packet arrived;
    private final Conntrack before;
    private final int outcomesBefore;
    private Headers now;
    private int depth;
    private int lookups;
    private int backward;
    // Counts whatever became of the packet, to tell the lookups that led nowhere.
    private int events;
    private boolean isAsked;
    // Where the pass began; -1 if the controller sent the packet.
    private int start = -1;
    private Optional<Flow> current = Optional.empty();
    private String end = "the flow says so";
    private Optional<Outcome.Dropped> last = Optional.empty();

    Pass(Walk walk, Packet packet, int depth) {
        this.walk = walk;
        this.arrived = packet;
        this.now = packet.headers();
        this.depth = depth;
        this.before = walk.connections();
        this.outcomesBefore = walk.outcomes();
    }

    /** Nothing more is done with the packet. */
    private abstract static class Stopped extends Exception {
        private static final long serialVersionUID = 1;

        Stopped(String why) {
            super(why, null, false, false);
        }
    }

    /** Open vSwitch gives the packet up, and takes back what it did with it in this pass. */
    private static final class GivenUp extends Stopped {
        private static final long serialVersionUID = 1;

        final transient Table at;

        GivenUp(String why, Table at) {
            super(why);
            this.at = at;
        }
    }

    /** Connection tracking has it. */
    private static final class Kept extends Stopped {
        private static final long serialVersionUID = 1;

        Kept() {
            super(Outcome.Dropped.KEPT);
        }
    }

    void run(Table first) {
        start = walk.tracer.number(first);
        attempt(() -> lookup(first, -1));
    }

    void actions(List<Action> actions) {
        attempt(() -> all(actions, walk.tracer.first(), -1));
    }

    private interface Attempt {
        void run() throws Stopped;
    }

    private void attempt(Attempt attempt) {
        int entered = depth;
        try {
            attempt.run();
        } catch (GivenUp e) {
            walk.forget(outcomesBefore, before);
            walk.end(depth, new Outcome.Dropped(e.at, Optional.empty(), String.valueOf(e.getMessage()), arrived));
            return;
        } catch (Stopped e) {
            // What was done before that stays.
            depth = entered;
        }
        if (events == 0) {
            last.ifPresent(drop -> walk.end(depth, drop));
        }
        walk.add(new Step.Left(depth - 1, now));
    }

    private void lookup(Table table, int from) throws Stopped {
        int number = walk.tracer.number(table);
        boolean isBackward = number <= from;
        if (backward >= MOST_BACKWARD) {
            throw new GivenUp("it went back more than %d times".formatted(MOST_BACKWARD), table);
        }
        if (lookups++ >= MOST_LOOKUPS) {
            throw new GivenUp("it was looked up more than %d times".formatted(MOST_LOOKUPS), table);
        }
        var flow = walk.tracer.lookup(table, now.asLookedUp());
        walk.add(new Step.LookedUp(depth, table, number, flow, now));
        backward += isBackward ? 1 : 0;
        depth++;
        end = flow.isPresent() ? "the flow does nothing more with it" : "no flow matches";
        int eventsBefore = events;
        int lookupsBefore = lookups;
        if (flow.isPresent()) {
            var caller = current;
            current = flow;
            all(flow.get().actions(), table, number);
            current = caller;
        }
        if (events == eventsBefore && lookups == lookupsBefore) {
            leadsNowhere(table, flow);
        }
        depth--;
        backward -= isBackward ? 1 : 0;
    }

    private void leadsNowhere(Table table, Optional<Flow> flow) {
        var drop = new Outcome.Dropped(table, flow, end, arrived.rewritten(now));
        last = Optional.of(drop);
        boolean onlyAnswers =
                isAsked && flow.isPresent() && !flow.get().actions().isEmpty();
        if (!onlyAnswers) {
            end(drop);
        }
    }

    private void end(Outcome outcome) {
        events++;
        walk.end(depth, outcome);
    }

    /** Does the actions in order, a {@code goto} last; stops where the packet has no hops left. */
    private void all(List<Action> actions, Table table, int number) throws Stopped {
        Optional<Table> next = Optional.empty();
        for (var action : actions) {
            if (action instanceof Action.Goto(var target)) {
                next = Optional.of(target);
            } else if (!does(action, table, number)) {
                return;
            }
        }
        if (next.isPresent()) {
            did(new Action.Goto(next.get()));
            lookup(next.get(), number);
        }
    }

    /** Says whether the actions behind this one are done too. */
    private boolean does(Action action, Table table, int number) throws Stopped {
        switch (action) {
            case Action.Set(var field, var value) -> set(action, field, value);
            case Action.Copy(var from, var to) -> copy(action, from, to);
            case Action.Output(long port) -> output(action, port);
            case Action.Goto(var next) -> lookup(next, number);
            case Action.Resubmit(var next) -> resubmit(action, next, number);
            case Action.Clone(var actions) -> onCopy(action, actions, table, number);
            case Action.Ct ct -> track(ct, table);
            case Action.CtClear _ -> change(action, now.with(Headers.NONE, CONNECTION), "");
            case Action.DecrementTtl _ -> {
                return hop(action);
            }
            case Action.CheckLarger(int length, var into) ->
                assign(
                        action,
                        into,
                        Bits.of(Layout.length(arrived.rewritten(now).frame()) > length ? 1 : 0));
            case Action.Metered(long meter) -> did(action, limit(meter));
            // When it leaves, not where to: what it shares a wire with is not known here.
            case Action.SetQueue _ -> did(action);
            case Action.Punt(var userdata) -> punt(action, userdata);
            case Action.Conjunction _ -> did(action, "does nothing by itself");
            case Action.ToGroup(long id) -> {
                return group(action, id, table, number);
            }
            case Action.PushVlan(var tagType) ->
                change(action, now.withTags((long) tagType << 16 | TAG_PRESENT, now.outerTag()), "");
            case Action.PopVlan _ -> change(action, now.withTags(now.innerTag(), 0), "");
            case Action.Unknown _ -> did(action, "not known here, and not done");
        }
        return true;
    }

    private void did(Action action) {
        did(action, "");
    }

    private void did(Action action, String remark) {
        walk.add(new Step.Did(depth, action, List.of(), remark));
    }

    // What a meter has let through before is not known here; the packet is taken for one that is not over its rate.
    private String limit(long meter) {
        return walk.tracer.meter(meter).map(m -> "passes up to " + m.limit()).orElse("there is no such meter");
    }

    private void change(Action action, Headers next, String remark) {
        walk.add(new Step.Did(depth, action, changes(now, next), remark));
        now = next;
    }

    private static List<Change> changes(Headers from, Headers to) {
        return to.differencesFrom(from).stream()
                .map(header -> new Change(Field.of(header), from.get(header), to.get(header)))
                .toList();
    }

    private void set(Action action, Field field, Bits value) {
        if (now.has(field.header())) {
            assign(action, field, value);
        } else {
            did(action, "ignored, the packet has no " + field.header());
        }
    }

    private void assign(Action action, Field field, Bits value) {
        walk.add(new Step.Did(depth, action, List.of(new Change(field, now.get(field), value)), ""));
        now = now.with(field, value);
    }

    private void copy(Action action, Field from, Field to) {
        if (now.has(from.header()) && now.has(to.header())) {
            assign(action, to, now.get(from));
        } else {
            did(action, "ignored, the packet has not both");
        }
    }

    private void output(Action action, long port) throws Stopped {
        long input = now.number(Header.IN_PORT);
        if (port == PacketOut.CONTROLLER) {
            punt(action, "");
        } else if (port == PacketOut.TABLE) {
            did(action);
            lookup(walk.tracer.first(), -1);
        } else if (port == input) {
            did(action, "not done, it came in there");
        } else {
            did(action);
            end(new Outcome.Output(port == TO_INPUT ? input : port, arrived.rewritten(now)));
        }
    }

    private void punt(Action action, String userdata) {
        did(action);
        end(new Outcome.Punted(userdata, current, arrived.rewritten(now)));
    }

    private void resubmit(Action action, Table table, int number) throws Stopped {
        did(action);
        boolean wasAsked = isAsked;
        isAsked = true;
        lookup(table, number);
        isAsked = wasAsked;
    }

    private void onCopy(Action action, List<Action> actions, Table table, int number) throws Stopped {
        did(action);
        aside(actions, table, number);
    }

    private void aside(List<Action> actions, Table table, int number) throws Stopped {
        var headers = now;
        var flow = current;
        int level = depth;
        int backwardBefore = backward;
        depth++;
        try {
            all(actions, table, number);
        } catch (Kept e) {
            // The copy is kept; the packet goes on.
            current = flow;
            backward = backwardBefore;
        }
        depth = level;
        now = headers;
    }

    private boolean hop(Action action) {
        if (!now.has(Header.IP_TTL)) {
            did(action, "ignored, the packet is not IP");
            return true;
        }
        long hops = now.number(Header.IP_TTL);
        if (hops <= 1) {
            // To the controllers that have asked for it (OFPR_INVALID_TTL), which by default none has.
            end = "it has no hops left";
            did(action, "it has no hops left, the rest is not done");
            return false;
        }
        change(action, now.with(Header.IP_TTL, hops - 1), "");
        return true;
    }

    private boolean group(Action action, long id, Table table, int number) throws Stopped {
        var group = walk.tracer.group(id);
        if (group.isEmpty()) {
            did(action, "there is no such group, the rest is not done");
            return false;
        }
        did(action);
        for (var bucket : chosen(group.get())) {
            aside(bucket.actions(), table, number);
        }
        return true;
    }

    // Which bucket Open vSwitch selects depends on a hash of its own; this one is as good for packets of one
    // conversation.
    private List<Group.Bucket> chosen(Group group) {
        if (group.type() != Group.Type.SELECT) {
            return group.buckets();
        }
        int total = group.buckets().stream().mapToInt(Group.Bucket::weight).sum();
        if (total == 0) {
            return List.of();
        }
        var conversation = Tuple.of(arrived.frame());
        int at = Math.floorMod(
                Objects.hash(conversation, now.get(Header.ETH_SRC), now.get(Header.ETH_DST)) * 0x9e37_79b9 >>> 8,
                total);
        for (var bucket : group.buckets()) {
            at -= bucket.weight();
            if (at < 0) {
                return List.of(bucket);
            }
        }
        return List.of();
    }

    private void track(Action.Ct ct, Table table) throws Stopped {
        int zone = (int)
                switch (ct.zone()) {
                    case Action.Zone.Fixed(int number) -> number;
                    case Action.Zone.In(var field) -> now.get(field).low();
                };
        var request =
                new Conntrack.Request(zone, start, ct.commit(), ct.force(), ct.nat(), label -> labelled(label, ct));
        var packet = arrived.rewritten(now);
        var answer = walk.connections().pass(packet, request);
        walk.connections(answer.after());
        if (answer.isKept()) {
            did(ct, Outcome.Dropped.KEPT);
            end(new Outcome.Dropped(table, current, Outcome.Dropped.KEPT, packet));
            throw new Kept();
        }
        did(ct, "zone %d says %s".formatted(zone, Notation.of(Header.CT_STATE, Bits.of(answer.state()))));
        ct.next().ifPresent(next -> recirculate(next, zone, answer));
        now = now.with(Headers.NONE, CONNECTION);
    }

    private Conntrack.Label labelled(Conntrack.Label label, Action.Ct ct) {
        var headers = now.with(Header.CT_MARK, label.mark()).with(Header.CT_LABEL, label.label());
        for (var action : ct.exec()) {
            headers = switch (action) {
                case Action.Set(var field, var value) -> headers.with(field, value);
                case Action.Copy(var from, var to) -> headers.with(to, headers.get(from));
                case Action.Output _, Action.Goto _, Action.Resubmit _, Action.Clone _, Action.Ct _ -> headers;
                case Action.CtClear _, Action.DecrementTtl _, Action.Metered _, Action.Punt _ -> headers;
                case Action.Conjunction _, Action.ToGroup _, Action.PushVlan _, Action.PopVlan _ -> headers;
                case Action.CheckLarger _, Action.SetQueue _, Action.Unknown _ -> headers;
            };
        }
        return new Conntrack.Label(headers.number(Header.CT_MARK), headers.get(Header.CT_LABEL));
    }

    /** What a switch shows of how the connection began (write_ct_md in OVS' lib/conntrack.c). */
    private static Headers begun(Tuple tuple) {
        var headers = Headers.NONE.with(Header.CT_NW_PROTO, tuple.protocol());
        return switch (tuple.protocol()) {
            case Layout.ICMP -> headers.with(Header.CT_TP_SRC, Layout.ICMP_ECHO);
            case Layout.ICMPV6 -> headers.with(Header.CT_TP_SRC, Layout.ICMPV6_ECHO);
            default ->
                headers.with(Header.CT_TP_SRC, tuple.sourcePort()).with(Header.CT_TP_DST, tuple.destinationPort());
        };
    }

    // The frame is read anew; what stands beside it (registers, tunnel, port) is kept.
    private void recirculate(Table next, int zone, Conntrack.Answer answer) {
        events++;
        var frame = answer.packet().frame();
        var headers = Extraction.of(frame)
                .with(now, Headers.BESIDE_FRAME)
                .with(Header.CT_STATE, answer.state())
                .with(Header.CT_ZONE, zone)
                .with(Header.CT_MARK, answer.label().mark())
                .with(Header.CT_LABEL, answer.label().label())
                .with(answer.original().map(Pass::begun).orElse(Headers.NONE), BEGUN);
        var packet = new Packet(headers, frame);
        var untracked = headers.with(answer.packet().headers(), Headers.BESIDE_PACKET);
        var reread = changes(answer.packet().headers().with(Header.CONJ_ID, 0), untracked);
        if (!walk.pass(packet, next, new Step.Entered(depth, "tracked", headers, reread))) {
            end(new Outcome.Dropped(next, Optional.empty(), "it was recirculated too often", packet));
        }
    }
}
