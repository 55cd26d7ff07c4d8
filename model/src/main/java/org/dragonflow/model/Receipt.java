package org.dragonflow.model;

import java.time.Instant;

@Doc("What a bundle with an idempotency key was answered: who asks again with the same key is told the same.")
public record Receipt(
        @Doc("SHA-256 of whose key it is and of the key, in hexadecimal.")
        Id<Receipt> id,

        @Indexed @Doc("The project that asked, or the user if it was none.")
        String owner,

        @Doc("SHA-256 of what was asked and with which roles, in hexadecimal.")
        String request,

        @Doc("When it was done.") Instant createdAt,

        @Doc("The body of the answer: JSON in gzip in base 64.")
        String answer)
        implements Entity {}
