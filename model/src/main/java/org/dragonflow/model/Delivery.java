package org.dragonflow.model;

import java.time.Instant;

@Doc("How far a service outside was told of what changed, and which server tells it.")
public record Delivery(
        @Doc("The service.") Id<Delivery> id,

        @Doc("Names the server that tells it; the others leave it to that one.")
        String holder,

        @Doc("Until when the others do.") Instant until,

        @Doc("The commit up to which the service was told.") long revision)
        implements Entity {}
