package org.dragonflow.agent.metadata;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Ipv6;
import org.dragonflow.model.Ipv6Mode;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.Subnet;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a server is told of itself, made of its port alone. What Nova would add is taken from {@code metadata} in {@code binding:profile}:
 * {@code user_data} (text), {@code public_keys} (names to keys) and {@code meta} (names to texts).
 *
 * @param domain of the names of ports; empty for none
 */
record Documents(Asker asker, String domain) {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final List<String> EC2 = List.of("1.0", "2007-01-19", "2008-02-01", "2009-04-04", "latest");
    private static final List<String> OPENSTACK =
            List.of("2012-08-10", "2013-10-17", "2015-10-15", "2016-10-06", "2018-08-27", "latest");
    private static final String PROFILE = "metadata";

    static boolean isVersion(String name) {
        return EC2.contains(name) || OPENSTACK.contains(name);
    }

    /** All of them, by their paths without a slash at the beginning. */
    Map<String, String> byPath() {
        var ec2 = ec2();
        var openstack = openstack();
        var all = new TreeMap<String, String>();
        EC2.forEach(version -> ec2.forEach((path, text) -> all.put(version + "/" + path, text)));
        OPENSTACK.forEach(
                version -> openstack.forEach((path, text) -> all.put("openstack/" + version + "/" + path, text)));
        return all;
    }

    private Map<String, String> ec2() {
        var tree = new LinkedHashMap<String, String>();
        tree.put("meta-data/ami-launch-index", "0");
        tree.put("meta-data/instance-id", server());
        tree.put("meta-data/hostname", fullName());
        tree.put("meta-data/local-hostname", fullName());
        tree.put("meta-data/mac", port().macAddress().toString());
        port().addresses()
                .filter(Ipv4.class::isInstance)
                .findFirst()
                .ifPresent(address -> tree.put("meta-data/local-ipv4", address.toString()));
        port().addresses()
                .filter(Ipv6.class::isInstance)
                .findFirst()
                .ifPresent(address -> tree.put("meta-data/ipv6", address.toString()));
        int number = 0;
        var names = new ArrayList<String>();
        for (var key : keys().entrySet()) {
            tree.put("meta-data/public-keys/%d/openssh-key".formatted(number), key.getValue());
            names.add("%d=%s".formatted(number, key.getKey()));
            number++;
        }
        if (!names.isEmpty()) {
            tree.put("meta-data/public-keys", String.join("\n", names));
        }
        userData().ifPresent(text -> tree.put("user-data", text));
        return tree;
    }

    private Map<String, String> openstack() {
        var tree = new LinkedHashMap<String, String>();
        tree.put("meta_data.json", JSON.writeValueAsString(server(server())));
        tree.put("network_data.json", JSON.writeValueAsString(network()));
        tree.put("vendor_data.json", "{}");
        tree.put("vendor_data2.json", "{\"static\": {}}");
        userData().ifPresent(text -> tree.put("user_data", text));
        return tree;
    }

    private Map<String, Object> server(String id) {
        var data = new LinkedHashMap<String, Object>();
        data.put("uuid", id);
        data.put("name", name());
        data.put("hostname", fullName());
        data.put("project_id", port().projectId());
        data.put("launch_index", 0);
        data.put("public_keys", keys());
        data.put(
                "keys",
                keys().entrySet().stream()
                        .map(key -> Map.of("name", key.getKey(), "type", "ssh", "data", key.getValue()))
                        .toList());
        data.put("meta", texts("meta"));
        data.put("devices", List.of());
        return data;
    }

    private Port port() {
        return asker.port();
    }

    /** Of the compute service, or else the port's own. */
    private String server() {
        var device = asker.card().deviceId();
        return device.isEmpty() ? port().id().value() : device;
    }

    private String name() {
        if (!port().dnsName().isEmpty()) {
            return port().dnsName().replaceAll("\\.$", "");
        }
        return port().name().matches("[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
                ? port().name()
                : asker.address()
                        .map(address -> "host-" + address.toString().replaceAll("[.:]", "-"))
                        .orElse("host");
    }

    private String fullName() {
        return domain.isEmpty() || name().contains(".") ? name() : name() + "." + domain;
    }

    // ---- What the profile says, as far as it is what it should be.

    private Optional<Object> said(String key) {
        return port().profile().get(PROFILE) instanceof Map<?, ?> own
                ? Optional.ofNullable(own.get(key))
                : Optional.empty();
    }

    private Optional<String> userData() {
        return said("user_data").filter(String.class::isInstance).map(String.class::cast);
    }

    private Map<String, String> keys() {
        return texts("public_keys");
    }

    private Map<String, String> texts(String key) {
        var texts = new TreeMap<String, String>();
        if (said(key).orElse("") instanceof Map<?, ?> map) {
            map.forEach((name, value) -> {
                if (value instanceof String text) {
                    texts.put(String.valueOf(name), text);
                }
            });
        }
        return texts;
    }

    // ---- The network, in the form of Nova's network_data.json.

    private Map<String, Object> network() {
        var cards = cards();
        var networks = new ArrayList<Map<String, Object>>();
        cards.forEach(card -> card.fixedIps()
                .forEach(ip -> asker.view()
                        .get(ip.subnetId())
                        .ifPresent(subnet -> networks.add(network(card, ip.ipAddress(), subnet, networks.size())))));
        return Map.of(
                "links", cards.stream().map(this::link).toList(), "networks", networks, "services", services(cards));
    }

    /** All cards of the server, its own first. */
    private List<Port> cards() {
        if (port().deviceId().isEmpty()) {
            return List.of(port());
        }
        var others = port().hostId().stream()
                .flatMap(host -> asker.view().find(Port.at(host)))
                .filter(other -> other.deviceId().equals(port().deviceId())
                        && other.projectId().equals(port().projectId())
                        && !other.id().equals(port().id()))
                .sorted((a, b) -> a.id().value().compareTo(b.id().value()));
        return Stream.concat(Stream.of(port()), others).toList();
    }

    private static String linkName(Port card) {
        var id = card.id().value();
        return "tap" + id.substring(0, Math.min(11, id.length()));
    }

    private Map<String, Object> link(Port card) {
        var link = new LinkedHashMap<String, Object>();
        link.put("id", linkName(card));
        link.put("vif_id", card.id().value());
        link.put("type", "ovs");
        link.put("ethernet_mac_address", card.macAddress().toString());
        asker.view().get(card.networkId()).map(Network::mtu).ifPresent(mtu -> link.put("mtu", mtu));
        return link;
    }

    private static Map<String, Object> network(Port card, IpAddress address, Subnet subnet, int number) {
        var network = new LinkedHashMap<String, Object>();
        network.put("id", "network" + number);
        network.put("network_id", card.networkId().value());
        network.put("link", linkName(card));
        network.put("type", type(subnet));
        network.put("ip_address", address.toString());
        network.put("netmask", mask(subnet));
        network.put("routes", routes(subnet));
        network.put(
                "services",
                subnet.dnsNameservers().stream()
                        .map(server -> Map.of("type", "dns", "address", server.toString()))
                        .toList());
        return network;
    }

    private static String type(Subnet subnet) {
        if (subnet.ipVersion() == 4) {
            return subnet.enableDhcp() ? "ipv4_dhcp" : "ipv4";
        }
        return subnet.ipv6AddressMode()
                .map(mode -> mode == Ipv6Mode.SLAAC ? "ipv6_slaac" : "ipv6_" + mode)
                .orElse("ipv6");
    }

    private static String mask(Subnet subnet) {
        return mask(subnet.ipVersion(), subnet.cidr().length());
    }

    private static String mask(int version, int length) {
        return version == 4
                ? new Ipv4(length == 0 ? 0 : -1 << (32 - length)).toString()
                : new Ipv6(
                                length >= 64 ? -1 : length == 0 ? 0 : -1L << (64 - length),
                                length <= 64 ? 0 : -1L << (128 - length))
                        .toString();
    }

    private static List<Map<String, String>> routes(Subnet subnet) {
        int version = subnet.ipVersion();
        var everywhere = version == 4 ? "0.0.0.0" : "::";
        var out = subnet.gatewayIp().stream()
                .map(gateway -> Map.of("network", everywhere, "netmask", everywhere, "gateway", gateway.toString()));
        var further = subnet.hostRoutes().stream()
                .map(route -> Map.of(
                        "network", route.destination().first().toString(),
                        "netmask", mask(version, route.destination().length()),
                        "gateway", route.nexthop().toString()));
        return Stream.concat(out, further).collect(Collectors.toList());
    }

    private List<Map<String, String>> services(List<Port> cards) {
        return cards.stream()
                .flatMap(card -> card.fixedIps().stream())
                .flatMap(ip -> asker.view().get(ip.subnetId()).stream())
                .flatMap(subnet -> subnet.dnsNameservers().stream())
                .distinct()
                .map(server -> Map.of("type", "dns", "address", server.toString()))
                .toList();
    }
}
