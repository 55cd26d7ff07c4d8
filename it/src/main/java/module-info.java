/** The network-namespace lab: chassis with real switches, servers with real clients, faults on demand. */
@org.jspecify.annotations.NullMarked
module org.dragonflow.it {
    requires static org.jspecify;
    requires transitive org.dragonflow.address;

    exports org.dragonflow.it;
}
