/** What concerns a chassis, from the server to the chassis, and what the chassis has to say back. */
@org.jspecify.annotations.NullMarked
module org.dragonflow.feed {
    requires static org.jspecify;
    requires transitive org.dragonflow.model;
    requires transitive org.dragonflow.compile;
    requires java.net.http;
    requires org.bouncycastle.pkix;
    requires org.bouncycastle.provider;
    requires org.slf4j;
    requires tools.jackson.databind;

    exports org.dragonflow.feed;
}
