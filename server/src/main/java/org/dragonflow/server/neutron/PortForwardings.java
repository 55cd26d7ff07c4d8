package org.dragonflow.server.neutron;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.dragonflow.address.IpAddress;
import org.dragonflow.model.FloatingIp;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.model.PortForwarding;
import org.dragonflow.server.access.Caller;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.store.Edit;

/** Forwardings of ports of floating IPs that stand for nothing else. */
final class PortForwardings implements Kind<PortForwarding> {
    static final Comparator<PortForwarding> OLDEST_FIRST =
            Comparator.comparing(PortForwarding::createdAt).thenComparing(PortForwarding::id);
    private static final String RESOURCE = "port_forwarding";

    private final Mint mint;
    private final Ports ports;

    PortForwardings(Mint mint, Ports ports) {
        this.mint = mint;
        this.ports = ports;
    }

    @Override
    public Class<PortForwarding> type() {
        return PortForwarding.class;
    }

    @Override
    public Refusal notFound(Id<PortForwarding> id) {
        return OutsideRefusals.portForwardingNotFound(id);
    }

    /** What is seen of a forwarding in its floating IP. */
    static Map<String, Object> brief(PortForwarding forwarding) {
        var brief = new LinkedHashMap<String, Object>();
        brief.put("id", forwarding.id().value());
        brief.put("protocol", forwarding.protocol());
        brief.put("internal_ip_address", forwarding.internalIpAddress().toString());
        brief.put("internal_port", forwarding.internalPort().orElse(null));
        brief.put("external_port", forwarding.externalPort().orElse(null));
        brief.put("internal_port_id", forwarding.internalPortId().value());
        return brief;
    }

    @Override
    public PortForwarding create(Edit edit, Caller caller, Values values) {
        var floating = edit.get(Id.of(
                        FloatingIp.class, values.get("floatingip_id", Id.class).value()))
                .orElseThrow();
        var port = ports.visible(
                edit, Id.of(Port.class, values.get("internal_port_id", Id.class).value()), caller);
        PortRange.fill(values);
        requireFreePort(edit, port);
        var address = address(port, values.find("internal_ip_address", IpAddress.class));
        if (floating.portId().isPresent()) {
            throw OutsideRefusals.floatingIpPortAlreadyAssociated(
                    floating.floatingIpAddress().orElseThrow(),
                    floating.id(),
                    port.id(),
                    address.ipAddress(),
                    floating.floatingNetworkId());
        }
        var passage = lead(edit, floating, port, address);
        values.put("internal_ip_address", address.ipAddress()).put("interface_id", passage.inside());
        var made = mint.create(edit, PortForwarding.class, values);
        requireApart(edit, made);
        return made;
    }

    /** A port that a floating IP stands for needs no forwarding. */
    private static void requireFreePort(Edit edit, Port port) {
        edit.find(FloatingIp.of(port.id())).findFirst().ifPresent(other -> {
            throw OutsideRefusals.portHasBindingFloatingIp(other, port.id());
        });
    }

    private static Port.FixedIp address(Port port, Optional<IpAddress> wanted) {
        var candidates = port.fixedIps().stream()
                .filter(fixed -> fixed.ipAddress().version() == 4)
                .toList();
        if (candidates.isEmpty()) {
            throw Refusals.badRequest(
                    RESOURCE,
                    "Requested internal port %s must allocate an IPv4 address at least.".formatted(port.id()));
        }
        return wanted.isEmpty()
                ? candidates.getFirst()
                : candidates.stream()
                        .filter(fixed -> fixed.ipAddress().equals(wanted.get()))
                        .findFirst()
                        .orElseThrow(() -> Refusals.badRequest(
                                RESOURCE,
                                ("Requested internal IP address %s is not suitable for internal neutron port %s, as its"
                                                + " fixed_ips are %s")
                                        .formatted(
                                                wanted.get(),
                                                port.id(),
                                                port.fixedIps().stream()
                                                        .map(Port.FixedIp::ipAddress)
                                                        .toList())));
    }

    /** Leads the floating IP through the router that serves the address; one that is led already stays where it is. */
    private Passage lead(Edit edit, FloatingIp floating, Port port, Port.FixedIp address) {
        var passage = Passage.find(edit, port, address.subnetId(), floating.floatingNetworkId())
                .orElseThrow(() -> Refusals.badRequest(
                        RESOURCE,
                        ("External network %s is not reachable from subnet %s. Cannot set Port forwarding for port %s"
                                        + " with Floating IP %s")
                                .formatted(
                                        floating.floatingNetworkId(), address.subnetId(), port.id(), floating.id())));
        if (floating.routerId()
                .filter(router -> !router.equals(passage.router()))
                .isPresent()) {
            throw Refusals.badRequest(
                    RESOURCE,
                    "The Floating IP %s had been set on router %s, the internal Neutron port %s can not reach it"
                            .formatted(floating.id(), floating.routerId().get(), port.id()));
        }
        // Also keeps two forwardings of the same port from being made at a time.
        mint.change(
                edit,
                floating,
                Map.of(
                        "router_id", Optional.of(passage.router()),
                        "gateway_port_id", Optional.of(passage.outside())));
        return passage;
    }

    /** Refuses two forwardings from one port outside, and two to one port inside. */
    private static void requireApart(Edit edit, PortForwarding made) {
        edit.find(PortForwarding.of(made.floatingipId()))
                .filter(other -> isAnother(made, other))
                .forEach(other -> PortRange.requireApart(
                        "external_port_range", PortRange.outside(other), PortRange.outside(made)));
        edit.find(PortForwarding.to(made.internalPortId()))
                .filter(other -> isAnother(made, other))
                .filter(other -> other.internalIpAddress().equals(made.internalIpAddress()))
                .forEach(other ->
                        PortRange.requireApart("internal_port_range", PortRange.inside(other), PortRange.inside(made)));
    }

    private static boolean isAnother(PortForwarding made, PortForwarding other) {
        return !other.id().equals(made.id()) && other.protocol().equals(made.protocol());
    }

    @Override
    public PortForwarding update(Edit edit, Caller caller, PortForwarding before, Values values) {
        var floating = edit.get(before.floatingipId()).orElseThrow();
        PortRange.change(before, values);
        var id = values.find("internal_port_id", Id.class)
                .map(given -> Id.of(Port.class, given.value()))
                .orElse(before.internalPortId());
        boolean moves = !id.equals(before.internalPortId());
        if (moves || values.has("internal_ip_address")) {
            var port = ports.visible(edit, id, caller);
            requireFreePort(edit, port);
            var address = address(
                    port,
                    values.find("internal_ip_address", IpAddress.class)
                            .or(() -> moves ? Optional.empty() : Optional.of(before.internalIpAddress())));
            values.put("internal_ip_address", address.ipAddress())
                    .put("interface_id", lead(edit, floating, port, address).inside());
        } else {
            mint.touch(edit, floating);
        }
        var after = mint.change(edit, before, values.map());
        requireApart(edit, after);
        return after;
    }

    @Override
    public void delete(Edit edit, Caller caller, PortForwarding forwarding) {
        remove(mint, edit, forwarding);
    }

    /** Takes the forwarding away; with the last one, its floating IP is led nowhere. */
    static void remove(Mint mint, Edit edit, PortForwarding forwarding) {
        edit.delete(forwarding);
        var floating = edit.get(forwarding.floatingipId()).orElseThrow();
        boolean isLed = edit.find(PortForwarding.of(floating.id())).findAny().isPresent();
        mint.change(
                edit,
                floating,
                isLed ? Map.of() : Map.of("router_id", Optional.empty(), "gateway_port_id", Optional.empty()));
    }
}
