/** Walks a packet through flow tables as Open vSwitch does. */
@org.jspecify.annotations.NullMarked
module org.dragonflow.trace {
    requires static org.jspecify;
    requires transitive org.dragonflow.flow;
    requires transitive org.dragonflow.packet;

    exports org.dragonflow.trace;
}
