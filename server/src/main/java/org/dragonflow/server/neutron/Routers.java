package org.dragonflow.server.neutron;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.model.Router;
import org.dragonflow.model.Router.Route;
import org.dragonflow.model.RouterInterface;
import org.dragonflow.model.Subnet;
import org.dragonflow.model.View;
import org.dragonflow.server.access.Caller;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.store.Edit;

/** Routers and their extra routes. */
final class Routers implements Kind<Router> {
    private static final int LARGEST_KEY = 0x7fff_ffff;

    private final Mint mint;

    Routers(Mint mint) {
        this.mint = mint;
    }

    @Override
    public Class<Router> type() {
        return Router.class;
    }

    @Override
    public Refusal notFound(Id<Router> id) {
        return Refusals.routerNotFound(id);
    }

    @Override
    public Map<String, Object> derived(Router router, Caller caller, View view) {
        return Collections.singletonMap("external_gateway_info", null);
    }

    @Override
    public Router create(Edit edit, Caller caller, Values values) {
        var routes = values.list("routes", Route.class);
        if (!routes.isEmpty()) {
            throw Refusals.invalidRoutes(routes, "the nexthop is not connected with router");
        }
        mint.number(values, LARGEST_KEY);
        return mint.create(edit, Router.class, values);
    }

    @Override
    public Router update(Edit edit, Caller caller, Router before, Values values) {
        var after = mint.change(edit, before, values.map());
        if (values.has("routes")) {
            var connected = ports(edit, before.id());
            after.routes().forEach(route -> checkRoute(edit, connected, route));
        }
        return after;
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

    /** The ports by which the router is on networks. */
    static List<Port> ports(View view, Id<Router> router) {
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
    }
}
