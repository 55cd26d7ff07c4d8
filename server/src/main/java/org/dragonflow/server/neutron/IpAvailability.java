package org.dragonflow.server.neutron;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.dragonflow.address.IpAddress;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.Query;
import org.dragonflow.model.Subnet;
import org.dragonflow.model.Subnet.AllocationPool;
import org.dragonflow.model.View;
import org.dragonflow.server.access.Identity;
import org.dragonflow.server.access.Target;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.server.http.Request;
import org.dragonflow.server.http.Response;
import org.dragonflow.server.http.Routes;

/** How many addresses networks have to give, and how many are given. */
final class IpAvailability {
    private static final String PATH = "/v2.0/network-ip-availabilities";
    private static final String RULE = "get_network_ip_availability";
    private static final Set<String> FILTERS =
            Set.of("network_id", "network_name", "tenant_id", "project_id", "ip_version");

    private final Identity identity;
    private final World world;

    IpAvailability(Identity identity, World world) {
        this.identity = identity;
        this.world = world;
    }

    Routes routeTo(Routes routes) {
        return routes.on("GET", PATH, (request, _) -> list(request))
                .on("GET", PATH + "/{id}", (request, path) -> show(request, path.getFirst()));
    }

    private Response list(Request request) {
        identity.of(request).require(RULE, Target.NONE);
        request.query().keySet().stream()
                .filter(name -> !FILTERS.contains(name) && !name.equals("fields") && !name.equals(World.AS_OF))
                .findFirst()
                .ifPresent(name -> {
                    throw Refusal.badRequest("['%s'] is invalid attribute for filtering".formatted(name));
                });
        var view = world.view();
        var all = view.find(Query.all(Network.class))
                .filter(network ->
                        isAskedFor(request, "network_id", network.id().value())
                                && isAskedFor(request, "network_name", network.name())
                                && isAskedFor(request, "tenant_id", network.projectId())
                                && isAskedFor(request, "project_id", network.projectId()))
                .filter(network -> request.parameters("ip_version").isEmpty()
                        || subnets(view, network, request).findAny().isPresent())
                .sorted((one, other) -> one.id().compareTo(other.id()))
                .map(network -> shown(view, network, request))
                .toList();
        return Response.json(200, Map.of("network_ip_availabilities", all));
    }

    private Response show(Request request, String id) {
        identity.of(request).require(RULE, Target.NONE);
        var view = world.view();
        var name = Id.of(Network.class, id);
        var network = view.get(name).orElseThrow(() -> Refusals.networkNotFound(name));
        return Response.json(200, Map.of("network_ip_availability", shown(view, network, request)));
    }

    private static boolean isAskedFor(Request request, String name, String value) {
        var wanted = request.parameters(name);
        return wanted.isEmpty() || wanted.contains(value);
    }

    private static Stream<Subnet> subnets(View view, Network network, Request request) {
        return view.find(Subnet.on(network.id()))
                .filter(subnet -> isAskedFor(request, "ip_version", Integer.toString(subnet.ipVersion())));
    }

    private static Map<String, Object> shown(View view, Network network, Request request) {
        var subnets = subnets(view, network, request)
                .sorted((one, other) -> one.id().compareTo(other.id()))
                .toList();
        var shown = new LinkedHashMap<String, Object>();
        shown.put("network_id", network.id().value());
        shown.put("network_name", network.name());
        shown.put("tenant_id", network.projectId());
        shown.put("project_id", network.projectId());
        shown.put(
                "total_ips",
                total(subnets.stream()
                        .map(Subnet::allocationPools)
                        .flatMap(List::stream)
                        .toList()));
        shown.put(
                "used_ips",
                subnets.stream().mapToLong(subnet -> used(view, subnet)).sum());
        shown.put(
                "subnet_ip_availability",
                subnets.stream().map(subnet -> shown(view, subnet)).toList());
        var fields = request.parameters("fields");
        if (!fields.isEmpty()) {
            shown.keySet().retainAll(fields);
        }
        return shown;
    }

    private static Map<String, Object> shown(View view, Subnet subnet) {
        return Map.of(
                "subnet_id", subnet.id().value(),
                "subnet_name", subnet.name(),
                "cidr", subnet.cidr().toString(),
                "ip_version", subnet.ipVersion(),
                "total_ips", total(subnet.allocationPools()),
                "used_ips", used(view, subnet));
    }

    private static long used(View view, Subnet subnet) {
        return view.find(Port.in(subnet.id()))
                .flatMap(port -> port.fixedIps().stream())
                .filter(fixed -> fixed.subnetId().equals(subnet.id()))
                .count();
    }

    /** How many addresses the ranges hold: up to 2^64 each, and more. */
    private static BigInteger total(List<AllocationPool> pools) {
        return pools.stream()
                .map(pool -> number(pool.end()).subtract(number(pool.start())).add(BigInteger.ONE))
                .reduce(BigInteger.ZERO, BigInteger::add);
    }

    private static BigInteger number(IpAddress address) {
        return new BigInteger(1, address.bytes());
    }
}
