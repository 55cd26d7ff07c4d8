/** Turns a change of the topology into a change of the flows. */
@org.jspecify.annotations.NullMarked
module org.dragonflow.compile {
    requires static org.jspecify;
    requires transitive org.dragonflow.model;
    requires transitive org.dragonflow.flow;
    requires transitive org.dragonflow.packet;

    exports org.dragonflow.compile;

    // The model reads indexes off the records of this package.
    opens org.dragonflow.compile to
            org.dragonflow.model;
}
