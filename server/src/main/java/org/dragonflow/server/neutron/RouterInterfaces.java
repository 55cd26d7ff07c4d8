package org.dragonflow.server.neutron;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.dragonflow.address.Ipv6;
import org.dragonflow.model.Entity;
import org.dragonflow.model.FloatingIp;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.model.PortForwarding;
import org.dragonflow.model.Query;
import org.dragonflow.model.Router;
import org.dragonflow.model.RouterInterface;
import org.dragonflow.model.Status;
import org.dragonflow.model.Subnet;
import org.dragonflow.model.View;
import org.dragonflow.server.access.Caller;
import org.dragonflow.store.Edit;

/** Joins routers to subnets, by way of ports, and parts them. */
final class RouterInterfaces {
    private static final int MOST_SUBNETS = 64;

    /** What Neutron calls the owners of interfaces of its several sorts of routers. */
    private static final Set<String> INTERFACES = Set.of(
            Port.ROUTER_INTERFACE,
            "network:ha_router_replicated_interface",
            "network:router_ha_interface",
            "network:router_interface_distributed");

    private final Mint mint;
    private final Ports ports;

    RouterInterfaces(Mint mint, Ports ports) {
        this.mint = mint;
        this.ports = ports;
    }

    /** Which subnet or port a request names. */
    private record Target(Optional<Id<Subnet>> subnet, Optional<Id<Port>> port) {
        static Target of(Map<String, Object> body) {
            for (var name : body.keySet()) {
                if (!List.of("subnet_id", "port_id").contains(name)) {
                    throw Refusals.badRequest("router", "Unrecognized attribute(s) '%s'".formatted(name));
                }
            }
            return new Target(id(body, "subnet_id", Subnet.class), id(body, "port_id", Port.class));
        }

        private static <E extends Entity> Optional<Id<E>> id(Map<String, Object> body, String name, Class<E> type) {
            var value = body.get(name);
            if (value == null) {
                return Optional.empty();
            }
            // The schema of a port knows what an id looks like.
            var text = value instanceof String string ? string : "";
            if (!text.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) {
                throw Refusals.badRequest(
                        "router", "Invalid input for %s. Reason: '%s' is not a valid UUID".formatted(name, value));
            }
            return Optional.of(Id.of(type, text));
        }
    }

    Map<String, Object> add(Edit edit, Caller caller, Router router, Map<String, Object> body) {
        var target = Target.of(body);
        if (target.subnet().isPresent() && target.port().isPresent()) {
            throw Refusals.badRequest("router", "Cannot specify both subnet-id and port-id");
        }
        var port = target.port()
                .map(id -> adopt(edit, router, ports.visible(edit, id, caller)))
                .or(() -> target.subnet().map(id -> plug(edit, caller, router, id)))
                .orElseThrow(() -> Refusals.badRequest("router", "Either subnet_id or port_id must be specified"));
        edit.create(new RouterInterface(
                Id.of(RouterInterface.class, port.id().value()), router.id(), port.networkId(), port.id()));
        // Also keeps overlapping subnets from being joined at a time.
        mint.touch(edit, router);
        return shown(router, port);
    }

    private Port plug(Edit edit, Caller caller, Router router, Id<Subnet> id) {
        var subnet = Guard.of(Subnet.class).find(edit, id, caller).orElseThrow(() -> Refusals.subnetNotFound(id));
        var gateway = subnet.gatewayIp()
                .orElseThrow(() -> Refusals.badRequest("router", "Subnet for router interface must have a gateway IP"));
        requireApart(connected(edit, router), List.of(subnet));
        // A link-local gateway is the router's on every link, and no address of the block.
        boolean isLinkLocal = gateway instanceof Ipv6 address && address.isLinkLocal();
        var fixedIp = isLinkLocal
                ? Map.of("subnet_id", id.value())
                : Map.of("subnet_id", id.value(), "ip_address", gateway.toString());
        var values = Ports.values(Map.of(
                "network_id", subnet.networkId().value(),
                "fixed_ips", List.of(fixedIp),
                "device_id", router.id().value(),
                "device_owner", Port.ROUTER_INTERFACE,
                "port_security_enabled", false,
                "security_groups", List.of()));
        values.put("project_id", router.projectId());
        values.put("status", Status.ACTIVE);
        var network = edit.get(subnet.networkId()).orElseThrow();
        return ports.make(edit, network, values);
    }

    private Port adopt(Edit edit, Router router, Port port) {
        if (!port.deviceId().isEmpty() && !port.deviceId().equals(router.id().value())) {
            throw Refusals.portInUse(port);
        }
        if (edit.get(Id.of(RouterInterface.class, port.id().value())).isPresent()) {
            throw Refusals.portInUse(port);
        }
        if (port.fixedIps().isEmpty()) {
            throw Refusals.badRequest("router", "Router port must have at least one fixed IP");
        }
        var subnets = Routers.subnets(edit, List.of(port));
        if (subnets.stream().filter(subnet -> subnet.ipVersion() == 4).count() > 1) {
            throw Refusals.badRequest("router", "Cannot have multiple IPv4 subnets on router port");
        }
        requireApart(connected(edit, router), subnets);
        var changes = new LinkedHashMap<String, Object>();
        changes.put("device_id", router.id().value());
        changes.put("device_owner", Port.ROUTER_INTERFACE);
        changes.put("status", Status.ACTIVE);
        return mint.change(edit, port, changes);
    }

    private static List<Subnet> connected(Edit edit, Router router) {
        return Routers.subnets(edit, Routers.ports(edit, router));
    }

    /** Refuses a second port of a router on a subnet, and one on a subnet that overlaps with another of the router's. */
    static void requireApart(List<Subnet> present, List<Subnet> subnets) {
        if (present.size() + subnets.size() > MOST_SUBNETS) {
            throw Refusals.badRequest("router", "A router has at most %d subnets".formatted(MOST_SUBNETS));
        }
        for (var subnet : subnets) {
            for (var other : present) {
                if (other.id().equals(subnet.id())) {
                    throw Refusals.badRequest(
                            "router", "Router already has a port on subnet %s".formatted(subnet.id()));
                }
                if (other.cidr().overlaps(subnet.cidr())) {
                    throw Refusals.badRequest(
                            "router",
                            "Cidr %s of subnet %s overlaps with cidr %s of subnet %s"
                                    .formatted(subnet.cidr(), subnet.id(), other.cidr(), other.id()));
                }
            }
        }
    }

    /** Refuses to pass a port off as the interface of somebody else's router. */
    static void requireOwn(View view, Caller caller, String deviceOwner, String device, String project) {
        if (INTERFACES.contains(deviceOwner) && !caller.isAdmin()) {
            view.get(Id.of(Router.class, device))
                    .filter(router -> !router.projectId().equals(project))
                    .ifPresent(router -> {
                        throw Refusals.deviceIdNotOwnedByTenant(router.id());
                    });
        }
    }

    /** Refuses to give a router's interface other IPv4 addresses: they are what its neighbours send by. */
    static void requireKept(Port port, List<Port.FixedIp> addresses) {
        if (port.isRouterInterface() && !ofVersion4(port.fixedIps()).equals(ofVersion4(addresses))) {
            throw Refusals.badRequest("ports", "IP updates for port %s are not allowed".formatted(port.id()));
        }
    }

    private static Set<Port.FixedIp> ofVersion4(List<Port.FixedIp> addresses) {
        return addresses.stream()
                .filter(fixed -> fixed.ipAddress().version() == 4)
                .collect(Collectors.toSet());
    }

    Map<String, Object> remove(Edit edit, Router router, Map<String, Object> body) {
        var target = Target.of(body);
        if (target.subnet().isEmpty() && target.port().isEmpty()) {
            throw Refusals.badRequest("router", "Either subnet_id or port_id must be specified");
        }
        var port = target.port()
                .map(id -> ofPort(edit, router, id, target.subnet()))
                .orElseGet(() -> ofSubnet(edit, router, target.subnet().orElseThrow()));
        for (var subnet : Routers.subnets(edit, List.of(port))) {
            if (router.routes().stream().anyMatch(route -> subnet.cidr().contains(route.nexthop()))) {
                throw Refusals.routerInterfaceInUseByRoute(router.id(), subnet.id());
            }
            NdpProxies.requireNone(edit, router.id(), subnet);
        }
        var leg = Id.of(RouterInterface.class, port.id().value());
        boolean isInUse = edit.find(Query.by(FloatingIp.class, "interface_id", leg))
                        .findAny()
                        .isPresent()
                || edit.find(Query.by(PortForwarding.class, "interface_id", leg))
                        .findAny()
                        .isPresent();
        if (isInUse) {
            throw OutsideRefusals.routerInterfaceInUseByFloatingIp(
                    router.id(), port.fixedIps().getFirst().subnetId());
        }
        edit.get(leg).ifPresent(edit::delete);
        edit.delete(port);
        mint.touch(edit, router);
        return shown(router, port);
    }

    private static Port ofPort(Edit edit, Router router, Id<Port> id, Optional<Id<Subnet>> subnet) {
        var port = Routers.interfaces(edit, router.id()).stream()
                .filter(candidate -> candidate.id().equals(id))
                .findFirst()
                .orElseThrow(() -> Refusals.routerInterfaceNotFound(router.id(), id));
        subnet.filter(wanted -> port.fixedIps().stream()
                        .noneMatch(fixed -> fixed.subnetId().equals(wanted)))
                .ifPresent(wanted -> {
                    throw Refusals.subnetMismatchForPort(id, wanted);
                });
        return port;
    }

    private static Port ofSubnet(Edit edit, Router router, Id<Subnet> subnet) {
        if (edit.get(subnet).isEmpty()) {
            throw Refusals.subnetNotFound(subnet);
        }
        return Routers.interfaces(edit, router.id()).stream()
                .filter(port -> port.fixedIps().stream()
                        .anyMatch(fixed -> fixed.subnetId().equals(subnet)))
                .findFirst()
                .orElseThrow(() -> Refusals.routerInterfaceNotFoundForSubnet(router.id(), subnet));
    }

    private static Map<String, Object> shown(Router router, Port port) {
        var subnets =
                port.fixedIps().stream().map(fixed -> fixed.subnetId().value()).toList();
        var shown = new LinkedHashMap<String, Object>();
        shown.put("id", router.id().value());
        shown.put("tenant_id", router.projectId());
        shown.put("project_id", router.projectId());
        shown.put("port_id", port.id().value());
        shown.put("network_id", port.networkId().value());
        shown.put("subnet_id", subnets.getFirst());
        shown.put("subnet_ids", subnets);
        return shown;
    }
}
