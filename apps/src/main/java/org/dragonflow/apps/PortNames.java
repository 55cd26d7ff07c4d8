package org.dragonflow.apps;

import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Ipv6;
import org.dragonflow.model.Port;
import org.dragonflow.model.Query;
import org.dragonflow.model.View;
import org.dragonflow.packet.Dns;
import org.dragonflow.packet.DnsName;

/**
 * What ports are called in DNS, as {@code dns_assignment} shows it: for those whose own network has the port, or is joined to it by routers.
 *
 * @param domain of the names of ports, without dots at its ends; empty for none
 */
public record PortNames(String domain) {
    /** So long others may remember a name: not long, since ports come and go. */
    private static final long TTL = 30;

    private static final Pattern MADE = Pattern.compile("host-([0-9a-f-]+)");
    private static final String REVERSE4 = ".in-addr.arpa";
    private static final String REVERSE6 = ".ip6.arpa";
    private static final int NIBBLES = 32;

    public PortNames {
        domain = domain.toLowerCase(Locale.ROOT).replaceAll("^\\.|\\.$", "");
    }

    /** The answer, if the name is one of a port's, or one of ours that no port has. */
    public Optional<Dns> answer(Dns question, Port asker, View view) {
        if (!question.isQuestion() || question.questions().getFirst().classOf() != Dns.INTERNET) {
            return Optional.empty();
        }
        var asked = question.questions().getFirst();
        var key = asked.name().key();
        var address = reversed(key);
        if (address.isPresent()) {
            return pointers(question, asked, address.get(), asker, view);
        }
        var addresses = addresses(key, asker, view);
        if (!addresses.isEmpty()) {
            var wanted = addresses.stream()
                    .map(found -> Dns.ResourceRecord.address(asked.name(), found, TTL))
                    .filter(record -> asked.type() == record.type() || asked.type() == Dns.Type.ANY)
                    .toList();
            return Optional.of(question.reply(Dns.NO_ERROR, true, wanted));
        }
        return isOursAlone(key) ? Optional.of(question.reply(Dns.NO_SUCH_NAME, true, List.of())) : Optional.empty();
    }

    /** Nobody else can say anything of a domain right below the root that we have made up; another may be somebody's in the world. */
    private boolean isOursAlone(String key) {
        return !domain.isEmpty() && !domain.contains(".") && (key.equals(domain) || key.endsWith("." + domain));
    }

    private Optional<Dns> pointers(Dns question, Dns.Question asked, IpAddress address, Port asker, View view) {
        var names = inReach(Query.by(Port.class, "fixed_ips.ip_address", address), asker, view)
                .map(port -> full(port.dnsName().isEmpty() ? made(address) : port.dnsName()))
                .distinct()
                .toList();
        if (names.isEmpty()) {
            return Optional.empty();
        }
        boolean isWanted = asked.type() == Dns.Type.PTR || asked.type() == Dns.Type.ANY;
        return Optional.of(question.reply(
                Dns.NO_ERROR,
                true,
                names.stream()
                        .filter(_ -> isWanted)
                        .map(name -> Dns.ResourceRecord.pointer(asked.name(), DnsName.of(name), TTL))
                        .toList()));
    }

    private List<IpAddress> addresses(String key, Port asker, View view) {
        var host = domain.isEmpty() || !key.endsWith("." + domain)
                ? key
                : key.substring(0, key.length() - domain.length() - 1);
        // Without the domain a name is one of ours if it is one label: what clients leave out they have from us.
        if (host.isEmpty() || host.equals(key) && !domain.isEmpty() && key.contains(".")) {
            return List.of();
        }
        var named = Stream.of(host, key + ".")
                .flatMap(name -> inReach(Query.by(Port.class, "dns_name", name), asker, view))
                .flatMap(Port::addresses);
        var unnamed = addressIn(host).stream()
                .flatMap(address -> inReach(Query.by(Port.class, "fixed_ips.ip_address", address), asker, view)
                        .filter(port -> port.dnsName().isEmpty())
                        .map(_ -> address));
        return Stream.concat(named, unnamed).distinct().toList();
    }

    private static Stream<Port> inReach(Query<Port> query, Port asker, View view) {
        var candidates = view.find(query).toList();
        if (candidates.isEmpty()) {
            return Stream.of();
        }
        var networks = Locality.reachable(asker.networkId(), view);
        return candidates.stream().filter(port -> networks.contains(port.networkId()));
    }

    private String full(String host) {
        return host.endsWith(".") || domain.isEmpty() ? host : host + "." + domain;
    }

    // ---- Names that are made of addresses, and addresses that are written as names.

    private static String made(IpAddress address) {
        return "host-" + address.toString().replace('.', '-').replace(':', '-');
    }

    private static Optional<IpAddress> addressIn(String host) {
        var matcher = MADE.matcher(host);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        var digits = matcher.group(1);
        boolean isIpv4 = digits.matches("([0-9]{1,3}-){3}[0-9]{1,3}");
        return parsed(digits.replace('-', isIpv4 ? '.' : ':'))
                .filter(address -> made(address).equals(host));
    }

    private static Optional<IpAddress> parsed(String text) {
        try {
            return Optional.of(IpAddress.parse(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static Optional<IpAddress> reversed(String key) {
        if (key.endsWith(REVERSE4)) {
            var octets = key.substring(0, key.length() - REVERSE4.length()).split("\\.", -1);
            return octets.length == 4
                    ? parsed("%s.%s.%s.%s".formatted(octets[3], octets[2], octets[1], octets[0]))
                            .filter(Ipv4.class::isInstance)
                    : Optional.empty();
        }
        if (key.endsWith(REVERSE6)) {
            var nibbles = key.substring(0, key.length() - REVERSE6.length()).split("\\.", -1);
            var digits = new StringBuilder(String.join("", nibbles)).reverse().toString();
            return nibbles.length == NIBBLES && digits.matches("[0-9a-f]{32}")
                    ? Optional.of(ipv6(new BigInteger(digits, 16)))
                    : Optional.empty();
        }
        return Optional.empty();
    }

    private static Ipv6 ipv6(BigInteger bits) {
        return new Ipv6(bits.shiftRight(64).longValue(), bits.longValue());
    }
}
