package org.dragonflow.server.neutron;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.Mac;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;
import org.dragonflow.model.Partial;
import org.dragonflow.model.Port;
import org.dragonflow.model.Port.FixedIp;
import org.dragonflow.model.Query;
import org.dragonflow.model.Subnet;
import org.dragonflow.store.Edit;

/** Finds the addresses of ports: those that were asked for, or free ones. */
final class FixedIps {
    private static final int MOST_PER_PORT = 64;
    private static final List<String> UNIQUE = List.of("network_id", "fixed_ips.ip_address");

    private final Addresses addresses;

    FixedIps(Addresses addresses) {
        this.addresses = addresses;
    }

    /** One port whose addresses are sought, in one edit. */
    private record Search(Edit edit, Id<Network> network, Id<Port> port, Mac mac, List<Subnet> subnets) {
        Search among(List<Subnet> some) {
            return new Search(edit, network, port, mac, some);
        }
    }

    /**
     * An address from one IPv4 subnet and one IPv6 subnet, and from each where hosts form their own; empty if that has to wait until it is
     * known at which chassis the port is.
     */
    Optional<List<FixedIp>> anyFor(
            Edit edit, Id<Network> network, Id<Port> port, Mac mac, String owner, Optional<Id<Chassis>> host) {
        var search = search(edit, network, port, mac);
        var serving = serving(search.subnets(), owner);
        var reaching = RoutedSubnets.reaching(edit, serving, host);
        RoutedSubnets.requireReached(network, search.subnets(), reaching, host);
        if (serving.isEmpty() && !search.subnets().isEmpty()) {
            throw Refusals.ipAddressGenerationFailureNoMatchingSubnet(network, owner);
        }
        return reaching.isEmpty() && !serving.isEmpty() ? Optional.empty() : Optional.of(any(search.among(reaching)));
    }

    /** The subnets for ports of this owner: first those for such ports only, then those for all. */
    private static List<Subnet> serving(List<Subnet> subnets, String owner) {
        return subnets.stream()
                .filter(subnet ->
                        subnet.serviceTypes().isEmpty() || subnet.serviceTypes().contains(owner))
                .sorted(Comparator.comparing(subnet -> subnet.serviceTypes().isEmpty()))
                .toList();
    }

    private List<FixedIp> any(Search search) {
        var found = new ArrayList<FixedIp>();
        for (int version : new int[] {4, 6}) {
            var candidates = search.subnets().stream()
                    .filter(subnet -> subnet.ipVersion() == version && !Subnets.isAutomatic(subnet))
                    .toList();
            if (!candidates.isEmpty()) {
                found.add(candidates.stream()
                        .flatMap(subnet -> take(search, subnet).stream())
                        .findFirst()
                        .orElseThrow(() -> Refusals.ipAddressGenerationFailure(search.network())));
            }
        }
        search.subnets().stream()
                .filter(Subnets::isAutomatic)
                .forEach(subnet -> found.add(new FixedIp(subnet.id(), formed(subnet, search.mac()))));
        return found;
    }

    /** Refuses a chassis where some of the port's addresses are of no use. */
    static void requireUsable(Edit edit, Port port, Id<Chassis> host) {
        var subnets = edit.find(Subnet.on(port.networkId())).toList();
        var reaching = RoutedSubnets.reaching(edit, subnets, Optional.of(host));
        if (!port.fixedIps().isEmpty()) {
            RoutedSubnets.requireReached(port.networkId(), subnets, reaching, Optional.of(host));
        }
        var usable = reaching.stream().map(Subnet::id).toList();
        if (!port.fixedIps().stream().map(FixedIp::subnetId).allMatch(usable::contains)) {
            throw SegmentRefusals.hostNotCompatibleWithFixedIps(host, port.id());
        }
    }

    /** The addresses that a client asks for, where what the port has already is kept if it fits. */
    List<FixedIp> find(Edit edit, Port port, List<Partial> wanted) {
        return find(edit, port.networkId(), port.id(), port.macAddress(), port.hostId(), port.fixedIps(), wanted);
    }

    List<FixedIp> find(
            Edit edit,
            Id<Network> network,
            Id<Port> port,
            Mac mac,
            Optional<Id<Chassis>> host,
            List<FixedIp> present,
            List<Partial> wanted) {
        if (wanted.size() > MOST_PER_PORT) {
            throw Refusals.invalidInput("Exceeded maximum amount of fixed ips per port");
        }
        var every = search(edit, network, port, mac);
        var search =
                every.among(host.isPresent() ? RoutedSubnets.reaching(edit, every.subnets(), host) : every.subnets());
        if (!wanted.isEmpty()) {
            RoutedSubnets.requireReached(network, every.subnets(), search.subnets(), host);
        }
        var left = new ArrayList<>(present);
        // What names an address comes first, so that nothing else is given it.
        var found = new ArrayList<Optional<FixedIp>>();
        for (var one : wanted) {
            found.add(address(one).map(address -> named(search, one, address, left)));
        }
        var all = new ArrayList<FixedIp>();
        for (int i = 0; i < wanted.size(); i++) {
            var one = wanted.get(i);
            all.add(found.get(i).orElseGet(() -> fromSubnet(search, one, left)));
        }
        RoutedSubnets.requireOneSegment(search.subnets().stream()
                .filter(subnet ->
                        all.stream().anyMatch(fixed -> fixed.subnetId().equals(subnet.id())))
                .toList());
        return all;
    }

    /** The addresses after the port's card has got another address, from which some of them are formed. */
    List<FixedIp> reformed(Edit edit, Port port, Mac mac) {
        return port.fixedIps().stream()
                .map(fixed -> edit.get(fixed.subnetId())
                        .filter(Subnets::isAutomatic)
                        .map(subnet -> new FixedIp(subnet.id(), formed(subnet, mac)))
                        .orElse(fixed))
                .toList();
    }

    private static Search search(Edit edit, Id<Network> network, Id<Port> port, Mac mac) {
        var subnets = edit.find(Subnet.on(network))
                .sorted(Comparator.comparing(Subnet::createdAt).thenComparing(Subnet::id))
                .toList();
        return new Search(edit, network, port, mac, subnets);
    }

    private FixedIp named(Search search, Partial wanted, IpAddress address, List<FixedIp> left) {
        var subnet = subnet(search, wanted)
                .or(() -> search.subnets().stream()
                        .filter(candidate -> candidate.cidr().contains(address))
                        .findFirst())
                .orElseThrow(() -> Refusals.invalidIpForNetwork(address));
        var fixed = new FixedIp(subnet.id(), address);
        if (left.remove(fixed)) {
            return fixed;
        }
        if (!SubnetRules.contains(Subnets.hosts(subnet.cidr()), address)) {
            throw Refusals.invalidIpForSubnet(address);
        }
        if (Subnets.isAutomatic(subnet)
                && !address.equals(formed(subnet, search.mac()))
                && !subnet.gatewayIp().equals(Optional.of(address))) {
            throw Refusals.allocationOnAutoAddressSubnet(address, subnet.id());
        }
        requireFree(search, fixed);
        return fixed;
    }

    private void requireFree(Search search, FixedIp fixed) {
        var address = fixed.ipAddress();
        boolean isTaken = search.edit()
                .find(Query.by(Port.class, "fixed_ips.ip_address", address))
                .anyMatch(other -> other.networkId().equals(search.network())
                        && !other.id().equals(search.port()));
        if (isTaken) {
            throw Refusals.ipAddressAlreadyAllocated(address, fixed.subnetId());
        }
        search.edit()
                .refuseIfTaken(
                        Port.class,
                        UNIQUE,
                        List.of(search.network(), address),
                        () -> Refusals.ipAddressAlreadyAllocated(address, fixed.subnetId()));
        addresses.reserve(search.edit(), fixed.subnetId(), address);
    }

    private FixedIp fromSubnet(Search search, Partial wanted, List<FixedIp> left) {
        var subnet = subnet(search, wanted)
                .orElseThrow(() -> Refusals.invalidInput("IP allocation requires subnet_id or ip_address"));
        var kept = left.stream()
                .filter(fixed -> fixed.subnetId().equals(subnet.id()))
                .findFirst();
        if (kept.isPresent()) {
            left.remove(kept.get());
            return kept.get();
        }
        if (Subnets.isAutomatic(subnet)) {
            return new FixedIp(subnet.id(), formed(subnet, search.mac()));
        }
        return take(search, subnet).orElseThrow(() -> Refusals.ipAddressGenerationFailure(search.network()));
    }

    private Optional<FixedIp> take(Search search, Subnet subnet) {
        return addresses.take(search.edit(), subnet).map(address -> new FixedIp(subnet.id(), address));
    }

    private static Optional<IpAddress> address(Partial wanted) {
        return wanted.get("ip_address").map(IpAddress.class::cast);
    }

    private static Optional<Subnet> subnet(Search search, Partial wanted) {
        return wanted.get("subnet_id")
                .map(id -> search.subnets().stream()
                        .filter(subnet -> subnet.id().equals(id))
                        .findFirst()
                        .orElseThrow(() -> Refusals.invalidInput(
                                "Failed to create port on network %s, because fixed_ips included invalid subnet %s"
                                        .formatted(search.network(), id))));
    }

    /** The address that a host with this card forms in the subnet. */
    static IpAddress formed(Subnet subnet, Mac mac) {
        return mac.eui64(subnet.cidr().address().high());
    }
}
