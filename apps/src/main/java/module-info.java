/** The pipeline, and one file per feature of the network. */
@org.jspecify.annotations.NullMarked
module org.dragonflow.apps {
    requires static org.jspecify;
    requires transitive org.dragonflow.compile;

    exports org.dragonflow.apps;

    // The model reads indexes off the records of this package.
    opens org.dragonflow.apps to
            org.dragonflow.model;
}
