package org.dragonflow.apps;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.dragonflow.compile.App;
import org.dragonflow.model.ActivePort;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.Interface;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.Query;
import org.dragonflow.model.Router;
import org.dragonflow.model.RouterInterface;
import org.dragonflow.model.Segment;
import org.dragonflow.model.Subnet;
import org.dragonflow.model.Trunk;
import org.dragonflow.model.View;

/**
 * Knows which networks matter on this chassis: the other apps make flows for those alone.
 *
 * <p>The facts flip rarely, while ports come and go; so a rule that asks for one is not run again with every port.
 */
final class Locality {
    private Locality() {}

    static App app(Id<Chassis> chassis) {
        return App.named("locality")
                .derive(
                        "local",
                        Port.class,
                        (port, _) -> isThere(port, chassis)
                                ? Stream.of(new LocalNetwork(LocalNetwork.of(port.networkId())))
                                : Stream.of())
                .derive(
                        "near",
                        LocalNetwork.class,
                        (local, view) -> reachable(local.network(), view).stream()
                                .map(network -> new NearNetwork(NearNetwork.of(network))))
                .concerning(self -> Stream.of(Port.at(self), Port.awaitedAt(self)))
                .reaching(Port.class, (port, self) -> isThere(port, self) ? around(port.networkId()) : Stream.of())
                .reaching(
                        Port.class,
                        (port, self) -> port.isExpectedAt(self)
                                ? Stream.of(Trunk.carrying(port.id()), Trunk.carriedBy(port.id()))
                                : Stream.of())
                .reaching(
                        RouterInterface.class,
                        (own, _) -> Stream.concat(
                                Stream.of(Query.byId(own.routerId()), RouterInterface.of(own.routerId())),
                                around(own.networkId())));
    }

    /** Whether the chassis has to do with all that is on the port's network; of external networks, what it has to do with {@link Edge} knows. */
    private static boolean isThere(Port port, Id<Chassis> chassis) {
        return port.isExpectedAt(chassis) && !port.isOutside();
    }

    /** A network and all that is on it. */
    private static Stream<Query<?>> around(Id<Network> network) {
        return Stream.of(
                Query.byId(network),
                Segment.of(network),
                Subnet.on(network),
                Port.on(network),
                ActivePort.on(network),
                RouterInterface.on(network));
    }

    /** A network, and those that routers join to it. */
    static Set<Id<Network>> reachable(Id<Network> from, View view) {
        var found = new HashSet<Id<Network>>();
        var routers = new HashSet<Id<Router>>();
        var queue = new ArrayDeque<Id<Network>>();
        found.add(from);
        queue.add(from);
        while (!queue.isEmpty()) {
            view.find(RouterInterface.on(queue.pop()))
                    .filter(own -> routers.add(own.routerId()))
                    .flatMap(own -> view.find(RouterInterface.of(own.routerId())))
                    .map(RouterInterface::networkId)
                    .filter(found::add)
                    .forEach(queue::add);
        }
        return found;
    }

    /** Where a port is plugged in and switched on. */
    static Stream<Place> plugged(Port port, Id<Chassis> chassis, View view) {
        return port.adminStateUp() ? place(port, chassis, view) : Stream.of();
    }

    /** Where a port is plugged in; the first by port number, should several interfaces claim it. A subport has the card of its trunk. */
    static Stream<Place> place(Port port, Id<Chassis> chassis, View view) {
        if (!port.isExpectedAt(chassis)) {
            return Stream.of();
        }
        var trunk = view.find(Trunk.carrying(port.id())).findFirst();
        var card = trunk.map(Trunk::portId).orElse(port.id());
        int vlan = trunk.flatMap(its -> its.subPort(port.id()))
                .map(Trunk.SubPort::segmentationId)
                .orElse(0);
        return view.find(Interface.of(card))
                .filter(i -> i.tunnel().isEmpty())
                .sorted(Comparator.comparingInt(Interface::ofport))
                .limit(1)
                .map(i -> new Place(i.ofport(), vlan));
    }

    /** The ports whose frames pass the card of a port: the port itself, and those that its trunk carries. */
    static Stream<Port> behind(Id<Port> card, View view) {
        var subPorts = view.find(Trunk.carriedBy(card))
                .flatMap(trunk -> trunk.subPorts().stream())
                .map(Trunk.SubPort::portId);
        return Stream.concat(Stream.of(card), subPorts).flatMap(port -> view.get(port).stream());
    }

    /** Whether the frames of another port come and go where those of this one do. */
    static boolean sharesItsPlace(Port port, View view) {
        return view.find(Trunk.carrying(port.id())).findAny().isPresent()
                || view.find(Trunk.carriedBy(port.id()))
                        .anyMatch(trunk -> !trunk.subPorts().isEmpty());
    }
}
