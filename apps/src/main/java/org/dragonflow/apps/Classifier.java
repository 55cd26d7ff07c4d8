package org.dragonflow.apps;

import static org.dragonflow.apps.Registers.ALLOWED;
import static org.dragonflow.apps.Registers.ALLOWED_STATELESS;
import static org.dragonflow.apps.Registers.FILTERED;
import static org.dragonflow.apps.Registers.NETWORK;
import static org.dragonflow.apps.Registers.SOURCE_PORT;
import static org.dragonflow.apps.Registers.STATEFUL;
import static org.dragonflow.apps.Registers.TARGET_PORT;
import static org.dragonflow.apps.Registers.TRANSPARENT;
import static org.dragonflow.apps.Registers.ZONE;
import static org.dragonflow.apps.Tables.CLASSIFY;
import static org.dragonflow.apps.Tables.DISPATCH;
import static org.dragonflow.apps.Tables.PORT_SECURITY;
import static org.dragonflow.apps.Tables.PUNT;
import static org.dragonflow.apps.Tables.TO_PORT;
import static org.dragonflow.apps.Tables.TO_PORT_CONNTRACK;
import static org.dragonflow.flow.Action.goTo;
import static org.dragonflow.flow.Action.set;
import static org.dragonflow.flow.Field.IN_PORT;
import static org.dragonflow.flow.Flow.FALLBACK;
import static org.dragonflow.flow.Flow.NORMAL;
import static org.dragonflow.flow.Flow.OVERRIDE;
import static org.dragonflow.flow.Flow.SPECIFIC;

import java.util.List;
import java.util.stream.Stream;
import org.dragonflow.compile.App;
import org.dragonflow.compile.ConntrackZone;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Entry;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.Match;
import org.dragonflow.flow.Meter;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.Trunk;
import org.dragonflow.model.View;

/** Knows a packet by the port it came in on, and puts it out on the port it is for. */
final class Classifier {
    /** How many packets a second one port may send to the controller, and how many at once. */
    static final long PUNTS_PER_SECOND = 50;

    static final long PUNTS_AT_ONCE = 100;

    private Classifier() {}

    static App app(Id<Chassis> chassis) {
        return App.named("classifier")
                .derive(
                        "zone",
                        Port.class,
                        (port, view) -> Locality.place(port, chassis, view)
                                .map(_ -> Zones.at(chassis, port, Zones.of(port.id()))))
                .forEach(
                        "plugged",
                        Port.class,
                        (port, view) -> Locality.plugged(port, chassis, view)
                                .flatMap(own -> view.get(port.networkId()).stream()
                                        .filter(Network::adminStateUp)
                                        .flatMap(network -> view
                                                .get(Zones.of(port.id()).zone())
                                                .stream()
                                                .flatMap(zone -> plugged(
                                                        port, port.isBoundTo(chassis), network, own, zone, view)))));
    }

    private static Stream<Entry> plugged(
            Port port, boolean isBound, Network network, Place own, ConntrackZone its, View view) {
        var to = Match.on(TARGET_PORT, port.key());
        var filtered = set(FILTERED, port.portSecurityEnabled() ? 1 : 0);
        var stateful = set(STATEFUL, SecurityGroups.isStateful(port, view) ? 1 : 0);
        var zone = set(ZONE, its.number());
        var meter = Meter.ofPackets(MeterKind.PUNTS.of(port.key()), PUNTS_PER_SECOND, PUNTS_AT_ONCE);
        var arriving = own.arriving(
                set(SOURCE_PORT, port.key()),
                set(NETWORK, network.key()),
                zone,
                filtered,
                stateful,
                set(TRANSPARENT, network.passesTags() ? 1 : 0),
                goTo(PORT_SECURITY));
        var entries = Stream.of(
                Flow.in(CLASSIFY, NORMAL, own.arrival(), arriving),
                // While the port is at another chassis yet, what is for it goes there, unless it comes from a chassis
                // that knows better.
                Flow.in(
                        TO_PORT,
                        isBound ? NORMAL : FALLBACK,
                        to,
                        zone,
                        filtered,
                        stateful,
                        set(ALLOWED, 0),
                        set(ALLOWED_STATELESS, 0),
                        goTo(TO_PORT_CONNTRACK)),
                Flow.in(DISPATCH, NORMAL, to, own.departing()),
                Flow.in(
                        PUNT,
                        NORMAL,
                        Match.on(SOURCE_PORT, port.key()),
                        new Action.Metered(meter.id()),
                        new Action.Punt("")),
                meter);
        return Stream.of(
                        entries,
                        Locality.sharesItsPlace(port, view) ? back(port, own) : Stream.<Entry>of(),
                        network.passesTags() ? tagged(port, own, arriving, view) : Stream.<Entry>of())
                .flatMap(some -> some);
    }

    /** The port gets and sends tags of its own too; but those of its trunk are the subports', plugged in or not. */
    private static Stream<Entry> tagged(Port port, Place own, List<Action> arriving, View view) {
        var passed = own.tagged().map(match -> Flow.in(CLASSIFY, FALLBACK, match, arriving));
        var kept = view.find(Trunk.carriedBy(port.id()))
                .flatMap(trunk -> trunk.subPorts().stream())
                .map(subPort -> new Place(own.ofport(), subPort.segmentationId()))
                .flatMap(its -> Stream.of(
                        Flow.drop(CLASSIFY, FALLBACK + 1, its.arrival()),
                        Flow.drop(DISPATCH, OVERRIDE, its.tag().and(TARGET_PORT, port.key()))));
        return Stream.concat(passed, kept);
    }

    /**
     * A switch puts nothing out where it came in. Where several ports share a place, what one sends to another goes back there
     * nevertheless, and what it sends to itself does not.
     */
    private static Stream<Flow> back(Port port, Place own) {
        var came = Match.on(TARGET_PORT, port.key()).and(IN_PORT, own.ofport());
        var out = Stream.concat(Stream.of(set(IN_PORT, 0)), own.departing().stream());
        return Stream.of(
                Flow.in(DISPATCH, SPECIFIC, came, out.toList()),
                Flow.drop(DISPATCH, OVERRIDE, came.and(SOURCE_PORT, port.key())));
    }
}
