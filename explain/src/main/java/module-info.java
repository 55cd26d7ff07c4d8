/** Says what becomes of a packet of a tenant's, and why, in the tenant's words. */
@org.jspecify.annotations.NullMarked
module org.dragonflow.explain {
    requires static org.jspecify;
    requires transitive org.dragonflow.model;
    requires org.dragonflow.apps;
    requires org.dragonflow.trace;

    exports org.dragonflow.explain;
}
