package org.dragonflow.agent;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.dragonflow.apps.Queue;
import org.dragonflow.ovsdb.QueueSpec;

/**
 * How the wires of a chassis are to be shared, so that local ports get the bandwidth they were promised.
 *
 * @param specs for the ports of the switch that lead onto the wires
 * @param ports whose queues stay: those of the specs, and those of which it is not known how fast they are
 * @param faults what cannot be held free, in words, by physical network
 */
record WireShares(List<QueueSpec> specs, Set<String> ports, Map<String, String> faults) {
    /** Only the kernel's datapath knows queues: the one in user space lets all packets of a device leave by the same. */
    private static final String WITH_QUEUES = "system";

    /** Open vSwitch before 3.2 counts the bytes of a link in 32 bits a second. */
    private static final long OLD_LIMIT = 8L << 32;

    private static final Pattern VERSION = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})\\b.*");

    WireShares {
        specs = List.copyOf(specs);
        ports = Set.copyOf(ports);
        faults = Map.copyOf(faults);
    }

    static WireShares of(Set<Queue> queues, Uplinks uplinks, Config config) {
        var each = queues.stream().collect(groupingBy(Queue::physicalNetwork)).entrySet().stream()
                .map(wire -> of(wire.getKey(), wire.getValue(), uplinks, config))
                .toList();
        return new WireShares(
                each.stream().flatMap(one -> one.specs.stream()).toList(),
                each.stream().flatMap(one -> one.ports.stream()).collect(toSet()),
                each.stream()
                        .flatMap(one -> one.faults.entrySet().stream())
                        .collect(toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    private static WireShares of(String physical, List<Queue> queues, Uplinks uplinks, Config config) {
        if (!config.datapathType().equals(WITH_QUEUES)) {
            return new WireShares(
                    List.of(),
                    Set.of(),
                    fault(physical, "the datapath %s has no queues".formatted(config.datapathType())));
        }
        var wires = uplinks.wires(physical).toList();
        long limit = uplinks.version().filter(WireShares::countsIn64Bits).isPresent() ? Long.MAX_VALUE : OLD_LIMIT;
        var guaranteed = queues.stream().collect(toMap(Queue::number, queue -> queue.kilobits() * 1000));
        var specs = wires.stream()
                .flatMap(wire -> wire
                        .speed()
                        .filter(speed -> speed < limit)
                        .map(speed -> new QueueSpec(wire.port(), speed, guaranteed))
                        .stream())
                .toList();
        var ports = wires.stream()
                .filter(wire -> wire.speed().filter(speed -> speed >= limit).isEmpty())
                .map(Uplinks.Wire::port)
                .collect(toSet());
        return new WireShares(specs, ports, faults(physical, wires, specs, limit));
    }

    private static Map<String, String> faults(
            String physical, List<Uplinks.Wire> wires, List<QueueSpec> specs, long limit) {
        if (wires.isEmpty()) {
            return fault(physical, "no device of the system leads there");
        }
        if (wires.stream()
                .anyMatch(wire -> wire.speed().filter(speed -> speed >= limit).isPresent())) {
            return fault(physical, "Open vSwitch before 3.2 cannot share a link of 34 Gbit/s or more");
        }
        if (specs.isEmpty()) {
            return fault(physical, unknown(wires));
        }
        return specs.stream()
                .filter(spec -> promised(spec) > spec.rate())
                .findFirst()
                .map(spec -> Map.of(
                        physical,
                        "ports were promised %d kbit/s on %s, and the link of %s carries %d"
                                .formatted(promised(spec) / 1000, physical, spec.port(), spec.rate() / 1000)))
                .orElseGet(Map::of);
    }

    private static Map<String, String> fault(String physical, String why) {
        return Map.of(physical, "what ports were promised on %s is not held free: %s".formatted(physical, why));
    }

    private static String unknown(List<Uplinks.Wire> wires) {
        var cards = wires.stream()
                .flatMap(wire -> wire.cards().stream())
                .map(Uplinks.Card::name)
                .toList();
        return "nobody says how fast the link of %s is; for 10 Gbit/s: ovs-vsctl set Interface %s external_ids:%s=10000000"
                .formatted(cards.stream().collect(joining(" and ")), cards.getFirst(), Uplinks.SPEED);
    }

    private static long promised(QueueSpec spec) {
        return spec.guaranteed().values().stream().mapToLong(Long::longValue).sum();
    }

    private static boolean countsIn64Bits(String version) {
        var parts = VERSION.matcher(version);
        return parts.matches()
                && Integer.parseInt(parts.group(1)) * 10_000 + Integer.parseInt(parts.group(2)) >= 30_002;
    }
}
