package org.dragonflow.model;

import org.dragonflow.address.IpAddress;
import org.dragonflow.address.Mac;

@Doc(
        "Which of the ports that are allowed an address has it now: the one that announced it last. Clients see the addresses"
                + " of a port as its dragonflow:active_addresses.")
public record ActivePort(
        @Doc("Made of the network and the address.") Id<ActivePort> id,

        @Reference(Reference.Promise.PART_OF) @Doc("The network.")
        Id<Network> networkId,

        @Doc("The address, which an allowed address pair of the port has.")
        IpAddress ipAddress,

        @Doc("The link-layer address that was announced with it.")
        Mac macAddress,

        @Reference(Reference.Promise.PART_OF) @Doc("The port.")
        Id<Port> portId)
        implements Entity, Report {

    @Override
    public Id<?> subject() {
        return id;
    }

    /** The name of what is known of an address on a network. */
    public static Id<ActivePort> at(Id<Network> network, IpAddress address) {
        return Id.of(ActivePort.class, "%s/%s".formatted(network, address));
    }

    public static ActivePort of(Port port, IpAddress address, Mac mac) {
        var network = port.networkId();
        return new ActivePort(at(network, address), network, address, mac, port.id());
    }

    /** Whether the port is allowed what was announced, as it is now. */
    public boolean isAllowedTo(Port port) {
        return portId.equals(port.id())
                && networkId.equals(port.networkId())
                && port.allowedAddressPairs().stream()
                        .anyMatch(pair -> pair.macAddress().equals(macAddress)
                                && pair.ipAddress().contains(ipAddress));
    }

    /** Whether nobody is at the address by right: it is no router's, and no own address of a port that is bound. */
    public boolean isToBeHad(View view) {
        return view.find(Port.having(ipAddress))
                .filter(port -> port.networkId().equals(networkId))
                .noneMatch(port -> port.isRouterInterface() || port.hostId().isPresent());
    }

    /** The addresses of a network that were announced. */
    public static Query<ActivePort> on(Id<Network> network) {
        return Query.by(ActivePort.class, "network_id", network);
    }

    /** The addresses that a port has now. */
    public static Query<ActivePort> of(Id<Port> port) {
        return Query.by(ActivePort.class, "port_id", port);
    }
}
