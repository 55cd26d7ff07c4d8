/** Packets as records, with their wire codecs. */
@org.jspecify.annotations.NullMarked
module org.dragonflow.packet {
    requires static org.jspecify;
    requires transitive org.dragonflow.address;

    exports org.dragonflow.packet;
}
