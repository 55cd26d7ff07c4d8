package org.dragonflow.agent;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.dragonflow.address.IpAddress;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.TunnelType;

/**
 * All that an agent must be told.
 *
 * @param chassis its name, as in binding:host_id
 * @param bridge the integration bridge, made if it is not there
 * @param datapathType {@code system} for the kernel's datapath, {@code netdev} for the one in user space
 * @param database where ovsdb-server listens
 * @param openflow where the bridge listens, usually {@code unix:RUNDIR/BRIDGE.mgmt}
 * @param tunnelAddress where other chassis send tunnelled packets to
 * @param tunnelTypes the tunnels that this chassis ends, best first
 * @param stateDirectory where the agent keeps what it knows; made if it is not there, readable by its owner alone
 * @param statusSocket where the agent answers questions about itself, over HTTP on a unix socket
 * @param metrics where it answers them over TCP as well; for a loopback address, since nobody is asked who he is
 * @param bridgeMappings how it gets onto physical networks; what Open vSwitch's own database says of that, if it is not said here
 * @param auditInterval how often what the switch holds is compared with what it should hold
 * @param metadata what its metadata service and its resolver are told; none: it has neither
 */
public record Config(
        Id<Chassis> chassis,
        String bridge,
        String datapathType,
        org.dragonflow.ovsdb.Endpoint database,
        org.dragonflow.openflow.Endpoint openflow,
        IpAddress tunnelAddress,
        List<TunnelType> tunnelTypes,
        Path stateDirectory,
        Path statusSocket,
        Optional<InetSocketAddress> metrics,
        Optional<BridgeMappings> bridgeMappings,
        Duration auditInterval,
        Optional<MetadataConfig> metadata) {
    public static final Duration AUDIT_INTERVAL = Duration.ofSeconds(30);

    public Config {
        tunnelTypes = List.copyOf(tunnelTypes);
        if (!auditInterval.isPositive()) {
            throw new IllegalArgumentException("an audit every %s cannot be".formatted(auditInterval));
        }
        metrics.filter(address ->
                        address.getAddress() == null || !address.getAddress().isLoopbackAddress())
                .ifPresent(address -> {
                    throw new IllegalArgumentException("metrics are for a loopback address, not " + address);
                });
    }

    /** As an agent is set up where Open vSwitch runs as its package starts it. */
    public static Config standard(String chassis, IpAddress tunnelAddress, Path runDirectory, Path stateDirectory) {
        return new Config(
                Id.of(Chassis.class, chassis),
                "br-int",
                "system",
                new org.dragonflow.ovsdb.Endpoint.Unix(runDirectory.resolve("db.sock")),
                new org.dragonflow.openflow.Endpoint.Unix(runDirectory.resolve("br-int.mgmt")),
                tunnelAddress,
                List.of(TunnelType.GENEVE, TunnelType.VXLAN),
                stateDirectory,
                stateDirectory.resolve("agent.sock"),
                Optional.empty(),
                Optional.empty(),
                AUDIT_INTERVAL,
                Optional.empty());
    }

    public Config withDatapathType(String type) {
        return new Config(
                chassis,
                bridge,
                type,
                database,
                openflow,
                tunnelAddress,
                tunnelTypes,
                stateDirectory,
                statusSocket,
                metrics,
                bridgeMappings,
                auditInterval,
                metadata);
    }

    public Config withAuditInterval(Duration interval) {
        return new Config(
                chassis,
                bridge,
                datapathType,
                database,
                openflow,
                tunnelAddress,
                tunnelTypes,
                stateDirectory,
                statusSocket,
                metrics,
                bridgeMappings,
                interval,
                metadata);
    }

    public Config withBridgeMappings(BridgeMappings mappings) {
        return new Config(
                chassis,
                bridge,
                datapathType,
                database,
                openflow,
                tunnelAddress,
                tunnelTypes,
                stateDirectory,
                statusSocket,
                metrics,
                Optional.of(mappings),
                auditInterval,
                metadata);
    }
}
