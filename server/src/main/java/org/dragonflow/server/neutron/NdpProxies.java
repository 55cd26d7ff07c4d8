package org.dragonflow.server.neutron;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.dragonflow.address.IpAddress;
import org.dragonflow.model.Id;
import org.dragonflow.model.NdpProxy;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.Port.FixedIp;
import org.dragonflow.model.Router;
import org.dragonflow.model.RouterInterface;
import org.dragonflow.model.Subnet;
import org.dragonflow.model.View;
import org.dragonflow.server.access.Caller;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.store.Edit;

/** Routers that answer outside for IPv6 addresses inside, and which of them can. */
final class NdpProxies implements Kind<NdpProxy> {
    /** The attribute by which a router is let answer. */
    static final String ATTRIBUTE = "enable_ndp_proxy";

    private final Mint mint;
    private final Ports ports;

    NdpProxies(Mint mint, Ports ports) {
        this.mint = mint;
        this.ports = ports;
    }

    @Override
    public Class<NdpProxy> type() {
        return NdpProxy.class;
    }

    @Override
    public Refusal notFound(Id<NdpProxy> id) {
        return NdpRefusals.ndpProxyNotFound(id);
    }

    @Override
    public NdpProxy create(Edit edit, Caller caller, Values values) {
        var port = ports.visible(
                edit, Id.of(Port.class, values.get("port_id", Id.class).value()), caller);
        var id = Id.of(Router.class, values.get("router_id", Id.class).value());
        var legs = edit.find(RouterInterface.of(id))
                .filter(leg -> leg.networkId().equals(port.networkId()))
                .toList();
        if (legs.isEmpty()) {
            throw NdpRefusals.portUnreachableRouter(port.id(), id);
        }
        var router = Guard.of(Router.class).find(edit, id, caller).orElseThrow(() -> Refusals.routerNotFound(id));
        if (!router.enableNdpProxy()) {
            throw NdpRefusals.routerNdpProxyNotEnable(id);
        }
        var outside = scope(edit, router.externalGatewayInfo().orElseThrow().networkId());
        var served = served(edit, legs);
        var address = address(port, router, served.keySet(), values.nullable("ip_address", IpAddress.class));
        var inside = scope(edit, port.networkId());
        if (!inside.equals(outside)) {
            throw NdpRefusals.addressScopeConflict(outside.orElse("None"), inside.orElse("None"));
        }
        edit.refuseIfTaken(
                NdpProxy.class,
                List.of("router_id", "ip_address"),
                List.of(id, address),
                () -> Refusals.duplicateEntry("NDPProxy", "router_id, ip_address", "%s, %s".formatted(id, address)));
        var subnet = port.fixedIps().stream()
                .filter(fixed -> fixed.ipAddress().equals(address))
                .map(FixedIp::subnetId)
                .findFirst()
                .orElseThrow();
        values.put("ip_address", Optional.of(address))
                .put("interface_id", Optional.ofNullable(served.get(subnet)).orElseThrow())
                .put("gateway_port_id", router.gatewayPortId().orElseThrow());
        return mint.create(edit, NdpProxy.class, values);
    }

    /** The subnets with IPv6 that interfaces of a router are on, and by which of them. */
    private static Map<Id<Subnet>, Id<RouterInterface>> served(View view, List<RouterInterface> legs) {
        var served = new HashMap<Id<Subnet>, Id<RouterInterface>>();
        for (var leg : legs) {
            view.get(leg.portId()).stream()
                    .flatMap(port -> ofVersion6(port.fixedIps().stream()))
                    .forEach(fixed -> served.put(fixed.subnetId(), leg.id()));
        }
        return served;
    }

    /** The address of the port to be answered for: on a subnet that the router is on too. */
    private static IpAddress address(Port port, Router router, Set<Id<Subnet>> served, Optional<IpAddress> wanted) {
        var candidates = ofVersion6(port.fixedIps().stream()).toList();
        if (candidates.isEmpty()) {
            throw Refusals.badRequest(
                    "ndp_proxy", "Requested port %s must allocate one IPv6 address at least".formatted(port.id()));
        }
        var reachable = candidates.stream()
                .filter(fixed -> served.contains(fixed.subnetId()))
                .map(FixedIp::ipAddress)
                .toList();
        if (wanted.isEmpty()) {
            return reachable.stream()
                    .findFirst()
                    .orElseThrow(() -> NdpRefusals.portUnreachableRouter(port.id(), router.id()));
        }
        var address = wanted.get();
        if (candidates.stream().noneMatch(fixed -> fixed.ipAddress().equals(address))) {
            throw NdpRefusals.invalidAddress(address, "This address not belong to the port %s".formatted(port.id()));
        }
        if (!reachable.contains(address)) {
            throw NdpRefusals.invalidAddress(address, "This address cannot reach the router %s".formatted(router.id()));
        }
        return address;
    }

    private static Stream<FixedIp> ofVersion6(Stream<FixedIp> all) {
        return all.filter(fixed -> fixed.ipAddress().version() == 6);
    }

    private static Optional<String> scope(View view, Id<Network> network) {
        var subnets = view.find(Subnet.on(network))
                .filter(subnet -> subnet.ipVersion() == 6)
                .toList();
        return SubnetBlocks.scope(view, subnets).map(Id::value);
    }

    /** Refuses a new router that is to answer where nobody would ask. */
    static void checkNew(View view, Router router) {
        if (!router.enableNdpProxy()) {
            return;
        }
        var network = router.externalGatewayInfo()
                .map(Router.Gateway::networkId)
                .orElseThrow(() -> NdpRefusals.routerGatewayNotValid(
                        router.id(), "The request body not contain external gateway information"));
        if (scope(view, network).isEmpty()) {
            throw NdpRefusals.routerGatewayNotValid(
                    router.id(),
                    ("The external network %s don't support IPv6 ndp proxy, the network has no IPv6 subnets or has no"
                                    + " IPv6 address scope")
                            .formatted(network));
        }
    }

    /**
     * Holds what is to become of a router to what its gateway can do.
     *
     * @param values with the gateway that the router is to have, if it changes
     */
    static void settle(View view, Router before, Values values) {
        var gateway = values.has(Gateways.ATTRIBUTE)
                ? values.nullable(Gateways.ATTRIBUTE, Router.Gateway.class)
                : before.externalGatewayInfo();
        boolean isAsked = values.find(ATTRIBUTE, Boolean.class).orElse(false);
        boolean isPossible = gateway.filter(some -> canAnswer(view, some)).isPresent();
        if (isAsked && !isPossible) {
            boolean isUnset = before.externalGatewayInfo().isPresent() && gateway.isEmpty();
            throw NdpRefusals.routerGatewayNotValid(
                    before.id(),
                    isUnset
                            ? "The router's external gateway will be unset"
                            : "The router has no external gateway or the external gateway port has no IPv6 address or"
                                    + " IPv6 address scope");
        }
        boolean stays = gateway.map(Router.Gateway::networkId)
                .equals(before.externalGatewayInfo().map(Router.Gateway::networkId));
        boolean losesVersion6 = gateway.filter(NdpProxies::isVersion6).isEmpty();
        if (stays && before.enableNdpProxy() && values.has(Gateways.ATTRIBUTE) && losesVersion6) {
            throw NdpRefusals.routerIpv6GatewayInUse(before.id());
        }
        if (!stays && !isPossible) {
            values.put(ATTRIBUTE, false);
        }
    }

    private static boolean canAnswer(View view, Router.Gateway gateway) {
        return isVersion6(gateway) && scope(view, gateway.networkId()).isPresent();
    }

    private static boolean isVersion6(Router.Gateway gateway) {
        return ofVersion6(gateway.externalFixedIps().stream()).findAny().isPresent();
    }

    /** Refuses to take the way outside from a router that answers there. */
    static void requireNone(View view, Id<Router> router) {
        if (view.find(NdpProxy.of(router)).findAny().isPresent()) {
            throw NdpRefusals.routerGatewayInUseByNdpProxy(router);
        }
    }

    /** Refuses to part a router from a subnet that it answers for addresses of. */
    static void requireNone(View view, Id<Router> router, Subnet subnet) {
        boolean isUsed = view.find(NdpProxy.of(router))
                .flatMap(proxy -> proxy.ipAddress().stream())
                .anyMatch(subnet.cidr()::contains);
        if (isUsed) {
            throw NdpRefusals.routerInterfaceInUseByNdpProxy(router, subnet.id());
        }
    }

    @Override
    public NdpProxy update(Edit edit, Caller caller, NdpProxy before, Values values) {
        return mint.change(edit, before, values.map());
    }
}
