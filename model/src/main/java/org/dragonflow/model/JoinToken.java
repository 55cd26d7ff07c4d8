package org.dragonflow.model;

import java.time.Instant;

@Doc("Lets one chassis join, once.")
public record JoinToken(
        @Doc("SHA-256 of the token's secret, in hexadecimal; the secret itself is nowhere kept.")
        Id<JoinToken> id,

        @Reference(Reference.Promise.LOOSE) @Doc("The chassis that may join.")
        Id<Chassis> chassis,

        @Doc("Until when.") Instant expiresAt)
        implements Entity {}
