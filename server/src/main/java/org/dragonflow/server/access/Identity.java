package org.dragonflow.server.access;

import org.dragonflow.server.http.Request;

/** Says on whose behalf a request is made. */
public interface Identity extends AutoCloseable {
    /**
     * The caller, as far as the request proves it.
     *
     * @throws org.dragonflow.server.http.Refusal with status 401 if it proves nothing, with 503 if that cannot be found out now
     */
    Caller of(Request request);

    /** Lets go of what it holds. */
    @Override
    default void close() {}
}
