package org.dragonflow.server.neutron;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.dragonflow.address.Mac;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Decoded;
import org.dragonflow.model.FloatingIp;
import org.dragonflow.model.Id;
import org.dragonflow.model.LocalIp;
import org.dragonflow.model.Network;
import org.dragonflow.model.Partial;
import org.dragonflow.model.Port;
import org.dragonflow.model.Port.AddressPair;
import org.dragonflow.model.RouterInterface;
import org.dragonflow.model.Schema;
import org.dragonflow.model.SecurityGroup;
import org.dragonflow.model.Status;
import org.dragonflow.model.Trunk;
import org.dragonflow.model.View;
import org.dragonflow.server.access.Caller;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.store.Edit;

/** Ports: their addresses, their groups, and where they are plugged in. */
final class Ports implements Kind<Port> {
    private static final String DEFERRED = "deferred";

    private final Mint mint;
    private final FixedIps fixedIps;
    private final SecurityGroups groups;
    private final DnsNames names;
    private final Subports subports = new Subports(this);

    Ports(Mint mint, FixedIps fixedIps, SecurityGroups groups, DnsNames names) {
        this.names = names;
        this.mint = mint;
        this.fixedIps = fixedIps;
        this.groups = groups;
    }

    /** The ports among them that trunks carry. */
    Subports subports() {
        return subports;
    }

    @Override
    public Class<Port> type() {
        return Port.class;
    }

    @Override
    public Refusal notFound(Id<Port> id) {
        return Refusals.portNotFound(id);
    }

    /** The port, if the caller may know of it. */
    Port visible(View view, Id<Port> id, Caller caller) {
        return Guard.of(Port.class).find(view, id, caller).orElseThrow(() -> Refusals.portNotFound(id));
    }

    @Override
    public Map<String, Object> derived(Port port, Caller caller, View view) {
        var derived = new LinkedHashMap<String, Object>();
        derived.put(
                "allowed_address_pairs",
                port.allowedAddressPairs().stream().map(Ports::shown).toList());
        var vif = Vif.of(view, port);
        derived.put("binding:vif_type", vif.type());
        derived.put("binding:vif_details", vif.details());
        derived.put("qos_network_policy_id", QosPolicies.ofNetwork(view, port.networkId()));
        derived.put("resource_request", Guarantees.request(view, port).orElse(null));
        derived.put("dns_assignment", names.assignment(port));
        derived.put(ActiveAddresses.ATTRIBUTE, ActiveAddresses.shown(view, port));
        view.find(Trunk.carriedBy(port.id()))
                .findFirst()
                .ifPresent(trunk -> derived.put("trunk_details", shown(view, trunk)));
        return derived;
    }

    @Override
    public Optional<Predicate<Port>> filter(String parameter, List<String> texts, View view) {
        return parameter.equals(ActiveAddresses.ATTRIBUTE)
                ? Optional.of(ActiveAddresses.had(view, texts))
                : Optional.empty();
    }

    private static Map<String, Object> shown(View view, Trunk trunk) {
        var subPorts = new ArrayList<Map<String, Object>>();
        for (var subPort : trunk.subPorts()) {
            var shown = new LinkedHashMap<String, Object>();
            shown.put("port_id", subPort.portId().value());
            shown.put("segmentation_type", subPort.segmentationType());
            shown.put("segmentation_id", subPort.segmentationId());
            view.get(subPort.portId())
                    .ifPresent(
                            port -> shown.put("mac_address", port.macAddress().toString()));
            subPorts.add(shown);
        }
        return Map.of("trunk_id", trunk.id().value(), "sub_ports", subPorts);
    }

    /** No address of the card asks for a new one, and names are in lower case. */
    @Override
    public Map<String, Object> normalize(Map<String, Object> body) {
        var normal = DnsNames.lower(body);
        if (body.containsKey("mac_address") && body.get("mac_address") == null) {
            normal.put("mac_address", mint.mac().toString());
        }
        return normal;
    }

    /** A block of one as the address that it was given as. */
    private static Map<String, String> shown(AddressPair pair) {
        var block = pair.ipAddress();
        boolean isAlone = block.length() == block.address().width();
        return Map.of(
                "ip_address",
                isAlone ? block.address().toString() : block.toString(),
                "mac_address",
                pair.macAddress().toString());
    }

    /** The values of a port that the server makes, of a body such as clients write. */
    static Values values(Map<String, Object> body) {
        return switch (Schema.of(Port.class).create(body)) {
            case Decoded.Ok<Map<String, Object>>(var values) -> new Values(values);
            case Decoded.Bad<Map<String, Object>>(var problems) -> throw new IllegalStateException(problems.toString());
        };
    }

    @Override
    public Port create(Edit edit, Caller caller, Values values) {
        var network = Networks.visible(
                edit, Id.of(Network.class, values.get("network_id", Id.class).value()), caller);
        if (values.has("security_groups")) {
            values.put("security_groups", groups.usable(edit, caller, values.list("security_groups", Id.class)));
        }
        QosPolicies.requireKnown(edit, caller, values);
        RouterInterfaces.requireOwn(
                edit,
                caller,
                values.get("device_owner", String.class),
                values.get("device_id", String.class),
                values.get("project_id", String.class));
        return make(edit, network, values);
    }

    /** Makes a port on a network, whoever may. */
    Port make(Edit edit, Network network, Values values) {
        var id = Id.of(Port.class, UUID.randomUUID().toString());
        // The network's own id, of which there is one for all its ports.
        values.put("id", id).put("network_id", network.id());
        values.putIfAbsent("status", Status.DOWN);
        values.putIfAbsent("port_security_enabled", network.portSecurityEnabled());
        var mac = mac(edit, network.id(), values);
        address(edit, network.id(), id, mac, values);
        values.put("allowed_address_pairs", pairs(values, mac));
        if (!values.has("security_groups")) {
            values.put("security_groups", groupsOfNew(edit, values));
        }
        mint.number(values, Port.LARGEST_KEY);
        var made = check(mint.create(edit, Port.class, values), true);
        Guarantees.requirePossible(edit, made);
        return made;
    }

    /** Gives a new port its addresses: those that are asked for, or any. */
    private void address(Edit edit, Id<Network> network, Id<Port> id, Mac mac, Values values) {
        var host = host(values);
        if (values.has("fixed_ips")) {
            var wanted = values.list("fixed_ips", Partial.class);
            values.put("fixed_ips", fixedIps.find(edit, network, id, mac, host, List.of(), wanted))
                    .put("ip_allocation", wanted.isEmpty() ? "none" : "immediate");
            return;
        }
        var owner = values.find("device_owner", String.class).orElse("");
        var found = fixedIps.anyFor(edit, network, id, mac, owner, host);
        values.put("fixed_ips", found.orElse(List.of()))
                .put("ip_allocation", found.isPresent() ? "immediate" : DEFERRED);
    }

    private static Optional<Id<Chassis>> host(Values values) {
        return values.nullable("binding:host_id", Id.class).map(host -> Id.of(Chassis.class, host.value()));
    }

    private Mac mac(Edit edit, Id<Network> network, Values values) {
        values.find("mac_address", Mac.class)
                .ifPresentOrElse(mac -> refuseIfTaken(edit, network, mac), () -> values.put("mac_address", mint.mac()));
        return values.get("mac_address", Mac.class);
    }

    private static void refuseIfTaken(Edit edit, Id<Network> network, Mac mac) {
        if (mac.isMulticast()) {
            throw Refusal.badRequest(
                    "Invalid input for mac_address. Reason: '%s' is not a valid MAC address.".formatted(mac));
        }
        edit.refuseIfTaken(
                Port.class,
                List.of("network_id", "mac_address"),
                List.of(network, mac),
                () -> Refusals.macAddressInUse(network, mac));
    }

    private static List<AddressPair> pairs(Values values, Mac mac) {
        var pairs = new ArrayList<AddressPair>();
        for (var given : values.list("allowed_address_pairs", Object.class)) {
            var pair = switch (given) {
                case Partial partial ->
                    (partial.get("mac_address").isPresent() ? partial : partial.with("mac_address", mac))
                            .whole(AddressPair.class);
                default -> (AddressPair) given;
            };
            if (pairs.contains(pair)) {
                throw Refusals.duplicateAddressPair(pair);
            }
            pairs.add(pair);
        }
        return pairs;
    }

    private List<Id<SecurityGroup>> groupsOfNew(Edit edit, Values values) {
        var project = values.get("project_id", String.class);
        boolean isTrusted = values.find("device_owner", String.class)
                .filter(owner -> owner.startsWith("network:"))
                .isPresent();
        return isTrusted || !values.get("port_security_enabled", Boolean.class)
                ? List.of()
                : List.of(groups.ensureDefault(edit, project).id());
    }

    @Override
    public Port update(Edit edit, Caller caller, Port before, Values values) {
        requireOwn(edit, caller, before, values);
        var mac = values.find("mac_address", Mac.class)
                .filter(wanted -> !wanted.equals(before.macAddress()))
                .map(wanted -> changedMac(edit, before, wanted))
                .orElse(before.macAddress());
        readdress(edit, before, mac, values);
        QosPolicies.requireOwnToTake(edit, caller, before.qosPolicyId(), values);
        QosPolicies.requireKnown(edit, caller, values);
        if (values.has("allowed_address_pairs")) {
            values.put("allowed_address_pairs", pairs(values, mac));
        }
        boolean groupsAreGiven = values.has("security_groups");
        if (groupsAreGiven) {
            values.put("security_groups", groups.usable(edit, caller, values.list("security_groups", Id.class)));
        }
        rebind(edit, before, values);
        var after = check(mint.change(edit, before, values.map()), groupsAreGiven);
        if (!after.qosPolicyId().equals(before.qosPolicyId())) {
            Guarantees.requirePossible(edit, after);
            Guarantees.requireKept(edit, before, after);
        }
        if (!after.fixedIps().equals(before.fixedIps())) {
            FloatingIps.keep(mint, edit, after, after.addresses().toList());
            Gateways.follow(mint, edit, after);
        }
        subports.follow(edit, after);
        return after;
    }

    /** Has a port be another's, and somewhere else; and perhaps come to be where it is awaited. */
    Port move(Edit edit, Port before, String owner, Optional<Id<Chassis>> host, List<Port.Binding> awaited) {
        var values = new Values(Map.of("device_owner", owner, "binding:host_id", host, "inactive_bindings", awaited));
        readdress(edit, before, before.macAddress(), values);
        markUnconfirmed(before, values);
        return mint.change(edit, before, values.map());
    }

    private static void requireOwn(Edit edit, Caller caller, Port before, Values values) {
        if (values.has("device_id") || values.has("device_owner")) {
            RouterInterfaces.requireOwn(
                    edit,
                    caller,
                    values.find("device_owner", String.class).orElse(before.deviceOwner()),
                    values.find("device_id", String.class).orElse(before.deviceId()),
                    before.projectId());
        }
    }

    private static void rebind(Edit edit, Port before, Values values) {
        if (values.has("binding:host_id")) {
            Subports.requireNotCarried(edit, before, host(values));
        }
        // A second binding there may be would be the same twice.
        values.nullable("binding:host_id", Id.class).ifPresent(host -> {
            if (before.inactiveBindings().stream()
                    .anyMatch(binding -> binding.host().equals(host))) {
                values.put(
                        "inactive_bindings",
                        before.inactiveBindings().stream()
                                .filter(binding -> !binding.host().equals(host))
                                .toList());
            }
        });
        markUnconfirmed(before, values);
    }

    /** Nothing was confirmed yet where it goes to. */
    private static void markUnconfirmed(Port before, Values values) {
        if (values.find("binding:host_id", Optional.class)
                .filter(host -> !host.equals(before.hostId()))
                .isPresent()) {
            values.put("status", Status.DOWN);
        }
    }

    /** Finds the addresses of a port that is to have others, or is to have some only now that it is known where it is. */
    private void readdress(Edit edit, Port before, Mac mac, Values values) {
        var host = values.has("binding:host_id") ? host(values) : before.hostId();
        boolean isMoved = host.isPresent() && !host.equals(before.hostId());
        if (values.has("fixed_ips")) {
            var wanted = values.list("fixed_ips", Partial.class);
            values.put(
                    "fixed_ips",
                    fixedIps.find(edit, before.networkId(), before.id(), mac, host, before.fixedIps(), wanted));
            RouterInterfaces.requireKept(before, values.list("fixed_ips", Port.FixedIp.class));
        } else if (isMoved
                && before.ipAllocation().equals(DEFERRED)
                && before.fixedIps().isEmpty()) {
            var owner = values.find("device_owner", String.class).orElse(before.deviceOwner());
            fixedIps.anyFor(edit, before.networkId(), before.id(), mac, owner, host)
                    .ifPresent(found -> values.put("fixed_ips", found));
        } else {
            if (isMoved) {
                FixedIps.requireUsable(edit, before, host.get());
            }
            if (!mac.equals(before.macAddress())) {
                values.put("fixed_ips", fixedIps.reformed(edit, before, mac));
            }
        }
    }

    private static Mac changedMac(Edit edit, Port before, Mac mac) {
        var vif = Vif.of(edit, before);
        if (vif.isBound()) {
            throw Refusals.portBound(before, vif.type(), mac);
        }
        refuseIfTaken(edit, before.networkId(), mac);
        return mac;
    }

    /** Refuses what needs port security, and is there without it. */
    private Port check(Port port, boolean groupsWereGiven) {
        names.requireHost(port.dnsName());
        DnsNames.requireDomain(port.dnsDomain());
        if (port.portSecurityEnabled()) {
            return port;
        }
        if (!port.securityGroups().isEmpty()) {
            throw groupsWereGiven ? Refusals.portSecurityAndIpRequired() : Refusals.portSecurityPortHasSecurityGroup();
        }
        if (!port.allowedAddressPairs().isEmpty()) {
            throw Refusals.addressPairAndPortSecurityRequired();
        }
        return port;
    }

    @Override
    public void delete(Edit edit, Caller caller, Port port) {
        boolean serves =
                edit.get(Id.of(RouterInterface.class, port.id().value())).isPresent()
                        || Gateways.of(edit, port).isPresent()
                        || edit.find(FloatingIp.at(port.id())).findAny().isPresent();
        if (serves) {
            throw Refusals.servicePortInUse(port);
        }
        if (edit.find(LocalIp.at(port.id())).findAny().isPresent()) {
            throw Refusals.servicePortInUse(port, "still referenced by Local IPs");
        }
        edit.find(Trunk.carrying(port.id())).findFirst().ifPresent(trunk -> {
            throw Refusals.portInUseAsSubPort(port.id(), trunk.id());
        });
        edit.find(Trunk.carriedBy(port.id())).findFirst().ifPresent(trunk -> {
            throw Refusals.portInUseAsTrunkParent(port.id(), trunk.id());
        });
        FloatingIps.keep(mint, edit, port, List.of());
        edit.delete(port);
    }
}
