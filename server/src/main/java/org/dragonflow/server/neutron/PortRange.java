package org.dragonflow.server.neutron;

import java.util.Optional;
import java.util.regex.Pattern;
import org.dragonflow.model.PortForwarding;

/** Ports of TCP or UDP from a first to a last one, as clients write them: {@code 8000:8010}. */
record PortRange(int first, int last) {
    private static final Pattern TEXT = Pattern.compile("([0-9]{1,5})(?::([0-9]{1,5}))?");
    private static final int LARGEST = 65_535;
    private static final String RESOURCE = "port_forwarding";

    private static PortRange parse(String name, String text) {
        var match = TEXT.matcher(text);
        if (!match.matches()) {
            throw Refusals.badRequest(
                    RESOURCE, "Invalid input for %s. Reason: '%s' is no range of ports".formatted(name, text));
        }
        int first = Integer.parseInt(match.group(1));
        int last = Optional.ofNullable(match.group(2)).map(Integer::valueOf).orElse(first);
        if (first < 1 || last > LARGEST || first > last) {
            throw Refusals.badRequest(
                    RESOURCE, "Invalid port value, the port value must be a value between 1 and 65535.");
        }
        return new PortRange(first, last);
    }

    static PortRange outside(PortForwarding forwarding) {
        return parse("external_port_range", forwarding.externalPortRange().orElseThrow());
    }

    static PortRange inside(PortForwarding forwarding) {
        return parse("internal_port_range", forwarding.internalPortRange().orElseThrow());
    }

    /** Adds to each port of a new forwarding its range, and to each range of one its port. */
    static void fill(Values values) {
        complete(values, "external");
        complete(values, "internal");
        requireFit(values);
    }

    /** The same for a forwarding that changes, where what is not given stays. */
    static void change(PortForwarding before, Values values) {
        for (var side : new String[] {"external", "internal"}) {
            if (values.has(side + "_port") || values.has(side + "_port_range")) {
                complete(values, side);
            }
        }
        var all = new Values(values.map());
        all.putIfAbsent("external_port_range", before.externalPortRange());
        all.putIfAbsent("internal_port_range", before.internalPortRange());
        requireFit(all);
    }

    private static void complete(Values values, String side) {
        var one = values.nullable(side + "_port", Integer.class);
        var many = values.nullable(side + "_port_range", String.class);
        if (one.isPresent() && many.isPresent() && !many.get().equals(new PortRange(one.get(), one.get()).toString())) {
            throw Refusals.badRequest(
                    RESOURCE, "%1$s_port and %1$s_port_range cannot both be specified".formatted(side));
        }
        var range = many.map(text -> parse(side + "_port_range", text))
                .or(() -> one.map(port -> new PortRange(port, port)))
                .orElseThrow(() -> Refusals.badRequest(
                        RESOURCE, "Either %1$s_port or %1$s_port_range must be specified".formatted(side)));
        values.put(side + "_port_range", Optional.of(range.toString()));
        values.put(side + "_port", range.size() == 1 ? Optional.of(range.first()) : Optional.empty());
    }

    private static void requireFit(Values values) {
        var outside = parse(
                "external_port_range",
                values.nullable("external_port_range", String.class).orElseThrow());
        var inside = parse(
                "internal_port_range",
                values.nullable("internal_port_range", String.class).orElseThrow());
        if (inside.size() > 1 && inside.size() != outside.size()) {
            throw Refusals.badRequest(
                    RESOURCE,
                    "Invalid ranges of internal and/or external ports. The relation between internal and external"
                            + " ports must be N-N or 1-N");
        }
    }

    /** Refuses two ranges that have a port in common. */
    static void requireApart(String name, PortRange present, PortRange wanted) {
        if (present.first <= wanted.last && wanted.first <= present.last) {
            throw Refusals.badRequest(
                    RESOURCE,
                    "There is a port collision with the %s. The following ranges collides: %s and %s"
                            .formatted(name, present, wanted));
        }
    }

    private int size() {
        return last - first + 1;
    }

    @Override
    public String toString() {
        return first + ":" + last;
    }
}
