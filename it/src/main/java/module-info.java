/** The network-namespace lab: chassis with real switches, servers with real clients, faults on demand. */
@org.jspecify.annotations.NullMarked
module org.dragonflow.it {
    requires static org.jspecify;
    requires transitive org.dragonflow.address;
    requires org.dragonflow.agent;
    requires org.dragonflow.apps;
    requires org.dragonflow.dist;
    requires org.dragonflow.server;
    requires org.dragonflow.trace;
    requires info.picocli;
    requires java.logging;
    requires java.management;
    requires java.net.http;
    requires jdk.management;
    requires tools.jackson.databind;

    exports org.dragonflow.it;

    // picocli fills in options.
    opens org.dragonflow.it.conformance to
            info.picocli;
    opens org.dragonflow.it.bench to
            info.picocli;
    opens org.dragonflow.it.demo to
            info.picocli;
}
