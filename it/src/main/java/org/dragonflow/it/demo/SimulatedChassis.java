package org.dragonflow.it.demo;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.Mac;
import org.dragonflow.apps.Apps;
import org.dragonflow.compile.Answers;
import org.dragonflow.compile.App;
import org.dragonflow.compile.Interest;
import org.dragonflow.compile.Punted;
import org.dragonflow.compile.ZonedCompiler;
import org.dragonflow.flow.Bundle;
import org.dragonflow.flow.PacketOut;
import org.dragonflow.flow.Switch;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Delta;
import org.dragonflow.model.Id;
import org.dragonflow.model.Interface;
import org.dragonflow.model.Port;
import org.dragonflow.model.Subnet;
import org.dragonflow.model.Topology;
import org.dragonflow.model.TunnelType;
import org.dragonflow.trace.MemorySwitch;
import org.dragonflow.trace.Outcome;

/** A hypervisor of the simulated stage: hears what concerns it, compiles it, and answers what its switch punts. One thread at a time. */
final class SimulatedChassis {
    static final int TUNNEL_PORT = 1_000;
    static final int METADATA_PORT = 1_001;

    private final Id<Chassis> id;
    private final List<App> apps;
    private final Answers answers;
    private final MemorySwitch ovs;
    private Interest interest;
    private ZonedCompiler compiler;
    private Topology seen;

    SimulatedChassis(Id<Chassis> id, MemorySwitch ovs, Topology whole) {
        this.id = id;
        this.ovs = ovs;
        this.apps = Apps.standard(id);
        this.answers = Answers.of(apps, Apps.puntReason());
        this.interest = new Interest(apps, id);
        this.compiler = new ZonedCompiler(Apps.pipeline(), apps);
        this.seen = Topology.of(
                new Interface(
                        Id.of(Interface.class, "df-geneve"),
                        TUNNEL_PORT,
                        Optional.empty(),
                        Optional.of(TunnelType.GENEVE)),
                Interface.forMetadata(Id.of(Interface.class, "df-metadata"), METADATA_PORT));
        commit(compiler.update(everything(whole)));
    }

    private List<Delta> everything(Topology whole) {
        var northbound = interest.update(whole, whole.all().map(Delta::create).toList());
        return Stream.concat(northbound.stream(), seen.all().map(Delta::create)).toList();
    }

    void hear(Topology after, Collection<Delta> deltas) {
        commit(compiler.update(interest.update(after, deltas)));
    }

    /** Gives the port number that the card got. */
    long plug(Id<Port> port) {
        int ofport = seen.size();
        var card = new Interface(Id.of(Interface.class, "tap" + ofport), ofport, Optional.of(port), Optional.empty());
        seen = seen.put(card);
        commit(compiler.update(List.of(Delta.create(card))));
        return ofport;
    }

    /** Forgets all but whose zone is whose, learns it anew, and brings the switch up to date; gives how much of the switch had to change. */
    int restart(Topology whole) {
        interest = new Interest(apps, id);
        compiler = new ZonedCompiler(Apps.pipeline(), apps, compiler.zones());
        compiler.update(everything(whole));
        var bundle = compiler.compiler().flows().since(ovs.installed());
        commit(bundle);
        return bundle.mods().size();
    }

    private void commit(Bundle bundle) {
        try {
            ovs.commit(bundle);
        } catch (Switch.Refused e) {
            throw new IllegalStateException("%s does not take its flows".formatted(id), e);
        }
        var abandoned = compiler.abandoned();
        abandoned.forEach(zone -> ovs.flushZone(zone.number()));
        compiler.free(abandoned);
    }

    Topology topology() {
        return compiler.compiler().topology();
    }

    List<PacketOut> answer(Outcome.Punted punted) {
        var packet = punted.packet();
        return answers.to(
                Punted.of(packet.ethernet(), packet.headers()::get),
                compiler.compiler().topology());
    }

    /** The card that a machine sends a packet for the address to: the target's if it is on the same network, else its gateway's. */
    static Mac nextHop(Topology whole, Id<Port> from, IpAddress to) {
        var port = whole.get(from).orElseThrow();
        var neighbours = whole.find(Port.on(port.networkId())).toList();
        return holder(neighbours, to)
                .or(() -> whole.find(Subnet.on(port.networkId()))
                        .filter(subnet -> subnet.ipVersion() == to.version())
                        .flatMap(subnet -> subnet.gatewayIp().stream())
                        .findFirst()
                        .flatMap(gateway -> holder(neighbours, gateway)))
                .orElseThrow(() -> new AssertionError("%s has no way to %s".formatted(port.name(), to)));
    }

    private static Optional<Mac> holder(List<Port> ports, IpAddress address) {
        return ports.stream()
                .filter(p -> p.addresses().anyMatch(address::equals))
                .map(Port::macAddress)
                .findFirst();
    }
}
