package org.dragonflow.apps;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.address.Ipv4;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.RouterInterface;
import org.dragonflow.model.Subnet;
import org.dragonflow.model.View;
import org.dragonflow.packet.Bytes;
import org.dragonflow.packet.Dhcpv4;
import org.dragonflow.packet.Dhcpv4Option;

/** What a DHCPv4 client is told beside its address. */
final class Dhcp4Options {
    private static final IpPrefix EVERYWHERE = new IpPrefix(Ipv4.ANY, 0);

    /** Names that Neutron's users know from dnsmasq, beside numbers and {@code optN}. */
    private static final Map<String, Integer> CODES = Map.ofEntries(
            Map.entry("netmask", 1),
            Map.entry("time-offset", 2),
            Map.entry("router", 3),
            Map.entry("time-server", 4),
            Map.entry("dns-server", 6),
            Map.entry("log-server", 7),
            Map.entry("lpr-server", 9),
            Map.entry("hostname", 12),
            Map.entry("boot-file-size", 13),
            Map.entry("domain-name", 15),
            Map.entry("root-path", 17),
            Map.entry("ip-forward-enable", 19),
            Map.entry("mtu", 26),
            Map.entry("broadcast", 28),
            Map.entry("static-route", 33),
            Map.entry("ntp-server", 42),
            Map.entry("vendor-encap", 43),
            Map.entry("netbios-ns", 44),
            Map.entry("lease-time", 51),
            Map.entry("vendor-class", 60),
            Map.entry("client-id", 61),
            Map.entry("tftp-server", 66),
            Map.entry("server-name", 66),
            Map.entry("bootfile-name", 67),
            Map.entry("bootfile", 67),
            Map.entry("domain-search", 119),
            Map.entry("classless-static-route", 121),
            Map.entry("tftp-server-address", 150),
            Map.entry("server-ip-address", 150));

    /** Options whose value is one or more addresses. */
    private static final List<Integer> ADDRESSES = List.of(3, 4, 6, 7, 9, 28, 33, 42, 44, 150);

    private Dhcp4Options() {}

    static List<Dhcpv4Option> of(Dhcpv4 question, Dhcp4.Lease lease, View view) {
        var options = all(lease, view);
        put(options, Dhcpv4Option.leaseTime(Dhcp4.LEASE_TIME));
        put(options, Dhcpv4Option.renewalTime(Dhcp4.LEASE_TIME.dividedBy(2)));
        put(options, Dhcpv4Option.rebindingTime(Dhcp4.LEASE_TIME.multipliedBy(7).dividedBy(8)));
        own(lease.port(), options);
        return asked(question, options);
    }

    static List<Dhcpv4Option> withoutTimes(Dhcpv4 question, Dhcp4.Lease lease, View view) {
        var options = all(lease, view);
        own(lease.port(), options);
        options.remove(Dhcpv4Option.LEASE_TIME);
        return asked(question, options);
    }

    private static Map<Integer, Dhcpv4Option> all(Dhcp4.Lease lease, View view) {
        var options = new LinkedHashMap<Integer, Dhcpv4Option>();
        var subnet = lease.subnet();
        put(options, Dhcpv4Option.serverId(lease.server()));
        put(options, Dhcpv4Option.subnetMask(subnet.cidr().length()));
        put(options, Dhcpv4Option.broadcastAddress((Ipv4) subnet.cidr().last()));
        subnet.gatewayIp().map(Ipv4.class::cast).ifPresent(gateway -> put(options, Dhcpv4Option.routers(gateway)));
        var dns = subnet.dnsNameservers().stream()
                .filter(Ipv4.class::isInstance)
                .map(Ipv4.class::cast)
                .toList();
        boolean isServed = Metadata.isServed(Metadata.ADDRESS, lease.port().networkId(), view);
        if (!dns.isEmpty() || isServed) {
            put(options, Dhcpv4Option.dnsServers(dns.isEmpty() ? List.of(Metadata.ADDRESS) : dns));
        }
        view.get(lease.port().networkId()).map(Network::mtu).ifPresent(mtu -> put(options, Dhcpv4Option.mtu(mtu)));
        var routes = routes(subnet, isServed && !isRouted(subnet, view));
        if (!routes.isEmpty()) {
            put(options, Dhcpv4Option.classlessRoutes(routes));
        }
        return options;
    }

    /** Whether the gateway that the client is told of is a router's, so that all else can be sent there. */
    private static boolean isRouted(Subnet subnet, View view) {
        return subnet.gatewayIp()
                .filter(gateway -> view.find(RouterInterface.on(subnet.networkId()))
                        .flatMap(own -> view.get(own.portId()).stream())
                        .flatMap(Port::addresses)
                        .anyMatch(gateway::equals))
                .isPresent();
    }

    /**
     * A client that takes classless routes looks at no other, so the way out is among them (RFC 3442).
     *
     * @param isMetadataNear whether the client is told to look for the metadata service on its own link
     */
    private static List<Dhcpv4Option.Route> routes(Subnet subnet, boolean isMetadataNear) {
        var routes = new ArrayList<Dhcpv4Option.Route>();
        if (isMetadataNear) {
            routes.add(new Dhcpv4Option.Route(IpPrefix.host(Metadata.ADDRESS), Ipv4.ANY));
        }
        for (var route : subnet.hostRoutes()) {
            if (route.nexthop() instanceof Ipv4 nexthop && route.destination().version() == 4) {
                routes.add(new Dhcpv4Option.Route(route.destination(), nexthop));
            }
        }
        if (!routes.isEmpty()) {
            subnet.gatewayIp()
                    .map(Ipv4.class::cast)
                    .ifPresent(gateway -> routes.add(new Dhcpv4Option.Route(EVERYWHERE, gateway)));
        }
        return routes;
    }

    private static void put(Map<Integer, Dhcpv4Option> options, Dhcpv4Option option) {
        options.put(option.code(), option);
    }

    /** The port's own options, which override the subnet's; one without a value takes the subnet's away. */
    private static void own(Port port, Map<Integer, Dhcpv4Option> options) {
        for (var extra : port.extraDhcpOpts()) {
            if (extra.ipVersion() == 4) {
                code(extra.optName())
                        .ifPresent(code -> extra.optValue()
                                .flatMap(value -> encoded(code, value))
                                .ifPresentOrElse(option -> put(options, option), () -> options.remove(code)));
            }
        }
    }

    private static Optional<Integer> code(String name) {
        var number = name.startsWith("option:")
                ? name.substring("option:".length())
                : name.startsWith("opt") ? name.substring(3) : name;
        return number.matches("[0-9]{1,3}")
                ? Optional.of(Integer.parseInt(number)).filter(code -> code > 0 && code < 255)
                : Optional.ofNullable(CODES.get(number));
    }

    /** Empty where the value cannot be what the option is: it is then left out, rather than sent to mislead. */
    private static Optional<Dhcpv4Option> encoded(int code, String value) {
        try {
            return Optional.of(
                    switch (code) {
                        case Dhcpv4Option.MTU -> Dhcpv4Option.mtu(Integer.parseInt(value));
                        case Dhcpv4Option.LEASE_TIME ->
                            Dhcpv4Option.leaseTime(Duration.ofSeconds(Long.parseLong(value)));
                        case Dhcpv4Option.SUBNET_MASK ->
                            new Dhcpv4Option(code, Bytes.of(Ipv4.parse(value).bytes()));
                        case Dhcpv4Option.DOMAIN_SEARCH -> Dhcpv4Option.domainSearch(List.of(value.split(",")));
                        default ->
                            ADDRESSES.contains(code)
                                    ? Dhcpv4Option.ofAddresses(
                                            code,
                                            Stream.of(value.split(","))
                                                    .map(String::strip)
                                                    .map(Ipv4::parse)
                                                    .toList())
                                    : Dhcpv4Option.ofText(code, value);
                    });
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** What the client did not ask for is sent all the same: clients skip what they do not know, and some ask for too little. */
    private static List<Dhcpv4Option> asked(Dhcpv4 question, Map<Integer, Dhcpv4Option> options) {
        var first = question.parameterRequestList().stream()
                .filter(options::containsKey)
                .distinct()
                .map(options::get);
        var rest = options.values().stream()
                .filter(option -> !question.parameterRequestList().contains(option.code()));
        return Stream.concat(first, rest).toList();
    }
}
