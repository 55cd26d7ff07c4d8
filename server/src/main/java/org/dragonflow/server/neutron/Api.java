package org.dragonflow.server.neutron;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.model.AddressGroup;
import org.dragonflow.model.Decoded;
import org.dragonflow.model.Router;
import org.dragonflow.model.Schema;
import org.dragonflow.model.Trunk;
import org.dragonflow.server.access.Identity;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.server.http.Request;
import org.dragonflow.server.http.Response;
import org.dragonflow.server.http.Routes;
import org.dragonflow.store.Replica;

/** Neutron's API, version 2.0: what is at which path. */
public final class Api {
    private final List<Collection<?>> collections;
    private final Collection<Router> routers;
    private final Collection<AddressGroup> addressGroups;
    private final RouterInterfaces interfaces;
    private final AddressGroups groupsOfAddresses;
    private final Quotas quotas;
    private final Replica replica;
    private final Identity identity;
    private final Mint mint;
    private final Trunks kindOfTrunks;
    private final Collection<Trunk> trunks;
    private final PortBindings bindings;
    private final QosApi qos;
    private final OperatorResources forOperators;

    /**
     * @param identity who asks
     * @param limits how many of each resource a project may have, by singular
     */
    public Api(
            Replica replica,
            Identity identity,
            InstantSource clock,
            RandomGenerator random,
            Map<String, Integer> limits) {
        this.replica = replica;
        this.identity = identity;
        mint = new Mint(clock, random);
        var groups = new SecurityGroups(mint);
        var ports = new Ports(mint, new FixedIps(Addresses.of(replica)), groups);
        quotas = new Quotas(limits);
        interfaces = new RouterInterfaces(mint, ports);
        groupsOfAddresses = new AddressGroups(mint);
        routers = new Collection<>(new Routers(mint), identity, replica, quotas);
        addressGroups = new Collection<>(groupsOfAddresses, identity, replica, quotas);
        kindOfTrunks = new Trunks(mint);
        trunks = new Collection<>(kindOfTrunks, identity, replica, quotas);
        var collectionOfPorts = new Collection<>(ports, identity, replica, quotas);
        bindings = new PortBindings(collectionOfPorts, mint);
        qos = new QosApi(mint, identity, replica, quotas);
        var all = new ArrayList<Collection<?>>(List.of(
                new Collection<>(new Networks(mint, groups), identity, replica, quotas),
                new Collection<>(new Subnets(mint), identity, replica, quotas),
                collectionOfPorts,
                trunks,
                routers,
                new Collection<>(groups, identity, replica, quotas),
                new Collection<>(new SecurityGroupRules(mint), identity, replica, quotas),
                addressGroups,
                new Collection<>(new RbacPolicies(mint), identity, replica, quotas)));
        all.addAll(qos.collections());
        forOperators = new OperatorResources(mint, identity, replica, quotas);
        all.addAll(forOperators.collections());
        collections = List.copyOf(all);
    }

    public Routes routes() {
        var routes = new Routes()
                .on("GET", "/", (request, _) -> versions(request))
                .on("GET", "/v2.0", (request, _) -> resources(request))
                .on("GET", "/v2.0/extensions", (_, _) -> Response.json(200, Map.of("extensions", Extensions.all())))
                .on("GET", "/v2.0/extensions/{alias}", (_, arguments) -> Extensions.show(arguments.getFirst()));
        collections.forEach(collection -> {
            collection.routeTo(routes);
            Tags.routeTo(routes, collection, mint);
        });
        bindings.routeTo(routes);
        kindOfTrunks.routeTo(routes, trunks);
        qos.routeTo(routes);
        forOperators.routeTo(routes);
        routeToRouters(routes);
        routeToAddressGroups(routes);
        return new QuotaApi(identity, replica, quotas).routeTo(routes);
    }

    private void routeToRouters(Routes routes) {
        var router = routers.path() + "/{id}/";
        routes.on(
                        "PUT",
                        router + "add_router_interface",
                        (request, path) -> routers.act(
                                request,
                                path,
                                "add_router_interface",
                                (edit, caller, entity) -> interfaces.add(edit, caller, entity, request.json())))
                .on(
                        "PUT",
                        router + "remove_router_interface",
                        (request, path) -> routers.act(
                                request,
                                path,
                                "remove_router_interface",
                                (edit, _, entity) -> interfaces.remove(edit, entity, request.json())));
    }

    private void routeToAddressGroups(Routes routes) {
        var group = addressGroups.path() + "/{id}/";
        routes.on(
                        "PUT",
                        group + "add_addresses",
                        (request, path) -> addressGroups.act(
                                request,
                                path,
                                "update_address_group",
                                (edit, caller, entity) -> addressGroups.shown(
                                        groupsOfAddresses.add(edit, entity, blocks(request)), caller, edit)))
                .on(
                        "PUT",
                        group + "remove_addresses",
                        (request, path) -> addressGroups.act(
                                request,
                                path,
                                "update_address_group",
                                (edit, caller, entity) -> addressGroups.shown(
                                        groupsOfAddresses.remove(edit, entity, blocks(request)), caller, edit)));
    }

    /** The schema of an address group knows what its addresses look like. */
    private static List<IpPrefix> blocks(Request request) {
        Map<?, ?> body = request.json();
        // The SDK sends the list bare, the reference shows it wrapped.
        if (body.get("address_group") instanceof Map<?, ?> wrapped) {
            body = wrapped;
        }
        if (!(body.get("addresses") instanceof List<?> addresses)) {
            throw Refusal.badRequest("Unable to find 'addresses' in request body");
        }
        var probe = Map.of("addresses", addresses);
        return switch (Schema.of(AddressGroup.class).create(probe)) {
            case Decoded.Ok<Map<String, Object>>(var values) -> new Values(values).list("addresses", IpPrefix.class);
            case Decoded.Bad<Map<String, Object>>(var problems) -> throw Collection.refusal(problems);
        };
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
