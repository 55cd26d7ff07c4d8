/** The OVSDB management protocol (RFC 7047): JSON-RPC, monitors, transactions. */
@org.jspecify.annotations.NullMarked
module org.dragonflow.ovsdb {
    requires static org.jspecify;
    requires transitive tools.jackson.databind;
    requires org.slf4j;

    exports org.dragonflow.ovsdb;
}
