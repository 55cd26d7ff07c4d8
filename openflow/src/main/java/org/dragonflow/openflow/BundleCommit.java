package org.dragonflow.openflow;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dragonflow.flow.Bundle;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.Group;
import org.dragonflow.flow.Meter;
import org.dragonflow.flow.Switch.Refused;
import org.dragonflow.openflow.Connection.Expected;
import org.dragonflow.openflow.Message.BundleControl;
import org.dragonflow.openflow.Message.Contents;
import org.dragonflow.openflow.Message.FlowMod;
import org.dragonflow.openflow.Message.GroupMod;
import org.dragonflow.openflow.Message.InstalledMeter;
import org.dragonflow.openflow.Message.MeterMod;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one change of a switch, whole or not at all.
 *
 * <p>Open vSwitch takes no meters in a bundle. New meters therefore go before the bundle, and are taken back if the bundle is refused;
 * meters that go, go after it. The bundle is encoded before its first byte is sent, since Open vSwitch drops one that rests for 10 s. It
 * is committed only when the switch has been heard on every part: a part that was refused would else be missing from what is committed.
 * That is two turns of the switch, one to hear all parts and one to commit them.
 */
final class BundleCommit {
    private static final Logger LOG = LoggerFactory.getLogger(BundleCommit.class);
    private static final int CHUNK = 1 << 16;
    private static final int FIRST = 1 << 12;

    // What follows the transaction ids of the parts. Open vSwitch names that of opening when it drops a bundle that
    // rested.
    private static final int OPENING = 0;
    private static final int CLOSING = 1;
    private static final int COMMITTING = 2;
    private static final int BARRIER = 3;
    private static final int CONTROLS = 4;

    private final Connection connection;
    private final Codec codec;
    private final Owner owner;

    BundleCommit(Connection connection, Codec codec, Owner owner) {
        this.connection = connection;
        this.codec = codec;
        this.owner = owner;
    }

    /** A change and how it is said. */
    private record Step(Bundle.Mod mod, Message message) {}

    void run(Bundle bundle) throws IOException, Refused {
        var inBundle = new ArrayList<Step>();
        var meters = new ArrayList<Meter>();
        var deadMeters = new ArrayList<Step>();
        for (var mod : bundle.mods()) {
            switch (mod) {
                case Bundle.Put(Flow flow) -> inBundle.add(new Step(mod, put(mod, flow)));
                case Bundle.Put(Group group) ->
                    inBundle.add(new Step(mod, new GroupMod(GroupMod.Command.ADD_OR_MODIFY, group)));
                case Bundle.Put(Meter meter) -> meters.add(meter);
                case Bundle.Delete(Flow.Key key) -> inBundle.add(new Step(mod, delete(key)));
                case Bundle.Delete(Group.Key key) -> inBundle.add(new Step(mod, delete(key)));
                case Bundle.Delete(Meter.Key key) -> deadMeters.add(new Step(mod, delete(key.id())));
            }
        }
        inBundle.sort(Comparator.comparingInt(step -> order(step.mod())));
        var log = connection.reserve(inBundle.size() + CONTROLS);
        try {
            var parts = encode(log.first(), inBundle);
            var undo = putMeters(meters);
            try {
                commit(log, parts, inBundle);
            } catch (Refused e) {
                connection.confirm(undo);
                throw e;
            }
            refuseFirst(connection.confirm(messages(deadMeters)), deadMeters);
        } finally {
            connection.release(log);
        }
    }

    // Groups come before the flows that use them and go after them; a delete makes room for a put.
    private static int order(Bundle.Mod mod) {
        return switch (mod) {
            case Bundle.Put(Group _) -> 0;
            case Bundle.Delete(Flow.Key _) -> 1;
            case Bundle.Put(Flow _) -> 2;
            case Bundle.Delete(Group.Key _) -> 3;
            case Bundle.Put(Meter _), Bundle.Delete(Meter.Key _) ->
                throw new IllegalArgumentException("no meter can be in a bundle: " + mod);
        };
    }

    private Message put(Bundle.Mod mod, Flow flow) throws Refused {
        if (!owner.owns(flow.cookie())) {
            throw new Refused(mod, "cookie 0x%x does not bear the tag of %s".formatted(flow.cookie(), owner));
        }
        return new FlowMod(FlowMod.Command.ADD, flow, 0);
    }

    // The cookie keeps the delete from a flow of the same key that another owner has put there.
    private Message delete(Flow.Key key) {
        var flow = new Flow(key.table(), key.priority(), key.match(), List.of(), owner.cookie());
        return new FlowMod(FlowMod.Command.DELETE_STRICT, flow, Owner.MASK);
    }

    private static Message delete(Group.Key key) {
        return new GroupMod(GroupMod.Command.DELETE, new Group(key.id(), Group.Type.ALL, List.of()));
    }

    private static Message delete(long meter) {
        return new MeterMod(MeterMod.Command.DELETE, meter, Optional.empty());
    }

    private static List<Message> messages(List<Step> steps) {
        return steps.stream().map(Step::message).toList();
    }

    private static void refuseFirst(Map<Integer, OpenFlowError> errors, List<Step> steps) throws Refused {
        var first = errors.keySet().stream().min(Comparator.naturalOrder());
        if (first.isPresent() && first.get() < steps.size()) {
            var place = first.get();
            var name = Optional.ofNullable(errors.get(place))
                    .map(OpenFlowError::name)
                    .orElse("");
            throw new Refused(steps.get(place).mod(), name);
        }
    }

    /** The bundle from its opening to its closing, ready to be sent. */
    private List<byte[]> encode(int xid, List<Step> steps) throws Refused {
        long id = id(xid);
        int controls = xid + steps.size();
        var chunks = new ArrayList<byte[]>();
        var out = new WireWriter(FIRST);
        codec.write(out, controls + OPENING, new BundleControl(id, BundleControl.Step.OPEN_REQUEST));
        for (int i = 0; i < steps.size(); i++) {
            try {
                codec.write(out, xid + i, new Message.BundleAdd(id, steps.get(i).message()));
            } catch (IllegalArgumentException e) {
                throw new Refused(steps.get(i).mod(), String.valueOf(e.getMessage()));
            }
            if (out.length() >= CHUNK) {
                chunks.add(out.toBytes());
                out.clear();
            }
        }
        codec.write(out, controls + CLOSING, new BundleControl(id, BundleControl.Step.CLOSE_REQUEST));
        chunks.add(out.toBytes());
        return chunks;
    }

    /** The transaction id of its first part is the bundle's own. */
    private static long id(int xid) {
        return Integer.toUnsignedLong(xid);
    }

    private void commit(Connection.FailureLog log, List<byte[]> parts, List<Step> steps) throws IOException, Refused {
        if (steps.isEmpty()) {
            return;
        }
        long id = id(log.first());
        int controls = log.first() + steps.size();
        try {
            connection.ask(
                    parts,
                    List.of(
                            new Expected(controls + OPENING, BundleControl.class),
                            new Expected(controls + CLOSING, BundleControl.class)));
        } catch (Connection.RefusedRequest e) {
            throw dropped(log, id, steps);
        }
        if (!log.errors().isEmpty()) {
            throw dropped(log, id, steps);
        }
        var out = new WireWriter(64);
        codec.write(out, controls + COMMITTING, new BundleControl(id, BundleControl.Step.COMMIT_REQUEST));
        codec.write(out, controls + BARRIER, new Message.BarrierRequest());
        try {
            connection.ask(
                    List.of(out.toBytes()),
                    List.of(
                            new Expected(controls + COMMITTING, BundleControl.class),
                            new Expected(controls + BARRIER, Message.BarrierReply.class)));
        } catch (Connection.RefusedRequest e) {
            refuseFirst(log.errors(), steps);
            throw e;
        }
    }

    private IOException dropped(Connection.FailureLog log, long id, List<Step> steps) throws IOException, Refused {
        discard(id);
        refuseFirst(log.errors(), steps);
        return new IOException("the switch dropped the bundle: " + log.errors());
    }

    // A bundle that the switch has dropped already cannot be discarded, and need not be.
    private void discard(long id) throws IOException {
        try {
            connection.ask(new BundleControl(id, BundleControl.Step.DISCARD_REQUEST), BundleControl.class);
        } catch (Connection.RefusedRequest e) {
            LOG.debug("nothing to discard: {}", e.getMessage());
        }
    }

    /** Adds or changes the meters; the messages that would take that back. */
    private List<Message> putMeters(List<Meter> meters) throws IOException, Refused {
        if (meters.isEmpty()) {
            return List.of();
        }
        var before = new HashMap<Long, InstalledMeter>();
        for (var part : connection.askAll(new Message.MetersRequest(), Contents.Meters.class)) {
            part.meters().forEach(meter -> before.put(meter.id(), meter));
        }
        var steps = new ArrayList<Step>();
        var undo = new ArrayList<Message>();
        for (var meter : meters) {
            var mod = new Bundle.Put(meter);
            var old = Optional.ofNullable(before.get(meter.id()));
            if (old.isPresent() && old.get().meter().isEmpty()) {
                throw new Refused(mod, "a meter of another kind has this id");
            }
            var kept = old.flatMap(InstalledMeter::meter);
            steps.add(new Step(
                    mod, new MeterMod(kept.isPresent() ? MeterMod.Command.MODIFY : MeterMod.Command.ADD, meter)));
            undo.add(kept.<Message>map(m -> new MeterMod(MeterMod.Command.MODIFY, m))
                    .orElseGet(() -> delete(meter.id())));
        }
        var errors = connection.confirm(messages(steps));
        if (!errors.isEmpty()) {
            connection.confirm(undo);
            refuseFirst(errors, steps);
        }
        return undo;
    }
}
