package org.dragonflow.server.neutron;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.dragonflow.address.IpAddress;
import org.dragonflow.model.Port;
import org.dragonflow.server.http.Refusal;

/** What the addresses of ports are called in DNS. */
final class PortNames {
    private static final String DOMAIN = "openstacklocal.";
    private static final Pattern LABEL = Pattern.compile("(?!-)[A-Za-z0-9-]{1,63}(?<!-)");

    private PortNames() {}

    static void requireValid(String name) {
        var labels = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        if (name.isEmpty()) {
            return;
        }
        for (var label : labels.split("\\.", -1)) {
            if (!LABEL.matcher(label).matches()) {
                throw Refusal.badRequest(("Invalid input for dns_name. Reason: '%s' not a valid PQDN or FQDN. Reason:"
                                + " Encountered an invalid label '%s'.")
                        .formatted(name, label));
            }
        }
    }

    /** The name of each address: the port's own, or one made of the address. */
    static List<Map<String, String>> assignment(Port port) {
        return port.addresses()
                .map(address -> {
                    var host = port.dnsName().isEmpty() ? made(address) : port.dnsName();
                    return Map.of(
                            "ip_address",
                            address.toString(),
                            "hostname",
                            host,
                            "fqdn",
                            host.endsWith(".") ? host : host + "." + DOMAIN);
                })
                .toList();
    }

    private static String made(IpAddress address) {
        return "host-" + address.toString().replace('.', '-').replace(':', '-');
    }
}
