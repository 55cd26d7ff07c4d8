/** dfctl, the operator's command. */
@org.jspecify.annotations.NullMarked
module org.dragonflow.cli {
    requires static org.jspecify;
    requires tools.jackson.databind;
    requires tools.jackson.dataformat.yaml;
    requires transitive info.picocli;
    requires java.net.http;

    exports org.dragonflow.cli;

    // picocli fills in options.
    opens org.dragonflow.cli to
            info.picocli;
}
