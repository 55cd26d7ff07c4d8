package org.dragonflow.agent;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.dragonflow.address.IpAddress;

/**
 * What the metadata service and the resolver of a chassis are told.
 *
 * @param namespace the network namespace where they listen; made if it is not there
 * @param nova whose metadata they pass on; without it they make answers of what the topology says
 * @param domain of the names of ports, as the server has it
 * @param upstream who is asked for names that are none of ours, where a subnet says nothing; none: those of resolv.conf
 */
public record MetadataConfig(NetworkNamespace namespace, Optional<Nova> nova, String domain, List<IpAddress> upstream) {
    public static final String DOMAIN = "openstacklocal";

    public MetadataConfig {
        upstream = List.copyOf(upstream);
    }

    /**
     * The metadata service of Nova.
     *
     * @param url where it listens, such as http://controller:8775
     * @param secret the file with what proves to it that we may speak for servers: metadata_proxy_shared_secret
     * @param authority PEM: who must have signed its certificate, if not one of the JDK's
     */
    public record Nova(URI url, Path secret, Optional<Path> authority) {
        public Nova {
            if (!List.of("http", "https").contains(String.valueOf(url.getScheme())) || url.getHost() == null) {
                throw new IllegalArgumentException("the metadata service of Nova has an http or https URL, not " + url);
            }
        }
    }

    /** As an agent is set up where nothing is said of it. */
    public static MetadataConfig standard(String chassis) {
        return new MetadataConfig(
                new NetworkNamespace("dragonflow-" + chassis.replaceAll("[^A-Za-z0-9_.-]", "_")),
                Optional.empty(),
                DOMAIN,
                List.of());
    }
}
