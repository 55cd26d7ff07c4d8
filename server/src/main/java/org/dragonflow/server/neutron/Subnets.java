package org.dragonflow.server.neutron;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.Subnet;
import org.dragonflow.model.Subnet.AllocationPool;
import org.dragonflow.server.access.Caller;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.store.Edit;

/** Subnets: where they begin and end, and which of their addresses are given out. */
final class Subnets implements Kind<Subnet> {
    private final Mint mint;
    private final SubnetBlocks blocks;
    private final PeerRoutes peers;

    Subnets(Mint mint) {
        this.mint = mint;
        this.blocks = new SubnetBlocks(mint);
        this.peers = new PeerRoutes(mint);
    }

    @Override
    public Class<Subnet> type() {
        return Subnet.class;
    }

    @Override
    public Refusal notFound(Id<Subnet> id) {
        return Refusals.subnetNotFound(id);
    }

    @Override
    public Map<String, Object> normalize(Map<String, Object> body) {
        return PrefixDelegation.normalize(body);
    }

    @Override
    public Subnet create(Edit edit, Caller caller, Values values) {
        var network = Networks.visible(
                edit, Id.of(Network.class, values.get("network_id", Id.class).value()), caller);
        var cidr = blocks.find(edit, caller, network, values);
        requireVersion(values.get("ip_version", Integer.class), cidr.version(), "cidr", cidr);
        if (cidr.length() == 0) {
            throw Refusals.invalidInput("0 is not allowed as CIDR prefix length");
        }
        if (edit.find(Subnet.on(network.id())).anyMatch(other -> other.cidr().overlaps(cidr))) {
            throw Refusals.invalidInput("Requested subnet with cidr: %s for network: %s overlaps with another subnet"
                    .formatted(cidr, network.id()));
        }
        RoutedSubnets.requireCreate(edit, network, values);
        if (!values.has("gateway_ip")) {
            values.put("gateway_ip", Optional.of(firstHost(cidr)));
        }
        var gateway = values.nullable("gateway_ip", IpAddress.class);
        if (!values.has("allocation_pools")
                || values.list("allocation_pools", Object.class).isEmpty()) {
            values.put("allocation_pools", allBut(gateway, cidr));
        }
        // Also keeps two overlapping subnets from being made at a time.
        mint.touch(edit, network);
        var subnet = mint.create(edit, Subnet.class, values);
        SubnetRules.check(subnet);
        if (isAutomatic(subnet)) {
            edit.find(Port.on(network.id())).toList().forEach(port -> join(edit, port, subnet));
        }
        return peers.join(edit, subnet);
    }

    /** Hosts that are there already form an address in the new subnet. */
    private void join(Edit edit, Port port, Subnet subnet) {
        if (!port.isRouterInterface()) {
            var all = new ArrayList<>(port.fixedIps());
            all.add(new Port.FixedIp(subnet.id(), FixedIps.formed(subnet, port.macAddress())));
            mint.change(edit, port, Map.of("fixed_ips", all));
        }
    }

    @Override
    public Subnet update(Edit edit, Caller caller, Subnet before, Values values) {
        RoutedSubnets.requireUpdate(edit, before, values);
        edit.get(before.networkId()).ifPresent(network -> mint.touch(edit, network));
        var after = mint.change(edit, before, values.map());
        SubnetRules.check(after);
        var gateway = before.gatewayIp();
        if (!after.gatewayIp().equals(gateway)) {
            gateway.flatMap(address -> routerPort(edit, before, address)).ifPresent(port -> {
                throw Refusals.gatewayIpInUse(gateway.get(), port.id());
            });
        }
        return peers.follow(edit, before, after);
    }

    private static Optional<Port> routerPort(Edit edit, Subnet subnet, IpAddress address) {
        return edit.find(Port.in(subnet.id()))
                .filter(Port::isRouterInterface)
                .filter(port -> port.fixedIps().contains(new Port.FixedIp(subnet.id(), address)))
                .findFirst();
    }

    /** Addresses that hosts formed themselves go with the subnet; others keep it. */
    @Override
    public void delete(Edit edit, Caller caller, Subnet subnet) {
        for (var port : edit.find(Port.in(subnet.id())).toList()) {
            if (!isAutomatic(subnet) || port.isRouterInterface()) {
                throw Refusals.subnetInUse(subnet.id());
            }
            var rest = port.fixedIps().stream()
                    .filter(fixed -> !fixed.subnetId().equals(subnet.id()))
                    .toList();
            Gateways.follow(mint, edit, mint.change(edit, port, Map.of("fixed_ips", rest)));
        }
        edit.get(subnet.networkId()).ifPresent(network -> mint.touch(edit, network));
        edit.delete(subnet);
        peers.leave(edit, subnet);
    }

    /** Whether hosts form their addresses themselves, from what routers announce. */
    static boolean isAutomatic(Subnet subnet) {
        return subnet.ipv6AddressMode()
                .filter(mode -> switch (mode) {
                    case SLAAC, DHCPV6_STATELESS -> true;
                    case DHCPV6_STATEFUL -> false;
                })
                .isPresent();
    }

    static void requireVersion(int version, int actual, String name, Object value) {
        if (version != actual) {
            throw Refusals.invalidInput("%s '%s' does not match the ip_version '%d'".formatted(name, value, version));
        }
    }

    private static IpAddress firstHost(IpPrefix cidr) {
        return cidr.length() == cidr.address().width()
                ? cidr.first()
                : cidr.first().plus(1);
    }

    /** The addresses that hosts can have: not that of the block, nor that of everybody in it, where there are such. */
    static AllocationPool hosts(IpPrefix cidr) {
        boolean isTiny = cidr.length() >= cidr.address().width() - 1;
        var first = isTiny ? cidr.first() : cidr.first().plus(1);
        var last = isTiny || cidr.version() == 6 ? cidr.last() : cidr.last().plus(-1);
        return new AllocationPool(first, last);
    }

    private static List<AllocationPool> allBut(Optional<IpAddress> gateway, IpPrefix cidr) {
        var all = hosts(cidr);
        if (gateway.isEmpty() || !SubnetRules.contains(all, gateway.get())) {
            return List.of(all);
        }
        var pools = new ArrayList<AllocationPool>();
        if (all.start().compareTo(gateway.get()) < 0) {
            pools.add(new AllocationPool(all.start(), gateway.get().plus(-1)));
        }
        if (gateway.get().compareTo(all.end()) < 0) {
            pools.add(new AllocationPool(gateway.get().plus(1), all.end()));
        }
        return pools;
    }
}
