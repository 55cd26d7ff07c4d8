package org.dragonflow.store.tck;

/**
 * What every engine is held to. An engine's module has a test class that implements this and says how to open a store.
 */
public interface StoreContract extends TransactionContract, FeedContract, CompactionContract, CloseContract {}
