package org.dragonflow.store;

import java.time.InstantSource;
import org.dragonflow.store.tck.StoreContract;

class MemoryStoreTest implements StoreContract {
    @Override
    public Store open(InstantSource clock, Retention retention) {
        return new MemoryStore(clock, retention);
    }
}
