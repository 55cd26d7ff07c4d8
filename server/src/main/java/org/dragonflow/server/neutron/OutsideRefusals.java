package org.dragonflow.server.neutron;

import org.dragonflow.address.IpAddress;
import org.dragonflow.model.FloatingIp;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.PortForwarding;
import org.dragonflow.model.Router;
import org.dragonflow.model.Subnet;
import org.dragonflow.server.http.Refusal;

/** Neutron's errors about the ways to the outside, and about physical networks. */
final class OutsideRefusals {
    private OutsideRefusals() {}

    private static Refusal bad(String type, String message) {
        return new Refusal(400, type, message);
    }

    private static Refusal missing(String type, String message) {
        return new Refusal(404, type, message);
    }

    private static Refusal conflict(String type, String message) {
        return new Refusal(409, type, message);
    }

    static Refusal routesExhausted(Id<Router> router, int most) {
        return bad(
                "RoutesExhausted",
                "Unable to complete operation for %s. The number of routes exceeds the maximum %d."
                        .formatted(router, most));
    }

    static Refusal routerExternalGatewayInUseByFloatingIp(Id<Router> router, Id<Network> network) {
        return conflict(
                "RouterExternalGatewayInUseByFloatingIp",
                ("Gateway cannot be updated for router %s, since a gateway to external network %s is required by one or"
                                + " more floating IPs.")
                        .formatted(router, network));
    }

    static Refusal routerInterfaceInUseByFloatingIp(Id<Router> router, Id<Subnet> subnet) {
        return conflict(
                "RouterInterfaceInUseByFloatingIP",
                ("Router interface for subnet %s on router %s cannot be deleted, as it is required by one or more"
                                + " floating IPs.")
                        .formatted(subnet, router));
    }

    static Refusal externalNetworkInUse(Id<Network> network) {
        return conflict(
                "ExternalNetworkInUse",
                "External network %s cannot be updated to be made non-external, since it has existing gateway ports."
                        .formatted(network));
    }

    static Refusal floatingIpNotFound(Id<FloatingIp> id) {
        return missing("FloatingIPNotFound", "Floating IP %s could not be found".formatted(id));
    }

    static Refusal externalIpAddressExhausted(Id<Network> network) {
        return bad(
                "ExternalIpAddressExhausted",
                "Unable to find any IP address on external network %s.".formatted(network));
    }

    static Refusal externalGatewayForFloatingIpNotFound(Id<Network> network, Id<Subnet> subnet, Id<Port> port) {
        return missing(
                "ExternalGatewayForFloatingIPNotFound",
                ("External network %s is not reachable from subnet %s.  Therefore, cannot associate Port %s with a"
                                + " Floating IP.")
                        .formatted(network, subnet, port));
    }

    static Refusal floatingIpPortAlreadyAssociated(
            IpAddress address, Id<FloatingIp> id, Id<Port> port, IpAddress fixed, Id<Network> network) {
        return conflict(
                "FloatingIPPortAlreadyAssociated",
                ("Cannot associate floating IP %s (%s) with port %s using fixed IP %s, as that fixed IP already has a"
                                + " floating IP on external network %s.")
                        .formatted(address, id, port, fixed, network));
    }

    static Refusal fipInUseByPortForwarding(Id<FloatingIp> id) {
        return conflict(
                "FipInUseByPortForwarding", "Floating IP %s in use by Port Forwarding resources.".formatted(id));
    }

    static Refusal portForwardingNotFound(Id<PortForwarding> id) {
        return missing("PortForwardingNotFound", "Port Forwarding %s could not be found.".formatted(id));
    }

    static Refusal portHasBindingFloatingIp(FloatingIp floating, Id<Port> port) {
        return conflict(
                "PortHasBindingFloatingIP",
                ("Cannot create port forwarding to floating IP %s (%s) with port %s using fixed IP %s, as that port"
                                + " already has a binding floating IP.")
                        .formatted(
                                floating.floatingIpAddress().orElseThrow(),
                                floating.id(),
                                port,
                                floating.fixedIpAddress().orElseThrow()));
    }

    static Refusal flatNetworkInUse(String physical) {
        return conflict(
                "FlatNetworkInUse",
                "Unable to create the flat network. Physical network %s is in use.".formatted(physical));
    }

    static Refusal vlanIdInUse(int vlan, String physical) {
        return conflict(
                "VlanIdInUse",
                "Unable to create the network. The VLAN %d on physical network %s is in use."
                        .formatted(vlan, physical));
    }

    static Refusal noNetworkAvailable() {
        return conflict(
                "NoNetworkAvailable", "Unable to create the network. No tenant network is available for allocation.");
    }

    static Refusal defaultExternalNetworkExists(Object network) {
        return conflict(
                "DefaultExternalNetworkExists", "A default external network already exists: %s.".formatted(network));
    }

    static Refusal autoAllocationFailure(String reason) {
        return conflict("AutoAllocationFailure", "Deployment error: %s.".formatted(reason));
    }

    static Refusal availabilityZoneNotFound(String zone) {
        return missing("AvailabilityZoneNotFound", "AvailabilityZone %s could not be found.".formatted(zone));
    }
}
