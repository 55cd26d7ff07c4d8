package org.dragonflow.agent;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.dragonflow.apps.Queue;
import org.dragonflow.ovsdb.QueueSpec;

/**
 * How the wires of a chassis are to be shared, so that local ports get the bandwidth they were promised.
 *
 * @param specs for the ports of the switch that lead onto the wires
 * @param faults what cannot be held free, in words, by physical network
 */
record WireShares(List<QueueSpec> specs, Map<String, String> faults) {
    /** Only the kernel's datapath knows queues: the one in user space lets all packets of a device leave by the same. */
    private static final String WITH_QUEUES = "system";

    WireShares {
        specs = List.copyOf(specs);
        faults = Map.copyOf(faults);
    }

    static WireShares of(Set<Queue> queues, Uplinks uplinks, Config config) {
        var specs = new ArrayList<QueueSpec>();
        var faults = new TreeMap<String, String>();
        queues.stream().collect(groupingBy(Queue::physicalNetwork)).forEach((physical, its) -> {
            if (!config.datapathType().equals(WITH_QUEUES)) {
                faults.put(
                        physical,
                        "what %d ports were promised on %s is not held free: the datapath %s has no queues"
                                .formatted(its.size(), physical, config.datapathType()));
                return;
            }
            uplinks.wires(physical).forEach(wire -> {
                var spec = wire.speed().map(speed -> spec(wire.port(), speed, its));
                spec.ifPresent(specs::add);
                spec.map(whole -> excess(physical, whole))
                        .orElseGet(() -> unknown(physical, wire.port()))
                        .forEach(faults::put);
            });
        });
        return new WireShares(specs, faults);
    }

    private static QueueSpec spec(String port, long speed, List<Queue> queues) {
        return new QueueSpec(
                port, speed, queues.stream().collect(toMap(Queue::number, queue -> queue.kilobits() * 1000)));
    }

    private static Map<String, String> unknown(String physical, String port) {
        return Map.of(
                physical,
                "what ports were promised on %s is not held free: nobody says how fast the link of %s is; for 10 Gbit/s:"
                                .formatted(physical, port)
                        + " ovs-vsctl set Interface %s external_ids:%s=10000000".formatted(port, Uplinks.SPEED));
    }

    private static Map<String, String> excess(String physical, QueueSpec spec) {
        long promised =
                spec.guaranteed().values().stream().mapToLong(Long::longValue).sum();
        return promised <= spec.rate()
                ? Map.of()
                : Map.of(
                        physical,
                        "ports were promised %d kbit/s on %s, and the link of %s carries %d"
                                .formatted(promised / 1000, physical, spec.port(), spec.rate() / 1000));
    }
}
