/** The daemons' entry points, and how they are packaged. */
@org.jspecify.annotations.NullMarked
module org.dragonflow.dist {
    requires static org.jspecify;
    requires org.dragonflow.agent;
    requires org.dragonflow.cli;
    requires org.dragonflow.server;
    requires info.picocli;
    requires java.logging;

    exports org.dragonflow.dist;

    // picocli fills in options.
    opens org.dragonflow.dist to
            info.picocli;
}
