package org.dragonflow.server.neutron;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.model.AddressScope;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;
import org.dragonflow.model.Query;
import org.dragonflow.model.Subnet;
import org.dragonflow.model.SubnetPool;
import org.dragonflow.model.View;
import org.dragonflow.server.access.Caller;
import org.dragonflow.store.Edit;

/** Finds the blocks of new subnets: as they are given, or cut from a pool. */
final class SubnetBlocks {
    private static final String RESOURCE = "subnets";

    private final Mint mint;

    SubnetBlocks(Mint mint) {
        this.mint = mint;
    }

    /** The block of a new subnet, and into its values, the pool that it is cut from. */
    IpPrefix find(Edit edit, Caller caller, Network network, Values values) {
        var given = values.find("cidr", IpPrefix.class);
        var length = values.nullable("prefixlen", Integer.class);
        if (given.isPresent() && length.isPresent()) {
            throw Refusals.badRequest(RESOURCE, "cidr and prefixlen must not be supplied together");
        }
        var pool = pool(edit, caller, values);
        if (pool.isEmpty() && given.isEmpty()) {
            throw Refusals.badRequest(RESOURCE, "a subnetpool must be specified in the absence of a cidr");
        }
        requireAffinity(edit, network, values.get("ip_version", Integer.class), pool);
        values.put("prefixlen", Optional.empty()).put("use_default_subnetpool", false);
        if (pool.isEmpty()) {
            return given.orElseThrow();
        }
        if (given.isEmpty() && !values.list("allocation_pools", Object.class).isEmpty()) {
            throw Refusals.badRequest(RESOURCE, "allocation_pools allowed only for specific subnet requests.");
        }
        values.put("subnetpool_id", Optional.of(pool.get().id()));
        var block = cut(edit, pool.get(), values.get("project_id", String.class), given, length);
        values.put("cidr", block);
        return block;
    }

    private static Optional<SubnetPool> pool(Edit edit, Caller caller, Values values) {
        var named = values.nullable("subnetpool_id", Id.class).map(id -> Id.of(SubnetPool.class, id.value()));
        boolean wantsDefault = values.get("use_default_subnetpool", Boolean.class);
        if (named.isPresent() && wantsDefault) {
            throw Refusals.badRequest(RESOURCE, "subnetpool_id and use_default_subnetpool cannot both be specified");
        }
        int version = values.get("ip_version", Integer.class);
        if (wantsDefault) {
            return Optional.of(edit.find(Query.by(SubnetPool.class, "ip_version", version))
                    .filter(SubnetPool::isDefault)
                    .findFirst()
                    .orElseThrow(() ->
                            Refusals.badRequest(RESOURCE, "No default subnetpool found for IPv%d".formatted(version))));
        }
        return named.map(id -> Guard.of(SubnetPool.class)
                .find(edit, id, caller)
                .orElseThrow(() -> PoolRefusals.subnetPoolNotFound(id)));
    }

    /** Refuses subnets of one IP version on a network from different pools, unless one address scope is around them. */
    private static void requireAffinity(Edit edit, Network network, int version, Optional<SubnetPool> pool) {
        pool.filter(found -> found.ipVersion() != version).ifPresent(found -> {
            throw Refusals.badRequest(
                    RESOURCE,
                    "Cannot allocate IPv%d subnet from IPv%d subnet pool".formatted(version, found.ipVersion()));
        });
        var others = edit.find(Subnet.on(network.id()))
                .filter(subnet -> subnet.ipVersion() == version)
                .toList();
        var scope = scope(edit, others);
        if (scope.isPresent()
                && pool.isPresent()
                && !pool.get().addressScopeId().equals(scope)) {
            throw PoolRefusals.networkAddressScopeAffinityError();
        }
        boolean isMixed = pool.isPresent()
                ? scope.isEmpty()
                        && others.stream()
                                .anyMatch(other -> !other.subnetpoolId().equals(pool.map(SubnetPool::id)))
                : others.stream().anyMatch(other -> other.subnetpoolId().isPresent());
        if (isMixed) {
            throw PoolRefusals.networkSubnetPoolAffinityError();
        }
    }

    /** The address scope that subnets of one network and IP version are in. */
    static Optional<Id<AddressScope>> scope(View view, List<Subnet> subnets) {
        return subnets.stream()
                .flatMap(subnet -> subnet.subnetpoolId().flatMap(view::get).stream())
                .flatMap(pool -> pool.addressScopeId().stream())
                .findFirst();
    }

    private IpPrefix cut(
            Edit edit, SubnetPool pool, String project, Optional<IpPrefix> given, Optional<Integer> length) {
        int wanted = given.map(IpPrefix::length).or(() -> length).orElse(pool.defaultPrefixlen());
        if (wanted > pool.maxPrefixlen()) {
            throw PoolRefusals.maxPrefixSubnetAllocationError(wanted, pool.maxPrefixlen());
        }
        if (wanted < pool.minPrefixlen()) {
            throw PoolRefusals.minPrefixSubnetAllocationError(wanted, pool.minPrefixlen());
        }
        requireQuota(edit, pool, project, wanted);
        // Also keeps two subnets from being given the same block.
        mint.touch(edit, pool);
        var free = new PrefixSet(pool.prefixes()).without(SubnetPools.allocated(edit, pool));
        if (given.isPresent()) {
            if (!free.contains(given.get())) {
                throw PoolRefusals.subnetAllocationError(
                        "Cannot allocate requested subnet from the available set of prefixes");
            }
            return given.get();
        }
        return free.blocks().stream()
                .sorted(Comparator.comparingInt(IpPrefix::length).reversed())
                .filter(block -> block.length() <= wanted)
                .findFirst()
                .map(block -> new IpPrefix(block.first(), wanted))
                .orElseThrow(() -> PoolRefusals.subnetAllocationError(
                        "Insufficient prefix space to allocate subnet size /%d".formatted(wanted)));
    }

    private static void requireQuota(Edit edit, SubnetPool pool, String project, int wanted) {
        if (pool.defaultQuota().isEmpty() || pool.defaultQuota().get() == 0) {
            return;
        }
        double used = edit.find(Subnet.from(pool.id()))
                .filter(subnet -> subnet.projectId().equals(project))
                .mapToDouble(subnet -> units(pool, subnet.cidr().length()))
                .sum();
        if (used + units(pool, wanted) > pool.defaultQuota().get()) {
            throw PoolRefusals.subnetPoolQuotaExceeded();
        }
    }

    /** How much a block counts: addresses for IPv4, blocks of /64 for IPv6. */
    private static double units(SubnetPool pool, int length) {
        return Math.scalb(1.0, (pool.ipVersion() == 4 ? 32 : 64) - length);
    }
}
