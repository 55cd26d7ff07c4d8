package org.dragonflow.explain;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dragonflow.apps.Apps;
import org.dragonflow.compile.App;
import org.dragonflow.compile.Interest;
import org.dragonflow.compile.Maker;
import org.dragonflow.compile.Problem;
import org.dragonflow.compile.ZonedCompiler;
import org.dragonflow.flow.Entry;
import org.dragonflow.flow.FlowTable;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.Interface;
import org.dragonflow.model.Port;
import org.dragonflow.model.Topology;
import org.dragonflow.model.TunnelType;
import org.dragonflow.packet.Ethernet;
import org.dragonflow.trace.Fabric;

/**
 * What the agent of one chassis would make of a topology, if every port that is bound there were plugged in.
 *
 * <p>A later topology costs in proportion to what differs in the chassis' part of it.
 */
final class Twin {
    /** Tunnels end behind the numbers of all ports. */
    private static final int FIRST_TUNNEL = 0xfe00;

    /** Where what is for the services of the chassis comes out. */
    static final String SERVICES = "services of the chassis";

    private static final int METADATA = FIRST_TUNNEL - 1;

    private final Id<Chassis> id;
    private final List<App> apps;
    private final ZonedCompiler compiler;
    private final Map<Id<Port>, Integer> numbers = new HashMap<>();
    private Topology whole = Topology.EMPTY;
    private Topology told = Topology.EMPTY;
    private FlowTable flows = FlowTable.EMPTY;

    Twin(Id<Chassis> id) {
        this.id = id;
        this.apps = Apps.standard(id);
        this.compiler = new ZonedCompiler(Apps.pipeline(), apps);
    }

    /** Takes the topology as it is now. */
    @SuppressWarnings("ReferenceEquality") // quick where nothing has changed; where it says no, the difference decides
    void follow(Topology now) {
        if (now == whole && flows.size() > 0) {
            return;
        }
        var known = Interest.filter(apps, id, now);
        for (var seen : interfaces(now)) {
            known = known.put(seen);
        }
        compiler.update(known.since(told).toList());
        // Each fabric is new, and remembers no connection.
        compiler.free(compiler.abandoned());
        whole = now;
        told = known;
        flows = compiler.compiler().flows();
    }

    /** The server does not see what is plugged in; that all is, is what the tenant wants to know. */
    private List<Interface> interfaces(Topology now) {
        var bound = now.find(Port.at(id))
                .filter(port -> Cards.hasItsOwn(port, now))
                .sorted(Comparator.comparing(Port::id))
                .toList();
        numbers.keySet().retainAll(bound.stream().map(Port::id).toList());
        var used = new BitSet();
        used.set(0);
        numbers.values().forEach(used::set);
        var interfaces = new ArrayList<Interface>();
        for (var port : bound) {
            int number = numbers.computeIfAbsent(port.id(), _ -> used.nextClearBit(0));
            used.set(number);
            interfaces.add(new Interface(
                    Id.of(Interface.class, "port-" + number), number, Optional.of(port.id()), Optional.empty()));
        }
        for (var type : TunnelType.values()) {
            interfaces.add(new Interface(
                    Id.of(Interface.class, "tunnel-" + type), end(type), Optional.empty(), Optional.of(type)));
        }
        interfaces.add(Interface.forMetadata(Id.of(Interface.class, "metadata"), METADATA));
        return interfaces;
    }

    /** Whether the services of the chassis are behind the port of this number. */
    static boolean isForServices(long number) {
        return number == METADATA;
    }

    private static int end(TunnelType type) {
        return FIRST_TUNNEL + type.ordinal();
    }

    /** Whether the port of this number leads to other chassis. */
    static boolean isTunnel(long number) {
        return number >= FIRST_TUNNEL;
    }

    void joinTo(Fabric fabric) {
        fabric.chassis(id.value(), flows);
        numbers.forEach((port, number) -> fabric.attach(id.value(), number, new Fabric.Attachment.Named(port.value())));
        fabric.attach(id.value(), METADATA, new Fabric.Attachment.Named(SERVICES));
        whole.get(id)
                .ifPresent(chassis -> chassis.tunnelTypes()
                        .forEach(type -> fabric.attach(
                                id.value(),
                                end(type),
                                new Fabric.Attachment.Tunnel(type.toString(), chassis.address()))));
    }

    /** Whose a frame is that comes out at a number. */
    Optional<Id<Port>> portAt(long number, Ethernet frame) {
        return numbers.entrySet().stream()
                .filter(entry -> entry.getValue() == number)
                .map(entry -> Cards.portOf(entry.getKey(), frame, whole))
                .findFirst();
    }

    List<App> apps() {
        return apps;
    }

    FlowTable flows() {
        return flows;
    }

    List<Maker> makersOf(Entry.Key key) {
        return compiler.compiler().makersOf(key);
    }

    /** What its rules could not do. */
    List<Problem> problems() {
        return compiler.compiler().problems();
    }

    /** What the chassis is told, and what follows from it. */
    Topology topology() {
        return compiler.compiler().topology();
    }
}
