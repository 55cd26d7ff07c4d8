package org.dragonflow.trace;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Table;

/**
 * What became of one packet in a whole fabric, and of all that came of it.
 *
 * @param hops every switch it was in, in order; a packet that the controller sends is a hop too
 * @param deliveries what came out, and where
 * @param losses what left a switch and arrived nowhere
 */
public record Journey(List<Hop> hops, List<Delivery> deliveries, List<Loss> losses) {
    public Journey {
        hops = List.copyOf(hops);
        deliveries = List.copyOf(deliveries);
        losses = List.copyOf(losses);
    }

    /** What one switch did with the packet. */
    public record Hop(String chassis, Trace trace) {}

    /** The packet as it came out at a port. */
    public record Delivery(String chassis, String port, Packet packet) {}

    /** The packet where it was lost, and why. */
    public record Loss(String chassis, Packet packet, String reason) {}

    /** The names of the ports at which something came out, once for each packet, in order. */
    public List<String> ports() {
        return deliveries.stream().map(Delivery::port).toList();
    }

    /** What came out at the port. */
    public List<Packet> at(String port) {
        return deliveries.stream()
                .filter(delivery -> delivery.port().equals(port))
                .map(Delivery::packet)
                .toList();
    }

    /** Whether nothing came out anywhere. */
    public boolean isDropped() {
        return deliveries.isEmpty();
    }

    /** Whether nothing came out anywhere, and the packet or a copy of it ended in this table. */
    public boolean isDroppedIn(Table table) {
        return isDropped() && drops().anyMatch(drop -> drop.table().equals(table));
    }

    public Stream<Outcome.Dropped> drops() {
        return traces().flatMap(trace -> trace.drops().stream());
    }

    public Stream<Outcome.Punted> punts() {
        return traces().flatMap(trace -> trace.punts().stream());
    }

    /** How often connections were looked up, in all switches together, and the packet went on knowing what was found. */
    public long lookups() {
        return traces().flatMap(trace -> trace.flows().stream())
                .flatMap(flow -> flow.actions().stream())
                .filter(action -> action instanceof Action.Ct ct && ct.next().isPresent())
                .count();
    }

    public Stream<Trace> traces() {
        return hops.stream().map(Hop::trace);
    }

    /** The trace of each switch under the name of its chassis. */
    @Override
    public String toString() {
        var traces = hops.stream()
                .map(hop -> "on %s%n%s"
                        .formatted(hop.chassis(), hop.trace().toString().indent(2)))
                .collect(Collectors.joining());
        var ends = Stream.concat(
                deliveries.stream().map(d -> "delivered to %s on %s%n".formatted(d.port(), d.chassis())),
                losses.stream().map(l -> "lost behind %s: %s%n".formatted(l.chassis(), l.reason())));
        return traces + ends.collect(Collectors.joining());
    }
}
