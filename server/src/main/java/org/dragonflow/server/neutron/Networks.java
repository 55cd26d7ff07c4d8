package org.dragonflow.server.neutron;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.Subnet;
import org.dragonflow.model.View;
import org.dragonflow.server.access.Caller;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.store.Edit;
import org.jspecify.annotations.Nullable;

/** Networks, and how they are carried. */
final class Networks implements Kind<Network> {
    static final String DHCP = "network:dhcp";

    private final Mint mint;
    private final SecurityGroups groups;
    private final Segments segments;
    private final Mtus mtus;

    Networks(Mint mint, SecurityGroups groups, Segments segments, Mtus mtus) {
        this.mtus = mtus;
        this.mint = mint;
        this.groups = groups;
        this.segments = segments;
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
        var subnets = view.find(Subnet.on(network.id())).toList();
        var derived = new LinkedHashMap<String, Object>();
        derived.put(
                "subnets",
                subnets.stream().map(subnet -> subnet.id().value()).sorted().toList());
        derived.put("ipv4_address_scope", scope(subnets, 4, view));
        derived.put("ipv6_address_scope", scope(subnets, 6, view));
        derived.put("availability_zones", Zones.ALL);
        derived.put(
                "l2_adjacency",
                subnets.stream().noneMatch(subnet -> subnet.segmentId().isPresent()));
        derived.putAll(Segments.shown(view, network.id()));
        return derived;
    }

    @Override
    public Optional<Predicate<Network>> filter(String parameter, List<String> texts, View view) {
        return switch (parameter) {
            case Carriers.TYPE, Carriers.PHYSICAL, Carriers.NUMBER ->
                Optional.of(network -> Segments.of(view, network.id()).stream()
                        .anyMatch(segment -> Segments.matches(segment, parameter, texts)));
            default -> Optional.empty();
        };
    }

    private static @Nullable String scope(List<Subnet> subnets, int version, View view) {
        var some =
                subnets.stream().filter(subnet -> subnet.ipVersion() == version).toList();
        return SubnetBlocks.scope(view, some).map(Id::value).orElse(null);
    }

    @Override
    public Map<String, Object> normalize(Map<String, Object> body) {
        return DnsNames.lower(body);
    }

    @Override
    public Network create(Edit edit, Caller caller, Values values) {
        Zones.require(values.list("availability_zone_hints", String.class));
        checkDomain(values);
        var chosen = segments.choose(edit, values);
        boolean qinq = values.get("qinq", Boolean.class);
        boolean passesTags = qinq || values.get("vlan_transparent", Boolean.class);
        VlanTags.requirePossible(edit, chosen, qinq, passesTags);
        chosen.stream()
                .filter(Carriers.Chosen::isOverlay)
                .findFirst()
                .flatMap(Carriers.Chosen::number)
                .ifPresent(number -> values.put("key", number));
        int most = mtus.ofChosen(chosen, passesTags);
        requireCrossing(values, most);
        values.putIfAbsent("mtu", most);
        mint.number(values, Carriers.LARGEST_KEY);
        Outside.claimDefault(
                edit, values.get("is_default", Boolean.class), values.get("router:external", Boolean.class), values);
        QosPolicies.requireKnown(edit, caller, values);
        if (values.nullable(QosPolicies.ATTRIBUTE, Id.class).isEmpty()) {
            values.put(QosPolicies.ATTRIBUTE, QosPolicies.standard(edit, values.get("project_id", String.class)));
        }
        var network = mint.create(edit, Network.class, values);
        segments.make(edit, network, chosen);
        Guarantees.requirePossible(edit, network);
        groups.ensureDefault(edit, network.projectId());
        return network;
    }

    @Override
    public Network update(Edit edit, Caller caller, Network before, Values values) {
        if (before.shared() && !values.find("shared", Boolean.class).orElse(true) && isUsedByOthers(edit, before)) {
            throw Refusals.invalidSharedSetting(before);
        }
        if (before.routerExternal()
                && !values.find("router:external", Boolean.class).orElse(true)) {
            FloatingIps.deleteIdle(edit, before.id());
            if (leadsOut(edit, before)) {
                throw OutsideRefusals.externalNetworkInUse(before.id());
            }
        }
        requireCrossing(values, mtus.of(Segments.of(edit, before.id()), before.passesTags()));
        QosPolicies.requireOwnToTake(edit, caller, before.qosPolicyId(), values);
        QosPolicies.requireKnown(edit, caller, values);
        checkDomain(values);
        segments.change(edit, before, values);
        if (values.has("is_default") || values.has("router:external")) {
            Outside.claimDefault(
                    edit,
                    values.find("is_default", Boolean.class).orElse(before.isDefault()),
                    values.find("router:external", Boolean.class).orElse(before.routerExternal()),
                    values);
        }
        var after = mint.change(edit, before, values.map());
        if (!after.qosPolicyId().equals(before.qosPolicyId())) {
            Guarantees.requirePossible(edit, after);
            Guarantees.requireKept(edit, before, after);
        }
        return after;
    }

    private static void requireCrossing(Values values, int most) {
        if (values.find("mtu", Integer.class).filter(mtu -> mtu > most).isPresent()) {
            throw Refusals.invalidInput("Requested MTU is too big, maximum is %d".formatted(most));
        }
    }

    private static void checkDomain(Values values) {
        values.find(DnsNames.DOMAIN, String.class).ifPresent(DnsNames::requireDomain);
    }

    private static boolean isUsedByOthers(Edit edit, Network network) {
        return edit.find(Port.on(network.id()))
                .anyMatch(port -> !port.projectId().equals(network.projectId()));
    }

    private static boolean leadsOut(Edit edit, Network network) {
        return edit.find(Port.on(network.id())).map(Port::deviceOwner).anyMatch(owner -> switch (owner) {
            case Port.ROUTER_GATEWAY, Port.FLOATING_IP -> true;
            default -> false;
        });
    }

    @Override
    public void delete(Edit edit, Caller caller, Network network) {
        FloatingIps.deleteIdle(edit, network.id());
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
