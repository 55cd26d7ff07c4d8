package org.dragonflow.dist;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.dragonflow.address.IpAddress;
import org.dragonflow.agent.MetadataConfig;
import org.dragonflow.agent.NetworkNamespace;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** What an agent is told on the command line of its metadata service and its resolver. */
final class MetadataOptions {
    @CommandLine.Option(
            names = "--no-metadata",
            description = "Has neither metadata service nor resolver for the servers of this chassis.")
    private boolean isOff;

    @CommandLine.Option(
            names = "--metadata-namespace",
            paramLabel = "NAME",
            description = "The network namespace where the two listen; made if it is not there (default:"
                    + " dragonflow-CHASSIS).")
    private @Nullable String namespace;

    @CommandLine.Option(
            names = "--nova-metadata-url",
            paramLabel = "URL",
            description = "Nova's metadata service, such as http://controller:8775. Without it servers are told what"
                    + " their ports say.")
    private @Nullable URI nova;

    @CommandLine.Option(
            names = "--nova-metadata-secret-file",
            paramLabel = "FILE",
            description = "Holds what Nova has as neutron.metadata_proxy_shared_secret.")
    private @Nullable Path secret;

    @CommandLine.Option(
            names = "--nova-metadata-authority",
            paramLabel = "FILE",
            description = "PEM: who has signed the certificate of Nova's metadata service, if none that the JDK knows.")
    private @Nullable Path authority;

    @CommandLine.Option(
            names = "--dns-domain",
            paramLabel = "DOMAIN",
            defaultValue = MetadataConfig.DOMAIN,
            description = "The domain of the names of ports, as the server has it (default: ${DEFAULT-VALUE}).")
    private String domain = "";

    @CommandLine.Option(
            names = "--dns-upstream",
            split = ",",
            paramLabel = "ADDRESS",
            description = "Who is asked for names that are none of ours, where a subnet has no dns_nameservers"
                    + " (default: those of /etc/resolv.conf).")
    private List<String> upstream = List.of();

    Optional<MetadataConfig> config(String chassis) {
        if (isOff) {
            return Optional.empty();
        }
        if (nova != null && secret == null) {
            throw new IllegalArgumentException("--nova-metadata-url needs --nova-metadata-secret-file");
        }
        var standard = MetadataConfig.standard(chassis);
        return Optional.of(new MetadataConfig(
                Optional.ofNullable(namespace).map(NetworkNamespace::new).orElse(standard.namespace()),
                nova(),
                domain,
                upstream.stream().map(IpAddress::parse).toList()));
    }

    private Optional<MetadataConfig.Nova> nova() {
        return nova == null || secret == null
                ? Optional.empty()
                : Optional.of(new MetadataConfig.Nova(nova, secret, Optional.ofNullable(authority)));
    }
}
