package org.dragonflow.apps;

import java.util.Optional;
import java.util.stream.Stream;
import org.dragonflow.address.IpAddress;
import org.dragonflow.compile.App;
import org.dragonflow.flow.Flow;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.NdpProxy;
import org.dragonflow.model.Port;
import org.dragonflow.model.Router;
import org.dragonflow.model.View;

/**
 * Has routers answer outside for IPv6 addresses inside, at the chassis that stands for the router there.
 *
 * <p>That is all it takes: what then comes for the router is routed to the address as it is.
 */
final class NdpProxies {
    private NdpProxies() {}

    static App app(Id<Chassis> chassis) {
        return App.named("ndp_proxies")
                .forEach("answer", NdpProxy.class, (proxy, view) -> answer(proxy, chassis, view));
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
        return view.get(proxy.routerId())
                .filter(router -> router.adminStateUp() && router.enableNdpProxy())
                .flatMap(Router::gatewayPortId)
                .filter(proxy.gatewayPortId()::equals)
                .flatMap(view::get)
                .filter(port -> port.isBoundTo(chassis));
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
