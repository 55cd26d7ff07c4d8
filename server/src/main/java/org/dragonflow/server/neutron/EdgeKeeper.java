package org.dragonflow.server.neutron;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.dragonflow.model.ActivePort;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Delta;
import org.dragonflow.model.Entity;
import org.dragonflow.model.FloatingIp;
import org.dragonflow.model.Id;
import org.dragonflow.model.NatLease;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.PortForwarding;
import org.dragonflow.model.Query;
import org.dragonflow.model.Router;
import org.dragonflow.model.RouterInterface;
import org.dragonflow.model.Schema;
import org.dragonflow.model.Segment;
import org.dragonflow.model.Status;
import org.dragonflow.model.View;
import org.dragonflow.store.Edit;
import org.dragonflow.store.Replica;
import org.dragonflow.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps in the store what follows from what users ask for outside: which chassis stands for which address, who may use which source ports, and
 * by whom chassis whose link is down get there.
 *
 * <p>It looks at what a change touches, soon after the change, and at everything when it starts. Several servers may do so at once; what one has
 * done the others find done.
 */
public final class EdgeKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EdgeKeeper.class);
    private static final int AT_ONCE = 100;
    private static final long PAUSE_MILLIS = 500;

    private final Replica replica;
    private final InstantSource clock;
    private final Ports ports;
    private final NatLeases leases;
    private final Replica.Listener ear = this::hear;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition isSomething = lock.newCondition();
    private final Set<Id<?>> suspects = new LinkedHashSet<>();
    private final Thread thread;

    EdgeKeeper(Replica replica, InstantSource clock, Ports ports, int natPorts) {
        this.replica = replica;
        this.clock = clock;
        this.ports = ports;
        this.leases = new NatLeases(natPorts);
        this.thread = Thread.ofVirtual().name("edge").unstarted(this::run);
    }

    /** Keeps it from now on. */
    public EdgeKeeper start() {
        var state = replica.subscribe(ear);
        suspect(state.topology().find(Query.all(Port.class)).map(Port::id).toList());
        suspect(state.topology()
                .find(Query.all(Network.class))
                .filter(Network::routerExternal)
                .map(Network::id)
                .toList());
        thread.start();
        return this;
    }

    private void hear(Replica.State after, List<Delta> deltas) {
        var touched = new LinkedHashSet<Id<?>>();
        for (var delta : deltas) {
            Stream.of(delta.before(), delta.after())
                    .flatMap(Optional::stream)
                    .flatMap(entity -> touched(entity, delta, after.topology()))
                    .forEach(touched::add);
        }
        suspect(touched);
    }

    private void suspect(Collection<? extends Id<?>> more) {
        if (more.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            suspects.addAll(more);
            isSomething.signal();
        } finally {
            lock.unlock();
        }
    }

    /** The ports, and the networks, for which something else may follow than before. */
    private static Stream<Id<?>> touched(Entity entity, Delta delta, View view) {
        return switch (entity) {
            case Chassis _ -> Stream.concat(onWires(view), Detours.touched(view));
            case Network network
            when network.routerExternal() -> Stream.concat(Stream.of(network.id()), ports(network, delta, view));
            case Segment segment -> Stream.concat(Stream.of(segment.networkId()), ports(segment, delta, view));
            default -> ports(entity, delta, view).map(id -> (Id<?>) id);
        };
    }

    private static Stream<Id<Port>> ports(Entity entity, Delta delta, View view) {
        return switch (entity) {
            case Port port -> isMoved(delta) && isOfInterest(port) ? touched(port, view) : Stream.of();
            case FloatingIp floating -> Stream.of(floating.floatingPortId());
            case ActivePort active ->
                view.find(Port.having(active.ipAddress()))
                        .filter(port -> port.networkId().equals(active.networkId()))
                        .flatMap(port -> view.find(FloatingIp.of(port.id())))
                        .map(FloatingIp::floatingPortId);
            case NatLease lease -> hungry(lease, delta, view);
            case PortForwarding forwarding ->
                view.get(forwarding.floatingipId()).map(FloatingIp::floatingPortId).stream();
            case Router router -> Stream.concat(router.gatewayPortId().stream(), inside(router.id(), view));
            case RouterInterface own ->
                Stream.concat(
                        Stream.of(own.portId()),
                        view.find(Port.on(own.networkId())).map(Port::id));
            case Network network ->
                network.routerExternal()
                        ? view.find(Port.on(network.id()))
                                .filter(port -> port.deviceOwner().equals(Port.ROUTER_GATEWAY))
                                .flatMap(port -> Stream.concat(
                                        Stream.of(port.id()), inside(Id.of(Router.class, port.deviceId()), view)))
                        : Stream.of();
            case Segment segment -> view.find(Port.on(segment.networkId())).map(Port::id);
            default -> Stream.of();
        };
    }

    /** The port of a lease that is used up; or, when a lease is given back, those who had none or not enough. */
    private static Stream<Id<Port>> hungry(NatLease lease, Delta delta, View view) {
        if (delta.after().isPresent()) {
            return lease.usedUp() ? Stream.of(lease.portId()) : Stream.of();
        }
        return view.get(lease.routerId()).stream()
                .filter(router -> router.gatewayPortId().equals(Optional.of(lease.gatewayPortId())))
                .flatMap(router -> inside(router.id(), view))
                .filter(port -> NatLease.current(port, lease.gatewayPortId(), view)
                        .filter(has -> !has.usedUp())
                        .isEmpty());
    }

    /** Servers' ports matter once they are somewhere. */
    private static boolean isOfInterest(Port port) {
        return port.hostId().isPresent() || port.isOutside() || port.isRouterInterface();
    }

    private static boolean isMoved(Delta delta) {
        var before = delta.before().map(Port.class::cast);
        var after = delta.after().map(Port.class::cast);
        return before.isEmpty()
                || after.isEmpty()
                || !before.get().hostId().equals(after.get().hostId())
                || !before.get().fixedIps().equals(after.get().fixedIps());
    }

    private static Stream<Id<Port>> touched(Port port, View view) {
        var floating = view.find(FloatingIp.of(port.id())).map(FloatingIp::floatingPortId);
        var through = port.deviceOwner().equals(Port.ROUTER_GATEWAY)
                ? Stream.concat(
                        view.find(FloatingIp.through(port.id())).map(FloatingIp::floatingPortId),
                        inside(Id.of(Router.class, port.deviceId()), view))
                : Stream.<Id<Port>>of();
        return Stream.of(Stream.of(port.id()), floating, through).flatMap(s -> s);
    }

    private static Stream<Id<Port>> inside(Id<Router> router, View view) {
        return view.find(RouterInterface.of(router))
                .flatMap(own -> view.find(Port.on(own.networkId())))
                .map(Port::id);
    }

    private static Stream<Id<Port>> onWires(View view) {
        return Stream.of(Port.ROUTER_GATEWAY, Port.ROUTER_INTERFACE, Port.CHASSIS_GATEWAY)
                .flatMap(owner -> view.find(Query.by(Port.class, "device_owner", owner)))
                .map(Port::id);
    }

    private void run() {
        try {
            while (true) {
                var some = take();
                try {
                    replica.edit(edit -> {
                        some.forEach(id -> settle(edit, id));
                        return edit;
                    });
                } catch (StoreException | IllegalStateException e) {
                    LOG.warn("what follows outside cannot be kept now: {}", e.getMessage());
                    suspect(some);
                    Thread.sleep(PAUSE_MILLIS);
                } catch (RuntimeException e) {
                    LOG.error("what follows outside for {} cannot be found out", some, e);
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("what follows outside is kept no more");
        }
    }

    private List<Id<?>> take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (suspects.isEmpty()) {
                isSomething.await();
            }
            var some = new ArrayList<Id<?>>(suspects.stream().limit(AT_ONCE).toList());
            some.forEach(suspects::remove);
            return some;
        } finally {
            lock.unlock();
        }
    }

    private void settle(Edit edit, Id<?> id) {
        if (id.type().equals(Network.class)) {
            Detours.settle(edit, Id.of(Network.class, id.value()));
        } else {
            settlePort(edit, Id.of(Port.class, id.value()));
        }
    }

    private void settlePort(Edit edit, Id<Port> id) {
        Instant now = clock.instant();
        leases.settle(edit, id, now);
        edit.get(id).ifPresent(port -> {
            if (EdgeBindings.isBoundByOthers(edit, port)) {
                bind(edit, port, EdgeBindings.host(edit, port));
            } else if (port.deviceOwner().equals(Port.CHASSIS_GATEWAY)) {
                dropUnlessOfUse(edit, port);
            } else {
                giveChassisAddress(edit, port);
            }
        });
    }

    // No new revision_number: that counts what users change.
    private static void bind(Edit edit, Port port, Optional<Id<Chassis>> host) {
        if (!port.hostId().equals(host)) {
            edit.replace(Schema.of(port).with(port, Map.of("binding:host_id", host, "status", Status.DOWN)));
            edit.find(FloatingIp.at(port.id()))
                    .toList()
                    .forEach(floating ->
                            edit.replace(Schema.of(floating).with(floating, Map.of("status", Status.DOWN))));
        }
    }

    /** Where those behind routers share the address of their chassis, the chassis has one. */
    private void giveChassisAddress(Edit edit, Port port) {
        NatLeases.sharing(edit, port, Network.SNAT_BY_CHASSIS)
                .map(router -> router.externalGatewayInfo().orElseThrow().networkId())
                .distinct()
                .toList()
                .forEach(id -> edit.get(id).ifPresent(network -> {
                    var host = port.hostId().orElseThrow();
                    if (addresses(edit, network.id(), host).findAny().isEmpty()
                            && edit.get(host).isPresent()) {
                        make(edit, network, host);
                    }
                }));
    }

    private static Stream<Port> addresses(View view, Id<Network> network, Id<Chassis> host) {
        return view.find(Port.at(host))
                .filter(port -> port.deviceOwner().equals(Port.CHASSIS_GATEWAY)
                        && port.networkId().equals(network));
    }

    private void make(Edit edit, Network network, Id<Chassis> host) {
        var values = Ports.values(Map.of(
                "network_id", network.id().value(),
                "device_id", host.value(),
                "device_owner", Port.CHASSIS_GATEWAY,
                "binding:host_id", host.value(),
                "port_security_enabled", false,
                "security_groups", List.of()));
        values.put("project_id", "");
        try {
            ports.make(edit, network, values);
        } catch (org.dragonflow.server.http.Refusal e) {
            LOG.warn("chassis {} gets no address on network {}: {}", host, network.id(), e.getMessage());
        }
    }

    private static void dropUnlessOfUse(Edit edit, Port port) {
        boolean isOfUse = edit.get(port.networkId())
                        .filter(network -> network.snat().equals(Network.SNAT_BY_CHASSIS))
                        .isPresent()
                && port.hostId().flatMap(edit::get).isPresent();
        if (!isOfUse) {
            edit.delete(port);
        }
    }

    @Override
    public void close() {
        replica.unsubscribe(ear);
        thread.interrupt();
    }
}
