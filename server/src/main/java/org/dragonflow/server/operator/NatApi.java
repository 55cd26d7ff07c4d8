package org.dragonflow.server.operator;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.dragonflow.address.IpAddress;
import org.dragonflow.model.FloatingIp;
import org.dragonflow.model.Id;
import org.dragonflow.model.NatLease;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.PortForwarding;
import org.dragonflow.model.View;
import org.dragonflow.server.access.Identity;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.server.http.Request;
import org.dragonflow.server.http.Response;
import org.dragonflow.server.http.Routes;
import org.dragonflow.server.neutron.World;

/** Says whose packets bore an address and a port outside, now or then: what an operator is asked who gets a complaint. */
final class NatApi {
    private static final Set<String> PROTOCOLS = Set.of("tcp", "udp", "sctp");
    private static final int LARGEST_PORT = 65_535;

    private final Identity identity;
    private final World world;

    NatApi(Identity identity, World world) {
        this.identity = identity;
        this.world = world;
    }

    Routes routeTo(Routes routes) {
        return routes.on("GET", OperatorApi.ROOT + "/nat", (request, _) -> {
            identity.of(request).mustBeAdmin();
            return answer(Question.of(request), world.view());
        });
    }

    /** What somebody saw outside; a protocol that nobody remembers may be any. */
    private record Question(IpAddress address, int port, Optional<String> protocol) {
        private static Question of(Request request) {
            var protocol = request.parameter("protocol");
            if (!protocol.map(PROTOCOLS::contains).orElse(true)) {
                throw Refusal.badRequest("'protocol' is tcp, udp or sctp, which have ports, and not '%s'"
                        .formatted(protocol.orElseThrow()));
            }
            return new Question(address(request), port(request), protocol);
        }

        private static IpAddress address(Request request) {
            var text = request.parameter("address").orElse("");
            try {
                return IpAddress.parse(text);
            } catch (IllegalArgumentException _) {
                throw Refusal.badRequest("'address' is an IP address outside, and not '%s'".formatted(text));
            }
        }

        private static int port(Request request) {
            var text = request.parameter("port").orElse("");
            if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > LARGEST_PORT) {
                throw Refusal.badRequest("'port' is a number from 1 to %d, and not '%s'".formatted(LARGEST_PORT, text));
            }
            return Integer.parseInt(text);
        }

        private boolean isOf(PortForwarding forwarding) {
            var outside = forwarding.outside();
            return protocol.map(forwarding.protocol()::equals).orElse(true)
                    && outside.first() <= port
                    && port <= outside.last();
        }

        private boolean isOf(NatLease lease) {
            return lease.ipAddress().equals(address) && lease.firstPort() <= port && port <= lease.lastPort();
        }
    }

    private static Response answer(Question question, View view) {
        var outside = view.find(Port.having(question.address()))
                .filter(port -> view.get(port.networkId())
                        .filter(Network::routerExternal)
                        .isPresent())
                .toList();
        if (outside.isEmpty()) {
            throw new Refusal(
                    404,
                    "AddressNotFound",
                    "Nobody had %s on an external network; look at another time, or at who routes there."
                            .formatted(question.address()));
        }
        var holders =
                outside.stream().flatMap(port -> holders(port, question, view)).toList();
        if (holders.isEmpty()) {
            throw new Refusal(404, "HolderNotFound", nobody(outside.getFirst(), question));
        }
        return Response.json(200, Map.of("holders", holders));
    }

    private static String nobody(Port outside, Question question) {
        return "Nobody had port %d of %s, which is held by port %s (%s); look at another time, or ask without a protocol."
                .formatted(question.port(), question.address(), outside.id(), outside.deviceOwner());
    }

    private static Stream<Map<String, Object>> holders(Port outside, Question question, View view) {
        return switch (outside.deviceOwner()) {
            case Port.FLOATING_IP ->
                view.find(FloatingIp.at(outside.id())).flatMap(floating -> holders(floating, question, view));
            case Port.ROUTER_GATEWAY ->
                view.find(NatLease.through(outside.id())).filter(question::isOf).map(lease -> leaseholder(lease, view));
            case Port.CHASSIS_GATEWAY -> Stream.of(sharers(outside));
            default -> Stream.of(holder("port", outside.id(), view));
        };
    }

    private static Stream<Map<String, Object>> holders(FloatingIp floating, Question question, View view) {
        var whole = floating.portId().stream().map(port -> holder("floatingip", floating, port, view));
        var parts = view.find(PortForwarding.of(floating.id()))
                .filter(question::isOf)
                .map(forwarding -> {
                    var holder = holder("port_forwarding", floating, forwarding.internalPortId(), view);
                    holder.put("protocol", forwarding.protocol());
                    holder.put("first_port", forwarding.outside().first());
                    holder.put("last_port", forwarding.outside().last());
                    return holder;
                });
        return Stream.concat(whole, parts);
    }

    private static Map<String, Object> holder(String kind, FloatingIp floating, Id<Port> inside, View view) {
        var holder = holder(kind, inside, view);
        floating.routerId().ifPresent(router -> holder.put("router_id", router.value()));
        holder.put("floatingip_id", floating.id().value());
        return holder;
    }

    private static Map<String, Object> leaseholder(NatLease lease, View view) {
        var holder = holder("nat_lease", lease.portId(), view);
        holder.put("router_id", lease.routerId().value());
        holder.put("first_port", lease.firstPort());
        holder.put("last_port", lease.lastPort());
        holder.put("since", lease.createdAt().toString());
        return holder;
    }

    private static Map<String, Object> holder(String kind, Id<Port> inside, View view) {
        var holder = new LinkedHashMap<String, Object>();
        holder.put("by", kind);
        view.get(inside).ifPresent(port -> {
            holder.put("project_id", port.projectId());
            holder.put("port_id", port.id().value());
            holder.put("port_name", port.name());
            holder.put("device_id", port.deviceId());
            holder.put("fixed_ips", port.addresses().map(IpAddress::toString).toList());
            holder.put("chassis", chassis(port));
        });
        return holder;
    }

    /** What is behind the address of a chassis has its ports in common; whose a connection is, the chassis alone knows, and while it lasts. */
    private static Map<String, Object> sharers(Port outside) {
        var holder = new LinkedHashMap<String, Object>();
        holder.put("by", "chassis");
        holder.put("chassis", chassis(outside));
        holder.put(
                "note",
                "The servers of this chassis share the address, and who used the port is not recorded; while a connection lasts,"
                        + " 'ovs-appctl dpctl/dump-conntrack' on the chassis shows whose it is.");
        return holder;
    }

    private static String chassis(Port port) {
        return port.hostId().map(Id::value).orElse("");
    }
}
