package org.dragonflow.server.neutron;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.model.AddressScope;
import org.dragonflow.model.Decoded;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;
import org.dragonflow.model.Schema;
import org.dragonflow.model.Subnet;
import org.dragonflow.model.SubnetPool;
import org.dragonflow.model.View;
import org.dragonflow.server.access.Caller;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.store.Edit;

/** Subnet pools: the blocks that are in them, and the bounds for blocks that are cut from them. */
final class SubnetPools implements Kind<SubnetPool> {
    private static final List<String> UNIQUE = List.of("default_for");

    private final Mint mint;

    SubnetPools(Mint mint) {
        this.mint = mint;
    }

    @Override
    public Class<SubnetPool> type() {
        return SubnetPool.class;
    }

    @Override
    public Refusal notFound(Id<SubnetPool> id) {
        return PoolRefusals.subnetPoolNotFound(id);
    }

    /** Neutron shows lengths as texts, and takes them as numbers too. */
    @Override
    public Map<String, Object> derived(SubnetPool pool, Caller caller, View view) {
        return Map.of(
                "default_prefixlen", Integer.toString(pool.defaultPrefixlen()),
                "min_prefixlen", Integer.toString(pool.minPrefixlen()),
                "max_prefixlen", Integer.toString(pool.maxPrefixlen()));
    }

    @Override
    public SubnetPool create(Edit edit, Caller caller, Values values) {
        var prefixes = prefixes(values.list("prefixes", IpPrefix.class));
        int version = prefixes.blocks().getFirst().version();
        values.put("prefixes", prefixes.blocks()).put("ip_version", version);
        values.putIfAbsent("min_prefixlen", version == 4 ? 8 : 64);
        values.putIfAbsent("max_prefixlen", width(version));
        values.putIfAbsent("default_prefixlen", values.get("min_prefixlen", Integer.class));
        claimDefault(edit, version, values.get("is_default", Boolean.class), values);
        requireKnownScope(edit, caller, values);
        var pool = mint.create(edit, SubnetPool.class, values);
        checkBounds(pool);
        checkScope(edit, caller, pool);
        return pool;
    }

    private static int width(int version) {
        return version == 4 ? 32 : 128;
    }

    private static PrefixSet prefixes(List<IpPrefix> given) {
        if (given.isEmpty()) {
            throw PoolRefusals.emptySubnetPoolPrefixList();
        }
        if (given.stream().map(IpPrefix::version).distinct().count() > 1) {
            throw PoolRefusals.prefixVersionMismatch();
        }
        return new PrefixSet(given);
    }

    private static void claimDefault(Edit edit, int version, boolean isDefault, Values values) {
        values.put("default_for", isDefault ? Optional.of(version) : Optional.empty());
        if (isDefault) {
            edit.refuseIfTaken(
                    SubnetPool.class,
                    UNIQUE,
                    List.of(version),
                    () -> Refusals.invalidInput("A default subnetpool for"
                            + " this IP family has already been set. Only one default may exist per IP family"));
        }
    }

    private static void checkBounds(SubnetPool pool) {
        requireOrder("min_prefixlen", pool.minPrefixlen(), "max_prefixlen", pool.maxPrefixlen());
        requireOrder("max_prefixlen", pool.maxPrefixlen(), "ip_version_max", width(pool.ipVersion()));
        if (pool.defaultPrefixlen() < pool.minPrefixlen()) {
            throw PoolRefusals.illegalSubnetPoolPrefixBounds(
                    "default_prefixlen", pool.defaultPrefixlen(), "min_prefixlen", pool.minPrefixlen());
        }
        requireOrder("default_prefixlen", pool.defaultPrefixlen(), "max_prefixlen", pool.maxPrefixlen());
    }

    private static void requireOrder(String name, int length, String bound, int most) {
        if (length > most) {
            throw PoolRefusals.illegalSubnetPoolPrefixBounds(name, length, bound, most);
        }
    }

    /** Refuses values that name a scope which the caller may not know of. */
    private static void requireKnownScope(Edit edit, Caller caller, Values values) {
        values.nullable("address_scope_id", Id.class)
                .map(id -> Id.of(AddressScope.class, id.value()))
                .ifPresent(id -> scope(edit, caller, id));
    }

    private static AddressScope scope(Edit edit, Caller caller, Id<AddressScope> id) {
        return Guard.of(AddressScope.class)
                .find(edit, id, caller)
                .orElseThrow(() -> PoolRefusals.addressScopeNotFound(id));
    }

    private void checkScope(Edit edit, Caller caller, SubnetPool pool) {
        if (pool.addressScopeId().isEmpty()) {
            return;
        }
        var id = pool.addressScopeId().get();
        var scope = scope(edit, caller, id);
        if (scope.ipVersion() != pool.ipVersion()) {
            throw PoolRefusals.illegalIpVersionAssociation(pool.id(), scope);
        }
        requireAffinity(edit, pool);
        var own = new PrefixSet(pool.prefixes());
        boolean isTaken = edit.find(SubnetPool.in(id))
                .filter(other -> !other.id().equals(pool.id()))
                .anyMatch(other -> own.overlaps(new PrefixSet(other.prefixes())));
        if (isTaken) {
            throw PoolRefusals.addressScopePrefixConflict();
        }
        // Also keeps two overlapping pools from joining at a time.
        mint.touch(edit, scope);
    }

    /** Refuses a scope for some subnets of a network and not for others. */
    private static void requireAffinity(Edit edit, SubnetPool pool) {
        boolean isMixed = edit.find(Subnet.from(pool.id()))
                .map(Subnet::networkId)
                .distinct()
                .flatMap(network -> edit.find(Subnet.on(network)))
                .filter(subnet -> subnet.ipVersion() == pool.ipVersion())
                .anyMatch(subnet -> !subnet.subnetpoolId().equals(Optional.of(pool.id())));
        if (isMixed) {
            throw PoolRefusals.networkAddressScopeAffinityError();
        }
    }

    @Override
    public SubnetPool update(Edit edit, Caller caller, SubnetPool before, Values values) {
        before.addressScopeId()
                .flatMap(edit::get)
                .filter(scope -> !caller.owns(scope.projectId()))
                .ifPresent(scope -> {
                    throw PoolRefusals.illegalSubnetPoolUpdate(
                            "subnetpool %s cannot be updated when associated with shared address scope %s"
                                    .formatted(before.id(), scope.id()));
                });
        if (values.has("prefixes")) {
            var prefixes = prefixes(values.list("prefixes", IpPrefix.class));
            if (prefixes.blocks().getFirst().version() != before.ipVersion()) {
                throw PoolRefusals.prefixVersionMismatch();
            }
            if (!prefixes.contains(new PrefixSet(before.prefixes()))) {
                throw PoolRefusals.illegalSubnetPoolPrefixUpdate(
                        "Existing prefixes must be a subset of the new prefixes");
            }
            values.put("prefixes", prefixes.blocks());
        }
        values.find("is_default", Boolean.class)
                .filter(wanted -> wanted != before.isDefault())
                .ifPresent(wanted -> claimDefault(edit, before.ipVersion(), wanted, values));
        requireKnownScope(edit, caller, values);
        var after = mint.change(edit, before, values.map());
        checkBounds(after);
        if (values.has("prefixes") || values.has("address_scope_id")) {
            checkScope(edit, caller, after);
        }
        return after;
    }

    @Override
    public void delete(Edit edit, Caller caller, SubnetPool pool) {
        if (edit.find(Subnet.from(pool.id())).findAny().isPresent()) {
            throw PoolRefusals.subnetPoolDeleteError("Subnet pool has existing allocations");
        }
        edit.delete(pool);
    }

    Map<String, Object> addPrefixes(Edit edit, Caller caller, SubnetPool pool, Map<String, Object> body) {
        var more = given(body);
        return shown(more.isEmpty() ? pool : grow(edit, caller, pool, more));
    }

    private SubnetPool grow(Edit edit, Caller caller, SubnetPool pool, List<IpPrefix> more) {
        prefixes(more);
        if (more.getFirst().version() != pool.ipVersion()) {
            throw PoolRefusals.prefixVersionMismatch();
        }
        var all = new PrefixSet(pool.prefixes()).with(new PrefixSet(more));
        return update(edit, caller, pool, new Values(Map.of("prefixes", all.blocks())));
    }

    Map<String, Object> removePrefixes(Edit edit, SubnetPool pool, Map<String, Object> body) {
        var removed = new PrefixSet(given(body));
        var present = new PrefixSet(pool.prefixes());
        if (!present.overlaps(removed)) {
            return shown(pool);
        }
        if (allocated(edit, pool).overlaps(removed)) {
            throw PoolRefusals.illegalSubnetPoolPrefixUpdate(
                    "One or more the prefixes to be removed is in use by a subnet.");
        }
        var rest = present.without(removed);
        return shown(mint.change(edit, pool, Map.of("prefixes", rest.blocks())));
    }

    static PrefixSet allocated(Edit edit, SubnetPool pool) {
        return PrefixSet.of(edit.find(Subnet.from(pool.id())).map(Subnet::cidr));
    }

    private static Map<String, Object> shown(SubnetPool pool) {
        return Map.of(
                "prefixes", pool.prefixes().stream().map(IpPrefix::toString).toList());
    }

    /** The schema of a pool knows what its prefixes look like. */
    private static List<IpPrefix> given(Map<String, Object> body) {
        Map<?, ?> named = body.get("subnetpool") instanceof Map<?, ?> wrapped ? wrapped : body;
        if (!(named.get("prefixes") instanceof List<?> prefixes)) {
            throw Refusal.badRequest("Unable to find 'prefixes' in request body");
        }
        return switch (Schema.of(SubnetPool.class).update(Map.of("prefixes", prefixes))) {
            case Decoded.Ok<Map<String, Object>>(var values) -> new Values(values).list("prefixes", IpPrefix.class);
            case Decoded.Bad<Map<String, Object>>(var problems) -> throw Collection.refusal(problems);
        };
    }

    /** Takes the subnets of a network into the pool, as if they had been cut from it. */
    List<Map<String, Object>> onboard(Edit edit, Caller caller, SubnetPool pool, Map<String, Object> body) {
        Map<?, ?> named = body.get("subnetpool") instanceof Map<?, ?> wrapped ? wrapped : body;
        if (!(named.get("network_id") instanceof String text)) {
            throw Refusals.invalidInput("network_id must be specified.");
        }
        var network = Networks.visible(edit, Id.of(Network.class, text), caller);
        if (!caller.owns(network.projectId())) {
            throw Caller.notAuthorized("onboard_network_subnets");
        }
        var subnets = edit.find(Subnet.on(network.id()))
                .filter(subnet -> subnet.ipVersion() == pool.ipVersion())
                .sorted(Comparator.comparing(Subnet::cidr))
                .toList();
        var allocated = allocated(edit, pool);
        for (var subnet : subnets) {
            if (allocated.overlaps(new PrefixSet(List.of(subnet.cidr())))) {
                throw PoolRefusals.illegalSubnetPoolUpdate(
                        "Onboarding subnet %s: %s conflicts with allocated prefixes in subnet pool %s"
                                .formatted(subnet.id(), subnet.cidr(), pool.id()));
            }
        }
        subnets.forEach(subnet -> mint.change(edit, subnet, Map.of("subnetpool_id", Optional.of(pool.id()))));
        if (!subnets.isEmpty()) {
            grow(edit, caller, pool, subnets.stream().map(Subnet::cidr).toList());
        }
        return subnets.stream()
                .map(subnet -> Map.<String, Object>of(
                        "id", subnet.id().value(), "cidr", subnet.cidr().toString()))
                .toList();
    }
}
