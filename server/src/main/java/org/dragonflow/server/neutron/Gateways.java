package org.dragonflow.server.neutron;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dragonflow.model.FloatingIp;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;
import org.dragonflow.model.Partial;
import org.dragonflow.model.Port;
import org.dragonflow.model.QosPolicy;
import org.dragonflow.model.Router;
import org.dragonflow.model.Router.Gateway;
import org.dragonflow.model.Subnet;
import org.dragonflow.model.View;
import org.dragonflow.server.access.Caller;
import org.dragonflow.store.Edit;

/** The ports by which routers reach external networks. */
final class Gateways {
    static final String ATTRIBUTE = "external_gateway_info";
    private static final String PORT = "gateway_port_id";

    private final Mint mint;
    private final Ports ports;
    private final FixedIps fixedIps;

    Gateways(Mint mint, Ports ports, FixedIps fixedIps) {
        this.mint = mint;
        this.ports = ports;
        this.fixedIps = fixedIps;
    }

    /** Gives a new router the gateway that its creator asks for. */
    void open(Edit edit, Caller caller, Id<Router> router, Values values) {
        values.nullable(ATTRIBUTE, Partial.class)
                .ifPresent(wanted -> open(edit, caller, router, List.of(), wanted, values));
    }

    /** Gives the router the gateway that a client asks for, and takes from it the one that it has. */
    void change(Edit edit, Caller caller, Router router, Values values) {
        if (!values.has(ATTRIBUTE)) {
            return;
        }
        var present = router.externalGatewayInfo();
        var wanted = values.nullable(ATTRIBUTE, Partial.class).map(given -> keepingPolicy(given, present));
        boolean stays = wanted.isPresent()
                && present.filter(gateway -> gateway.networkId().equals(network(wanted.get())))
                        .isPresent();
        if (stays) {
            readdress(edit, caller, router, wanted.get(), values);
            return;
        }
        if (present.isPresent()) {
            // Nothing refers to the port any more when it goes.
            mint.change(edit, router, Map.of(ATTRIBUTE, Optional.empty(), PORT, Optional.empty()));
            close(edit, router);
            values.put(PORT, Optional.empty());
        }
        wanted.ifPresent(gateway -> {
            var connected = Routers.subnets(edit, Routers.interfaces(edit, router.id()));
            open(edit, caller, router.id(), connected, gateway, values);
        });
    }

    private void open(
            Edit edit, Caller caller, Id<Router> router, List<Subnet> connected, Partial wanted, Values values) {
        var network = external(edit, caller, wanted);
        var subnets = edit.find(Subnet.on(network.id())).toList();
        RouterInterfaces.requireApart(connected, subnets);
        var given = Ports.values(Map.of(
                "network_id", network.id().value(),
                "device_id", router.value(),
                "device_owner", Port.ROUTER_GATEWAY,
                "port_security_enabled", false,
                "security_groups", List.of()));
        // The port is nobody's: it counts for no quota, and members of the project do not see it.
        given.put("project_id", "");
        var addresses = addresses(wanted);
        addresses.ifPresent(some -> {
            refuseSubnetGateways(subnets, some);
            given.put("fixed_ips", some);
        });
        take(ports.make(edit, network, given), wanted, values);
    }

    private void readdress(Edit edit, Caller caller, Router router, Partial wanted, Values values) {
        var port = router.gatewayPortId().flatMap(edit::get).orElseThrow();
        external(edit, caller, wanted);
        var addresses = addresses(wanted).filter(some -> !some.isEmpty());
        if (addresses.isEmpty()) {
            take(port, wanted, values);
            return;
        }
        refuseSubnetGateways(edit.find(Subnet.on(port.networkId())).toList(), addresses.get());
        var found = fixedIps.find(edit, port, addresses.get());
        take(mint.change(edit, port, Map.of("fixed_ips", found)), wanted, values);
    }

    private static void take(Port port, Partial wanted, Values values) {
        boolean translates = (Boolean) wanted.get("enable_snat").orElse(true);
        values.put(ATTRIBUTE, Optional.of(new Gateway(port.networkId(), translates, port.fixedIps(), policy(wanted))));
        values.put(PORT, Optional.of(port.id()));
    }

    private static Optional<Id<QosPolicy>> policy(Partial wanted) {
        return wanted.get(QosPolicies.ATTRIBUTE)
                .flatMap(given -> ((Optional<?>) given).map(id -> Id.of(QosPolicy.class, ((Id<?>) id).value())));
    }

    /** What is wanted, with the policy that there is where none is spoken of. */
    private static Partial keepingPolicy(Partial wanted, Optional<Gateway> present) {
        return wanted.get(QosPolicies.ATTRIBUTE).isPresent()
                ? wanted
                : wanted.with(QosPolicies.ATTRIBUTE, present.flatMap(Gateway::qosPolicyId));
    }

    private static Network external(Edit edit, Caller caller, Partial wanted) {
        policy(wanted).ifPresent(policy -> QosPolicies.requireKnown(edit, caller, policy));
        var network = Networks.visible(edit, network(wanted), caller);
        if (!network.routerExternal()) {
            throw Refusals.badRequest("router", "Network %s is not an external network".formatted(network.id()));
        }
        return network;
    }

    private static Id<Network> network(Partial wanted) {
        return Id.of(Network.class, wanted.get("network_id").orElseThrow().toString());
    }

    private static Optional<List<Partial>> addresses(Partial wanted) {
        return wanted.get("external_fixed_ips")
                .map(list -> ((List<?>) list).stream().map(Partial.class::cast).toList());
    }

    private static void refuseSubnetGateways(List<Subnet> subnets, List<Partial> addresses) {
        for (var address : addresses) {
            var taken = address.get("ip_address")
                    .filter(ip -> subnets.stream()
                            .anyMatch(subnet ->
                                    subnet.gatewayIp().filter(ip::equals).isPresent()));
            if (taken.isPresent()) {
                throw Refusals.badRequest(
                        "router", "External IP %s is the same as the gateway IP".formatted(taken.get()));
            }
        }
    }

    /** Takes the router's gateway port away. */
    static void close(Edit edit, Router router) {
        var port = router.gatewayPortId().orElseThrow();
        if (edit.find(FloatingIp.through(port)).findAny().isPresent()) {
            throw OutsideRefusals.routerExternalGatewayInUseByFloatingIp(
                    router.id(), router.externalGatewayInfo().orElseThrow().networkId());
        }
        NdpProxies.requireNone(edit, router.id());
        edit.get(port).ifPresent(edit::delete);
    }

    /** Lets the router whose gateway the port is know of the port's new addresses. */
    static void follow(Mint mint, Edit edit, Port port) {
        of(edit, port).ifPresent(router -> {
            var gateway = router.externalGatewayInfo().orElseThrow();
            var moved = new Gateway(gateway.networkId(), gateway.enableSnat(), port.fixedIps(), gateway.qosPolicyId());
            if (!moved.equals(gateway)) {
                mint.change(edit, router, Map.of(ATTRIBUTE, Optional.of(moved)));
            }
        });
    }

    /** The router whose gateway the port is. */
    static Optional<Router> of(View view, Port port) {
        return port.deviceOwner().equals(Port.ROUTER_GATEWAY)
                ? view.get(Id.of(Router.class, port.deviceId()))
                        .filter(router -> router.gatewayPortId().equals(Optional.of(port.id())))
                : Optional.empty();
    }
}
