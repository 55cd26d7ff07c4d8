package org.dragonflow.agent.metadata;

import java.util.Optional;

/** Whoever knows what servers ask of 169.254.169.254. */
interface Metadata extends AutoCloseable {
    Reply answer(Request request, Asker asker);

    /** Why it cannot answer now, in words for the operator. */
    Optional<String> fault();

    @Override
    void close();
}
