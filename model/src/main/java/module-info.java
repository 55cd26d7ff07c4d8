/** What tenants ask for: northbound records, their schemas, and the immutable topology they form. */
@org.jspecify.annotations.NullMarked
module org.dragonflow.model {
    requires static org.jspecify;
    requires transitive org.dragonflow.address;

    exports org.dragonflow.model;
}
