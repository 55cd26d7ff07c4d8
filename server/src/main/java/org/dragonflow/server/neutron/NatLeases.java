package org.dragonflow.server.neutron;

import java.time.Instant;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
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
import org.dragonflow.model.Schema;
import org.dragonflow.model.View;
import org.dragonflow.store.Edit;

/**
 * Leases source ports of routers' addresses to the ports behind them, a block to each: so chassis need not ask each other, and of each
 * packet that was seen outside it is known whose it was. The less is left of an address, the smaller the blocks: half as large each time that
 * half of the rest is gone. A port that has used up its block gets another, four times as large, as long as three quarters are left to others.
 */
final class NatLeases {
    /** Source ports below are for who has to be somebody (RFC 6056, section 3.2). */
    private static final int FIRST = 1_024;

    private static final int BEYOND = 65_536;

    /** With fewer a host cannot open a page of today. */
    private static final int SMALLEST = 16;

    private static final int GROWTH = 4;

    private final int block;

    /** @param block how many source ports a port gets while there are many; a power of two */
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
        var port = edit.get(id);
        for (var lease : edit.find(NatLease.of(id)).toList()) {
            if (port.filter(p -> isDue(edit, p, lease)).isEmpty()) {
                edit.delete(lease);
            }
        }
        port.stream()
                .flatMap(p -> sharing(edit, p, Network.SNAT_BY_ROUTER))
                .toList()
                .forEach(router -> give(edit, router, port.orElseThrow(), now));
    }

    private static boolean isDue(View view, Port port, NatLease lease) {
        return sharing(view, port, Network.SNAT_BY_ROUTER)
                .flatMap(router -> router.gatewayPortId().flatMap(view::get).stream())
                .anyMatch(gateway -> gateway.id().equals(lease.gatewayPortId())
                        && gateway.addresses().anyMatch(lease.ipAddress()::equals));
    }

    /** If all ports of all addresses are taken, the port gets none, until some are free or the router has another address. */
    private void give(Edit edit, Router router, Port port, Instant now) {
        var gateway = edit.get(router.gatewayPortId().orElseThrow()).orElseThrow();
        var current = NatLease.current(port.id(), gateway.id(), edit);
        if (current.filter(lease -> !lease.usedUp()).isPresent()) {
            return;
        }
        var place = free(edit, gateway, current.map(NatLease::ports));
        if (place.isPresent()) {
            edit.create(lease(router, gateway, port, place.get(), now));
        } else {
            current.filter(lease -> !lease.noMore())
                    .ifPresent(lease -> edit.replace(Schema.of(lease).with(lease, Map.of("no_more", true))));
        }
    }

    private static NatLease lease(Router router, Port gateway, Port port, Place place, Instant now) {
        return new NatLease(
                Id.of(NatLease.class, UUID.randomUUID().toString()),
                port.projectId(),
                router.id(),
                gateway.id(),
                port.id(),
                place.address(),
                place.first(),
                place.ports(),
                false,
                false,
                now);
    }

    private record Place(IpAddress address, int first, int ports) {}

    /**
     * A block of the address of which most is left.
     *
     * @param had how many source ports were not enough; empty for the first block
     */
    private Optional<Place> free(View view, Port gateway, Optional<Integer> had) {
        int unit = Math.min(SMALLEST, block);
        var taken = new LinkedHashMap<IpAddress, BitSet>();
        gateway.addresses().filter(Ipv4.class::isInstance).forEach(address -> {
            var units = new BitSet();
            units.set(0, FIRST / unit);
            taken.put(address, units);
        });
        view.find(NatLease.through(gateway.id()))
                .forEach(lease -> Optional.ofNullable(taken.get(lease.ipAddress()))
                        .ifPresent(units -> units.set(lease.firstPort() / unit, lease.lastPort() / unit + 1)));
        return taken.entrySet().stream()
                .min(Comparator.comparingInt(address -> address.getValue().cardinality()))
                .flatMap(address -> free(address.getValue(), unit, had)
                        .map(range -> new Place(address.getKey(), range.first() * unit, range.ports() * unit)));
    }

    private record Range(int first, int ports) {}

    /** The first that is free, in units; smaller than it should be only where what is left lies in pieces. */
    private Optional<Range> free(BitSet taken, int unit, Optional<Integer> had) {
        int all = BEYOND / unit;
        int left = all - taken.cardinality();
        int most = had.map(ports -> Math.min(GROWTH * ports / unit, Integer.highestOneBit(left / GROWTH)))
                .orElseGet(() -> first(left, unit));
        int least = had.map(ports -> ports / unit + 1).orElse(1);
        for (int size = most; size >= least; size /= 2) {
            for (int first = 0; first + size <= all; first += size) {
                int used = taken.nextSetBit(first);
                if (used < 0 || used >= first + size) {
                    return Optional.of(new Range(first, size));
                }
            }
        }
        return Optional.empty();
    }

    /** How many units a port gets at first. */
    private int first(int left, int unit) {
        int size = block / unit;
        for (int half = (BEYOND - FIRST) / unit / 2; left < half && size > 1; half /= 2) {
            size /= 2;
        }
        return size;
    }
}
