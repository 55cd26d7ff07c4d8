package org.dragonflow.server.neutron;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.dragonflow.model.Decoded;
import org.dragonflow.model.Flavor;
import org.dragonflow.model.FollowedProtocol;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.model.Router;
import org.dragonflow.model.Router.Route;
import org.dragonflow.model.RouterInterface;
import org.dragonflow.model.Schema;
import org.dragonflow.model.Subnet;
import org.dragonflow.model.View;
import org.dragonflow.server.access.Caller;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.store.Edit;

/** Routers, their gateways and their extra routes. */
final class Routers implements Kind<Router> {
    private static final int LARGEST_KEY = 0x7fff_ffff;
    private static final int MOST_ROUTES = 30;

    private final Mint mint;
    private final Gateways gateways;

    Routers(Mint mint, Gateways gateways) {
        this.mint = mint;
        this.gateways = gateways;
    }

    @Override
    public Class<Router> type() {
        return Router.class;
    }

    @Override
    public Refusal notFound(Id<Router> id) {
        return Refusals.routerNotFound(id);
    }

    /** An empty gateway is no gateway. */
    @Override
    public Map<String, Object> normalize(Map<String, Object> body) {
        if (!Map.of().equals(body.get(Gateways.ATTRIBUTE))) {
            return body;
        }
        var normal = new LinkedHashMap<>(body);
        normal.put(Gateways.ATTRIBUTE, null);
        return normal;
    }

    @Override
    public Map<String, Object> derived(Router router, Caller caller, View view) {
        var helpers = view.find(FollowedProtocol.of(router.id()))
                .sorted(Comparator.comparing(FollowedProtocol::id))
                .map(FollowedProtocols::brief)
                .toList();
        return Map.of("availability_zones", Zones.ALL, "conntrack_helpers", helpers);
    }

    @Override
    public Router create(Edit edit, Caller caller, Values values) {
        Zones.require(values.list("availability_zone_hints", String.class));
        values.nullable("flavor_id", Id.class)
                .map(flavor -> Flavors.provider(edit, caller, Id.of(Flavor.class, flavor.value())))
                .orElse(RouterProvider.DRAGONFLOW)
                .arrange(values);
        var id = Id.of(Router.class, UUID.randomUUID().toString());
        values.put("id", id).put("gateway_port_id", Optional.empty());
        gateways.open(edit, caller, id, values);
        mint.number(values, LARGEST_KEY);
        var router = mint.create(edit, Router.class, values);
        NdpProxies.checkNew(edit, router);
        checkRoutes(edit, router);
        return router;
    }

    @Override
    public Router update(Edit edit, Caller caller, Router before, Values values) {
        requireAtRest(before, values);
        gateways.change(edit, caller, before, values);
        NdpProxies.settle(edit, before, values);
        var after = mint.change(edit, before, values.map());
        if (values.has("routes")) {
            checkRoutes(edit, after);
        }
        return after;
    }

    /** Refuses to have a router that is up, or of a flavor, work in another way. */
    private static void requireAtRest(Router before, Values values) {
        boolean isOther = values.find("distributed", Boolean.class).orElse(before.distributed()) != before.distributed()
                || values.find("ha", Boolean.class).orElse(before.ha()) != before.ha();
        if (isOther && before.flavorId().isPresent()) {
            throw Refusals.invalidInput("Changing the 'ha' and 'distributed' attributes on a router associated with a"
                    + " flavor is not supported");
        }
        boolean isUp = before.adminStateUp()
                || values.find("admin_state_up", Boolean.class).orElse(false);
        if (isUp && values.find("distributed", Boolean.class).orElse(before.distributed()) != before.distributed()) {
            throw Refusals.badRequest(
                    "router",
                    "Cannot change the 'distributed' attribute of active routers. Please set router admin_state_up to"
                            + " False prior to upgrade");
        }
        if (isUp && values.find("ha", Boolean.class).orElse(before.ha()) != before.ha()) {
            throw Refusals.badRequest(
                    "router",
                    "Cannot change HA attribute of active routers. Please set router admin_state_up to False prior to"
                            + " upgrade");
        }
    }

    /** Adds routes, but for those that are there. */
    Router addRoutes(Edit edit, Router router, Map<String, Object> body) {
        var all = new LinkedHashSet<>(router.routes());
        all.addAll(routes(body));
        return route(edit, router, List.copyOf(all));
    }

    /** Removes those routes that are there. */
    Router removeRoutes(Edit edit, Router router, Map<String, Object> body) {
        var rest = new ArrayList<>(router.routes());
        rest.removeAll(routes(body));
        return route(edit, router, rest);
    }

    private Router route(Edit edit, Router router, List<Route> routes) {
        if (routes.size() > MOST_ROUTES) {
            throw OutsideRefusals.routesExhausted(router.id(), MOST_ROUTES);
        }
        var after = mint.change(edit, router, Map.of("routes", routes));
        checkRoutes(edit, after);
        return after;
    }

    /** The schema of a router knows what its routes look like. */
    private static List<Route> routes(Map<String, Object> body) {
        if (!(body.get("router") instanceof Map<?, ?> router) || !(router.get("routes") instanceof List<?> routes)) {
            throw Refusal.badRequest("Unable to find 'routes' in request body");
        }
        return switch (Schema.of(Router.class).update(Map.of("routes", routes))) {
            case Decoded.Ok<Map<String, Object>>(var values) -> new Values(values).list("routes", Route.class);
            case Decoded.Bad<Map<String, Object>>(var problems) -> throw Collection.refusal(problems);
        };
    }

    private static void checkRoutes(Edit edit, Router router) {
        var connected = ports(edit, router);
        router.routes().forEach(route -> checkRoute(edit, connected, route));
    }

    private static void checkRoute(Edit edit, List<Port> connected, Route route) {
        if (route.destination().version() != route.nexthop().version()) {
            throw Refusals.invalidRoutes(text(route), "the destination and the nexthop are of different IP versions");
        }
        boolean isReachable = subnets(edit, connected).stream()
                .anyMatch(subnet -> subnet.cidr().contains(route.nexthop()));
        if (!isReachable) {
            throw Refusals.invalidRoutes(text(route), "the nexthop is not connected with router");
        }
        boolean isOwn = connected.stream().flatMap(Port::addresses).anyMatch(route.nexthop()::equals);
        if (isOwn) {
            throw Refusals.invalidRoutes(text(route), "the nexthop is used by router");
        }
    }

    private static String text(Route route) {
        return "%s via %s".formatted(route.destination(), route.nexthop());
    }

    /** The ports by which the router is on networks, also outside. */
    static List<Port> ports(View view, Router router) {
        return Stream.concat(interfaces(view, router.id()).stream(), router.gatewayPortId().flatMap(view::get).stream())
                .toList();
    }

    /** The ports by which the router is on networks inside. */
    static List<Port> interfaces(View view, Id<Router> router) {
        return view.find(RouterInterface.of(router))
                .flatMap(connection -> view.get(connection.portId()).stream())
                .toList();
    }

    /** The subnets that the ports have addresses of. */
    static List<Subnet> subnets(View view, List<Port> ports) {
        return ports.stream()
                .flatMap(port -> port.fixedIps().stream())
                .flatMap(fixed -> view.get(fixed.subnetId()).stream())
                .toList();
    }

    @Override
    public void delete(Edit edit, Caller caller, Router router) {
        if (edit.topology().count(RouterInterface.of(router.id())) > 0) {
            throw Refusals.routerInUse(router.id());
        }
        edit.delete(router);
        if (router.gatewayPortId().isPresent()) {
            Gateways.close(edit, router);
        }
    }
}
