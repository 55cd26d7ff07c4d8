package org.dragonflow.explain;

import java.util.Optional;
import java.util.stream.Stream;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Field;
import org.dragonflow.flow.Meter;
import org.dragonflow.model.FloatingIp;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.model.QosPolicy;
import org.dragonflow.model.Router;
import org.dragonflow.trace.Step;
import org.dragonflow.trace.Trace;

/** What QoS policies do to a packet in one switch, in words: the limits that it is held to, the mark and the queue that it gets. */
final class Shaping {
    private final Names names;
    private final Twin twin;

    Shaping(Names names, Twin twin) {
        this.names = names;
        this.twin = twin;
    }

    /** All that is done to it on its way. */
    Stream<String> of(Trace trace) {
        return trace.lookups().flatMap(lookup -> of(lookup).stream());
    }

    /** What the flow that was found does to it, if that is of a policy. */
    Optional<String> of(Step.LookedUp lookup) {
        var registers = new Registers(lookup.headers());
        return switch (lookup.table().name()) {
            case "from_port_qos", "from_port_bandwidth", "from_port_packets" ->
                names.portOf(registers.sourcePort()).flatMap(port -> ofPort(lookup, port, "sends"));
            case "to_port_bandwidth", "to_port_packets" ->
                names.portOf(registers.targetPort()).flatMap(port -> ofPort(lookup, port, "gets"));
            case "to_outside_bandwidth", "to_outside_packets" ->
                names.portOf(registers.outside()).flatMap(port -> ofAddress(lookup, port, "goes out"));
            case "from_outside_bandwidth", "from_outside_packets" ->
                names.portOf(registers.outside()).flatMap(port -> ofAddress(lookup, port, "comes in"));
            default -> Optional.empty();
        };
    }

    private Optional<String> ofPort(Step.LookedUp lookup, Port port, String verb) {
        return QosPolicy.of(port, names.topology())
                .flatMap(policy -> of(lookup, "%s %s".formatted(names.of(port), verb), policy));
    }

    /** What passes by a floating IP, or by the address that a router shares with those behind it. */
    private Optional<String> ofAddress(Step.LookedUp lookup, Port outside, String verb) {
        var topology = names.topology();
        return outside.deviceOwner().equals(Port.FLOATING_IP)
                ? topology.find(FloatingIp.at(outside.id()))
                        .findFirst()
                        .flatMap(floating -> QosPolicy.of(floating, topology)
                                .flatMap(policy -> of(lookup, "%s by a floating IP".formatted(verb), policy)))
                : topology.get(Id.of(Router.class, outside.deviceId()))
                        .flatMap(router -> QosPolicy.of(router, topology)
                                .flatMap(policy -> of(lookup, "%s by %s".formatted(verb, names.of(router)), policy)));
    }

    private Optional<String> of(Step.LookedUp lookup, String what, Id<QosPolicy> policy) {
        var all = lookup.flow().stream()
                .flatMap(flow -> flow.actions().stream())
                .flatMap(action -> done(action, names.isKnown(policy)).stream())
                .map(done -> done.by(names.of(policy)))
                .toList();
        return all.isEmpty()
                ? Optional.empty()
                : Optional.of("what %s is %s".formatted(what, String.join(" and ", all)));
    }

    /** A participle, and what goes with it behind the one who did it. */
    private record Done(String what, String how) {
        String by(String policy) {
            return "%s by %s%s".formatted(what, policy, how);
        }
    }

    private Optional<Done> done(Action action, boolean isOpen) {
        return switch (action) {
            case Action.Metered(long id) ->
                twin.flows()
                        .get(new Meter.Key(id))
                        .flatMap(entry -> entry instanceof Meter meter ? Optional.of(meter) : Optional.empty())
                        .map(meter -> new Done("limited", isOpen ? limit(meter) : ""));
            case Action.Set(var field, var value)
            when field.equals(Field.IP_DSCP) ->
                Optional.of(new Done("marked", isOpen ? " with DSCP %d".formatted(value.low()) : ""));
            case Action.SetQueue _ -> Optional.of(new Done("marked for a queue of its own", ""));
            default -> Optional.empty();
        };
    }

    private String limit(Meter meter) {
        var id = names.audience().isOperator() ? " (meter %d)".formatted(meter.id()) : "";
        return " to %s%s".formatted(meter.limit(), id);
    }
}
