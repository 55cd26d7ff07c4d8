package org.dragonflow.server.neutron;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;
import org.dragonflow.model.Subnet;
import org.dragonflow.model.Subnet.HostRoute;
import org.dragonflow.store.Edit;

/** Tells hosts of a subnet on a segment the way to the subnets on the network's other segments: by their own gateway. */
final class PeerRoutes {
    private static final String ROUTES = "host_routes";

    private final Mint mint;

    PeerRoutes(Mint mint) {
        this.mint = mint;
    }

    /** Adds to a new subnet the ways to the others, and to the others that to it. */
    Subnet join(Edit edit, Subnet made) {
        if (made.segmentId().isEmpty()) {
            return made;
        }
        var told = tell(edit, made, made.hostRoutes());
        followAll(edit, made.networkId(), subnet -> !subnet.id().equals(made.id()), Optional.empty());
        return told;
    }

    /** Has the ways to the others lead by the new gateway, if the gateway or the routes have changed. */
    Subnet follow(Edit edit, Subnet before, Subnet after) {
        boolean isMoved = !before.gatewayIp().equals(after.gatewayIp());
        if (after.segmentId().isEmpty() || !isMoved && before.hostRoutes().equals(after.hostRoutes())) {
            return after;
        }
        var own = new ArrayList<>(after.hostRoutes());
        if (isMoved) {
            before.gatewayIp().ifPresent(old -> peers(edit, after).forEach(peer -> own.remove(route(peer, old))));
        }
        return tell(edit, after, own);
    }

    /** Takes the ways to a subnet that is gone from the others. */
    void leave(Edit edit, Subnet gone) {
        if (gone.segmentId().isPresent()) {
            followAll(edit, gone.networkId(), _ -> true, Optional.of(gone.cidr()));
        }
    }

    private void followAll(Edit edit, Id<Network> network, Predicate<Subnet> which, Optional<IpPrefix> gone) {
        for (var subnet : edit.find(Subnet.on(network)).filter(which).toList()) {
            var own = new ArrayList<>(subnet.hostRoutes());
            gone.ifPresent(block -> subnet.gatewayIp().ifPresent(gateway -> own.remove(new HostRoute(block, gateway))));
            tell(edit, subnet, own);
        }
    }

    private Subnet tell(Edit edit, Subnet subnet, List<HostRoute> own) {
        var routes = new ArrayList<>(own);
        subnet.gatewayIp()
                .ifPresent(gateway -> peers(edit, subnet).stream()
                        .filter(peer -> own.stream()
                                .noneMatch(route -> route.destination().contains(peer.cidr())))
                        .map(peer -> route(peer, gateway))
                        .forEach(routes::add));
        return routes.equals(subnet.hostRoutes()) ? subnet : mint.change(edit, subnet, Map.of(ROUTES, routes));
    }

    private static HostRoute route(Subnet peer, IpAddress gateway) {
        return new HostRoute(peer.cidr(), gateway);
    }

    private static List<Subnet> peers(Edit edit, Subnet subnet) {
        return edit.find(Subnet.on(subnet.networkId()))
                .filter(peer -> !peer.id().equals(subnet.id())
                        && !peer.segmentId().equals(subnet.segmentId())
                        && peer.ipVersion() == subnet.ipVersion())
                .sorted(java.util.Comparator.comparing(Subnet::id))
                .toList();
    }
}
