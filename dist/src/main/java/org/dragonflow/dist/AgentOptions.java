package org.dragonflow.dist;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.dragonflow.address.IpAddress;
import org.dragonflow.agent.BridgeMappings;
import org.dragonflow.agent.Config;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.TunnelType;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** What an agent is told on the command line, whichever command starts it. */
final class AgentOptions {
    @CommandLine.Option(
            names = "--chassis",
            required = true,
            paramLabel = "NAME",
            description = "Its name, as in binding:host_id.")
    private String chassis = "";

    @CommandLine.Option(
            names = "--tunnel-address",
            paramLabel = "ADDRESS",
            description = "Where other chassis send tunnelled packets to; only a cloud of one chassis needs none.")
    private @Nullable String tunnelAddress;

    @CommandLine.Option(
            names = "--tunnel-types",
            split = ",",
            defaultValue = "geneve,vxlan",
            paramLabel = "TYPE",
            description = "The tunnels it ends, best first (default: ${DEFAULT-VALUE}).")
    private List<String> tunnelTypes = List.of();

    @CommandLine.Option(
            names = "--bridge-mappings",
            paramLabel = "NETWORK:BRIDGE,...",
            description =
                    "How it gets onto physical networks, such as physnet1:br-ex,physnet2:eth1: by a bridge of Open"
                            + " vSwitch, or by a device; empty by none. Left out, what external_ids:ovn-bridge-mappings of Open"
                            + " vSwitch says, as for OVN.")
    private @Nullable String bridgeMappings;

    @CommandLine.Option(
            names = "--state-directory",
            paramLabel = "DIR",
            defaultValue = "/var/lib/dragonflow",
            description = "Where it keeps what it knows, and its certificate (default: ${DEFAULT-VALUE}).")
    private Path stateDirectory = Path.of("");

    @CommandLine.Option(
            names = "--ovs-run-directory",
            paramLabel = "DIR",
            defaultValue = "/var/run/openvswitch",
            description = "Where Open vSwitch has its sockets (default: ${DEFAULT-VALUE}).")
    private Path ovsRunDirectory = Path.of("");

    @CommandLine.Option(
            names = "--bridge",
            paramLabel = "NAME",
            defaultValue = "br-int",
            description = "The integration bridge; made if it is not there (default: ${DEFAULT-VALUE}).")
    private String bridge = "";

    @CommandLine.Option(
            names = "--datapath-type",
            paramLabel = "TYPE",
            defaultValue = "system",
            description = "system, or netdev for the datapath in user space (default: ${DEFAULT-VALUE}).")
    private String datapathType = "";

    @CommandLine.Option(
            names = "--audit-seconds",
            paramLabel = "N",
            defaultValue = "30",
            description = "How often the switch is compared with what it should hold (default: ${DEFAULT-VALUE}).")
    private int auditSeconds;

    @CommandLine.Option(
            names = "--metrics-port",
            paramLabel = "PORT",
            description = "Also answers for metrics and status on this port of 127.0.0.1.")
    private @Nullable Integer metricsPort;

    @CommandLine.Mixin
    private final MetadataOptions metadata = new MetadataOptions();

    Path stateDirectory() {
        return stateDirectory;
    }

    /**
     * All of it, checked.
     *
     * @param lonely the tunnel address if none is given
     * @throws IllegalArgumentException if a value cannot be
     */
    Config config(Optional<IpAddress> lonely) {
        return new Config(
                Id.of(Chassis.class, chassis),
                bridge,
                datapathType,
                new org.dragonflow.ovsdb.Endpoint.Unix(ovsRunDirectory.resolve("db.sock")),
                new org.dragonflow.openflow.Endpoint.Unix(ovsRunDirectory.resolve(bridge + ".mgmt")),
                tunnelAddress(lonely),
                tunnelTypes.stream().map(AgentOptions::tunnelType).toList(),
                stateDirectory,
                stateDirectory.resolve("agent.sock"),
                Optional.ofNullable(metricsPort)
                        .map(port -> new InetSocketAddress(InetAddress.getLoopbackAddress(), port)),
                Optional.ofNullable(bridgeMappings).map(BridgeMappings::parse),
                Duration.ofSeconds(auditSeconds),
                metadata.config(chassis));
    }

    private IpAddress tunnelAddress(Optional<IpAddress> lonely) {
        return Optional.ofNullable(tunnelAddress)
                .map(IpAddress::parse)
                .or(() -> lonely)
                .orElseThrow(() -> new IllegalArgumentException(
                        "--tunnel-address is missing: the address of this machine that other chassis reach"));
    }

    private static TunnelType tunnelType(String name) {
        for (var type : TunnelType.values()) {
            if (type.toString().equals(name)) {
                return type;
            }
        }
        throw new IllegalArgumentException(
                "'%s' is no tunnel type; they are %s".formatted(name, List.of(TunnelType.values())));
    }
}
