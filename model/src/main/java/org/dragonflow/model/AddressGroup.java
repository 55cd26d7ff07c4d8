package org.dragonflow.model;

import static org.dragonflow.model.Access.Writer.CLIENT_ON_CREATE;
import static org.dragonflow.model.Access.Writer.SERVER;

import java.time.Instant;
import java.util.List;
import org.dragonflow.address.IpPrefix;

@Doc("Blocks of addresses that security group rules name as one.")
@Resource(singular = "address_group", plural = "address_groups")
@Unique("key")
public record AddressGroup(
        @Access(SERVER) @Doc("Names the group.") Id<AddressGroup> id,

        @Otherwise("\"\"") @Range(max = 255) @Doc("For people; need not be unique.")
        String name,

        @Otherwise("\"\"") @Range(max = 255) @Doc("For people.")
        String description,

        @Access(CLIENT_ON_CREATE)
        @Filled
        @Indexed
        @Wire(value = "project_id", aliases = "tenant_id")
        @Doc("Whose it is; left out: the caller's.")
        String projectId,

        @Access(CLIENT_ON_CREATE)
        @Otherwise("[]")
        @Range(max = 10_000)
        @Block(inside = true)
        @Distinct
        @Doc("The blocks.")
        List<IpPrefix> addresses,

        @Access(value = SERVER, hidden = true)
        @Range(min = 1, max = 0x0fff_ffff)
        @Doc("The number of the group in flows, 28 bits.")
        int key,

        @Access(SERVER) @Doc("When it was made.") Instant createdAt,
        @Access(SERVER) @Doc("When it was last changed.") Instant updatedAt,
        @Access(SERVER) @Doc("How often it was changed.") long revisionNumber)
        implements Entity {
    public AddressGroup {
        addresses = List.copyOf(addresses);
    }
}
