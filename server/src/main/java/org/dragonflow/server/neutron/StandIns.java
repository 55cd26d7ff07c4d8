package org.dragonflow.server.neutron;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dragonflow.model.Network;
import org.dragonflow.model.Subnet;
import org.dragonflow.server.access.Caller;
import org.dragonflow.server.access.Identity;
import org.dragonflow.server.http.Request;
import org.dragonflow.server.http.Response;
import org.dragonflow.server.http.Routes;

/**
 * Addresses that stand for others, or are answered for: floating IPs, with forwardings of their ports and where they are from; local IPs,
 * with the ports that they stand for; and NDP proxies.
 */
final class StandIns {
    private static final String POOLS = "/v2.0/floatingip_pools";
    private static final String RULE = "get_floatingip_pool";

    private final List<Collection<?>> collections;
    private final Identity identity;
    private final World world;

    StandIns(Mint mint, Ports ports, Identity identity, World world, Quotas quotas) {
        this.identity = identity;
        this.world = world;
        var floatingIps = new Collection<>(new FloatingIps(mint, ports), identity, world, quotas);
        var localIps = new Collection<>(new LocalIps(mint, ports), identity, world, quotas);
        collections = List.of(
                floatingIps,
                new Collection<>(new PortForwardings(mint, ports), Optional.of(floatingIps), identity, world, quotas),
                localIps,
                new Collection<>(new LocalIpAssociations(mint), Optional.of(localIps), identity, world, quotas),
                new Collection<>(new NdpProxies(mint, ports), identity, world, quotas));
    }

    List<Collection<?>> collections() {
        return collections;
    }

    Routes routeTo(Routes routes) {
        return routes.on("GET", POOLS, (request, _) -> pools(request));
    }

    /** The subnets outside that floating IPs have addresses of. */
    private Response pools(Request request) {
        var caller = identity.of(request);
        caller.require(RULE, (_, name) -> name.equals("project_id") ? List.of(caller.project()) : List.of());
        var view = world.view();
        var pools = Guard.of(Network.class)
                .all(caller, view)
                .filter(Network::routerExternal)
                .flatMap(network -> view.find(Subnet.on(network.id())))
                .filter(subnet -> subnet.ipVersion() == 4)
                .sorted(Comparator.comparing(Subnet::id))
                .map(subnet -> pool(subnet, caller))
                .filter(pool -> isAskedFor(pool, request))
                .toList();
        var fields = request.parameters("fields");
        if (!fields.isEmpty()) {
            pools.forEach(pool -> pool.keySet().retainAll(fields));
        }
        return Response.json(200, Map.of("floatingip_pools", pools));
    }

    private static Map<String, Object> pool(Subnet subnet, Caller caller) {
        var pool = new LinkedHashMap<String, Object>();
        pool.put("subnet_id", subnet.id().value());
        pool.put("subnet_name", subnet.name());
        pool.put("network_id", subnet.networkId().value());
        pool.put("cidr", subnet.cidr().toString());
        pool.put("project_id", caller.project());
        pool.put("tenant_id", caller.project());
        return pool;
    }

    private static boolean isAskedFor(Map<String, Object> pool, Request request) {
        return pool.entrySet().stream().allMatch(part -> {
            var wanted = request.parameters(part.getKey());
            return wanted.isEmpty() || wanted.contains(part.getValue());
        });
    }
}
