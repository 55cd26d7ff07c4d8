package org.dragonflow.explain;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dragonflow.address.Mac;
import org.dragonflow.apps.Metadata;
import org.dragonflow.compile.Responder;
import org.dragonflow.explain.Explanation.End;
import org.dragonflow.explain.Explanation.Kind;
import org.dragonflow.explain.Explanation.Verdict;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.model.Status;
import org.dragonflow.packet.Arp;
import org.dragonflow.packet.Decoded;
import org.dragonflow.packet.Dhcpv4;
import org.dragonflow.packet.Dhcpv6;
import org.dragonflow.packet.Ethernet;
import org.dragonflow.packet.IpPacket;
import org.dragonflow.packet.Ipv4Packet;
import org.dragonflow.packet.Ipv6Packet;
import org.dragonflow.packet.NdOption;
import org.dragonflow.packet.NeighbourDiscovery;
import org.dragonflow.packet.Udp;
import org.dragonflow.trace.Journey;
import org.dragonflow.trace.Outcome;
import org.dragonflow.trace.Packet;
import org.dragonflow.trace.Step;
import org.dragonflow.trace.Trace;

/** Tells what was played. */
final class Telling {
    private static final int ENOUGH = 3;

    private final Names names;
    private final Port from;
    private final Rehearsal.Played played;
    private final Journey journey;
    private final Reasons reasons;

    Telling(Names names, Port from, Rehearsal.Played played) {
        this.names = names;
        this.from = from;
        this.played = played;
        this.journey = played.journey();
        this.reasons = new Reasons(names);
    }

    /** @param unanswered why the host asked a question in place of the packet, if it did */
    Explanation explanation(Optional<String> unanswered) {
        var receivers = receivers();
        var verdict = unanswered.isPresent() ? Verdict.DROPPED : verdict(receivers);
        var summary = unanswered
                .map(why -> receivers.isEmpty() ? why : "%s; %s may".formatted(why, named(receivers)))
                .orElseGet(() -> summary(verdict, receivers));
        return new Explanation(verdict, summary, new Traffic(sent().headers()).toString(), hops(), notes(receivers));
    }

    private Packet sent() {
        return journey.hops().getFirst().trace().arrived();
    }

    /** Those who got it, but for the sender. */
    private Set<Port> receivers() {
        return deliveries()
                .filter(delivery -> !isBack(delivery))
                .flatMap(delivery -> names.topology().get(port(delivery)).stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private Stream<Journey.Delivery> deliveries() {
        return journey.deliveries().stream();
    }

    private Id<Port> port(Journey.Delivery delivery) {
        return Cards.portOf(
                Id.of(Port.class, delivery.port()), delivery.packet().ethernet(), names.topology());
    }

    private boolean isBack(Journey.Delivery delivery) {
        return port(delivery).equals(from.id());
    }

    private boolean isServed() {
        return !journey.at(Twin.SERVICES).isEmpty();
    }

    private List<Ethernet> answers() {
        return deliveries()
                .filter(this::isBack)
                .map(delivery -> delivery.packet().ethernet())
                .toList();
    }

    /** The responder that was asked, if any. */
    private Optional<String> responder() {
        return punts().map(this::responder).findFirst();
    }

    private record Punt(String chassis, Outcome.Punted punted) {}

    private Stream<Punt> punts() {
        return journey.hops().stream()
                .flatMap(hop -> hop.trace().punts().stream().map(punted -> new Punt(hop.chassis(), punted)));
    }

    private String responder(Punt punt) {
        return Rehearsal.answers(twin(punt.chassis()))
                .responder(Rehearsal.carried(punt.punted()))
                .map(Responder::name)
                .orElse("nobody");
    }

    private Twin twin(String chassis) {
        return Optional.ofNullable(played.twins().get(chassis)).orElseThrow();
    }

    private Verdict verdict(Set<Port> receivers) {
        if (!receivers.isEmpty()) {
            return Verdict.DELIVERED;
        }
        if (isServed()) {
            return Verdict.ANSWERED;
        }
        boolean isRefused =
                responder().filter(name -> name.startsWith("router_")).isPresent();
        return answers().isEmpty() || isRefused ? Verdict.DROPPED : Verdict.ANSWERED;
    }

    private String summary(Verdict verdict, Set<Port> receivers) {
        return switch (verdict) {
            case DELIVERED -> "delivered to %s%s".formatted(named(receivers), way());
            case ANSWERED ->
                isServed()
                        ? "handed to the services of its chassis (metadata, names), which know %s by its port"
                                .formatted(names.of(from))
                        : answered(answers().getFirst());
            case DROPPED -> punts().findFirst().map(this::refused).orElseGet(this::dropped);
            case UNSENT -> "not sent";
        };
    }

    private String named(Set<Port> ports) {
        var some = ports.stream().limit(ENOUGH).map(names::of).collect(Collectors.joining(", "));
        return ports.size() > ENOUGH ? "%s and %d more".formatted(some, ports.size() - ENOUGH) : some;
    }

    private String way() {
        var routed = routers().map(names::router).distinct().collect(Collectors.joining(" and "));
        var how = routed.isEmpty() ? "on " + names.of(from.networkId()) : "routed by " + routed;
        var chassis = deliveries()
                .filter(delivery -> !isBack(delivery))
                .map(Journey.Delivery::chassis)
                .distinct()
                .toList();
        var start = journey.hops().getFirst().chassis();
        var where = chassis.equals(List.of(start))
                ? "on the same chassis"
                : names.audience().isOperator()
                        ? "from %s through a tunnel to %s".formatted(start, String.join(", ", chassis))
                        : "on another chassis";
        return ", %s, %s".formatted(how, where);
    }

    private Stream<Long> routers() {
        return journey.traces()
                .flatMap(Trace::lookups)
                .filter(lookup ->
                        lookup.table().name().equals("route") && lookup.flow().isPresent())
                .map(lookup -> new Registers(lookup.headers()).router());
    }

    private String answered(Ethernet answer) {
        return switch (answer.payload()) {
            case Arp arp ->
                "answered in the switch: %s is at %s%s"
                        .formatted(arp.senderIp(), arp.senderMac(), whose(arp.senderMac()));
            case IpPacket ip -> answered(answer, ip);
            case org.dragonflow.packet.RawPayload _ -> "answered";
        };
    }

    private String answered(Ethernet answer, IpPacket ip) {
        if (ip.transport()
                instanceof NeighbourDiscovery.NeighbourAdvertisement(var _, var _, var _, var target, var _)) {
            return "answered in the switch: %s is at %s%s".formatted(target, answer.source(), whose(answer.source()));
        }
        if (ip instanceof Ipv4Packet packet
                && packet.transport() instanceof Udp udp
                && Dhcpv4.decode(udp.payload()) instanceof Decoded.Ok<Dhcpv4>(var message, var _)) {
            return "answered by DHCP: %s of %s from %s"
                    .formatted(
                            message.messageType().map(Object::toString).orElse("an answer"),
                            message.yiaddr(),
                            ip.source());
        }
        if (ip instanceof Ipv6Packet packet
                && packet.transport() instanceof Udp udp
                && Dhcpv6.decode(udp.payload()) instanceof Decoded.Ok<Dhcpv6>(var message, var _)) {
            return "answered by DHCPv6: %s from %s".formatted(message.type(), ip.source());
        }
        if (ip.transport() instanceof NeighbourDiscovery.RouterAdvertisement advertisement) {
            return "answered by router advertisement: %s, with %s"
                    .formatted(
                            advertisement.routerLifetime().isZero() ? "not a default router" : "a default router",
                            prefixes(advertisement));
        }
        return "answered by %s itself, from %s".formatted(router().orElse("the network"), ip.source());
    }

    private static String prefixes(NeighbourDiscovery.RouterAdvertisement advertisement) {
        return advertisement.options().stream()
                .flatMap(option -> option instanceof NdOption.Prefix prefix
                        ? Stream.of(prefix.prefix().toString())
                        : Stream.of())
                .collect(Collectors.joining(", "));
    }

    private Optional<String> router() {
        return journey.traces()
                .flatMap(Trace::lookups)
                .map(lookup -> new Registers(lookup.headers()).router())
                .filter(key -> key != 0)
                .map(names::router)
                .findFirst();
    }

    private String whose(Mac mac) {
        if (mac.equals(Metadata.MAC)) {
            return ", the services of its chassis";
        }
        return names.topology()
                .find(Port.on(from.networkId()))
                .filter(port -> port.macAddress().equals(mac))
                .map(port -> ", " + names.of(port))
                .findFirst()
                .orElse("");
    }

    /** A router could not pass it on. */
    private String refused(Punt punt) {
        var headers = punt.punted().packet().headers();
        var traffic = new Traffic(headers);
        var registers = new Registers(headers);
        var router = names.router(registers.router());
        var why = switch (responder(punt)) {
            case "router_no_route" -> "%s has no route to %s".formatted(router, traffic.destination());
            case "router_no_neighbour" ->
                "%s finds no port with %s on %s"
                        .formatted(router, traffic.destination(), names.network(registers.network()));
            case "router_beyond_link" ->
                "%s does not pass on packets from %s, which means something on its own link only"
                        .formatted(router, traffic.source());
            case "router_too_big" ->
                "it is too big for %s, to which %s routes it".formatted(names.network(registers.network()), router);
            case "router_too_big_for_tunnel" ->
                "it is too big to be passed on by %s through a tunnel, to where its address is translated"
                        .formatted(router);
            case "router_no_hop_left" -> "no hop is left at %s (ttl %d)".formatted(router, traffic.hops());
            case "router_router_port" ->
                "%s has %s itself, and answers nothing but ping there".formatted(router, traffic.destination());
            case String name -> "the controller (%s) does not answer it".formatted(name);
        };
        return answers().isEmpty() ? why : "%s; it tells %s by ICMP".formatted(why, names.of(from));
    }

    private String dropped() {
        var why = drops().map(drop -> reasons.of(drop, from))
                .distinct()
                .limit(ENOUGH)
                .collect(Collectors.joining("; "));
        var lost =
                journey.losses().stream().map(Journey.Loss::reason).distinct().collect(Collectors.joining("; "));
        return why.isEmpty() ? lost.isEmpty() ? "nothing came of it" : lost : why;
    }

    private Stream<Outcome.Dropped> drops() {
        return journey.drops().filter(drop -> !Reasons.isOnlyAsked(drop.table().name()));
    }

    private List<Explanation.Hop> hops() {
        return journey.hops().stream().map(this::hop).toList();
    }

    private Explanation.Hop hop(Journey.Hop hop) {
        return new Explanation.Hop(
                names.chassis(hop.chassis()),
                entry(hop.trace()),
                new Stages(names, twin(hop.chassis()), from).of(hop.trace()),
                hop.trace().outcomes().stream()
                        .filter(outcome -> !(outcome instanceof Outcome.Dropped drop
                                && Reasons.isOnlyAsked(drop.table().name())))
                        .map(outcome -> end(hop.chassis(), outcome))
                        .toList());
    }

    private String entry(Trace trace) {
        boolean isAnswer = trace.steps().getFirst() instanceof Step.Entered entered
                && entered.how().startsWith("sent");
        if (isAnswer) {
            return "sent by the controller";
        }
        long port = trace.arrived().headers().number(org.dragonflow.flow.Header.IN_PORT);
        return Twin.isTunnel(port) ? "through a tunnel" : "from " + names.of(from);
    }

    private End end(String chassis, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Output output when Twin.isTunnel(output.port()) -> new End(Kind.TUNNELLED, tunnelled(output));
            case Outcome.Output(long number, var packet)
            when Twin.isForServices(number) ->
                new End(Kind.DELIVERED, "the services of the chassis get %s".formatted(new Traffic(packet.headers())));
            case Outcome.Output(long number, var packet) ->
                new End(
                        Kind.DELIVERED,
                        "%s gets %s".formatted(plugged(chassis, number, packet), new Traffic(packet.headers())));
            case Outcome.Punted punted ->
                new End(Kind.PUNTED, "to the controller, for %s".formatted(responder(new Punt(chassis, punted))));
            case Outcome.Dropped drop -> new End(Kind.DROPPED, reasons.of(drop, from));
        };
    }

    private String tunnelled(Outcome.Output output) {
        return Rehearsal.chassisAt(Rehearsal.tunnelDestination(output), names.topology())
                .findFirst()
                .map(id -> "through a tunnel to " + names.chassis(id.value()))
                .orElse("through a tunnel to nobody");
    }

    private String plugged(String chassis, long number, Packet packet) {
        return twin(chassis).portAt(number, packet.ethernet()).map(names::of).orElse("nobody");
    }

    private List<String> notes(Set<Port> receivers) {
        var notes = new ArrayList<String>();
        Stream.concat(Stream.of(from), receivers.stream())
                .filter(port -> port.status() != Status.ACTIVE && port.adminStateUp())
                .limit(ENOUGH)
                .map(port -> "%s is %s: its chassis has not confirmed its flows, so the switch may not do this yet"
                        .formatted(names.of(port), port.status()))
                .forEach(notes::add);
        if (!receivers.isEmpty()) {
            drops().map(drop -> "a copy was dropped: " + reasons.of(drop, from))
                    .distinct()
                    .limit(ENOUGH)
                    .forEach(notes::add);
        }
        journey.hops().stream()
                .flatMap(hop -> new Shaping(names, twin(hop.chassis())).of(hop.trace()))
                .distinct()
                .limit(2 * ENOUGH)
                .forEach(notes::add);
        if (names.audience().isOperator()) {
            played.twins().values().stream()
                    .flatMap(twin -> twin.problems().stream())
                    .limit(ENOUGH)
                    .map(problem -> "some flows are missing: " + problem)
                    .forEach(notes::add);
        }
        if (played.unvisited() > 0) {
            notes.add("%d more chassis get a copy, and were not followed".formatted(played.unvisited()));
        }
        return notes;
    }
}
