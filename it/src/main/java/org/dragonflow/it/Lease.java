package org.dragonflow.it;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.address.Ipv4;

/**
 * What a DHCP server gave to a client.
 *
 * @param options all that was given, by the names of dhcp-options(5) with underscores
 */
public record Lease(Map<String, String> options) {
    /** A classless static route (RFC 3442); the gateway 0.0.0.0 means that the destination is on the link. */
    public record Route(IpPrefix destination, Ipv4 gateway) {}

    public Lease {
        options = Map.copyOf(options);
    }

    /** Reads lines of the form {@code new_NAME=VALUE}, as dhclient hands them to its script. */
    static Lease read(List<String> lines) {
        return new Lease(lines.stream()
                .filter(line -> line.startsWith("new_") && line.contains("="))
                .map(line -> line.substring("new_".length()).split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1])));
    }

    public Ipv4 address() {
        return Ipv4.parse(required("ip_address"));
    }

    /** The block that the client takes for its link. */
    public IpPrefix subnet() {
        return IpPrefix.around(
                address(), Integer.bitCount(Ipv4.parse(required("subnet_mask")).bits()));
    }

    public Ipv4 server() {
        return Ipv4.parse(required("dhcp_server_identifier"));
    }

    public Duration time() {
        return Duration.ofSeconds(Long.parseLong(required("dhcp_lease_time")));
    }

    public List<Ipv4> routers() {
        return addresses("routers");
    }

    public List<Ipv4> nameServers() {
        return addresses("domain_name_servers");
    }

    public Optional<String> domain() {
        return Optional.ofNullable(options.get("domain_name"));
    }

    public OptionalInt mtu() {
        return Stream.ofNullable(options.get("interface_mtu"))
                .mapToInt(Integer::parseInt)
                .findFirst();
    }

    public List<Route> routes() {
        var octets = numbers(options.getOrDefault("rfc3442_classless_static_routes", ""));
        var routes = new ArrayList<Route>();
        for (int at = 0; at < octets.length; ) {
            int length = octets[at++];
            int significant = (length + 7) / 8;
            var destination = Arrays.copyOf(Arrays.copyOfRange(octets, at, at + significant), 4);
            at += significant;
            routes.add(new Route(
                    new IpPrefix(address(destination), length), address(Arrays.copyOfRange(octets, at, at + 4))));
            at += 4;
        }
        return List.copyOf(routes);
    }

    private static int[] numbers(String text) {
        return Stream.of(text.split(" ", -1))
                .filter(word -> !word.isEmpty())
                .mapToInt(Integer::parseInt)
                .toArray();
    }

    private static Ipv4 address(int[] octets) {
        return new Ipv4(octets[0] << 24 | octets[1] << 16 | octets[2] << 8 | octets[3]);
    }

    private List<Ipv4> addresses(String option) {
        return Stream.of(options.getOrDefault(option, "").split(" ", -1))
                .filter(word -> !word.isEmpty())
                .map(Ipv4::parse)
                .toList();
    }

    private String required(String option) {
        return Optional.ofNullable(options.get(option))
                .orElseThrow(() -> new IllegalStateException("the lease has no %s: %s".formatted(option, options)));
    }
}
