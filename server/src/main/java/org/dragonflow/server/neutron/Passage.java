package org.dragonflow.server.neutron;

import java.util.Optional;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.Router;
import org.dragonflow.model.RouterInterface;
import org.dragonflow.model.Subnet;
import org.dragonflow.model.View;

/**
 * A way through a router from a subnet to an external network.
 *
 * @param inside the router's interface on the subnet
 * @param outside the router's port on the external network
 */
record Passage(Id<Router> router, Id<RouterInterface> inside, Id<Port> outside) {

    /** The way from a port's address of the subnet: by the router that is the subnet's gateway, if there are several. */
    static Optional<Passage> find(View view, Port port, Id<Subnet> subnet, Id<Network> external) {
        var gateway = view.get(subnet).flatMap(Subnet::gatewayIp);
        Optional<Passage> found = Optional.empty();
        for (var leg : view.find(RouterInterface.on(port.networkId())).toList()) {
            var address = view.get(leg.portId()).stream()
                    .flatMap(own -> own.fixedIps().stream())
                    .filter(fixed -> fixed.subnetId().equals(subnet))
                    .map(Port.FixedIp::ipAddress)
                    .findFirst();
            var passage = address.flatMap(_ -> view.get(leg.routerId()))
                    .filter(router -> router.externalGatewayInfo()
                            .filter(info -> info.networkId().equals(external))
                            .isPresent())
                    .map(router -> new Passage(
                            router.id(), leg.id(), router.gatewayPortId().orElseThrow()));
            if (passage.isPresent() && address.equals(gateway)) {
                return passage;
            }
            found = found.or(() -> passage);
        }
        return found;
    }
}
