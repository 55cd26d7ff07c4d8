package org.dragonflow.explain;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Ipv6;
import org.dragonflow.apps.Apps;
import org.dragonflow.compile.Answers;
import org.dragonflow.compile.Punted;
import org.dragonflow.flow.Header;
import org.dragonflow.flow.PacketOut;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.model.Query;
import org.dragonflow.model.Topology;
import org.dragonflow.model.Trunk;
import org.dragonflow.packet.Bytes;
import org.dragonflow.packet.Ethernet;
import org.dragonflow.trace.Fabric;
import org.dragonflow.trace.Journey;
import org.dragonflow.trace.Outcome;

/**
 * Plays through what the switches of a cloud would do with a packet: those that matter, in memory, with the flows that their agents would
 * make.
 *
 * <p>Every rehearsal starts with no connection tracked. What was compiled for the last chassis is kept, so that the next question costs
 * less. For one thread at a time.
 */
public final class Rehearsal {
    /** A broadcast is not followed to more chassis than this. */
    private static final int MOST_CHASSIS = 16;

    /** Beyond this, what was compiled for the chassis that were longest of no use is forgotten. */
    private static final int MOST_FLOWS = 200_000;

    private final LinkedHashMap<Id<Chassis>, Twin> twins = new LinkedHashMap<>(16, 0.75f, true);

    /** With nothing compiled as yet. */
    public Rehearsal() {}

    /** What was played. */
    record Played(Journey journey, Map<String, Twin> twins, int unvisited) {}

    /**
     * Says what becomes of a packet.
     *
     * @param from where it starts
     */
    public Explanation explain(Topology northbound, Port from, Probe probe, Audience audience) {
        var names = new Names(northbound, audience);
        var obstacle = Framing.obstacle(from, names);
        if (obstacle.isPresent()) {
            return unsent(obstacle.get());
        }
        try {
            return told(from, names, new Framing(from, names).frame(probe));
        } catch (RuntimeException e) {
            // Whatever was under way is in a state that nobody knows.
            twins.clear();
            throw e;
        }
    }

    private Explanation told(Port from, Names names, Framing.Framed framed) {
        var northbound = names.topology();
        return switch (framed) {
            case Framing.Framed.Nothing(var why) -> unsent(why);
            case Framing.Framed.Sent(var frame) ->
                new Telling(names, from, play(northbound, from, frame)).explanation(Optional.empty());
            case Framing.Framed.Question(var frame, var why) ->
                new Telling(names, from, play(northbound, from, frame)).explanation(Optional.of(why));
        };
    }

    private static Explanation unsent(String why) {
        return new Explanation(Explanation.Verdict.UNSENT, why, "", List.of(), List.of());
    }

    private Played play(Topology northbound, Port from, Ethernet frame) {
        var at = from.hostId().orElseThrow();
        var involved = new LinkedHashSet<>(List.of(at));
        while (true) {
            var cast = new LinkedHashMap<String, Twin>();
            involved.forEach(id -> cast.put(id.value(), twin(id, northbound)));
            var fabric = new Fabric(Apps.pipeline(), (chassis, punted) -> answer(cast, chassis, punted));
            cast.values().forEach(twin -> twin.joinTo(fabric));
            var card = Trunk.cardOf(from.id(), northbound);
            var tagged = Cards.tagged(frame, from, northbound);
            var journey = fabric.send(at.value(), card.value(), Bytes.of(tagged.encode()));
            var further = farEnds(journey, northbound)
                    .filter(id -> !involved.contains(id))
                    .toList();
            int room = MOST_CHASSIS - involved.size();
            if (further.isEmpty() || room <= 0) {
                forget();
                return new Played(journey, cast, further.size());
            }
            involved.addAll(further.subList(0, Math.min(room, further.size())));
        }
    }

    private Twin twin(Id<Chassis> id, Topology northbound) {
        var twin = twins.computeIfAbsent(id, Twin::new);
        twin.follow(northbound);
        return twin;
    }

    private void forget() {
        int flows =
                twins.values().stream().mapToInt(twin -> twin.flows().size()).sum();
        var eldest = twins.entrySet().iterator();
        while (eldest.hasNext() && (flows > MOST_FLOWS || twins.size() > MOST_CHASSIS)) {
            flows -= eldest.next().getValue().flows().size();
            eldest.remove();
        }
    }

    private static Stream<Id<Chassis>> farEnds(Journey journey, Topology northbound) {
        return journey.traces()
                .flatMap(trace -> trace.outputs().stream())
                .filter(output -> Twin.isTunnel(output.port()))
                .map(Rehearsal::tunnelDestination)
                .distinct()
                .flatMap(address -> chassisAt(address, northbound));
    }

    static IpAddress tunnelDestination(Outcome.Output output) {
        var headers = output.packet().headers();
        var ipv6 = headers.get(Header.TUN_IPV6_DST);
        return ipv6.isZero() ? new Ipv4((int) headers.number(Header.TUN_DST)) : new Ipv6(ipv6.high(), ipv6.low());
    }

    static Stream<Id<Chassis>> chassisAt(IpAddress address, Topology northbound) {
        return northbound
                .find(Query.all(Chassis.class))
                .filter(chassis -> chassis.address().equals(address))
                .map(Chassis::id);
    }

    private static List<PacketOut> answer(Map<String, Twin> cast, String chassis, Outcome.Punted punted) {
        var twin = Optional.ofNullable(cast.get(chassis)).orElseThrow();
        return answers(twin).to(carried(punted), twin.topology());
    }

    static Answers answers(Twin twin) {
        return Answers.of(twin.apps(), Apps.puntReason());
    }

    /** What the agent would be handed. */
    static Punted carried(Outcome.Punted punted) {
        var packet = punted.packet();
        return Punted.of(packet.ethernet(), packet.headers()::get);
    }
}
