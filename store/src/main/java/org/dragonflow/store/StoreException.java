package org.dragonflow.store;

/**
 * The store could not do its work, because of its disk, its network, or its file. The message names the culprit, and
 * the mend if there is one.
 *
 * <p>If it comes from {@link Store#commit commit}, it is <em>unknown</em> whether the transaction took place.
 */
public class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public StoreException(String message) {
        super(message);
    }

    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
