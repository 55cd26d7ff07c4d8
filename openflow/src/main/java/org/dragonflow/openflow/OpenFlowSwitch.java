package org.dragonflow.openflow;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Bundle;
import org.dragonflow.flow.Entry;
import org.dragonflow.flow.FlowTable;
import org.dragonflow.flow.Group;
import org.dragonflow.flow.Meter;
import org.dragonflow.flow.PacketOut;
import org.dragonflow.flow.Pipeline;
import org.dragonflow.flow.Switch;
import org.dragonflow.flow.SwitchEvent;
import org.dragonflow.openflow.Message.Contents;
import org.dragonflow.openflow.Message.InstalledFlow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A switch spoken to over OpenFlow 1.5, connected again whenever the connection is lost.
 *
 * <p>Events come one at a time, on a thread of the connection; the listener must return at once. Between {@code Disconnected} and the
 * next {@code Connected} every method throws. Any thread may call.
 */
public final class OpenFlowSwitch implements Switch, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OpenFlowSwitch.class);
    private static final int PACKET_IN2 = 2;
    private static final int WHOLE_PACKET = 0xffff;

    // Every reason up to OFPR_PACKET_OUT; every change of a port; no word of flows that end.
    private static final Message ASYNC = new Message.SetAsync(0x3f, 7, 0);

    private final Endpoint endpoint;
    private final Codec codec;
    private final Owner owner;
    private final Timing timing;
    private final Consumer<SwitchEvent> listener;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ReentrantLock committing = new ReentrantLock();
    private volatile Optional<Connection> current = Optional.empty();

    private OpenFlowSwitch(
            Endpoint endpoint, Pipeline pipeline, Owner owner, Timing timing, Consumer<SwitchEvent> listener) {
        this.endpoint = endpoint;
        this.codec = new Codec(pipeline, owner.tag());
        this.owner = owner;
        this.timing = timing;
        this.listener = listener;
    }

    /** Begins to connect and returns; the listener hears when it is done. */
    public static OpenFlowSwitch connect(
            Endpoint endpoint, Pipeline pipeline, Owner owner, Timing timing, Consumer<SwitchEvent> listener) {
        var made = new OpenFlowSwitch(endpoint, pipeline, owner, timing, listener);
        Thread.ofVirtual().name("openflow " + endpoint).start(made::keepConnected);
        return made;
    }

    private void keepConnected() {
        var lastProblem = "";
        try {
            while (closed.getCount() > 0) {
                try {
                    converse();
                    lastProblem = "";
                } catch (IOException e) {
                    if (!e.toString().equals(lastProblem)) {
                        LOG.warn("cannot talk to the switch at {}: {}", endpoint, e.toString());
                    }
                    lastProblem = e.toString();
                }
                boolean _ = closed.await(timing.reconnect().toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One conversation from hello to its end. */
    private void converse() throws IOException, InterruptedException {
        try (var connection = Connection.open(endpoint, codec, timing, this::hear)) {
            insist(connection, new Message.SetPacketInFormat(PACKET_IN2), new Message.SetControllerId(owner.tag()));
            current = Optional.of(connection);
            listener.accept(new SwitchEvent.Connected());
            listenTo(connection);
            var reason = connection.awaitEnd();
            current = Optional.empty();
            listener.accept(new SwitchEvent.Disconnected(reason));
        }
    }

    // A connection to the management socket hears nothing unasked until it has set a length to send.
    private void listenTo(Connection connection) {
        try {
            insist(connection, ASYNC, new Message.SetConfig(0, WHOLE_PACKET));
        } catch (IOException e) {
            connection.end(e.toString());
        }
        if (closed.getCount() == 0) {
            connection.end("closed");
        }
    }

    private static void insist(Connection connection, Message... messages) throws IOException {
        var errors = connection.confirm(List.of(messages));
        if (!errors.isEmpty()) {
            throw new IOException("the switch refused to be set up: " + errors);
        }
    }

    private void hear(Message message) {
        switch (message) {
            case Message.PacketIn(var event, var _) -> listener.accept(event);
            case Message.PortStatus(var event) -> listener.accept(event);
            default -> LOG.debug("nobody waits for {}", message);
        }
    }

    private Connection connection() throws IOException {
        return current.orElseThrow(() -> new IOException("not connected to " + endpoint));
    }

    /**
     * Our flows are those with our tag. A group or meter bears no tag: it is ours unless what another owner put there uses it and nothing
     * of ours does.
     */
    @Override
    public FlowTable installed() throws IOException {
        var connection = connection();
        var ours = new ArrayList<Entry>();
        var usedByUs = new HashSet<Entry.Key>();
        var usedByOthers = new HashSet<Entry.Key>();
        for (var installed : flows(connection)) {
            boolean isOurs = owner.owns(installed.flow().cookie());
            collectUses(installed.flow().actions(), isOurs ? usedByUs : usedByOthers);
            if (isOurs && installed.unknown().isEmpty()) {
                ours.add(installed.flow());
            } else if (isOurs) {
                LOG.warn("a flow of ours tests what nobody knows: {} {}", installed.flow(), installed.unknown());
            }
        }
        var untagged = groupsAndMeters(connection).toList();
        followGroups(untagged, usedByUs);
        followGroups(untagged, usedByOthers);
        untagged.stream()
                .filter(entry -> usedByUs.contains(entry.key()) || !usedByOthers.contains(entry.key()))
                .forEach(ours::add);
        return FlowTable.of(ours);
    }

    /** Adds what the groups in use use in turn. */
    private static void followGroups(List<Entry> untagged, Set<Entry.Key> uses) {
        int before;
        do {
            before = uses.size();
            for (var entry : untagged) {
                if (entry instanceof Group group && uses.contains(group.key())) {
                    group.buckets().forEach(bucket -> collectUses(bucket.actions(), uses));
                }
            }
        } while (uses.size() > before);
    }

    private static List<InstalledFlow> flows(Connection connection) throws IOException {
        return connection.askAll(new Message.FlowsRequest(0, 0), Contents.Flows.class).stream()
                .flatMap(part -> part.flows().stream())
                .toList();
    }

    private static Stream<Entry> groupsAndMeters(Connection connection) throws IOException {
        var groups = connection.askAll(new Message.GroupsRequest(), Contents.Groups.class).stream()
                .flatMap(part -> part.groups().stream())
                .flatMap(installed -> installed.group().stream());
        var meters = connection.askAll(new Message.MetersRequest(), Contents.Meters.class).stream()
                .flatMap(part -> part.meters().stream())
                .flatMap(installed -> installed.meter().stream());
        return Stream.concat(groups, meters);
    }

    private static void collectUses(List<Action> actions, Set<Entry.Key> uses) {
        for (var action : actions) {
            switch (action) {
                case Action.ToGroup(var id) -> uses.add(new Group.Key(id));
                case Action.Metered(var id) -> uses.add(new Meter.Key(id));
                case Action.Clone(var inner) -> collectUses(inner, uses);
                case Action.Set _, Action.Copy _, Action.Output _, Action.Goto _, Action.Resubmit _, Action.Ct _ -> {}
                case Action.CtClear _, Action.DecrementTtl _, Action.Punt _, Action.Conjunction _ -> {}
                case Action.CheckLarger _, Action.PushVlan _, Action.PopVlan _, Action.SetQueue _ -> {}
                case Action.Unknown _ -> {}
            }
        }
    }

    /** One commit runs at a time; a second caller waits. */
    @Override
    public void commit(Bundle bundle) throws IOException, Refused {
        if (bundle.isEmpty()) {
            return;
        }
        committing.lock();
        try {
            new BundleCommit(connection(), codec, owner).run(bundle);
        } finally {
            committing.unlock();
        }
    }

    @Override
    public void send(PacketOut packet) throws IOException {
        connection().tell(new Message.Send(packet));
    }

    @Override
    public void flushZone(int zone) throws IOException {
        insist(connection(), new Message.FlushZone(zone));
    }

    /**
     * Makes a tun_metadata field stand for a tunnel option, unless it does; one that stands for another is an error. A switch that was
     * restarted has forgotten it, and refuses flows that name the field until it is told again.
     */
    public void ensureTlvMap(TlvMap map) throws IOException {
        var connection = connection();
        var maps = connection
                .ask(new Message.TlvTableRequest(), Message.TlvTable.class)
                .maps();
        if (!maps.contains(map)) {
            insist(connection, new Message.TlvTableMod(Message.TlvTableMod.Command.ADD, List.of(map)));
        }
    }

    /** What our flows have seen. */
    public List<FlowCounters> counters() throws IOException {
        return flows(connection()).stream()
                .filter(f -> owner.owns(f.flow().cookie()))
                .map(f -> new FlowCounters(f.flow().key(), f.flow().cookie(), f.packets(), f.bytes()))
                .toList();
    }

    public List<SwitchEvent.Port> ports() throws IOException {
        return connection().askAll(new Message.PortsRequest(), Contents.Ports.class).stream()
                .flatMap(part -> part.ports().stream())
                .toList();
    }

    /** Ends the connection, tells the listener, and connects no more. */
    @Override
    public void close() {
        closed.countDown();
        current.ifPresent(Connection::close);
    }
}
