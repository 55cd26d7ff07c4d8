/** The OVSDB management protocol (RFC 7047): JSON-RPC, monitors, transactions. */
@org.jspecify.annotations.NullMarked
module org.dragonflow.ovsdb {
    requires static org.jspecify;
    requires transitive org.dragonflow.address;
    requires org.slf4j;
    requires tools.jackson.databind;

    exports org.dragonflow.ovsdb;
}
