package org.dragonflow.server.neutron;

import org.dragonflow.address.IpAddress;
import org.dragonflow.model.Id;
import org.dragonflow.model.LocalIp;
import org.dragonflow.model.Port;
import org.dragonflow.server.http.Refusal;

/** Neutron's errors about local IPs and the ports that they stand for. */
final class LocalIpRefusals {
    private LocalIpRefusals() {}

    static Refusal localIpNotFound(Object id) {
        return Refusals.missing("LocalIPNotFound", "Local IP %s could not be found.".formatted(id));
    }

    static Refusal localIpInUse(Id<LocalIp> id) {
        return Refusals.conflict(
                "LocalIPInUse", "Local IP %s is still associated with one or more ports.".formatted(id));
    }

    static Refusal localIpNoIp(Id<Port> port) {
        return Refusals.bad("LocalIPNoIP", "Specified Port %s has no fixed IPs configured.".formatted(port));
    }

    static Refusal localIpRequestedIpNotFound(Id<Port> port, IpAddress address) {
        return Refusals.bad(
                "LocalIPRequestedIPNotFound",
                "Specified Port %s does not have requested IP address: %s.".formatted(port, address));
    }

    static Refusal localIpNoRequestedIp(Id<Port> port) {
        return Refusals.bad(
                "LocalIPNoRequestedIP",
                "Specified Port %s has several IPs, should specify exact IP address to use for Local IP."
                        .formatted(port));
    }

    static Refusal localIpPortOrNetworkRequired() {
        return Refusals.bad(
                "LocalIPPortOrNetworkRequired", "Either Port ID or Network ID must be specified for Local IP create.");
    }

    static Refusal localIpAssociationNotFound(String localIp, String port) {
        return Refusals.missing(
                "LocalIPAssociationNotFound",
                "Local IP %s association with port %s could not be found.".formatted(localIp, port));
    }
}
