package org.dragonflow.server.neutron;

import java.time.Instant;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.Ipv4;
import org.dragonflow.model.Id;
import org.dragonflow.model.NatLease;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.Router;
import org.dragonflow.model.RouterInterface;
import org.dragonflow.model.View;
import org.dragonflow.store.Edit;

/**
 * Leases source ports of routers' addresses to the ports behind them, a block to each: so chassis need not ask each other, and of each
 * packet that was seen outside it is known whose it was.
 */
final class NatLeases {
    /** Source ports below are for who has to be somebody (RFC 6056, section 3.2). */
    private static final int FIRST = 1_024;

    private static final int BEYOND = 65_536;

    private final int block;

    /** @param block how many source ports a port gets; a power of two */
    NatLeases(int block) {
        if (Integer.bitCount(block) != 1) {
            throw new IllegalArgumentException("network.nat-ports is a power of two, and not " + block);
        }
        this.block = block;
    }

    /** The routers by which the port gets outside with an address that it shares. */
    static Stream<Router> sharing(View view, Port port, String snat) {
        boolean isInside = port.hostId().isPresent()
                && !port.isOutside()
                && !port.isRouterInterface()
                && port.addresses().anyMatch(Ipv4.class::isInstance);
        return isInside
                ? view.find(RouterInterface.on(port.networkId()))
                        .map(RouterInterface::routerId)
                        .distinct()
                        .flatMap(id -> view.get(id).stream())
                        .filter(router -> router.externalGatewayInfo()
                                .filter(Router.Gateway::enableSnat)
                                .flatMap(gateway -> view.get(gateway.networkId()))
                                .map(Network::snat)
                                .filter(snat::equals)
                                .isPresent())
                : Stream.of();
    }

    /** Gives the port the leases that it should have, and takes those that it should not. */
    void settle(Edit edit, Id<Port> id, Instant now) {
        var kept = new HashSet<Id<Port>>();
        var port = edit.get(id);
        for (var lease : edit.find(NatLease.of(id)).toList()) {
            boolean stays = port.filter(p -> isDue(edit, p, lease)).isPresent();
            if (stays) {
                kept.add(lease.gatewayPortId());
            } else {
                edit.delete(lease);
            }
        }
        port.stream()
                .flatMap(p -> sharing(edit, p, Network.SNAT_BY_ROUTER))
                .filter(router -> !kept.contains(router.gatewayPortId().orElseThrow()))
                .toList()
                .forEach(router -> give(edit, router, port.orElseThrow(), now));
    }

    private boolean isDue(View view, Port port, NatLease lease) {
        return lease.ports() == block
                && sharing(view, port, Network.SNAT_BY_ROUTER)
                        .flatMap(router -> router.gatewayPortId().flatMap(view::get).stream())
                        .anyMatch(gateway -> gateway.id().equals(lease.gatewayPortId())
                                && gateway.addresses().anyMatch(lease.ipAddress()::equals));
    }

    /** If all blocks of all addresses are taken, the port gets none, until one is free or the router has another address. */
    private void give(Edit edit, Router router, Port port, Instant now) {
        var gateway = edit.get(router.gatewayPortId().orElseThrow()).orElseThrow();
        free(edit, gateway)
                .ifPresent(place -> edit.create(new NatLease(
                        Id.of(NatLease.class, UUID.randomUUID().toString()),
                        port.projectId(),
                        router.id(),
                        gateway.id(),
                        port.id(),
                        place.address(),
                        place.first(),
                        block,
                        now)));
    }

    private record Place(IpAddress address, int first) {}

    private Optional<Place> free(View view, Port gateway) {
        Set<Place> taken = new HashSet<>();
        view.find(NatLease.through(gateway.id()))
                .forEach(lease -> taken.add(new Place(lease.ipAddress(), lease.firstPort() / block * block)));
        return gateway.addresses()
                .filter(Ipv4.class::isInstance)
                .flatMap(address -> Stream.iterate(
                                Math.max(FIRST, block), first -> first < BEYOND, first -> first + block)
                        .map(first -> new Place(address, first)))
                .filter(place -> !taken.contains(place))
                .map(Objects::requireNonNull)
                .findFirst();
    }
}
