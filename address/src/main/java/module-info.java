/** Link-layer and network addresses, as values. */
@org.jspecify.annotations.NullMarked
module org.dragonflow.address {
    requires static org.jspecify;

    exports org.dragonflow.address;
}
