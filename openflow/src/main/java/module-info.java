/** OpenFlow 1.5 with the Nicira extensions: codec, connection, bundles. */
@org.jspecify.annotations.NullMarked
module org.dragonflow.openflow {
    requires static org.jspecify;
    requires transitive org.dragonflow.flow;
    requires transitive org.dragonflow.packet;
    requires org.slf4j;

    exports org.dragonflow.openflow;
}
