package org.dragonflow.apps;

import java.util.stream.Stream;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Mac;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;

/** That this chassis has an address of its own on an external network, for those behind its routers to share. */
record ChassisAddress(Id<ChassisAddress> id, Id<Port> portId, Mac mac, Ipv4 address) implements Entity {
    static Id<ChassisAddress> on(Id<Network> network) {
        return Id.of(ChassisAddress.class, network.value());
    }

    static Stream<ChassisAddress> of(Port port) {
        return port.addresses()
                .filter(Ipv4.class::isInstance)
                .map(address -> new ChassisAddress(on(port.networkId()), port.id(), port.macAddress(), (Ipv4) address))
                .limit(1);
    }

    Id<Network> network() {
        return Id.of(Network.class, id.value());
    }
}
