package org.dragonflow.server.neutron;

import java.util.List;
import java.util.Optional;
import org.dragonflow.server.access.Identity;

/** Addresses that stand for others, or are answered for: local IPs with their ports, and NDP proxies. */
final class StandIns {
    private final List<Collection<?>> collections;

    StandIns(Mint mint, Ports ports, Identity identity, World world, Quotas quotas) {
        var localIps = new Collection<>(new LocalIps(mint, ports), identity, world, quotas);
        collections = List.of(
                localIps,
                new Collection<>(new LocalIpAssociations(mint), Optional.of(localIps), identity, world, quotas),
                new Collection<>(new NdpProxies(mint, ports), identity, world, quotas));
    }

    List<Collection<?>> collections() {
        return collections;
    }
}
