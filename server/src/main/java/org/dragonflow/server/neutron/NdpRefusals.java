package org.dragonflow.server.neutron;

import org.dragonflow.address.IpAddress;
import org.dragonflow.model.Id;
import org.dragonflow.model.NdpProxy;
import org.dragonflow.model.Port;
import org.dragonflow.model.Router;
import org.dragonflow.model.Subnet;
import org.dragonflow.server.http.Refusal;

/** Neutron's errors about routers that answer outside for IPv6 addresses inside. */
final class NdpRefusals {
    private NdpRefusals() {}

    static Refusal ndpProxyNotFound(Id<NdpProxy> id) {
        return Refusals.missing("NDPProxyNotFound", "Ndp proxy %s could not be found.".formatted(id));
    }

    static Refusal routerGatewayInUseByNdpProxy(Id<Router> router) {
        return Refusals.conflict(
                "RouterGatewayInUseByNDPProxy",
                "Unable to unset external gateway of router %s, There are one or more ndp proxies still in use on the router."
                        .formatted(router));
    }

    static Refusal routerInterfaceInUseByNdpProxy(Id<Router> router, Id<Subnet> subnet) {
        return Refusals.conflict(
                "RouterInterfaceInUseByNDPProxy",
                "Unable to remove subnet %s from router %s, There are one or more ndp proxies still in use on the subnet."
                        .formatted(subnet, router));
    }

    static Refusal addressScopeConflict(String outside, String inside) {
        return Refusals.conflict(
                "AddressScopeConflict",
                ("The IPv6 address scope %s of external network conflict with internal network's IPv6 address scope"
                                + " %s.")
                        .formatted(outside, inside));
    }

    static Refusal routerGatewayNotValid(Id<Router> router, String reason) {
        return Refusals.conflict(
                "RouterGatewayNotValid", "Can not enable ndp proxy on router %s, %s.".formatted(router, reason));
    }

    static Refusal routerNdpProxyNotEnable(Id<Router> router) {
        return Refusals.conflict(
                "RouterNDPProxyNotEnable",
                "The enable_ndp_proxy parameter of router %s must be set as True while create ndp proxy entry on it."
                        .formatted(router));
    }

    static Refusal portUnreachableRouter(Id<Port> port, Id<Router> router) {
        return Refusals.conflict(
                "PortUnreachableRouter",
                "The port %s cannot reach the router %s by IPv6 subnet.".formatted(port, router));
    }

    static Refusal invalidAddress(IpAddress address, String reason) {
        return Refusals.bad("InvalidAddress", "The address %s is invalid, reason: %s.".formatted(address, reason));
    }

    static Refusal routerIpv6GatewayInUse(Id<Router> router) {
        return Refusals.conflict(
                "RouterIPv6GatewayInUse",
                ("Can't remove the IPv6 subnet from external gateway of router %s, the IPv6 subnet in use by the"
                                + " router's ndp proxy.")
                        .formatted(router));
    }
}
