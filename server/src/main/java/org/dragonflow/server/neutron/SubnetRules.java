package org.dragonflow.server.neutron;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.address.Ipv6;
import org.dragonflow.model.Ipv6Mode;
import org.dragonflow.model.Subnet;
import org.dragonflow.model.Subnet.AllocationPool;

/** Which subnets make sense. */
final class SubnetRules {
    private static final int EUI_64_PREFIX = 64;
    private static final IpPrefix LOOPBACK_V4 = IpPrefix.parse("127.0.0.0/8");
    private static final IpPrefix LOOPBACK_V6 = IpPrefix.parse("::1/128");

    // Of compute, Neutron asks for less than it means to: whatever begins with one of the letters of "compute:" will
    // do.
    private static final List<String> SERVICES =
            List.of("network:", "neutron:", "baremetal:", "c", "o", "m", "p", "u", "t", "e", ":");

    private SubnetRules() {}

    static void check(Subnet subnet) {
        checkDhcp(subnet);
        subnet.gatewayIp().ifPresent(gateway -> checkGateway(subnet, gateway));
        checkPools(subnet);
        for (var resolver : subnet.dnsNameservers()) {
            Subnets.requireVersion(subnet.ipVersion(), resolver.version(), "dns_nameserver", resolver);
        }
        for (var route : subnet.hostRoutes()) {
            Subnets.requireVersion(subnet.ipVersion(), route.nexthop().version(), "nexthop", route.nexthop());
            Subnets.requireVersion(
                    subnet.ipVersion(), route.destination().version(), "destination", route.destination());
        }
        checkModes(subnet);
        checkServiceTypes(subnet);
    }

    private static void checkServiceTypes(Subnet subnet) {
        subnet.serviceTypes().stream()
                .filter(type -> SERVICES.stream().noneMatch(type::startsWith))
                .findFirst()
                .ifPresent(type -> {
                    throw Refusals.invalidSubnetServiceType(type);
                });
    }

    private static void checkDhcp(Subnet subnet) {
        var cidr = subnet.cidr();
        if (!subnet.enableDhcp()) {
            return;
        }
        if (cidr.length() > cidr.address().width() - 2) {
            throw Refusals.invalidInput("Subnet has a prefix length that is incompatible with DHCP service enabled");
        }
        if (cidr.address().isMulticast()) {
            throw Refusals.invalidInput("Multicast IP subnet is not supported if enable_dhcp is True");
        }
        if (LOOPBACK_V4.contains(cidr) || LOOPBACK_V6.contains(cidr)) {
            throw Refusals.invalidInput("Loopback IP subnet is not supported if enable_dhcp is True");
        }
        if (cidr.version() == 4 && cidr.address().low() == 0) {
            throw Refusals.invalidInput("First IP '0.0.0.0' of network is not supported if enable_dhcp is True.");
        }
    }

    private static void checkGateway(Subnet subnet, IpAddress gateway) {
        Subnets.requireVersion(subnet.ipVersion(), gateway.version(), "gateway_ip", gateway);
        boolean isLinkLocal = gateway instanceof Ipv6 address && address.isLinkLocal();
        if (!isLinkLocal && !contains(Subnets.hosts(subnet.cidr()), gateway)) {
            throw Refusals.invalidInput("Gateway is not valid on subnet");
        }
    }

    private static void checkPools(Subnet subnet) {
        var hosts = Subnets.hosts(subnet.cidr());
        for (var pool : subnet.allocationPools()) {
            if (pool.start().version() != subnet.ipVersion()
                    || pool.end().version() != subnet.ipVersion()
                    || pool.start().compareTo(pool.end()) > 0) {
                throw Refusals.invalidAllocationPool(pool);
            }
            if (!contains(hosts, pool.start()) || !contains(hosts, pool.end())) {
                throw Refusals.outOfBoundsAllocationPool(pool, subnet.cidr());
            }
        }
        var sorted = subnet.allocationPools().stream()
                .sorted(Comparator.comparing(AllocationPool::start))
                .toList();
        for (int i = 1; i < sorted.size(); i++) {
            if (sorted.get(i - 1).end().compareTo(sorted.get(i).start()) >= 0) {
                throw Refusals.overlappingAllocationPools(sorted.get(i - 1), sorted.get(i), subnet.cidr());
            }
        }
        subnet.gatewayIp()
                .ifPresent(gateway -> sorted.stream()
                        .filter(pool -> contains(pool, gateway))
                        .findFirst()
                        .ifPresent(pool -> {
                            throw Refusals.gatewayConflictWithAllocationPools(gateway, pool);
                        }));
    }

    static boolean contains(AllocationPool pool, IpAddress address) {
        return pool.start().version() == address.version()
                && pool.start().compareTo(address) <= 0
                && address.compareTo(pool.end()) <= 0;
    }

    private static void checkModes(Subnet subnet) {
        if (subnet.ipVersion() == 4) {
            refuseMode(subnet.ipv6RaMode(), "ipv6_ra_mode");
            refuseMode(subnet.ipv6AddressMode(), "ipv6_address_mode");
            return;
        }
        var announced = subnet.ipv6RaMode();
        var addressing = subnet.ipv6AddressMode();
        if (announced.isEmpty() && addressing.isEmpty()) {
            return;
        }
        if (!subnet.enableDhcp()) {
            throw Refusals.invalidInput(
                    "ipv6_ra_mode or ipv6_address_mode cannot be set when enable_dhcp is set to False");
        }
        if (announced.isPresent() && addressing.isPresent() && !announced.equals(addressing)) {
            throw Refusals.invalidInput(
                    ("ipv6_ra_mode set to '%s' with ipv6_address_mode set to '%s' is not valid. If both attributes are"
                                    + " set, they must be the same value")
                            .formatted(announced.get(), addressing.get()));
        }
        if (Subnets.isAutomatic(subnet) && subnet.cidr().length() != EUI_64_PREFIX) {
            throw Refusals.invalidInput(
                    ("Invalid CIDR %s for IPv6 address mode. OpenStack uses the EUI-64 address format, which requires"
                                    + " the prefix to be /64")
                            .formatted(subnet.cidr()));
        }
    }

    private static void refuseMode(Optional<Ipv6Mode> mode, String name) {
        if (mode.isPresent()) {
            throw Refusals.invalidInput("%s is not valid when ip_version is 4".formatted(name));
        }
    }
}
