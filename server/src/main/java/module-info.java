/** The API server: Neutron v2.0 over the northbound store. */
@org.jspecify.annotations.NullMarked
module org.dragonflow.server {
    requires static org.jspecify;
    requires transitive org.dragonflow.model;
    requires transitive org.dragonflow.store;
    requires org.dragonflow.apps;
    requires org.dragonflow.feed;
    requires org.dragonflow.store.sqlite;
    requires org.dragonflow.explain;
    requires io.helidon.common.tls;
    requires io.helidon.http.encoding;
    requires io.helidon.webserver;
    requires java.net.http;
    requires org.bouncycastle.provider;
    requires tools.jackson.databind;
    requires tools.jackson.dataformat.yaml;
    requires org.slf4j;
    requires io.prometheus.metrics.core;
    requires io.prometheus.writer.text;
    requires io.prometheus.metrics.model;

    exports org.dragonflow.server;
}
