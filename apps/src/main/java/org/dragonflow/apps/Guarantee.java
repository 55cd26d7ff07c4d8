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
 * <p>The queue that holds it free has the number of the port's conntrack zone: that is given to the port alone, and stays its own.
 *
 * @param physicalNetworks that carry the port's network
 * @param kilobits a second, at least 1
 */
record Guarantee(Id<Guarantee> id, Set<String> physicalNetworks, long kilobits) implements Entity {
    /** Open vSwitch numbers the queues of a device of Linux from 0 to 0xefff, and 0 is for all who have none. */
    private static final int QUEUES = 0xf000;

    Guarantee {
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
                .filter(number -> number < QUEUES);
    }

    /** Its queue on each wire. */
    Stream<Queue> queues(View view) {
        return queue(view).stream()
                .flatMap(number -> physicalNetworks.stream().map(physical -> new Queue(physical, number, kilobits)));
    }
}
