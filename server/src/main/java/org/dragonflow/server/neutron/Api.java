package org.dragonflow.server.neutron;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.dragonflow.model.Router;
import org.dragonflow.model.Trunk;
import org.dragonflow.server.access.Identity;
import org.dragonflow.server.http.Request;
import org.dragonflow.server.http.Response;
import org.dragonflow.server.http.Routes;
import org.dragonflow.server.realised.RealisedApi;

/** Neutron's API, version 2.0: what is at which path. */
public final class Api {
    private final List<Collection<?>> collections;
    private final Collection<Router> routers;
    private final RouterInterfaces interfaces;
    private final Routers kindOfRouters;
    private final AutoAllocations autoAllocations;
    private final Quotas quotas;
    private final World world;
    private final Identity identity;
    private final Mint mint;
    private final Receipts receipts;
    private final Trunks kindOfTrunks;
    private final Collection<Trunk> trunks;
    private final PortBindings bindings;
    private final Blocks blocks;
    private final QosApi qos;
    private final OperatorResources forOperators;
    private final StandIns standIns;
    private final EdgeKeeper edge;

    /**
     * @param identity who asks
     * @param limits how many of each resource a project may have, by singular
     * @param domain of the names of ports
     * @param carriers what networks are carried by of which nobody says it
     * @param mtus the largest packets that cross networks
     * @param natPorts how many source ports of a router's address a port behind it gets
     */
    public Api(
            World world,
            Identity identity,
            InstantSource clock,
            RandomGenerator random,
            Map<String, Integer> limits,
            String domain,
            StandardCarriers carriers,
            Mtus mtus,
            int natPorts) {
        this.world = world;
        this.identity = identity;
        mint = new Mint(clock, random);
        receipts = new Receipts(clock);
        quotas = new Quotas(limits);
        var groups = new SecurityGroups(mint, quotas);
        var fixedIps = new FixedIps(Addresses.of(world.replica()));
        var ports = new Ports(mint, fixedIps, groups, DnsNames.in(domain));
        edge = new EdgeKeeper(world.replica(), clock, ports, natPorts);
        interfaces = new RouterInterfaces(mint, ports);
        kindOfRouters = new Routers(mint, new Gateways(mint, ports, fixedIps));
        routers = new Collection<>(kindOfRouters, identity, world, quotas);
        var segments = new Segments(mint, carriers.types());
        var networks = new Networks(mint, groups, segments, mtus);
        var subnets = new Subnets(mint);
        autoAllocations = new AutoAllocations(identity, world, networks, subnets, kindOfRouters, interfaces);
        kindOfTrunks = new Trunks(mint, ports.subports());
        trunks = new Collection<>(kindOfTrunks, identity, world, quotas);
        var collectionOfPorts = new Collection<>(ports, identity, world, quotas);
        bindings = new PortBindings(collectionOfPorts, mint, ports.subports());
        qos = new QosApi(mint, identity, world, quotas);
        var all = new ArrayList<Collection<?>>(List.of(
                new Collection<>(networks, identity, world, quotas),
                new Collection<>(subnets, identity, world, quotas),
                new Collection<>(segments, identity, world, quotas),
                collectionOfPorts,
                trunks,
                routers,
                new Collection<>(new FollowedProtocols(mint), Optional.of(routers), identity, world, quotas),
                new Collection<>(groups, identity, world, quotas),
                new Collection<>(new SecurityGroupRules(mint), identity, world, quotas),
                new Collection<>(new RbacPolicies(mint), identity, world, quotas)));
        blocks = new Blocks(mint, identity, world, quotas);
        standIns = new StandIns(mint, ports, identity, world, quotas);
        forOperators = new OperatorResources(mint, identity, world, quotas);
        Stream.of(blocks.collections(), standIns.collections(), qos.collections(), forOperators.collections())
                .forEach(all::addAll);
        forOperators.begin(world, carriers);
        collections = List.copyOf(all);
    }

    /** Keeps in the store what follows from what users ask for outside, once it is started. */
    public EdgeKeeper edge() {
        return edge;
    }

    /**
     * What is answered at which path.
     *
     * @param realised says how far the switches are with a resource
     */
    public Routes routes(RealisedApi realised) {
        var routes = new Routes()
                .on("GET", "/", (request, _) -> versions(request))
                .on("GET", "/v2.0", (request, _) -> resources(request))
                .on("GET", "/v2.0/extensions", (_, _) -> Response.json(200, Map.of("extensions", Extensions.all())))
                .on("GET", "/v2.0/extensions/{alias}", (_, arguments) -> Extensions.show(arguments.getFirst()));
        collections.forEach(collection -> {
            collection.routeTo(routes);
            Tags.routeTo(routes, collection, mint);
            collection.routeTo(routes, realised);
        });
        bindings.routeTo(routes);
        kindOfTrunks.routeTo(routes, trunks);
        qos.routeTo(routes);
        forOperators.routeTo(routes);
        standIns.routeTo(routes);
        actOnRouters(routes);
        blocks.routeTo(routes);
        new Zones(identity).routeTo(routes);
        new IpAvailability(identity, world).routeTo(routes);
        autoAllocations.routeTo(routes);
        new Bundles(identity, world, routes, receipts).routeTo(routes);
        return new QuotaApi(identity, world, quotas).routeTo(routes);
    }

    private void actOnRouters(Routes routes) {
        routers.routeAction(
                routes,
                "add_router_interface",
                "add_router_interface",
                (edit, caller, router, request) -> interfaces.add(edit, caller, router, request.json()));
        routers.routeAction(
                routes,
                "remove_router_interface",
                "remove_router_interface",
                (edit, _, router, request) -> interfaces.remove(edit, router, request.json()));
        routers.routeAction(
                routes,
                "add_extraroutes",
                "update_router",
                (edit, caller, router, request) ->
                        routers.shown(kindOfRouters.addRoutes(edit, router, request.json()), caller, edit));
        routers.routeAction(
                routes,
                "remove_extraroutes",
                "update_router",
                (edit, caller, router, request) ->
                        routers.shown(kindOfRouters.removeRoutes(edit, router, request.json()), caller, edit));
    }

    private static Response versions(Request request) {
        var self = Map.of("rel", "self", "href", Links.base(request) + "/v2.0/");
        return Response.json(
                200, Map.of("versions", List.of(Map.of("id", "v2.0", "status", "CURRENT", "links", List.of(self)))));
    }

    private Response resources(Request request) {
        var resources = new ArrayList<Map<String, Object>>();
        for (var collection : collections) {
            var resource = new LinkedHashMap<String, Object>();
            resource.put("name", collection.names().singular());
            resource.put("collection", collection.names().plural());
            resource.put("links", List.of(Map.of("rel", "self", "href", Links.base(request) + collection.path())));
            resources.add(resource);
        }
        return Response.json(200, Map.of("resources", resources));
    }
}
