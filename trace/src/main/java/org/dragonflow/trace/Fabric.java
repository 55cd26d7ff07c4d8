package org.dragonflow.trace;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Ipv6;
import org.dragonflow.flow.Bits;
import org.dragonflow.flow.FlowTable;
import org.dragonflow.flow.Header;
import org.dragonflow.flow.PacketOut;
import org.dragonflow.flow.Pipeline;
import org.dragonflow.packet.Bytes;

/**
 * Several chassis, each with a switch in memory, joined by tunnels: a cloud's data plane in one object. Switches remember connections from
 * one packet to the next. For one thread.
 */
public final class Fabric {
    // No honest packet is seen by a switch this often; a loop is.
    private static final int MOST_HOPS = 1_000;

    private final Pipeline pipeline;
    private final Controller controller;
    private final Map<String, Chassis> chassis = new HashMap<>();

    public Fabric(Pipeline pipeline, Controller controller) {
        this.pipeline = pipeline;
        this.controller = controller;
    }

    /** A fabric in which nobody listens to punted packets. */
    public Fabric(Pipeline pipeline) {
        this(pipeline, (_, _) -> List.of());
    }

    /** Answers the packets that the switches punt, as the agents of the chassis would. */
    public interface Controller {
        List<PacketOut> answer(String chassis, Outcome.Punted punted);
    }

    /** What a port of a switch leads to. */
    public sealed interface Attachment {
        /** Somebody outside, known by name. */
        record Named(String name) implements Attachment {}

        /**
         * The other chassis, by the address to which a packet is tunnelled.
         *
         * @param type geneve, vxlan or gre
         * @param local the address of this end
         */
        record Tunnel(String type, IpAddress local) implements Attachment {}

        /** A wire that everybody on it hears: all chassis with a port like this, and whoever listens outside. */
        record Wire(String name) implements Attachment {}
    }

    private record Chassis(String name, MemorySwitch ovs, Map<Long, Attachment> ports) {
        Optional<Long> port(Attachment attachment) {
            return ports.entrySet().stream()
                    .filter(entry -> entry.getValue().equals(attachment))
                    .map(Map.Entry::getKey)
                    .findFirst();
        }
    }

    /** A chassis with an empty switch, or the one that is there already. */
    public MemorySwitch chassis(String name) {
        return chassis.computeIfAbsent(
                        name, _ -> new Chassis(name, new MemorySwitch(pipeline, _ -> {}), new HashMap<>()))
                .ovs();
    }

    /** A chassis whose switch holds these entries. */
    public Fabric chassis(String name, FlowTable entries) {
        chassis(name).install(entries);
        return this;
    }

    public Fabric attach(String chassisName, long port, Attachment attachment) {
        chassis(chassisName);
        find(chassisName).ports().put(port, attachment);
        return this;
    }

    private Chassis find(String name) {
        return Optional.ofNullable(chassis.get(name))
                .orElseThrow(() -> new IllegalArgumentException("there is no chassis " + name));
    }

    /** Sends a frame into a named port, and follows it and all that comes of it to the end. */
    public Journey send(String chassisName, String port, Bytes frame) {
        var at = find(chassisName);
        long number = at.port(new Attachment.Named(port))
                .orElseThrow(() -> new IllegalArgumentException("%s has no port %s".formatted(chassisName, port)));
        var run = new Run();
        run.waiting.add(new Arrival(at, Packet.arriving(number, frame)));
        return run.toTheEnd();
    }

    /** Lets somebody outside send a frame on a wire, and follows it to the end. */
    public Journey sendOn(String wire, Draft draft) {
        var run = new Run();
        run.hearOn(new Attachment.Wire(wire), draft.bytes(), Optional.empty());
        return run.toTheEnd();
    }

    public Journey send(String chassisName, String port, Draft draft) {
        return send(chassisName, port, draft.bytes());
    }

    /** Lets the controller of a chassis send a packet, and follows it. */
    public Journey send(String chassisName, PacketOut packet) {
        var run = new Run();
        var at = find(chassisName);
        run.take(at, at.ovs().run(packet));
        return run.toTheEnd();
    }

    private record Arrival(Chassis at, Packet packet) {}

    /** One journey while it lasts. */
    private final class Run {
        private final Deque<Arrival> waiting = new ArrayDeque<>();
        private final List<Journey.Hop> hops = new ArrayList<>();
        private final List<Journey.Delivery> deliveries = new ArrayList<>();
        private final List<Journey.Loss> losses = new ArrayList<>();

        Journey toTheEnd() {
            while (!waiting.isEmpty()) {
                var arrival = waiting.remove();
                take(arrival.at(), arrival.at().ovs().receive(arrival.packet()));
            }
            return new Journey(hops, deliveries, losses);
        }

        void take(Chassis at, Trace trace) {
            hops.add(new Journey.Hop(at.name(), trace));
            for (var outcome : trace.outcomes()) {
                switch (outcome) {
                    case Outcome.Output(long port, var packet) -> leave(at, port, packet);
                    case Outcome.Punted punted -> punt(at, punted);
                    case Outcome.Dropped _ -> {}
                }
            }
        }

        private void punt(Chassis at, Outcome.Punted punted) {
            for (var answer : controller.answer(at.name(), punted)) {
                if (isEndless()) {
                    lose(at, punted.packet(), "the controller has answered too often");
                } else {
                    take(at, at.ovs().run(answer));
                }
            }
        }

        private boolean isEndless() {
            return hops.size() >= MOST_HOPS;
        }

        private void lose(Chassis at, Packet packet, String reason) {
            losses.add(new Journey.Loss(at.name(), packet, reason));
        }

        private void leave(Chassis at, long port, Packet packet) {
            var attachment = at.ports().get(port);
            if (attachment == null) {
                lose(at, packet, "there is no port " + port);
                return;
            }
            switch (attachment) {
                case Attachment.Named(var name) -> deliveries.add(new Journey.Delivery(at.name(), name, packet));
                case Attachment.Tunnel tunnel -> tunnel(at, tunnel, packet);
                case Attachment.Wire wire -> {
                    deliveries.add(new Journey.Delivery(at.name(), wire.name(), packet));
                    hearOn(wire, packet.frame(), Optional.of(at));
                }
            }
        }

        /** All chassis on the wire hear it, but the one that sends. */
        private void hearOn(Attachment.Wire wire, Bytes frame, Optional<Chassis> sender) {
            chassis.values().stream()
                    .filter(other -> !Optional.of(other).equals(sender))
                    .sorted(Comparator.comparing(Chassis::name))
                    .forEach(other -> other.port(wire).ifPresent(port -> {
                        if (isEndless()) {
                            lose(other, Packet.arriving(port, frame), "it goes in circles");
                        } else {
                            waiting.add(new Arrival(other, Packet.arriving(port, frame)));
                        }
                    }));
        }

        private void tunnel(Chassis at, Attachment.Tunnel tunnel, Packet packet) {
            var destination = destination(packet.headers());
            var far = new Attachment.Tunnel(tunnel.type(), destination);
            var next = chassis.values().stream()
                    .filter(other ->
                            !other.name().equals(at.name()) && other.port(far).isPresent())
                    .findFirst();
            if (next.isEmpty()) {
                lose(at, packet, "no %s tunnel ends at %s".formatted(tunnel.type(), destination));
            } else if (isEndless()) {
                lose(at, packet, "it goes in circles");
            } else {
                long port = next.get().port(far).orElseThrow();
                waiting.add(new Arrival(next.get(), arriving(packet, port, tunnel)));
            }
        }
    }

    private static IpAddress destination(Headers headers) {
        long ipv4 = headers.number(Header.TUN_DST);
        var ipv6 = headers.get(Header.TUN_IPV6_DST);
        return ipv4 != 0 || ipv6.isZero() ? new Ipv4((int) ipv4) : new Ipv6(ipv6.high(), ipv6.low());
    }

    // What the encapsulation carries, and nothing else: registers and connection state stay behind.
    private static Packet arriving(Packet sent, long port, Attachment.Tunnel tunnel) {
        var from = sent.headers();
        var headers = Headers.of(port, sent.frame())
                .with(Header.TUN_ID, from.number(Header.TUN_ID) & keyMask(tunnel.type()))
                .with(Header.TUN_DST, from.get(Header.TUN_DST))
                .with(Header.TUN_IPV6_DST, from.get(Header.TUN_IPV6_DST));
        boolean is4 = tunnel.local() instanceof Ipv4;
        var source = is4 ? Header.TUN_SRC : Header.TUN_IPV6_SRC;
        var local = new Bits(tunnel.local().high(), tunnel.local().low());
        headers = headers.with(source, from.get(source).isZero() ? local : from.get(source));
        if (tunnel.type().equals("geneve")) {
            headers = headers.with(Header.TUN_METADATA0, from.get(Header.TUN_METADATA0));
        }
        return new Packet(headers, sent.frame());
    }

    private static long keyMask(String type) {
        return type.equals("gre") ? 0xffff_ffffL : 0xff_ffffL;
    }
}
