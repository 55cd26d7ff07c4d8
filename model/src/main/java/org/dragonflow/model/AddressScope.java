package org.dragonflow.model;

import static org.dragonflow.model.Access.Writer.CLIENT_ON_CREATE;
import static org.dragonflow.model.Access.Writer.SERVER;

import java.time.Instant;

@Doc("Addresses that mean the same wherever they are: subnet pools in it do not overlap.")
@Resource(singular = "address_scope", plural = "address_scopes")
public record AddressScope(
        @Access(SERVER) @Doc("Names the scope.") Id<AddressScope> id,

        @Otherwise("\"\"") @Range(max = 255) @Doc("For people; need not be unique.")
        String name,

        @Access(CLIENT_ON_CREATE)
        @Filled
        @Indexed
        @Wire(value = "project_id", aliases = "tenant_id")
        @Doc("Whose it is; left out: the caller's.")
        String projectId,

        @Otherwise("false") @Indexed @Doc("Whether all projects may use it.")
        boolean shared,

        @Access(CLIENT_ON_CREATE) @OneOf({"4", "6"}) @Doc("4 or 6.")
        int ipVersion,

        @Access(SERVER) @Doc("When it was made.") Instant createdAt,
        @Access(SERVER) @Doc("When it was last changed.") Instant updatedAt,
        @Access(SERVER) @Doc("How often it was changed.") long revisionNumber)
        implements Entity {}
