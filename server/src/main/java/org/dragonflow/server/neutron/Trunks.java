package org.dragonflow.server.neutron;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dragonflow.model.Decoded;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;
import org.dragonflow.model.Partial;
import org.dragonflow.model.Port;
import org.dragonflow.model.Schema;
import org.dragonflow.model.Segment;
import org.dragonflow.model.Trunk;
import org.dragonflow.model.Trunk.SubPort;
import org.dragonflow.server.access.Caller;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.server.http.Request;
import org.dragonflow.server.http.Response;
import org.dragonflow.server.http.Routes;
import org.dragonflow.store.Edit;

/** Trunks, and the ports that they carry. */
final class Trunks implements Kind<Trunk> {
    private static final String SUB_PORTS = "sub_ports";
    private static final String VLAN = "vlan";
    private static final String INHERIT = "inherit";
    private static final int LAST_VLAN = 4094;

    private final Mint mint;
    private final Subports subports;

    Trunks(Mint mint, Subports subports) {
        this.mint = mint;
        this.subports = subports;
    }

    /** Routes to what can be done with the trunks of the collection beside the usual. */
    void routeTo(Routes routes, Collection<Trunk> trunks) {
        var one = trunks.path() + "/{id}/";
        routes.on(
                "GET",
                one + "get_subports",
                (request, path) -> Response.json(
                        200,
                        trunks.look(
                                request,
                                path,
                                "get_subports",
                                (view, caller, trunk) -> Map.of(
                                        SUB_PORTS,
                                        trunks.bare(trunk, caller, view).getOrDefault(SUB_PORTS, List.of())))));
        routes.on(
                "PUT",
                one + "add_subports",
                (request, path) -> trunks.act(
                        request,
                        path,
                        "add_subports",
                        (edit, caller, trunk) -> trunks.bare(add(edit, caller, trunk, wanted(request)), caller, edit)));
        routes.on(
                "PUT",
                one + "remove_subports",
                (request, path) -> trunks.act(
                        request,
                        path,
                        "remove_subports",
                        (edit, caller, trunk) -> trunks.bare(remove(edit, trunk, named(request)), caller, edit)));
    }

    @Override
    public Class<Trunk> type() {
        return Trunk.class;
    }

    @Override
    public Refusal notFound(Id<Trunk> id) {
        return Refusals.trunkNotFound(id);
    }

    @Override
    public Trunk create(Edit edit, Caller caller, Values values) {
        var wanted = values.list(SUB_PORTS, Partial.class);
        requireToldApart(wanted);
        var parent = visible(
                edit, caller, Id.of(Port.class, values.get("port_id", Id.class).value()));
        requireFree(edit, parent);
        values.put(SUB_PORTS, found(edit, caller, parent, List.of(), wanted, "new"));
        var made = mint.create(edit, Trunk.class, values);
        made.subPorts().forEach(subPort -> subports.take(edit, made, subPort.portId()));
        return reviewed(edit, made);
    }

    private static Port visible(Edit edit, Caller caller, Id<Port> id) {
        return Guard.of(Port.class).find(edit, id, caller).orElseThrow(() -> Refusals.portNotFound(id));
    }

    /** Refuses a port that is part of a trunk already. */
    private static void requireFree(Edit edit, Port port) {
        if (edit.find(Trunk.carrying(port.id())).findAny().isPresent()) {
            throw Refusals.trunkPortInUse(port.id());
        }
        if (edit.find(Trunk.carriedBy(port.id())).findAny().isPresent()) {
            throw Refusals.parentPortInUse(port.id());
        }
    }

    /** Refuses subports that are told apart by half, or not at all, whatever ports they are. */
    private static void requireToldApart(List<Partial> wanted) {
        var seen = new HashSet<List<Object>>();
        for (var one : wanted) {
            var type = one.get("segmentation_type");
            var tag = one.get("segmentation_id");
            if (type.equals(Optional.of(INHERIT))) {
                continue;
            }
            if (type.isPresent() != tag.isPresent()) {
                throw missingSegmentation(one);
            }
            if (tag.isPresent() && !seen.add(List.of(type.orElseThrow(), tag.get()))) {
                throw Refusals.invalidInput("Segmentation ID '%s' for '%s' is not unique"
                        .formatted(tag.get(), one.get("port_id").orElseThrow()));
            }
        }
    }

    private static Refusal missingSegmentation(Partial subPort) {
        return Refusals.invalidInput(
                ("Invalid subport details '%s': missing segmentation information. Must specify both segmentation_id"
                                + " and segmentation_type")
                        .formatted(subPort));
    }

    /** The subports that a client asks for, if they can be carried beside those that are. */
    private static List<SubPort> found(
            Edit edit, Caller caller, Port parent, List<SubPort> present, List<Partial> wanted, String trunk) {
        int mtu = network(edit, parent).mtu();
        var all = new ArrayList<>(present);
        for (var one : wanted) {
            var id = Id.of(Port.class, one.get("port_id").orElseThrow().toString());
            if (id.equals(parent.id())) {
                throw Refusals.parentPortInUse(id);
            }
            var port = visible(edit, caller, id);
            var network = network(edit, port);
            if (network.mtu() > mtu) {
                throw Refusals.subPortMtuGreaterThanTrunkPortMtu(id, network.mtu(), parent.id(), mtu);
            }
            var subPort = told(edit, one, id, network);
            requireFree(edit, port);
            if (!port.deviceId().isEmpty()) {
                throw Refusals.portInUse(port);
            }
            if (all.stream().anyMatch(other -> isSameTag(other, subPort))) {
                throw Refusals.duplicateSubPort(subPort, trunk);
            }
            all.add(subPort);
        }
        return all;
    }

    private static boolean isSameTag(SubPort one, SubPort other) {
        return one.segmentationType().equals(other.segmentationType())
                && one.segmentationId() == other.segmentationId();
    }

    private static Network network(Edit edit, Port port) {
        return edit.get(port.networkId()).orElseThrow();
    }

    /** How a subport is told apart on the trunk. */
    private static SubPort told(Edit edit, Partial wanted, Id<Port> port, Network network) {
        var type = wanted.get("segmentation_type").map(Object::toString);
        var tag = wanted.get("segmentation_id").map(Integer.class::cast);
        if (type.equals(Optional.of(INHERIT))) {
            var segment = Segments.of(edit, network.id()).stream().findFirst();
            return told(
                    port,
                    segment.map(Segment::networkType).orElse(""),
                    segment.flatMap(Segment::segmentationId).orElse(0));
        }
        if (type.isEmpty() || tag.isEmpty()) {
            throw missingSegmentation(wanted);
        }
        return told(port, type.get(), tag.get());
    }

    private static SubPort told(Id<Port> port, String type, int tag) {
        if (!type.equals(VLAN)) {
            throw Refusals.invalidInput("Unknown segmentation_type '%s'".formatted(type));
        }
        if (tag < 1 || tag > LAST_VLAN) {
            throw Refusals.invalidInput("Segmentation ID '%d' is not in range".formatted(tag));
        }
        return new SubPort(port, type, tag);
    }

    private Trunk add(Edit edit, Caller caller, Trunk trunk, List<Partial> wanted) {
        requireEnabled(trunk);
        requireToldApart(wanted);
        var parent = edit.get(trunk.portId()).orElseThrow();
        var all =
                found(edit, caller, parent, trunk.subPorts(), wanted, trunk.id().value());
        var changed = mint.change(edit, trunk, Map.of(SUB_PORTS, all));
        changed.subPorts().stream()
                .skip(trunk.subPorts().size())
                .forEach(subPort -> subports.take(edit, changed, subPort.portId()));
        return reviewed(edit, changed);
    }

    private static Trunk reviewed(Edit edit, Trunk trunk) {
        Subports.review(edit, trunk.portId());
        return edit.get(trunk.id()).orElseThrow();
    }

    private Trunk remove(Edit edit, Trunk trunk, List<Id<Port>> named) {
        requireEnabled(trunk);
        var rest = new ArrayList<>(trunk.subPorts());
        for (var port : named) {
            if (!rest.removeIf(subPort -> subPort.portId().equals(port))) {
                throw Refusals.subPortNotFound(port, trunk.id());
            }
        }
        var changed = mint.change(edit, trunk, Map.of(SUB_PORTS, rest));
        named.forEach(port -> subports.release(edit, port));
        return reviewed(edit, changed);
    }

    private static void requireEnabled(Trunk trunk) {
        if (!trunk.adminStateUp()) {
            throw Refusals.trunkDisabled(trunk.id());
        }
    }

    /** The schema of a trunk knows what its subports look like. */
    private static List<Partial> wanted(Request request) {
        if (!(request.json().get(SUB_PORTS) instanceof List<?> subPorts)) {
            throw Refusals.invalidInput("Invalid data format for subports: it is not a list");
        }
        var probe = Map.of("port_id", "00000000-0000-0000-0000-000000000000", SUB_PORTS, subPorts);
        return switch (Schema.of(Trunk.class).create(probe)) {
            case Decoded.Ok<Map<String, Object>>(var values) -> new Values(values).list(SUB_PORTS, Partial.class);
            case Decoded.Bad<Map<String, Object>>(var problems) ->
                throw Refusals.invalidInput(problems.getFirst().text());
        };
    }

    private static List<Id<Port>> named(Request request) {
        return wanted(request).stream()
                .map(subPort ->
                        Id.of(Port.class, subPort.get("port_id").orElseThrow().toString()))
                .toList();
    }

    @Override
    public Trunk update(Edit edit, Caller caller, Trunk before, Values values) {
        return mint.change(edit, before, values.map());
    }

    @Override
    public void delete(Edit edit, Caller caller, Trunk trunk) {
        requireEnabled(trunk);
        edit.delete(trunk);
        trunk.subPorts().forEach(subPort -> subports.release(edit, subPort.portId()));
    }
}
