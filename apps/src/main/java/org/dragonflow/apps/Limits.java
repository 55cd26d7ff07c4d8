package org.dragonflow.apps;

import java.util.Optional;
import java.util.stream.Stream;
import org.dragonflow.flow.Meter;
import org.dragonflow.model.BandwidthLimitRule;
import org.dragonflow.model.Id;
import org.dragonflow.model.PacketRateLimitRule;
import org.dragonflow.model.QosPolicy;
import org.dragonflow.model.QosRule;
import org.dragonflow.model.SecurityGroupRule.Direction;
import org.dragonflow.model.View;

/** What a QoS policy lets pass in one direction, as the meters that hold it; empty where the policy has no such rule. */
record Limits(Optional<Meter> bandwidth, Optional<Meter> packets) {
    // A packet that is more than the burst would never pass: the largest frame has 9,000 bytes and its link-layer
    // header.
    private static final long LARGEST_FRAME_KILOBITS = 73;

    /**
     * The limits of one who carries the policy.
     *
     * @param key of the port whose packets are counted; of a floating IP, and of a router's gateway, its port outside
     */
    static Limits of(Id<QosPolicy> policy, Direction direction, int key, View view) {
        boolean isEgress = direction == Direction.EGRESS;
        long bandwidth = (isEgress ? MeterKind.BANDWIDTH_FROM_PORT : MeterKind.BANDWIDTH_TO_PORT).of(key);
        long packets = (isEgress ? MeterKind.PACKETS_FROM_PORT : MeterKind.PACKETS_TO_PORT).of(key);
        return new Limits(
                view.find(QosRule.of(BandwidthLimitRule.class, policy))
                        .filter(rule -> rule.direction().equals(direction.toString()))
                        .filter(rule -> rule.maxKbps() > 0)
                        .min(QosRule.ORDER)
                        .map(rule -> Meter.ofKilobits(
                                bandwidth,
                                rule.maxKbps(),
                                Math.max(burst(rule.maxBurstKbps(), rule.maxKbps()), LARGEST_FRAME_KILOBITS))),
                view.find(QosRule.of(PacketRateLimitRule.class, policy))
                        .filter(rule -> rule.direction().equals(direction.toString()))
                        .filter(rule -> rule.maxKpps() > 0)
                        .min(QosRule.ORDER)
                        .map(rule -> Meter.ofPackets(
                                packets,
                                thousands(rule.maxKpps()),
                                burst(thousands(rule.maxBurstKpps()), thousands(rule.maxKpps())))));
    }

    // Left out it is as much as TCP needs to come up to the rate, by Neutron's experience.
    private static long burst(long asked, long rate) {
        return asked > 0 ? asked : rate * 4 / 5;
    }

    private static long thousands(int number) {
        return Math.min(number * 1000L, Meter.LARGEST);
    }

    Stream<Meter> meters() {
        return Stream.concat(bandwidth.stream(), packets.stream());
    }

    boolean isEmpty() {
        return bandwidth.isEmpty() && packets.isEmpty();
    }
}
