package org.dragonflow.apps;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.dragonflow.compile.Answers;
import org.dragonflow.compile.Compiler;
import org.dragonflow.compile.Interest;
import org.dragonflow.compile.Punted;
import org.dragonflow.compile.ZonedCompiler;
import org.dragonflow.flow.Bundle;
import org.dragonflow.flow.Entry;
import org.dragonflow.flow.PacketOut;
import org.dragonflow.model.ActivePort;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Delta;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.LeaseUsedUp;
import org.dragonflow.model.Neighbour;
import org.dragonflow.model.Topology;
import org.dragonflow.trace.Draft;
import org.dragonflow.trace.Fabric;
import org.dragonflow.trace.Journey;
import org.dragonflow.trace.Outcome;

/** A scenario at work: every chassis hears what concerns it, compiles it, and answers what its switch punts. */
final class Cloud {
    /** Where packets come out that are for a service of their chassis. */
    static final String SERVICES = "services";

    /** Where packets come out that are put on a link which is down. */
    static final String NOWHERE = "nowhere";

    private final Fabric fabric = new Fabric(Apps.pipeline(), this::answer);
    private final Map<String, ZonedCompiler> compilers = new HashMap<>();
    private final Map<String, String> chassisOf = new HashMap<>();
    private final Map<String, List<Entity>> heard = new HashMap<>();

    private final Predicate<Entry.Key> isInstalled;

    private Cloud(Predicate<Entry.Key> isInstalled) {
        this.isInstalled = isInstalled;
    }

    static Cloud of(Scenario scenario) {
        return without(_ -> false, scenario);
    }

    /** A cloud whose switches lack some of their flows. */
    static Cloud without(Predicate<Entry.Key> lacking, Scenario scenario) {
        return new Cloud(lacking.negate()).change(scenario);
    }

    static Cloud of(String scenario) {
        return of(Scenario.of(scenario));
    }

    /** Takes the scenario as it is now; connections and all else that switches remember stays. */
    Cloud change(Scenario scenario) {
        scenario.chassis().forEach(chassis -> tell(chassis, scenario));
        return this;
    }

    /** Lets one chassis alone hear of the scenario as it is now. */
    Cloud tell(String name, Scenario scenario) {
        scenario.chassis().stream()
                .filter(chassis -> chassis.id().value().equals(name))
                .forEach(chassis -> tell(chassis, scenario));
        return this;
    }

    private void tell(Chassis chassis, Scenario scenario) {
        var name = chassis.id().value();
        var known = Interest.filter(Apps.standard(chassis.id()), chassis.id(), scenario.northbound());
        for (var seen : scenario.plugged(name)) {
            known = known.put(seen);
        }
        for (var heard : heard(name)) {
            known = known.put(heard);
        }
        compile(chassis, known);
        attach(chassis, scenario);
    }

    private void compile(Chassis chassis, Topology known) {
        var name = chassis.id().value();
        var zoned =
                compilers.computeIfAbsent(name, _ -> new ZonedCompiler(Apps.pipeline(), Apps.standard(chassis.id())));
        var compiler = zoned.compiler();
        var before = Topology.of(compiler.topology().all().filter(Cloud::isTold).toList());
        var bundle = zoned.update(known.since(before).toList());
        if (!compiler.problems().isEmpty()) {
            throw new AssertionError(compiler.problems());
        }
        commit(name, bundle);
        var abandoned = zoned.abandoned();
        abandoned.forEach(zone -> fabric.chassis(name).flushZone(zone.number()));
        zoned.free(abandoned);
    }

    // What the compiler derived itself is none of what it was told.
    private static boolean isTold(Entity entity) {
        return entity.getClass().getPackage() == Chassis.class.getPackage();
    }

    private void commit(String chassis, Bundle bundle) {
        try {
            fabric.chassis(chassis)
                    .commit(new Bundle(bundle.mods().stream()
                            .filter(mod -> isInstalled.test(key(mod)))
                            .toList()));
        } catch (org.dragonflow.flow.Switch.Refused e) {
            throw new AssertionError(e);
        }
    }

    private static Entry.Key key(Bundle.Mod mod) {
        return switch (mod) {
            case Bundle.Put(Entry entry) -> entry.key();
            case Bundle.Delete(Entry.Key key) -> key;
        };
    }

    private void attach(Chassis chassis, Scenario scenario) {
        for (var seen : scenario.plugged(chassis.id().value())) {
            var name = chassis.id().value();
            seen.tunnel()
                    .ifPresent(type -> fabric.attach(
                            name, seen.ofport(), new Fabric.Attachment.Tunnel(type.toString(), chassis.address())));
            seen.physicalNetwork()
                    .ifPresent(wire -> fabric.attach(
                            name,
                            seen.ofport(),
                            chassis.reaches(wire)
                                    ? new Fabric.Attachment.Wire(wire)
                                    : new Fabric.Attachment.Named(NOWHERE)));
            if (seen.metadata()) {
                fabric.attach(name, seen.ofport(), new Fabric.Attachment.Named(SERVICES));
            }
            seen.ifaceId().ifPresent(port -> {
                fabric.attach(name, seen.ofport(), new Fabric.Attachment.Named(port.value()));
                chassisOf.put(port.value(), name);
            });
        }
    }

    /** Lets a service of a chassis send. */
    Journey serve(String chassis, Draft packet) {
        return fabric.send(chassis, SERVICES, packet);
    }

    Journey send(String port, Draft packet) {
        return fabric.send(Objects.requireNonNull(chassisOf.get(port), port), port, packet);
    }

    /** Lets what is plugged in as the port on this chassis send, where there are two. */
    Journey sendAt(String chassis, String port, Draft packet) {
        return fabric.send(chassis, port, packet);
    }

    /** Lets a machine that nobody here knows send a packet on the wire of a physical network. */
    Journey sendOn(String wire, Draft packet) {
        return fabric.sendOn(wire, packet);
    }

    /** Lets a machine on the wire answer each chassis as if asked for its addresses: its router's, say, which knows the way on. */
    Cloud meets(String wire, String mac, String... addresses) {
        for (var chassis : compilers.keySet()) {
            var own = Wire.address(Id.of(Chassis.class, chassis));
            var answer = Draft.eth().from(mac).to(own);
            for (var address : addresses) {
                sendOn(
                        wire,
                        address.contains(":")
                                ? answer.ndAdvertise(address, own.linkLocal().toString())
                                : answer.arpReply(address, "0.0.0.0"));
            }
        }
        return this;
    }

    Compiler compiler(String chassis) {
        return Objects.requireNonNull(compilers.get(chassis), chassis).compiler();
    }

    private List<PacketOut> answer(String chassis, Outcome.Punted punted) {
        var packet = Punted.of(punted.packet().ethernet(), punted.packet().headers()::get);
        var answers = Answers.of(Apps.standard(Id.of(Chassis.class, chassis)), Apps.puntReason());
        // As the agent does: what is learnt by a packet is known to those that come after it.
        var view = compiler(chassis).topology();
        var given = answers.to(packet, view);
        for (var seen : answers.seen(packet, view)) {
            switch (seen) {
                case Neighbour neighbour -> hear(chassis, neighbour);
                // By way of the server, which tells all.
                case ActivePort active -> tellAll(active);
                case LeaseUsedUp(var lease) ->
                    compiler(chassis)
                            .topology()
                            .get(lease)
                            .ifPresent(known -> tellAll(Entities.with(known, Map.of("used_up", true))));
            }
        }
        return given;
    }

    private void tellAll(Entity told) {
        List.copyOf(compilers.keySet()).forEach(one -> hear(one, told));
    }

    private void hear(String chassis, Entity seen) {
        heard(chassis).add(seen);
        var before = compiler(chassis).topology().get(seen.id()).map(entity -> (Entity) entity);
        var delta = new Delta(seen.id(), before, Optional.of(seen));
        if (delta.isChange()) {
            commit(
                    chassis,
                    Objects.requireNonNull(compilers.get(chassis), chassis).update(List.of(delta)));
        }
    }

    private List<Entity> heard(String chassis) {
        return heard.computeIfAbsent(chassis, _ -> new ArrayList<>());
    }
}
