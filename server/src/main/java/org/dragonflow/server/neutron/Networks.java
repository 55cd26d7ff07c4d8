package org.dragonflow.server.neutron;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.Subnet;
import org.dragonflow.model.View;
import org.dragonflow.server.access.Caller;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.store.Edit;

/** Networks, and how they are carried. */
final class Networks implements Kind<Network> {
    private static final int LARGEST_KEY = 0xff_ffff;
    private static final List<String> TYPES = List.of("geneve", "vxlan");
    private static final String DHCP = "network:dhcp";

    private final Mint mint;
    private final SecurityGroups groups;

    Networks(Mint mint, SecurityGroups groups) {
        this.mint = mint;
        this.groups = groups;
    }

    @Override
    public Class<Network> type() {
        return Network.class;
    }

    @Override
    public Refusal notFound(Id<Network> id) {
        return Refusals.networkNotFound(id);
    }

    /** The network, for those who may put ports on it. */
    static Network visible(View view, Id<Network> id, Caller caller) {
        return Guard.of(Network.class).find(view, id, caller).orElseThrow(() -> Refusals.networkNotFound(id));
    }

    @Override
    public Map<String, Object> derived(Network network, Caller caller, View view) {
        var subnets = view.find(Subnet.on(network.id()))
                .map(subnet -> subnet.id().value())
                .sorted()
                .toList();
        return Map.of("subnets", subnets);
    }

    @Override
    public Network create(Edit edit, Caller caller, Values values) {
        var carrier = values.get("provider:network_type", String.class);
        if (!TYPES.contains(carrier)) {
            throw Refusals.invalidInput("network_type value '%s' not supported".formatted(carrier));
        }
        if (values.nullable("provider:physical_network", String.class).isPresent()) {
            throw Refusals.invalidInput("provider:physical_network specified for %s network".formatted(carrier));
        }
        values.nullable("provider:segmentation_id", Integer.class).ifPresent(wanted -> {
            if (wanted < 1 || wanted > LARGEST_KEY) {
                throw Refusals.invalidInput(
                        "provider:segmentation_id out of range (1 through %d)".formatted(LARGEST_KEY));
            }
            values.put("key", wanted);
            edit.refuseIfTaken(Network.class, List.of("key"), List.of(wanted), () -> Refusals.tunnelIdInUse(wanted));
        });
        mint.number(values, LARGEST_KEY);
        values.put("provider:segmentation_id", Optional.of(values.get("key", Integer.class)));
        QosPolicies.requireKnown(edit, caller, values);
        if (values.nullable(QosPolicies.ATTRIBUTE, Id.class).isEmpty()) {
            values.put(QosPolicies.ATTRIBUTE, QosPolicies.standard(edit, values.get("project_id", String.class)));
        }
        var network = mint.create(edit, Network.class, values);
        groups.ensureDefault(edit, network.projectId());
        return network;
    }

    @Override
    public Network update(Edit edit, Caller caller, Network before, Values values) {
        if (before.shared() && !values.find("shared", Boolean.class).orElse(true) && isUsedByOthers(edit, before)) {
            throw Refusals.invalidSharedSetting(before);
        }
        QosPolicies.requireKnown(edit, caller, values);
        return mint.change(edit, before, values.map());
    }

    private static boolean isUsedByOthers(Edit edit, Network network) {
        return edit.find(Port.on(network.id()))
                .anyMatch(port -> !port.projectId().equals(network.projectId()));
    }

    @Override
    public void delete(Edit edit, Caller caller, Network network) {
        edit.find(Port.on(network.id()))
                .filter(port -> port.deviceOwner().equals(DHCP))
                .toList()
                .forEach(edit::delete);
        if (edit.topology().count(Port.on(network.id())) > 0) {
            throw Refusals.networkInUse(network.id());
        }
        edit.delete(network);
    }
}
