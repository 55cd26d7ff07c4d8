/** The northbound store: transactions, ordered feed, and the contract that every engine is held to. */
@org.jspecify.annotations.NullMarked
module org.dragonflow.store {
    requires static org.jspecify;

    exports org.dragonflow.store;
}
