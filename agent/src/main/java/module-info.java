/** The loop on a chassis: from the topology and what is plugged in to the flows of its switch. */
@org.jspecify.annotations.NullMarked
module org.dragonflow.agent {
    requires static org.jspecify;
    requires transitive org.dragonflow.feed;
    requires transitive org.dragonflow.apps;
    requires transitive org.dragonflow.openflow;
    requires transitive org.dragonflow.ovsdb;
    requires java.net.http;
    requires io.prometheus.metrics.core;
    requires io.prometheus.metrics.model;
    requires io.prometheus.writer.text;
    requires org.slf4j;
    requires tools.jackson.databind;

    exports org.dragonflow.agent;

    // The model reads schemas off the records of this package.
    opens org.dragonflow.agent to
            org.dragonflow.model;
}
