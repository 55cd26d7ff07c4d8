package org.dragonflow.server.neutron;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.dragonflow.address.IpAddress;
import org.dragonflow.model.FloatingIp;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.PortForwarding;
import org.dragonflow.model.Query;
import org.dragonflow.model.Subnet;
import org.dragonflow.model.View;
import org.dragonflow.server.access.Caller;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.store.Edit;

/** Floating IPs: addresses of external networks, and the ports that they stand for. */
final class FloatingIps implements Kind<FloatingIp> {
    private static final String RESOURCE = "floatingip";
    private static final Map<String, Object> STANDS_FOR_NOTHING = Map.of(
            "port_id", Optional.empty(),
            "fixed_ip_address", Optional.empty(),
            "router_id", Optional.empty(),
            "interface_id", Optional.empty(),
            "gateway_port_id", Optional.empty());

    private final Mint mint;
    private final Ports ports;

    FloatingIps(Mint mint, Ports ports) {
        this.mint = mint;
        this.ports = ports;
    }

    @Override
    public Class<FloatingIp> type() {
        return FloatingIp.class;
    }

    @Override
    public Refusal notFound(Id<FloatingIp> id) {
        return OutsideRefusals.floatingIpNotFound(id);
    }

    @Override
    public Map<String, Object> derived(FloatingIp floating, Caller caller, View view) {
        var derived = new LinkedHashMap<String, Object>();
        derived.put(
                "port_details",
                floating.portId().flatMap(view::get).map(FloatingIps::details).orElse(null));
        derived.put("qos_network_policy_id", QosPolicies.ofNetwork(view, floating.floatingNetworkId()));
        derived.put(
                "port_forwardings",
                view.find(PortForwarding.of(floating.id()))
                        .sorted(PortForwardings.OLDEST_FIRST)
                        .map(PortForwardings::brief)
                        .toList());
        return derived;
    }

    private static Map<String, Object> details(Port port) {
        return Map.of(
                "name", port.name(),
                "network_id", port.networkId().value(),
                "mac_address", port.macAddress().toString(),
                "admin_state_up", port.adminStateUp(),
                "status", port.status().toString(),
                "device_id", port.deviceId(),
                "device_owner", port.deviceOwner());
    }

    @Override
    public Map<String, Object> normalize(Map<String, Object> body) {
        return DnsNames.lower(body);
    }

    @Override
    public FloatingIp create(Edit edit, Caller caller, Values values) {
        requireNamed(values);
        QosPolicies.requireKnown(edit, caller, values);
        var network = Networks.visible(
                edit,
                Id.of(Network.class, values.get("floating_network_id", Id.class).value()),
                caller);
        if (!network.routerExternal()) {
            throw Refusals.badRequest(RESOURCE, "Network %s is not a valid external network".formatted(network.id()));
        }
        if (edit.find(Subnet.on(network.id())).noneMatch(subnet -> subnet.ipVersion() == 4)) {
            throw Refusals.badRequest(RESOURCE, "Network %s does not contain any IPv4 subnet".formatted(network.id()));
        }
        var id = Id.of(FloatingIp.class, UUID.randomUUID().toString());
        var outside = outside(edit, network, id, values);
        var address = outside.addresses()
                .filter(candidate -> candidate.version() == 4)
                .findFirst()
                .orElseThrow(() -> OutsideRefusals.externalIpAddressExhausted(network.id()));
        values.put("id", id)
                .put("subnet_id", Optional.empty())
                .put("floating_ip_address", Optional.of(address))
                .put("floating_port_id", outside.id());
        var association =
                association(edit, caller, values.get("project_id", String.class), network.id(), id, address, values);
        values.map().putAll(STANDS_FOR_NOTHING);
        association.ifPresent(found -> values.map().putAll(found));
        return mint.create(edit, FloatingIp.class, values);
    }

    /** A name in DNS is within a domain, and a domain is for a name. */
    private static void requireNamed(Values values) {
        var name = values.find(DnsNames.HOST, String.class).orElse("");
        var domain = values.find(DnsNames.DOMAIN, String.class).orElse("");
        DnsNames.requireRelative(name);
        DnsNames.requireDomain(domain);
        if (name.isEmpty() && !domain.isEmpty()) {
            throw Refusals.badRequest(RESOURCE, "dns_domain cannot be specified without a dns_name");
        }
        if (domain.isEmpty() && !name.isEmpty()) {
            throw Refusals.badRequest(RESOURCE, "dns_name cannot be specified without a dns_domain");
        }
    }

    /** The port that holds the address; it is nobody's. */
    private Port outside(Edit edit, Network network, Id<FloatingIp> id, Values values) {
        var wanted = new LinkedHashMap<String, Object>();
        values.nullable("subnet_id", Id.class).ifPresent(subnet -> wanted.put("subnet_id", subnet.value()));
        values.nullable("floating_ip_address", IpAddress.class)
                .ifPresent(address -> wanted.put("ip_address", address.toString()));
        var body = new LinkedHashMap<String, Object>(Map.of(
                "network_id", network.id().value(),
                "device_id", id.value(),
                "device_owner", Port.FLOATING_IP,
                "port_security_enabled", false,
                "security_groups", List.of()));
        if (!wanted.isEmpty()) {
            body.put("fixed_ips", List.of(wanted));
        }
        return ports.make(edit, network, Ports.values(body).put("project_id", ""));
    }

    /** What the floating IP is to stand for, if a port is named. */
    private Optional<Map<String, Object>> association(
            Edit edit,
            Caller caller,
            String project,
            Id<Network> network,
            Id<FloatingIp> id,
            IpAddress address,
            Values values) {
        var wanted = values.nullable("fixed_ip_address", IpAddress.class);
        var named = values.nullable("port_id", Id.class);
        if (named.isEmpty()) {
            if (wanted.isPresent()) {
                throw Refusals.badRequest(RESOURCE, "fixed_ip_address cannot be specified without a port_id");
            }
            return Optional.empty();
        }
        var port = ports.visible(edit, Id.of(Port.class, named.get().value()), caller);
        requireServed(caller, project, port);
        var fixed = fixedIp(port, wanted);
        var passage = Passage.find(edit, port, fixed.subnetId(), network)
                .orElseThrow(() ->
                        OutsideRefusals.externalGatewayForFloatingIpNotFound(network, fixed.subnetId(), port.id()));
        refuseSecond(edit, port, fixed.ipAddress(), network, id, address);
        return Optional.of(Map.of(
                "port_id", Optional.of(port.id()),
                "fixed_ip_address", Optional.of(fixed.ipAddress()),
                "router_id", Optional.of(passage.router()),
                "interface_id", Optional.of(passage.inside()),
                "gateway_port_id", Optional.of(passage.outside())));
    }

    private static void requireServed(Caller caller, String project, Port port) {
        if (!port.projectId().equals(project) && !caller.isAdmin()) {
            throw Refusals.badRequest(
                    RESOURCE,
                    "Cannot process floating IP association with Port %s, since that port is owned by a different tenant"
                            .formatted(port.id()));
        }
        if (port.deviceOwner().equals(Networks.DHCP)) {
            throw Refusals.badRequest(RESOURCE, "Port %s is unable to be assigned a floating IP".formatted(port.id()));
        }
    }

    private static Port.FixedIp fixedIp(Port port, Optional<IpAddress> wanted) {
        if (wanted.isPresent()) {
            var address = wanted.get();
            if (address.version() != 4) {
                throw Refusals.badRequest(
                        RESOURCE,
                        "Cannot process floating IP association with %s, since that is not an IPv4 address"
                                .formatted(address));
            }
            return port.fixedIps().stream()
                    .filter(fixed -> fixed.ipAddress().equals(address))
                    .findFirst()
                    .orElseThrow(() -> Refusals.badRequest(
                            RESOURCE, "Port %s does not have fixed ip %s".formatted(port.id(), address)));
        }
        var candidates = port.fixedIps().stream()
                .filter(fixed -> fixed.ipAddress().version() == 4)
                .toList();
        if (candidates.isEmpty()) {
            throw Refusals.badRequest(
                    RESOURCE,
                    "Cannot add floating IP to port %s that has no fixed IPv4 addresses".formatted(port.id()));
        }
        if (candidates.size() > 1) {
            throw Refusals.badRequest(
                    RESOURCE,
                    ("Port %s has multiple fixed IPv4 addresses.  Must provide a specific IPv4 address when assigning"
                                    + " a floating IP")
                            .formatted(port.id()));
        }
        return candidates.getFirst();
    }

    private static void refuseSecond(
            Edit edit, Port port, IpAddress fixed, Id<Network> network, Id<FloatingIp> id, IpAddress address) {
        var refusal = OutsideRefusals.floatingIpPortAlreadyAssociated(address, id, port.id(), fixed, network);
        boolean isSecond = edit.find(FloatingIp.of(port.id()))
                .anyMatch(other -> !other.id().equals(id)
                        && other.floatingNetworkId().equals(network)
                        && other.fixedIpAddress().equals(Optional.of(fixed)));
        if (isSecond) {
            throw refusal;
        }
        edit.refuseIfTaken(
                FloatingIp.class,
                List.of("floating_network_id", "port_id", "fixed_ip_address"),
                List.of(network, port.id(), fixed),
                () -> refusal);
    }

    @Override
    public FloatingIp update(Edit edit, Caller caller, FloatingIp before, Values values) {
        QosPolicies.requireKnown(edit, caller, values);
        // From the time when there was nothing else to change: to say nothing is to let go of the port.
        if (values.map().isEmpty()) {
            values.put("port_id", Optional.empty());
        }
        if (values.has("port_id") || values.has("fixed_ip_address")) {
            var association = association(
                    edit,
                    caller,
                    before.projectId(),
                    before.floatingNetworkId(),
                    before.id(),
                    before.floatingIpAddress().orElseThrow(),
                    values);
            boolean forwards =
                    edit.find(PortForwarding.of(before.id())).findAny().isPresent();
            if (association.isPresent() && forwards) {
                throw OutsideRefusals.fipInUseByPortForwarding(before.id());
            }
            if (values.has("port_id") && !forwards) {
                values.map().putAll(STANDS_FOR_NOTHING);
                association.ifPresent(found -> values.map().putAll(found));
            }
        }
        return mint.change(edit, before, values.map());
    }

    @Override
    public void delete(Edit edit, Caller caller, FloatingIp floating) {
        if (edit.find(PortForwarding.of(floating.id())).findAny().isPresent()) {
            throw OutsideRefusals.fipInUseByPortForwarding(floating.id());
        }
        remove(edit, floating);
    }

    /** Takes those away that stand for nothing, as their network goes. */
    static void deleteIdle(Edit edit, Id<Network> network) {
        edit.find(Query.by(FloatingIp.class, "floating_network_id", network))
                .filter(floating ->
                        floating.portId().isEmpty() && floating.routerId().isEmpty())
                .toList()
                .forEach(floating -> remove(edit, floating));
    }

    private static void remove(Edit edit, FloatingIp floating) {
        edit.delete(floating);
        edit.get(floating.floatingPortId()).ifPresent(edit::delete);
    }

    /** Leaves nothing that stands for, or leads to, an address that the port no longer has. */
    static void keep(Mint mint, Edit edit, Port port, List<IpAddress> addresses) {
        for (var floating : edit.find(FloatingIp.of(port.id())).toList()) {
            if (!floating.fixedIpAddress().map(addresses::contains).orElse(false)) {
                mint.change(edit, floating, STANDS_FOR_NOTHING);
            }
        }
        var lost = new ArrayList<PortForwarding>();
        edit.find(PortForwarding.to(port.id()))
                .filter(forwarding -> !addresses.contains(forwarding.internalIpAddress()))
                .forEach(lost::add);
        lost.forEach(forwarding -> PortForwardings.remove(mint, edit, forwarding));
    }
}
