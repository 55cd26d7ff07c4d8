package org.dragonflow.apps;

import static org.dragonflow.apps.Registers.NETWORK;
import static org.dragonflow.apps.Registers.ROUTER;
import static org.dragonflow.apps.Tables.ROUTE;
import static org.dragonflow.apps.Tables.ROUTER_ADDRESS;
import static org.dragonflow.flow.Action.goTo;
import static org.dragonflow.flow.Field.IPV6_DST;
import static org.dragonflow.flow.Flow.FALLBACK;

import java.util.Optional;
import java.util.stream.Stream;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.Ipv6;
import org.dragonflow.compile.App;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.Match;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.NdpProxy;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.Router;
import org.dragonflow.model.RouterInterface;
import org.dragonflow.model.Subnet;
import org.dragonflow.model.View;

/**
 * Has routers answer outside for IPv6 addresses inside, at the chassis that stands for the router there.
 *
 * <p>What then comes for the router is routed to the address as it is. On its subnets, a router that may answer lets through from outside what
 * is for these addresses and nothing else, answers included, as Neutron's does; what goes outside it lets pass.
 */
final class NdpProxies {
    private NdpProxies() {}

    static App app(Id<Chassis> chassis) {
        return App.named("ndp_proxies")
                .forEach("answer", NdpProxy.class, (proxy, view) -> answer(proxy, chassis, view))
                .forEach("closed", EdgeRouter.class, (edge, view) -> closed(edge, chassis, view));
    }

    /** The addresses that are answered for at a router's port outside. */
    static Stream<IpAddress> addresses(Port gateway, Id<Chassis> chassis, View view) {
        return view.find(NdpProxy.through(gateway.id()))
                .filter(proxy -> isAnswered(proxy, chassis, view))
                .flatMap(proxy -> proxy.ipAddress().stream())
                .sorted();
    }

    private static Stream<Flow> answer(NdpProxy proxy, Id<Chassis> chassis, View view) {
        return isAnswered(proxy, chassis, view)
                ? gateway(proxy, chassis, view).stream()
                        .flatMap(gateway ->
                                view
                                        .get(Wire.of(gateway.networkId()))
                                        .flatMap(_ -> view.get(gateway.networkId()))
                                        .stream()
                                        .flatMap(network -> proxy.ipAddress().stream()
                                                .flatMap(address -> Stream.concat(
                                                        Stream.of(Wires.answered(network, address)),
                                                        Neighbours.known(
                                                                gateway, Stream.of(address), chassis, network)))))
                : Stream.of();
    }

    private static Optional<Port> gateway(NdpProxy proxy, Id<Chassis> chassis, View view) {
        return gateway(proxy.routerId(), chassis, view).filter(port -> port.id().equals(proxy.gatewayPortId()));
    }

    /** The port outside of a router that may answer, if this chassis stands for it. */
    private static Optional<Port> gateway(Id<Router> id, Id<Chassis> chassis, View view) {
        return view.get(id)
                .filter(router -> router.adminStateUp() && router.enableNdpProxy())
                .flatMap(Router::gatewayPortId)
                .flatMap(view::get)
                .filter(port -> port.isBoundTo(chassis));
    }

    private static Stream<Flow> closed(EdgeRouter edge, Id<Chassis> chassis, View view) {
        return view.get(edge.router()).stream()
                .flatMap(router -> gateway(router.id(), chassis, view).stream()
                        .flatMap(gateway -> view.get(gateway.networkId()).stream()
                                .flatMap(outside -> closed(router, gateway, outside, view))));
    }

    private static Stream<Flow> closed(Router router, Port gateway, Network outside, View view) {
        var from = Match.on(ROUTER, router.key()).and(NETWORK, outside.key()).and(Match.IPV6);
        var through = view.find(NdpProxy.through(gateway.id()))
                .flatMap(proxy -> proxy.ipAddress().stream())
                .distinct()
                .map(address -> Flow.in(ROUTER_ADDRESS, FALLBACK + 1, from.and(IPV6_DST, (Ipv6) address), goTo(ROUTE)));
        var rest = view.find(RouterInterface.of(router.id()))
                .flatMap(own -> view.get(own.portId()).stream())
                .flatMap(port -> L3.subnets(port, view))
                .map(Subnet::cidr)
                .filter(block -> block.version() == 6)
                .distinct()
                .map(block -> Flow.drop(ROUTER_ADDRESS, FALLBACK, from.and(IPV6_DST, block)));
        return Stream.concat(through, rest);
    }

    /** Whether this chassis answers by this proxy: of several routers that would for one address on one network, the first does. */
    private static boolean isAnswered(NdpProxy proxy, Id<Chassis> chassis, View view) {
        return gateway(proxy, chassis, view)
                .filter(gateway -> proxy.ipAddress().stream()
                        .flatMap(address -> view.find(NdpProxy.at(address)))
                        .filter(other -> gateway(other, chassis, view)
                                .filter(its -> its.networkId().equals(gateway.networkId()))
                                .isPresent())
                        .map(NdpProxy::id)
                        .min(Id::compareTo)
                        .equals(Optional.of(proxy.id())))
                .isPresent();
    }
}
