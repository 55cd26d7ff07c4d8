package org.dragonflow.store.tck;

import java.time.InstantSource;
import org.dragonflow.store.Retention;
import org.dragonflow.store.Store;

/** What is held to a contract. */
public interface Engine {
    /** Opens the store of this test, which is without rows at first. */
    Store open(InstantSource clock, Retention retention);

    default Store open() {
        return open(InstantSource.system(), Given.AMPLE);
    }
}
