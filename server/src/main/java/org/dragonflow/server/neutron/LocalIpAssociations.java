package org.dragonflow.server.neutron;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.dragonflow.address.IpAddress;
import org.dragonflow.model.Id;
import org.dragonflow.model.LocalIp;
import org.dragonflow.model.LocalIpAssociation;
import org.dragonflow.model.View;
import org.dragonflow.server.access.Caller;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.store.Edit;

/** The ports that local IPs stand for; below a local IP, a port's name is the association's. */
final class LocalIpAssociations implements Kind<LocalIpAssociation> {
    private static final String RESOURCE = "local_ip_port_association";
    private static final String ADDRESS = "local_ip_address";
    private static final String HOST = "host";

    private final Mint mint;

    LocalIpAssociations(Mint mint) {
        this.mint = mint;
    }

    @Override
    public Class<LocalIpAssociation> type() {
        return LocalIpAssociation.class;
    }

    @Override
    public Id<LocalIpAssociation> named(List<String> path) {
        return LocalIpAssociation.id(path.getFirst(), path.getLast());
    }

    @Override
    public Refusal notFound(Id<LocalIpAssociation> id) {
        var parts = id.value().split("\\.", 2);
        return LocalIpRefusals.localIpAssociationNotFound(parts[0], parts[parts.length - 1]);
    }

    @Override
    public Map<String, Object> derived(LocalIpAssociation association, Caller caller, View view) {
        var derived = new LinkedHashMap<String, Object>();
        derived.put(ADDRESS, address(association, view).orElse(null));
        derived.put(HOST, host(association, view));
        return derived;
    }

    private static Optional<String> address(LocalIpAssociation association, View view) {
        return view.get(association.localIpId())
                .flatMap(LocalIp::localIpAddress)
                .map(IpAddress::toString);
    }

    private static String host(LocalIpAssociation association, View view) {
        return view.get(association.fixedPortId())
                .flatMap(port -> port.hostId().map(Id::value))
                .orElse("");
    }

    @Override
    public Optional<Predicate<LocalIpAssociation>> filter(String parameter, List<String> texts, View view) {
        return switch (parameter) {
            case ADDRESS ->
                Optional.of(association ->
                        address(association, view).filter(texts::contains).isPresent());
            case HOST -> Optional.of(association -> texts.contains(host(association, view)));
            default -> Optional.empty();
        };
    }

    @Override
    public LocalIpAssociation create(Edit edit, Caller caller, Values values) {
        var port = LocalIps.port(edit, caller, values.get("fixed_port_id", Id.class), RESOURCE);
        var local = values.get("local_ip_id", Id.class);
        var id = LocalIpAssociation.id(local.value(), port.id().value());
        if (edit.get(id).isPresent()) {
            throw Refusals.duplicateEntry(
                    "LocalIPAssociation", "fixed_port_id, local_ip_id", "%s, %s".formatted(port.id(), local));
        }
        var address = LocalIps.only(port, values.nullable("fixed_ip", IpAddress.class));
        values.put("id", id).put("fixed_ip", Optional.of(address));
        return mint.create(edit, LocalIpAssociation.class, values);
    }

    @Override
    public LocalIpAssociation update(Edit edit, Caller caller, LocalIpAssociation before, Values values) {
        return before;
    }
}
