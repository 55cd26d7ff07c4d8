package org.dragonflow.server.neutron;

import java.util.List;
import java.util.Map;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.model.AddressGroup;
import org.dragonflow.model.Decoded;
import org.dragonflow.model.Schema;
import org.dragonflow.model.SubnetPool;
import org.dragonflow.server.access.Identity;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.server.http.Request;
import org.dragonflow.server.http.Routes;
import org.jspecify.annotations.Nullable;

/** Blocks of addresses: scopes, the pools in them that subnets are cut from, and groups that rules are about. */
final class Blocks {
    private final List<Collection<?>> collections;
    private final Collection<SubnetPool> subnetPools;
    private final SubnetPools kindOfPools;
    private final Collection<AddressGroup> addressGroups;
    private final AddressGroups groupsOfAddresses;

    Blocks(Mint mint, Identity identity, World world, Quotas quotas) {
        kindOfPools = new SubnetPools(mint);
        subnetPools = new Collection<>(kindOfPools, identity, world, quotas);
        groupsOfAddresses = new AddressGroups(mint);
        addressGroups = new Collection<>(groupsOfAddresses, identity, world, quotas);
        collections =
                List.of(new Collection<>(new AddressScopes(mint), identity, world, quotas), subnetPools, addressGroups);
    }

    List<Collection<?>> collections() {
        return collections;
    }

    void routeTo(Routes routes) {
        subnetPools.routeAction(
                routes,
                "add_prefixes",
                "update_subnetpool",
                (edit, caller, pool, request) -> kindOfPools.addPrefixes(edit, caller, pool, request.json()));
        subnetPools.routeAction(
                routes,
                "remove_prefixes",
                "update_subnetpool",
                (edit, _, pool, request) -> kindOfPools.removePrefixes(edit, pool, request.json()));
        subnetPools.routeAction(
                routes,
                "onboard_network_subnets",
                "onboard_network_subnets",
                (edit, caller, pool, request) -> kindOfPools.onboard(edit, caller, pool, request.json()));
        addressGroups.routeAction(
                routes,
                "add_addresses",
                "update_address_group",
                (edit, caller, group, request) ->
                        addressGroups.shown(groupsOfAddresses.add(edit, group, blocks(request)), caller, edit));
        addressGroups.routeAction(
                routes,
                "remove_addresses",
                "update_address_group",
                (edit, caller, group, request) ->
                        addressGroups.shown(groupsOfAddresses.remove(edit, group, blocks(request)), caller, edit));
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
        // Here, unlike in a new group, an address alone is a block of one.
        var probe = Map.of("addresses", addresses.stream().map(Blocks::widened).toList());
        return switch (Schema.of(AddressGroup.class).create(probe)) {
            case Decoded.Ok<Map<String, Object>>(var values) -> new Values(values).list("addresses", IpPrefix.class);
            case Decoded.Bad<Map<String, Object>>(var problems) -> throw Collection.refusal(problems);
        };
    }

    private static @Nullable Object widened(@Nullable Object address) {
        return address instanceof String text && text.indexOf('/') < 0
                ? text + (text.indexOf(':') < 0 ? "/32" : "/128")
                : address;
    }
}
