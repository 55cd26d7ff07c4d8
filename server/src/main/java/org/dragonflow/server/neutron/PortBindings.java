package org.dragonflow.server.neutron;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Decoded;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.model.Port.Binding;
import org.dragonflow.model.Schema;
import org.dragonflow.model.Status;
import org.dragonflow.model.View;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.server.http.Request;
import org.dragonflow.server.http.Response;
import org.dragonflow.server.http.Routes;
import org.dragonflow.store.Edit;

/**
 * Where ports are plugged in, and where else they may be: a server that moves has a second binding at the chassis it goes to, which is
 * made the active one when it has arrived.
 */
final class PortBindings {
    private static final String ONE = "binding";
    private static final String COMPUTE = "compute:";

    private final Collection<Port> ports;
    private final Mint mint;
    private final Subports subports;

    PortBindings(Collection<Port> ports, Mint mint, Subports subports) {
        this.ports = ports;
        this.mint = mint;
        this.subports = subports;
    }

    void routeTo(Routes routes) {
        var all = ports.path() + "/{id}/bindings";
        var one = all + "/{host}";
        routes.on("GET", all, this::list)
                .on("POST", all, this::create)
                .on("GET", one, this::show)
                .on("PUT", one, this::update)
                .on("PUT", one + "/activate", this::activate)
                .on("DELETE", one, this::delete);
    }

    /** The binding of the data plane first, then the others. */
    private static List<Binding> all(Port port) {
        var all = new ArrayList<Binding>();
        active(port).ifPresent(all::add);
        all.addAll(port.inactiveBindings());
        return all;
    }

    private static Optional<Binding> active(Port port) {
        return port.hostId()
                .map(host -> new Binding(host, port.vnicType(), port.profile(), port.status() == Status.ACTIVE));
    }

    private static Binding at(Port port, Id<Chassis> host) {
        return all(port).stream()
                .filter(binding -> binding.host().equals(host))
                .findFirst()
                .orElseThrow(() -> Refusals.portBindingNotFound(port.id(), host));
    }

    private Response list(Request request, List<String> path) {
        return Response.json(200, ports.look(request, path, "get_port_binding", (view, _, port) -> {
            requireCompute(port);
            return Map.of(
                    "bindings",
                    all(port).stream()
                            .map(binding -> shown(view, port, binding))
                            .filter(shown -> isAsked(shown, request))
                            .toList());
        }));
    }

    private static boolean isAsked(Map<String, Object> shown, Request request) {
        return Stream.of("host", "vif_type", "vnic_type", "status")
                .allMatch(name -> request.parameters(name).isEmpty()
                        || request.parameters(name).contains(String.valueOf(shown.get(name))));
    }

    private Response show(Request request, List<String> path) {
        return Response.json(200, ports.look(request, path.subList(0, 1), "get_port_binding", (view, _, port) -> {
            requireCompute(port);
            return Map.of(ONE, shown(view, port, at(port, host(path.getLast()))));
        }));
    }

    private Response create(Request request, List<String> path) {
        var given = given(request);
        if (!(given.get("host") instanceof String name) || name.isEmpty()) {
            throw Refusal.badRequest("Failed to parse request. Required attribute 'host' not specified");
        }
        return Response.json(201, ports.change(request, path, "create_port_binding", (edit, _, port) -> {
            requireCompute(port);
            var host = host(name);
            if (all(port).stream().anyMatch(binding -> binding.host().equals(host))) {
                throw Refusals.portBindingAlreadyExists(port.id(), host);
            }
            var binding = requirePossible(edit, port, with(new Binding(host, "normal", Map.of()), given));
            var others = new ArrayList<>(port.inactiveBindings());
            if (port.hostId().isPresent()) {
                others.add(binding);
                return Map.of(ONE, shown(edit, await(edit, port, others), binding));
            }
            return Map.of(ONE, shown(edit, activate(edit, port, binding, others), binding));
        }));
    }

    private Response update(Request request, List<String> path) {
        var given = given(request);
        return Response.json(200, ports.change(request, path.subList(0, 1), "update_port_binding", (edit, _, port) -> {
            requireCompute(port);
            var before = at(port, host(path.getLast()));
            var binding = requirePossible(edit, port, with(before, given));
            if (port.isBoundTo(before.host())) {
                return Map.of(ONE, shown(edit, activate(edit, port, binding, port.inactiveBindings()), binding));
            }
            var others = new ArrayList<>(port.inactiveBindings());
            others.set(others.indexOf(before), binding);
            return Map.of(ONE, shown(edit, await(edit, port, others), binding));
        }));
    }

    private Response activate(Request request, List<String> path) {
        return ports.act(request, path.subList(0, 1), "activate_port_binding", (edit, _, port) -> {
            requireCompute(port);
            var host = host(path.getLast());
            if (port.isBoundTo(host)) {
                throw Refusals.portBindingAlreadyActive(port.id(), host);
            }
            var binding = at(port, host);
            var others = new ArrayList<>(port.inactiveBindings());
            others.remove(binding);
            active(port).ifPresent(others::add);
            return shown(edit, activate(edit, port, binding, others), binding);
        });
    }

    private Response delete(Request request, List<String> path) {
        ports.change(request, path.subList(0, 1), "delete_port_binding", (edit, _, port) -> {
            requireCompute(port);
            var binding = at(port, host(path.getLast()));
            if (port.isBoundTo(binding.host())) {
                subports.follow(
                        edit,
                        mint.change(edit, port, Map.of("binding:host_id", Optional.empty(), "status", Status.DOWN)));
            } else {
                var others = new ArrayList<>(port.inactiveBindings());
                others.remove(binding);
                await(edit, port, others);
            }
            return Map.of();
        });
        return Response.empty(204);
    }

    /** Has other chassis be ready for the port, and for those that it carries. */
    private Port await(Edit edit, Port port, List<Binding> others) {
        var awaited = mint.change(edit, port, Map.of("inactive_bindings", others));
        subports.follow(edit, awaited);
        return awaited;
    }

    /** Has the data plane go by this binding; nothing is confirmed yet where it goes to. */
    private Port activate(Edit edit, Port port, Binding binding, List<Binding> others) {
        var values = new LinkedHashMap<String, Object>();
        values.put("binding:host_id", Optional.of(binding.host()));
        values.put("binding:vnic_type", binding.vnicType());
        values.put("binding:profile", binding.profile());
        values.put("inactive_bindings", others);
        if (!port.isBoundTo(binding.host())) {
            values.put("status", Status.DOWN);
        }
        var moved = mint.change(edit, port, values);
        subports.follow(edit, moved);
        return moved;
    }

    private static void requireCompute(Port port) {
        if (!port.deviceOwner().startsWith(COMPUTE)) {
            throw Refusals.badRequest(
                    "port", "Invalid port %s. Operation only valid on compute ports".formatted(port.id()));
        }
    }

    private static Binding requirePossible(View view, Port port, Binding binding) {
        if (!Vif.of(view, port, binding).isBound()) {
            throw Refusals.portBindingError(port.id(), binding.host());
        }
        return binding;
    }

    /** The binding with what the client says; the schema of a port knows what that looks like. */
    private static Binding with(Binding before, Map<String, Object> given) {
        var asOfPort = new LinkedHashMap<String, Object>();
        given.forEach(
                (name, value) -> asOfPort.put(name.equals("host") ? "binding:host_id" : "binding:" + name, value));
        asOfPort.remove("binding:project_id");
        return switch (Schema.of(Port.class).update(asOfPort)) {
            case Decoded.Ok<Map<String, Object>>(var map) -> {
                var values = new Values(map);
                yield new Binding(
                        before.host(),
                        values.find("binding:vnic_type", String.class).orElse(before.vnicType()),
                        profile(values).orElse(before.profile()),
                        before.ready());
            }
            case Decoded.Bad<Map<String, Object>>(var problems) -> throw Collection.refusal(problems);
        };
    }

    @SuppressWarnings("unchecked") // that is what the attribute holds
    private static Optional<Map<String, Object>> profile(Values values) {
        return values.find("binding:profile", Map.class).map(profile -> (Map<String, Object>) profile);
    }

    private static Map<String, Object> given(Request request) {
        if (!(request.json().get(ONE) instanceof Map<?, ?> body)) {
            throw Refusal.badRequest("Unable to find '%s' in request body".formatted(ONE));
        }
        var given = new LinkedHashMap<String, Object>();
        body.forEach((name, value) -> given.put(String.valueOf(name), value));
        return given;
    }

    private static Id<Chassis> host(String name) {
        return Id.of(Chassis.class, name);
    }

    private static Map<String, Object> shown(View view, Port port, Binding binding) {
        var vif = Vif.of(view, port, binding);
        var shown = new LinkedHashMap<String, Object>();
        shown.put("host", binding.host().value());
        shown.put("vif_type", vif.type());
        shown.put("vif_details", vif.details());
        shown.put("vnic_type", binding.vnicType());
        shown.put("profile", binding.profile());
        shown.put("status", port.isBoundTo(binding.host()) ? "ACTIVE" : "INACTIVE");
        shown.put("dragonflow:ready", binding.ready());
        shown.put("project_id", port.projectId());
        return shown;
    }
}
