package org.dragonflow.apps;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dragonflow.compile.ConntrackZone;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.MinimumBandwidthRule;
import org.dragonflow.model.Port;
import org.dragonflow.model.QosPolicy;
import org.dragonflow.model.QosRule;
import org.dragonflow.model.SecurityGroupRule.Direction;
import org.dragonflow.model.Segment;
import org.dragonflow.model.View;

/**
 * What a port of this chassis may count on where its network leaves for a wire.
 *
 * <p>The number of the queue that holds it free follows from that of the port's conntrack zone: that is given to the port alone, and stays its own.
 *
 * @param physicalNetworks that carry the port's network
 * @param kilobits a second, at least 1
 */
record Guarantee(Id<Guarantee> id, Set<String> physicalNetworks, long kilobits) implements Entity {
    /** Out of the way of the queues that operators number by hand. */
    private static final int FIRST = 0x1000;

    /**
     * Where a device has no such queues, Linux looks at the last four bits of a packet's priority, which is the number of the queue and one; from 8 on
     * they put it where it would be anyway. So only every other eight numbers are used.
     */
    private static final int NEUTRAL = 7;

    Guarantee {
        if (kilobits < 1) {
            throw new IllegalArgumentException("%s guarantees %d kbit/s".formatted(id, kilobits));
        }
        physicalNetworks = Set.copyOf(physicalNetworks);
    }

    static Id<Guarantee> to(Id<Port> port) {
        return Id.of(Guarantee.class, port.value());
    }

    /** None, if the policy guarantees nothing of what is sent, or what the port sends leaves through tunnels. */
    static Stream<Guarantee> of(Port port, Id<QosPolicy> policy, View view) {
        var physicalNetworks = view.find(Segment.of(port.networkId()))
                .flatMap(segment -> segment.physicalNetwork().stream())
                .collect(Collectors.toUnmodifiableSet());
        return physicalNetworks.isEmpty()
                ? Stream.of()
                : view
                        .find(QosRule.of(MinimumBandwidthRule.class, policy))
                        .filter(rule -> rule.direction().equals(Direction.EGRESS.toString()))
                        .filter(rule -> rule.minKbps() > 0)
                        .min(QosRule.ORDER)
                        .map(rule -> new Guarantee(to(port.id()), physicalNetworks, rule.minKbps()))
                        .stream();
    }

    /** The number of its queue, once the port has a zone. */
    Optional<Integer> queue(View view) {
        return view.get(Zones.of(Id.of(Port.class, id.value())).zone())
                .map(ConntrackZone::number)
                .map(zone -> FIRST + (zone >> 3 << 4) + NEUTRAL + (zone & 7))
                .filter(number -> number <= Queue.LAST);
    }

    /** Its queue on each wire. */
    Stream<Queue> queues(View view) {
        return queue(view).stream()
                .flatMap(number -> physicalNetworks.stream().map(physical -> new Queue(physical, number, kilobits)));
    }
}
