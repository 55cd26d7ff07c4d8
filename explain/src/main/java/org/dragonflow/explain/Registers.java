package org.dragonflow.explain;

import java.util.stream.Stream;
import org.dragonflow.apps.Apps;
import org.dragonflow.flow.Field;
import org.dragonflow.trace.Headers;

/** What a packet carries from table to table, by the names that the pipeline gives it. */
final class Registers {
    private static final Field SOURCE_PORT = named("source_port");
    private static final Field TARGET_PORT = named("target_port");
    private static final Field OUTSIDE = named("outside");
    private static final Field NETWORK = named("network");
    private static final Field ROUTER = named("router");
    private static final Field SECURITY_GROUP = named("security_group");
    private static final Field UNKNOWN = named("unknown");

    private final Headers headers;

    Registers(Headers headers) {
        this.headers = headers;
    }

    private static Field named(String name) {
        return Apps.pipeline().tables().stream()
                .flatMap(table -> Stream.concat(table.matches().stream(), table.sets().stream()))
                .filter(field -> field.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the pipeline has no register " + name));
    }

    private long get(Field field) {
        return headers.get(field).low();
    }

    long sourcePort() {
        return get(SOURCE_PORT);
    }

    long targetPort() {
        return get(TARGET_PORT);
    }

    /** The port outside by whose address the packet is translated. */
    long outside() {
        return get(OUTSIDE);
    }

    long network() {
        return get(NETWORK);
    }

    long router() {
        return get(ROUTER);
    }

    long securityGroup() {
        return get(SECURITY_GROUP);
    }

    boolean isUnknown() {
        return get(UNKNOWN) != 0;
    }
}
