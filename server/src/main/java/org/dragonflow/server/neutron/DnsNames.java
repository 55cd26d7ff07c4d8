package org.dragonflow.server.neutron;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.dragonflow.address.IpAddress;
import org.dragonflow.model.Port;
import org.dragonflow.server.http.Refusal;

/**
 * What addresses are called in DNS, and which names can be (RFC 1123, section 2.1).
 *
 * @param domain of the names of ports, with a dot at the end; empty for none
 */
record DnsNames(String domain) {
    static final String HOST = "dns_name";
    static final String DOMAIN = "dns_domain";

    /** The domain of those who have none: under it, any name of a host is let be. */
    private static final String NONE_OF_OUR_OWN = "openstacklocal.";

    private static final int LONGEST = 255;
    private static final Pattern LABEL = Pattern.compile("[a-z0-9-]{1,63}");
    private static final Pattern DIGITS = Pattern.compile("[0-9]+");

    /** The domain, whether or not it is written with a dot at the end. */
    static DnsNames in(String domain) {
        var lower = domain.toLowerCase(Locale.ROOT);
        return new DnsNames(lower.isEmpty() || lower.endsWith(".") ? lower : lower + ".");
    }

    /** A body with its names in lower case: DNS knows no other. */
    static Map<String, Object> lower(Map<String, Object> body) {
        var lower = new LinkedHashMap<>(body);
        List.of(HOST, DOMAIN).forEach(name -> {
            if (body.get(name) instanceof String text) {
                lower.put(name, text.toLowerCase(Locale.ROOT));
            }
        });
        return lower;
    }

    /** Refuses what cannot be the name of a port. */
    void requireHost(String name) {
        refuse(HOST, flaw(name).or(() -> outside(name)));
    }

    /** Refuses what cannot be the name of a floating IP, which is always within a domain. */
    static void requireRelative(String name) {
        if (name.endsWith(".")) {
            refuse(HOST, Optional.of("'%s' is a FQDN. It should be a relative domain name".formatted(name)));
        }
        refuse(HOST, flaw(name).or(() -> tooLong(name, LONGEST - 3, "a domain name")));
    }

    static void requireDomain(String name) {
        if (!name.isEmpty() && !name.endsWith(".")) {
            refuse(DOMAIN, Optional.of("'%s' is not a FQDN".formatted(name)));
        }
        refuse(DOMAIN, flaw(name).or(() -> tooLong(name, LONGEST - 2, "a sub-domain")));
    }

    private static void refuse(String attribute, Optional<String> reason) {
        reason.ifPresent(text -> {
            throw Refusal.badRequest("Invalid input for %s. Reason: %s.".formatted(attribute, text));
        });
    }

    private static Optional<String> tooLong(String name, int most, String addition) {
        return name.length() <= most
                ? Optional.empty()
                : Optional.of(("'%s' contains %d characters. Adding %s will cause it to exceed the maximum length of a"
                                + " FQDN of '%d'")
                        .formatted(name, name.length(), addition, LONGEST));
    }

    private static Optional<String> flaw(String name) {
        var trimmed = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        if (name.isEmpty()) {
            return Optional.empty();
        }
        return (trimmed.length() > LONGEST
                        ? Optional.of("'%s' exceeds the %d character FQDN limit".formatted(trimmed, LONGEST))
                        : flawOfLabels(List.of(trimmed.split("\\.", -1))))
                .map(reason -> "'%s' not a valid PQDN or FQDN. Reason: %s".formatted(name, reason));
    }

    private static Optional<String> flawOfLabels(List<String> labels) {
        for (var label : labels) {
            if (label.isEmpty()) {
                return Optional.of("Encountered an empty component");
            }
            if (label.startsWith("-") || label.endsWith("-")) {
                return Optional.of("Name '%s' must not start or end with a hyphen".formatted(label));
            }
            if (!LABEL.matcher(label).matches()) {
                return Optional.of(("Name '%s' must be 1-63 characters long, each of which can only be alphanumeric or"
                                + " a hyphen")
                        .formatted(label));
            }
        }
        return Optional.of(labels.getLast())
                .filter(top -> labels.size() > 1 && DIGITS.matcher(top).matches())
                .map("TLD '%s' must not be all numeric"::formatted);
    }

    /** What is wrong with a name that is to be within our domain. */
    private Optional<String> outside(String name) {
        if (name.isEmpty() || domain.isEmpty() || domain.equals(NONE_OF_OUR_OWN)) {
            return Optional.empty();
        }
        var above = "." + domain;
        if (name.endsWith(".")) {
            return name.length() > above.length() && name.endsWith(above)
                    ? Optional.empty()
                    : Optional.of(("The dns_name passed is a FQDN. Its higher level labels must be equal to the domain"
                                    + " of ports, '%s', with one or more labels to the left of it")
                            .formatted(domain));
        }
        return name.length() + above.length() <= LONGEST
                ? Optional.empty()
                : Optional.of("'%s' and the domain of ports, '%s', exceed the maximum size of '%d' together"
                        .formatted(name, domain, LONGEST));
    }

    /** The name of each address: the port's own, or one made of the address. */
    List<Map<String, String>> assignment(Port port) {
        return port.addresses()
                .map(address -> {
                    var host = port.dnsName().isEmpty() ? made(address) : port.dnsName();
                    return Map.of("ip_address", address.toString(), "hostname", host, "fqdn", full(host));
                })
                .toList();
    }

    private String full(String host) {
        return host.endsWith(".") || domain.isEmpty() ? host : host + "." + domain;
    }

    private static String made(IpAddress address) {
        return "host-" + address.toString().replace('.', '-').replace(':', '-');
    }
}
