package org.dragonflow.model;

import static org.dragonflow.model.Access.Writer.CLIENT_ON_CREATE;
import static org.dragonflow.model.Access.Writer.SERVER;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.dragonflow.address.IpPrefix;

@Doc("Blocks of addresses that subnets are cut from.")
@Resource(singular = "subnetpool", plural = "subnetpools")
@Unique("default_for")
public record SubnetPool(
        @Access(SERVER) @Doc("Names the pool.") Id<SubnetPool> id,

        @Range(min = 1, max = 255) @Doc("For people; need not be unique.")
        String name,

        @Otherwise("\"\"") @Range(max = 255) @Doc("For people.")
        String description,

        @Access(CLIENT_ON_CREATE)
        @Filled
        @Indexed
        @Wire(value = "project_id", aliases = "tenant_id")
        @Doc("Whose it is; left out: the caller's.")
        String projectId,

        @Block(inside = true) @Doc("The blocks, of one IP version; merged where they can be.")
        List<IpPrefix> prefixes,

        @Range(max = Integer.MAX_VALUE)
        @Doc("How many addresses, or blocks of /64 for IPv6, a project may have of it; null: any number.")
        Optional<Integer> defaultQuota,

        @Access(SERVER) @Indexed @Doc("4 or 6.") int ipVersion,

        @Filled @Range(max = 128) @Doc("The length of a block that is asked for without one; left out: the smallest.")
        int defaultPrefixlen,

        @Filled @Range(max = 128) @Doc("The smallest length, of the largest blocks; left out: 8, or 64 for IPv6.")
        int minPrefixlen,

        @Filled @Range(max = 128) @Doc("The largest length, of the smallest blocks; left out: 32, or 128 for IPv6.")
        int maxPrefixlen,

        @Otherwise("false") @Doc("Whether it is used where a default pool is asked for.")
        boolean isDefault,

        @Access(CLIENT_ON_CREATE) @Otherwise("false") @Indexed @Doc("Whether all projects may use it.")
        boolean shared,

        @Doc("The scope in which its addresses are unique.") Optional<Id<AddressScope>> addressScopeId,

        @Access(value = SERVER, hidden = true) @Doc("The IP version that it is the default of.")
        Optional<Integer> defaultFor,

        @Access(SERVER) @Distinct @Doc("Words that people find it by.")
        List<String> tags,

        @Access(SERVER) @Doc("When it was made.") Instant createdAt,
        @Access(SERVER) @Doc("When it was last changed.") Instant updatedAt,
        @Access(SERVER) @Doc("How often it was changed.") long revisionNumber)
        implements Entity {
    public SubnetPool {
        tags = List.copyOf(tags);
        prefixes = List.copyOf(prefixes);
    }

    /** The pools in a scope. */
    public static Query<SubnetPool> in(Id<AddressScope> scope) {
        return Query.by(SubnetPool.class, "address_scope_id", scope);
    }
}
