/** What a switch holds: fields, tables, flows, groups, meters, and the differences between two switches. */
@org.jspecify.annotations.NullMarked
module org.dragonflow.flow {
    requires static org.jspecify;
    requires transitive org.dragonflow.address;

    exports org.dragonflow.flow;
}
