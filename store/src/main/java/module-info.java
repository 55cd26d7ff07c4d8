/** The northbound store: transactions, ordered feed, replica, and the contract that every engine is held to. */
@org.jspecify.annotations.NullMarked
module org.dragonflow.store {
    requires static org.jspecify;
    requires transitive org.dragonflow.model;
    requires org.slf4j;
    requires tools.jackson.databind;

    exports org.dragonflow.store;
}
