package org.dragonflow.apps;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.Ipv6;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.View;
import org.dragonflow.packet.Bytes;
import org.dragonflow.packet.Dhcpv6Option;
import org.dragonflow.packet.NdOption;

/** What a DHCPv6 client is told beside its addresses. */
final class Dhcp6Options {
    /** How long a client that has its address by other means goes without asking again. */
    static final Duration REFRESH_TIME = Duration.ofHours(1);

    private static final int MOST_CODES = 0xffff;

    // Parts of an option for NTP servers (RFC 5908).
    private static final int NTP_ADDRESS = 1;
    private static final int NTP_GROUP = 2;
    private static final int NTP_NAME = 3;

    /** Names that Neutron's users know from dnsmasq, beside numbers, {@code optN} and {@code option6:NAME}. */
    private static final Map<String, Integer> CODES = Map.ofEntries(
            Map.entry("sip-server-domain", 21),
            Map.entry("sip-server", 22),
            Map.entry("dns-server", 23),
            Map.entry("domain-search", 24),
            Map.entry("nis-server", 27),
            Map.entry("nis+-server", 28),
            Map.entry("nis-domain", 29),
            Map.entry("nis+-domain", 30),
            Map.entry("sntp-server", 31),
            Map.entry("information-refresh-time", 32),
            Map.entry("posix-timezone", 41),
            Map.entry("tzdb-timezone", 42),
            Map.entry("ntp-server", 56),
            Map.entry("bootfile-url", 59),
            Map.entry("bootfile-param", 60));

    private static final List<Integer> ADDRESSES = List.of(22, 23, 27, 28, 31);
    private static final List<Integer> DOMAINS = List.of(21, 24, 29, 30);

    /** What the protocol itself is made of; who could set these could pretend to be another server, or to give other addresses. */
    private static final List<Integer> OWN = List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 18, 19, 20, 25, 26);

    private Dhcp6Options() {}

    static List<Dhcpv6Option> of(Dhcp6.Client client, View view) {
        return List.copyOf(all(client, view).values());
    }

    static List<Dhcpv6Option> withRefreshTime(Dhcp6.Client client, View view) {
        var options = all(client, view);
        options.putIfAbsent(
                Dhcpv6Option.INFORMATION_REFRESH_TIME,
                Dhcpv6Option.ofDuration(Dhcpv6Option.INFORMATION_REFRESH_TIME, REFRESH_TIME));
        return List.copyOf(options.values());
    }

    private static Map<Integer, Dhcpv6Option> all(Dhcp6.Client client, View view) {
        var options = new LinkedHashMap<Integer, Dhcpv6Option>();
        var servers = Metadata.servers(client.subnets().stream(), client.port().networkId(), view)
                .toList();
        if (!servers.isEmpty()) {
            put(options, Dhcpv6Option.ofAddresses(Dhcpv6Option.DNS_SERVERS, servers));
        }
        view.get(client.port().networkId())
                .flatMap(Dhcp6Options::domain)
                .ifPresent(domain -> put(options, Dhcpv6Option.ofDomains(Dhcpv6Option.DOMAIN_SEARCH, List.of(domain))));
        own(client.port(), options);
        return options;
    }

    /** The domain in which the hosts of a network look for short names. */
    static Optional<String> domain(Network network) {
        var domain = network.dnsDomain();
        return Optional.of(domain.endsWith(".") ? domain.substring(0, domain.length() - 1) : domain)
                .filter(NdOption.SearchDomains::isDomain);
    }

    private static void put(Map<Integer, Dhcpv6Option> options, Dhcpv6Option option) {
        options.put(option.code(), option);
    }

    /** The port's own options, which override the subnet's; one without a value takes the subnet's away. */
    private static void own(Port port, Map<Integer, Dhcpv6Option> options) {
        for (var extra : port.extraDhcpOpts()) {
            if (extra.ipVersion() == 6) {
                code(extra.optName())
                        .ifPresent(code -> extra.optValue()
                                .flatMap(value -> encoded(code, value))
                                .ifPresentOrElse(option -> put(options, option), () -> options.remove(code)));
            }
        }
    }

    private static Optional<Integer> code(String name) {
        var bare = Stream.of("option6:", "option:", "opt")
                .filter(name::startsWith)
                .findFirst()
                .map(prefix -> name.substring(prefix.length()))
                .orElse(name);
        return (bare.matches("[0-9]{1,5}") ? Optional.of(Integer.parseInt(bare)) : Optional.ofNullable(CODES.get(bare)))
                .filter(code -> code <= MOST_CODES && !OWN.contains(code));
    }

    /** Empty where the value cannot be what the option is: it is then left out, rather than sent to mislead. */
    private static Optional<Dhcpv6Option> encoded(int code, String value) {
        var parts = Stream.of(value.split(",")).map(String::strip).toList();
        try {
            return Optional.of(
                    switch (code) {
                        case Dhcpv6Option.INFORMATION_REFRESH_TIME ->
                            Dhcpv6Option.ofDuration(code, Duration.ofSeconds(Long.parseLong(value)));
                        case Dhcpv6Option.BOOT_FILE_PARAMETERS -> Dhcpv6Option.bootFileParameters(parts);
                        case Dhcpv6Option.NTP_SERVERS ->
                            Dhcpv6Option.ofOptions(
                                    code,
                                    parts.stream().map(Dhcp6Options::ntpServer).toList());
                        default ->
                            ADDRESSES.contains(code)
                                    ? Dhcpv6Option.ofAddresses(
                                            code,
                                            parts.stream()
                                                    .map(Dhcp6Options::address)
                                                    .toList())
                                    : DOMAINS.contains(code)
                                            ? Dhcpv6Option.ofDomains(code, parts)
                                            : Dhcpv6Option.ofText(code, value);
                    });
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** As dnsmasq has it, an address may stand in brackets. */
    private static Ipv6 address(String text) {
        boolean isBracketed = text.startsWith("[") && text.endsWith("]");
        return Ipv6.parse(isBracketed ? text.substring(1, text.length() - 1) : text);
    }

    private static Dhcpv6Option ntpServer(String text) {
        if (text.indexOf(':') < 0) {
            return Dhcpv6Option.ofDomains(NTP_NAME, List.of(text));
        }
        IpAddress address = address(text);
        return new Dhcpv6Option(address.isMulticast() ? NTP_GROUP : NTP_ADDRESS, Bytes.of(address.bytes()));
    }
}
