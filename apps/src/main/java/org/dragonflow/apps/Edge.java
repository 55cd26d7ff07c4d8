package org.dragonflow.apps;

import java.util.stream.Stream;
import org.dragonflow.address.Ipv6;
import org.dragonflow.compile.App;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.FloatingIp;
import org.dragonflow.model.Id;
import org.dragonflow.model.NatLease;
import org.dragonflow.model.NdpProxy;
import org.dragonflow.model.Port;
import org.dragonflow.model.PortForwarding;
import org.dragonflow.model.Query;
import org.dragonflow.model.Router;
import org.dragonflow.model.RouterInterface;
import org.dragonflow.model.Segment;
import org.dragonflow.model.Subnet;
import org.dragonflow.model.View;

/** Knows which ways outside matter on this chassis, as {@link Locality} knows which networks do. */
final class Edge {
    private Edge() {}

    static App app(Id<Chassis> chassis) {
        return App.named("edge")
                .derive(
                        "near",
                        RouterInterface.class,
                        (own, view) -> view.get(NearNetwork.of(own.networkId())).stream()
                                .map(_ -> EdgeRouter.to(own.routerId())))
                .derive("stands", Port.class, (port, _) -> port.isBoundTo(chassis) ? routerOf(port) : Stream.of())
                .derive(
                        "inside",
                        Port.class,
                        (port, view) -> port.isBoundTo(chassis) ? inside(port, view) : Stream.of())
                .derive(
                        "network",
                        EdgeRouter.class,
                        (edge, view) -> gateway(edge, view).map(port -> EdgeNetwork.to(port.networkId())))
                .derive(
                        "zone",
                        EdgeRouter.class,
                        (edge, view) -> gateway(edge, view).map(port -> Zones.ofTranslation(port.id())))
                .derive(
                        "address",
                        Port.class,
                        (port, _) -> port.isBoundTo(chassis) && port.isOutside()
                                ? Stream.of(EdgeNetwork.to(port.networkId()))
                                : Stream.of())
                .reaching(
                        Router.class,
                        (router, _) -> router.gatewayPortId().stream().map(Query::byId))
                .reaching(Port.class, (port, self) -> port.isOutside() ? outside(port, self) : Stream.of())
                .reaching(
                        Port.class,
                        (port, self) -> port.isBoundTo(self) && !port.isOutside()
                                ? Stream.of(
                                        FloatingIp.of(port.id()), NatLease.of(port.id()), PortForwarding.to(port.id()))
                                : Stream.of())
                .reaching(
                        FloatingIp.class,
                        (floating, _) -> Stream.<Query<?>>concat(
                                Stream.of(Query.byId(floating.floatingPortId())),
                                floating.routerId().stream().map(Query::byId)))
                .reaching(
                        PortForwarding.class,
                        (forwarding, _) -> Stream.of(
                                Query.byId(forwarding.floatingipId()), Query.byId(forwarding.internalPortId())))
                .reaching(NatLease.class, (lease, _) -> Stream.of(Query.byId(lease.portId())));
    }

    /** The router whose port outside it is. */
    private static Stream<EdgeRouter> routerOf(Port port) {
        return port.deviceOwner().equals(Port.ROUTER_GATEWAY)
                ? Stream.of(EdgeRouter.to(Id.of(Router.class, port.deviceId())))
                : Stream.of();
    }

    /** Where a router's way outside leads to without translation, what comes from there is routed here. */
    private static Stream<NearNetwork> inside(Port port, View view) {
        return routerOf(port)
                .flatMap(edge -> view.get(edge.router()).stream())
                .filter(router -> routesPlainly(router, port))
                .flatMap(router -> view.find(RouterInterface.of(router.id())))
                .flatMap(own -> Locality.reachable(own.networkId(), view).stream())
                .distinct()
                .map(network -> new NearNetwork(NearNetwork.of(network)));
    }

    private static boolean routesPlainly(Router router, Port gateway) {
        return gateway.addresses().anyMatch(Ipv6.class::isInstance)
                || router.externalGatewayInfo().filter(way -> !way.enableSnat()).isPresent();
    }

    private static Stream<Port> gateway(EdgeRouter edge, View view) {
        return view.get(edge.router()).flatMap(Router::gatewayPortId).flatMap(view::get).stream();
    }

    /** What carries the network outside; and, of what this chassis stands for, all that is behind it. */
    private static Stream<Query<?>> outside(Port port, Id<Chassis> self) {
        var network = Stream.<Query<?>>of(
                Query.byId(port.networkId()), Segment.of(port.networkId()), Subnet.on(port.networkId()));
        return port.isBoundTo(self) ? Stream.concat(network, behind(port)) : network;
    }

    private static Stream<Query<?>> behind(Port port) {
        return switch (port.deviceOwner()) {
            case Port.ROUTER_GATEWAY -> {
                var router = Id.of(Router.class, port.deviceId());
                yield Stream.of(
                        Query.byId(router),
                        RouterInterface.of(router),
                        NatLease.through(port.id()),
                        NdpProxy.through(port.id()),
                        FloatingIp.through(port.id()));
            }
            case Port.FLOATING_IP ->
                Stream.of(FloatingIp.at(port.id()), PortForwarding.of(Id.of(FloatingIp.class, port.deviceId())));
            default -> Stream.of();
        };
    }
}
