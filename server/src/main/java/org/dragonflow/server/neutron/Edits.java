package org.dragonflow.server.neutron;

import java.util.function.Function;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.store.Edit;
import org.dragonflow.store.Replica;
import org.dragonflow.store.StoreException;

/** Makes edits on behalf of clients, who are told in HTTP's terms what came in the way. */
final class Edits {
    private Edits() {}

    /** @param resource what clients call that which is edited */
    static <R> R make(Replica replica, String resource, Function<Edit, R> changes) {
        try {
            return replica.edit(changes);
        } catch (InterruptedException e) {
            throw interrupted();
        } catch (Edit.StillReferred e) {
            throw Refusals.inUse(resource, e.target());
        } catch (Edit.TooLarge e) {
            throw Refusal.badRequest("The request is too large: " + e.getMessage());
        } catch (StoreException e) {
            throw Refusal.unavailable("The store does not answer: " + e.getMessage());
        }
    }

    static Refusal interrupted() {
        Thread.currentThread().interrupt();
        return Refusal.unavailable("The server is about to stop.");
    }
}
