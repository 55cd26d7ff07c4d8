package org.dragonflow.server.neutron;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.dragonflow.address.IpAddress;
import org.dragonflow.model.Id;
import org.dragonflow.model.LocalIp;
import org.dragonflow.model.LocalIpAssociation;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.Subnet;
import org.dragonflow.model.View;
import org.dragonflow.server.access.Caller;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.store.Edit;

/** Local IPs: addresses that a port holds, made for the purpose if none is named. */
final class LocalIps implements Kind<LocalIp> {
    private static final String RESOURCE = "local_ip";

    private final Mint mint;
    private final Ports ports;

    LocalIps(Mint mint, Ports ports) {
        this.mint = mint;
        this.ports = ports;
    }

    @Override
    public Class<LocalIp> type() {
        return LocalIp.class;
    }

    @Override
    public Refusal notFound(Id<LocalIp> id) {
        return LocalIpRefusals.localIpNotFound(id);
    }

    @Override
    public LocalIp create(Edit edit, Caller caller, Values values) {
        values.put("id", Id.of(LocalIp.class, UUID.randomUUID().toString()));
        var wanted = values.nullable("local_ip_address", IpAddress.class);
        var holder = values.find("local_port_id", Id.class);
        var network = values.find("network_id", Id.class);
        if (holder.isPresent()) {
            var port = port(edit, caller, holder.get(), RESOURCE);
            hold(values, port, only(port, wanted));
        } else if (network.isPresent()) {
            var port = make(edit, caller, Id.of(Network.class, network.get().value()), wanted, values);
            hold(values, port, wanted.orElseGet(() -> firstOfVersion4(port)));
        } else {
            throw LocalIpRefusals.localIpPortOrNetworkRequired();
        }
        return mint.create(edit, LocalIp.class, values);
    }

    private static void hold(Values values, Port port, IpAddress address) {
        values.put("local_port_id", port.id())
                .put("network_id", port.networkId())
                .put("local_ip_address", Optional.of(address));
    }

    /** The port, if the caller may know of it. */
    static Port port(View view, Caller caller, Id<?> id, String resource) {
        return Guard.of(Port.class)
                .find(view, Id.of(Port.class, id.value()), caller)
                .orElseThrow(() -> Refusals.badRequest(resource, "Port %s not found".formatted(id)));
    }

    /** The address that is wanted of a port, or its only one. */
    static IpAddress only(Port port, Optional<IpAddress> wanted) {
        var addresses = port.addresses().toList();
        if (addresses.isEmpty()) {
            throw LocalIpRefusals.localIpNoIp(port.id());
        }
        wanted.filter(address -> !addresses.contains(address)).ifPresent(address -> {
            throw LocalIpRefusals.localIpRequestedIpNotFound(port.id(), address);
        });
        if (wanted.isEmpty() && addresses.size() > 1) {
            throw LocalIpRefusals.localIpNoRequestedIp(port.id());
        }
        return wanted.orElseGet(addresses::getFirst);
    }

    private static IpAddress firstOfVersion4(Port port) {
        return port.addresses()
                .filter(address -> address.version() == 4)
                .findFirst()
                .orElseThrow(() -> Refusals.ipAddressGenerationFailure(port.networkId()));
    }

    private Port make(Edit edit, Caller caller, Id<Network> id, Optional<IpAddress> wanted, Values values) {
        var network = Networks.visible(edit, id, caller);
        if (edit.find(Subnet.on(id)).noneMatch(subnet -> subnet.ipVersion() == 4)) {
            throw Refusals.badRequest(RESOURCE, "Network %s does not contain any IPv4 subnet".formatted(id));
        }
        var body = new LinkedHashMap<String, Object>(Map.of(
                "network_id", id.value(),
                "device_id", values.get("id", Id.class).value(),
                "device_owner", Port.LOCAL_IP));
        wanted.ifPresent(address -> body.put("fixed_ips", List.of(Map.of("ip_address", address.toString()))));
        return ports.make(edit, network, Ports.values(body).put("project_id", values.get("project_id", String.class)));
    }

    @Override
    public LocalIp update(Edit edit, Caller caller, LocalIp before, Values values) {
        return mint.change(edit, before, values.map());
    }

    @Override
    public void delete(Edit edit, Caller caller, LocalIp local) {
        if (edit.find(LocalIpAssociation.of(local.id())).findAny().isPresent()) {
            throw LocalIpRefusals.localIpInUse(local.id());
        }
        edit.delete(local);
        boolean isHeldForOthers =
                edit.find(LocalIp.at(local.localPortId())).findAny().isPresent();
        edit.get(local.localPortId())
                .filter(port -> port.deviceOwner().equals(Port.LOCAL_IP) && !isHeldForOthers)
                .ifPresent(edit::delete);
    }
}
