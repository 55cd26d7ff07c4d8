package org.dragonflow.server.neutron;

import java.util.Collection;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.address.Mac;
import org.dragonflow.model.Id;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.Router;
import org.dragonflow.model.SecurityGroup;
import org.dragonflow.model.SecurityGroupRule;
import org.dragonflow.model.Subnet;
import org.dragonflow.model.Subnet.AllocationPool;
import org.dragonflow.model.Trunk;
import org.dragonflow.server.http.Refusal;

/** Neutron's errors: their names, status codes and texts, since clients go by them. */
final class Refusals {
    private Refusals() {}

    static Refusal bad(String type, String message) {
        return new Refusal(400, type, message);
    }

    static Refusal missing(String type, String message) {
        return new Refusal(404, type, message);
    }

    static Refusal conflict(String type, String message) {
        return new Refusal(409, type, message);
    }

    // Any resource

    static Refusal objectNotFound(String type, String id) {
        return new Refusal(404, "ResourceNotFound", "The %s %s could not be found.".formatted(type, id));
    }

    static Refusal rbacPolicyNotFound(Id<?> id) {
        return new Refusal(404, "RbacPolicyNotFound", "RBAC policy with ID %s not found".formatted(id));
    }

    static Refusal duplicateRbacPolicy() {
        return new Refusal(409, "DuplicateRbacPolicy", "An RBAC policy already exists with those values.");
    }

    // Neutron's status is 500; but it is the request that asks for what cannot be.
    static Refusal rbacPolicyInitError(Id<?> object, String reason) {
        return bad(
                "RbacPolicyInitError",
                "Failed to create RBAC policy on object %s because %s.".formatted(object, reason));
    }

    static Refusal rbacPolicyInUse(Id<?> object, String details) {
        return new Refusal(
                409,
                "RbacPolicyInUse",
                "RBAC policy on object %s cannot be removed because other objects depend on it.\nDetails: %s"
                        .formatted(object, details));
    }

    static Refusal invalidInput(String message) {
        return bad("InvalidInput", "Invalid input for operation: %s.".formatted(message));
    }

    static Refusal badRequest(String resource, String message) {
        return bad("BadRequest", "Bad %s request: %s.".formatted(resource, message));
    }

    static Refusal revisionNumberConstraintFailed(long expected, long current) {
        return new Refusal(
                412,
                "RevisionNumberConstraintFailed",
                "Constrained to %d, but current revision is %d".formatted(expected, current));
    }

    static Refusal tagNotFound(String tag) {
        return missing("TagNotFound", "Tag %s could not be found.".formatted(tag));
    }

    static Refusal overQuota(Collection<String> resources) {
        return conflict("OverQuota", "Quota exceeded for resources: %s.".formatted(resources));
    }

    static Refusal inUse(String resource, Object id) {
        return conflict("InUse", "The %s %s is in use.".formatted(resource, id));
    }

    static Refusal duplicateEntry(String type, String attributes, String values) {
        return conflict(
                "NeutronDbObjectDuplicateEntry",
                "Failed to create a duplicate %s: for attribute(s) %s with value(s) %s"
                        .formatted(type, attributes, values));
    }

    // Networks

    static Refusal networkNotFound(Id<Network> id) {
        return missing("NetworkNotFound", "Network %s could not be found.".formatted(id));
    }

    static Refusal networkInUse(Id<Network> id) {
        return conflict(
                "NetworkInUse",
                "Unable to complete operation on network %s. There are one or more ports still in use on the network."
                        .formatted(id));
    }

    static Refusal tunnelIdInUse(int key) {
        return conflict("TunnelIdInUse", "Unable to create the network. The tunnel ID %d is in use.".formatted(key));
    }

    // Neutron's status is 500; but it is the request that asks for what cannot be.
    static Refusal tagsMeetVlans(String physical) {
        return conflict(
                "VlanTransparencyDriverError",
                ("VLAN transparency of a flat network and VLAN networks exclude each other on physical network %s:"
                                + " the tags of its senders would be theirs.")
                        .formatted(physical));
    }

    static Refusal invalidSharedSetting(Network network) {
        return conflict(
                "InvalidSharedSetting",
                "Unable to reconfigure sharing settings for network %s. Multiple tenants are using it."
                        .formatted(network.name()));
    }

    // Subnets

    static Refusal subnetNotFound(Id<Subnet> id) {
        return missing("SubnetNotFound", "Subnet %s could not be found.".formatted(id));
    }

    static Refusal invalidSubnetServiceType(String type) {
        return bad(
                "InvalidSubnetServiceType",
                "Subnet service type %s does not correspond to a valid device owner.".formatted(type));
    }

    static Refusal subnetInUse(Id<Subnet> id) {
        return conflict(
                "SubnetInUse",
                "Unable to complete operation on subnet %s: One or more ports have an IP allocation from this subnet."
                        .formatted(id));
    }

    static Refusal invalidAllocationPool(AllocationPool pool) {
        return bad("InvalidAllocationPool", "The allocation pool %s is not valid.".formatted(text(pool)));
    }

    static Refusal outOfBoundsAllocationPool(AllocationPool pool, IpPrefix cidr) {
        return bad(
                "OutOfBoundsAllocationPool",
                "The allocation pool %s spans beyond the subnet cidr %s.".formatted(text(pool), cidr));
    }

    static Refusal overlappingAllocationPools(AllocationPool first, AllocationPool second, IpPrefix cidr) {
        return conflict(
                "OverlappingAllocationPools",
                "Found overlapping allocation pools: %s %s for subnet %s.".formatted(text(first), text(second), cidr));
    }

    static Refusal gatewayConflictWithAllocationPools(IpAddress gateway, AllocationPool pool) {
        return conflict(
                "GatewayConflictWithAllocationPools",
                "Gateway ip %s conflicts with allocation pool %s.".formatted(gateway, text(pool)));
    }

    static Refusal gatewayIpInUse(IpAddress gateway, Id<Port> port) {
        return conflict(
                "GatewayIpInUse",
                "Current gateway ip %s already in use by port %s. Unable to update.".formatted(gateway, port));
    }

    private static String text(AllocationPool pool) {
        return pool.start() + "-" + pool.end();
    }

    // Ports and their addresses

    static Refusal portNotFound(Id<Port> id) {
        return missing("PortNotFound", "Port %s could not be found.".formatted(id));
    }

    static Refusal portInUse(Port port) {
        return conflict(
                "PortInUse",
                "Unable to complete operation on port %s for network %s. Port already has an attached device %s."
                        .formatted(port.id(), port.networkId(), port.deviceId()));
    }

    static Refusal servicePortInUse(Port port) {
        return servicePortInUse(port, "has device owner %s".formatted(port.deviceOwner()));
    }

    static Refusal servicePortInUse(Port port, String reason) {
        return conflict(
                "ServicePortInUse",
                "Port %s cannot be deleted directly via the port API: %s.".formatted(port.id(), reason));
    }

    static Refusal macAddressInUse(Id<Network> network, Mac mac) {
        return conflict(
                "MacAddressInUse",
                "Unable to complete operation for network %s. The mac address %s is in use.".formatted(network, mac));
    }

    static Refusal ipAddressAlreadyAllocated(IpAddress address, Id<Subnet> subnet) {
        return conflict(
                "IpAddressAlreadyAllocated", "IP address %s already allocated in subnet %s".formatted(address, subnet));
    }

    static Refusal invalidIpForNetwork(IpAddress address) {
        return bad(
                "InvalidIpForNetwork",
                "IP address %s is not a valid IP for any of the subnets on the specified network.".formatted(address));
    }

    static Refusal invalidIpForSubnet(IpAddress address) {
        return bad(
                "InvalidIpForSubnet", "IP address %s is not a valid IP for the specified subnet.".formatted(address));
    }

    static Refusal allocationOnAutoAddressSubnet(IpAddress address, Id<Subnet> subnet) {
        return bad(
                "AllocationOnAutoAddressSubnet",
                ("IPv6 address %s cannot be directly assigned to a port on subnet %s as the subnet is configured for"
                                + " automatic addresses")
                        .formatted(address, subnet));
    }

    static Refusal ipAddressGenerationFailure(Id<Network> network) {
        return conflict(
                "IpAddressGenerationFailure", "No more IP addresses available on network %s.".formatted(network));
    }

    static Refusal ipAddressGenerationFailureNoMatchingSubnet(Id<Network> network, String owner) {
        return conflict(
                "IpAddressGenerationFailureNoMatchingSubnet",
                "No valid service subnet for the given device owner, network %s, service type %s."
                        .formatted(network, owner));
    }

    static Refusal portSecurityPortHasSecurityGroup() {
        return conflict(
                "PortSecurityPortHasSecurityGroup",
                "Port has security group associated. Cannot disable port security or IP address until security group is"
                        + " removed.");
    }

    static Refusal portSecurityAndIpRequired() {
        return bad(
                "PortSecurityAndIPRequiredForSecurityGroups",
                "Port security must be enabled and port must have an IP address in order to use security groups.");
    }

    static Refusal addressPairAndPortSecurityRequired() {
        return conflict(
                "AddressPairAndPortSecurityRequired",
                "Port Security must be enabled in order to have allowed address pairs on a port.");
    }

    static Refusal duplicateAddressPair(Port.AddressPair pair) {
        return bad(
                "DuplicateAddressPairInRequest",
                "Request contains duplicate address pair: mac_address %s ip_address %s."
                        .formatted(pair.macAddress(), pair.ipAddress()));
    }

    static Refusal portInUseAsTrunkParent(Id<Port> port, Id<Trunk> trunk) {
        return conflict(
                "PortInUseAsTrunkParent", "Port %s is currently a parent port for trunk %s.".formatted(port, trunk));
    }

    static Refusal portInUseAsSubPort(Id<Port> port, Id<Trunk> trunk) {
        return conflict("PortInUseAsSubPort", "Port %s is currently a subport for trunk %s.".formatted(port, trunk));
    }

    static Refusal portBound(Port port, String vif, Mac mac) {
        return conflict(
                "PortBound",
                "Unable to complete operation on port %s, port is already bound, port type: %s, old_mac %s, new_mac %s."
                        .formatted(port.id(), vif, port.macAddress(), mac));
    }

    static Refusal portBindingNotFound(Id<Port> port, Object host) {
        return missing(
                "PortBindingNotFound", "Binding for port %s for host %s could not be found.".formatted(port, host));
    }

    static Refusal portBindingAlreadyExists(Id<Port> port, Object host) {
        return conflict(
                "PortBindingAlreadyExists", "Binding for port %s on host %s already exists.".formatted(port, host));
    }

    static Refusal portBindingAlreadyActive(Id<Port> port, Object host) {
        return conflict(
                "PortBindingAlreadyActive", "Binding for port %s on host %s is already active.".formatted(port, host));
    }

    // Neutron's status is 500; but it is the request that asks for what cannot be.
    static Refusal portBindingError(Id<Port> port, Object host) {
        return conflict(
                "PortBindingError",
                "Binding for port %s on host %s could not be created or updated.".formatted(port, host));
    }

    // Trunks

    static Refusal trunkNotFound(Id<Trunk> id) {
        return missing("TrunkNotFound", "Trunk %s could not be found.".formatted(id));
    }

    static Refusal trunkPortInUse(Id<Port> port) {
        return conflict("TrunkPortInUse", "Port %s is in use by another trunk.".formatted(port));
    }

    static Refusal parentPortInUse(Id<Port> port) {
        return conflict(
                "ParentPortInUse",
                "Port %s is currently in use and is not eligible for use as a parent port.".formatted(port));
    }

    static Refusal trunkDisabled(Id<Trunk> id) {
        return conflict("TrunkDisabled", "Trunk %s is currently disabled.".formatted(id));
    }

    static Refusal subPortNotFound(Id<Port> port, Id<Trunk> trunk) {
        return missing("SubPortNotFound", "SubPort %s on trunk %s could not be found.".formatted(port, trunk));
    }

    static Refusal duplicateSubPort(Trunk.SubPort subPort, Object trunk) {
        return conflict(
                "DuplicateSubPort",
                "segmentation_type %s and segmentation_id %d already in use on trunk %s."
                        .formatted(subPort.segmentationType(), subPort.segmentationId(), trunk));
    }

    static Refusal subPortMtuGreaterThanTrunkPortMtu(Id<Port> port, int mtu, Object trunk, int trunkMtu) {
        return conflict(
                "SubPortMtuGreaterThanTrunkPortMtu",
                "MTU %d of subport %s cannot be greater than MTU %d of trunk %s."
                        .formatted(mtu, port, trunkMtu, trunk));
    }

    // Routers

    static Refusal deviceIdNotOwnedByTenant(Id<Router> id) {
        return conflict(
                "DeviceIDNotOwnedByTenant",
                "The following device_id %s is not owned by your tenant or matches another tenants router."
                        .formatted(id));
    }

    static Refusal routerNotFound(Id<Router> id) {
        return missing("RouterNotFound", "Router %s could not be found".formatted(id));
    }

    static Refusal routerInUse(Id<Router> id) {
        return conflict("RouterInUse", "Router %s still has ports".formatted(id));
    }

    static Refusal routerInterfaceNotFound(Id<Router> router, Id<Port> port) {
        return missing(
                "RouterInterfaceNotFound", "Router %s does not have an interface with id %s".formatted(router, port));
    }

    static Refusal routerInterfaceNotFoundForSubnet(Id<Router> router, Id<Subnet> subnet) {
        return missing(
                "RouterInterfaceNotFoundForSubnet",
                "Router %s has no interface on subnet %s".formatted(router, subnet));
    }

    static Refusal routerInterfaceInUseByRoute(Id<Router> router, Id<Subnet> subnet) {
        return conflict(
                "RouterInterfaceInUseByRoute",
                ("Router interface for subnet %s on router %s cannot be deleted, as it is required by one or more"
                                + " routes.")
                        .formatted(subnet, router));
    }

    static Refusal subnetMismatchForPort(Id<Port> port, Id<Subnet> subnet) {
        return bad(
                "SubnetMismatchForPort",
                "Subnet on port %s does not match the requested subnet %s.".formatted(port, subnet));
    }

    static Refusal invalidRoutes(Object routes, String reason) {
        return bad("InvalidRoutes", "Invalid format for routes: %s, %s".formatted(routes, reason));
    }

    // Security groups and address groups

    static Refusal securityGroupNotFound(Object id) {
        return missing("SecurityGroupNotFound", "Security group %s does not exist".formatted(id));
    }

    static Refusal securityGroupInUse(Id<SecurityGroup> id) {
        return conflict("SecurityGroupInUse", "Security Group %s in use.".formatted(id));
    }

    static Refusal securityGroupCannotRemoveDefault() {
        return conflict("SecurityGroupCannotRemoveDefault", "Insufficient rights for removing default security group.");
    }

    static Refusal securityGroupCannotUpdateDefault() {
        return conflict("SecurityGroupCannotUpdateDefault", "Updating default security group not allowed.");
    }

    static Refusal securityGroupDefaultAlreadyExists() {
        return conflict("SecurityGroupDefaultAlreadyExists", "Default security group already exists.");
    }

    static Refusal securityGroupConflict(String reason) {
        return conflict("SecurityGroupConflict", "Error %s while attempting the operation.".formatted(reason));
    }

    static Refusal securityGroupRuleNotFound(Id<SecurityGroupRule> id) {
        return missing("SecurityGroupRuleNotFound", "Security group rule %s does not exist".formatted(id));
    }

    static Refusal securityGroupRuleExists(Id<SecurityGroupRule> id) {
        return conflict("SecurityGroupRuleExists", "Security group rule already exists. Rule id is %s.".formatted(id));
    }

    static Refusal duplicateSecurityGroupRuleInPost() {
        return conflict("DuplicateSecurityGroupRuleInPost", "Duplicate Security Group Rule in POST.");
    }

    /** What is wrong with a rule in itself, under its own name. */
    static Refusal badRule(String name, String message) {
        return bad(name, message);
    }

    static Refusal addressGroupNotFound(Object id) {
        return missing("AddressGroupNotFound", "Address group %s could not be found.".formatted(id));
    }

    static Refusal addressGroupInUse(Object id) {
        return conflict(
                "AddressGroupInUse", "Address group %s is in use on one or more security group rules.".formatted(id));
    }

    static Refusal addressesNotFound(Object addresses, Object group) {
        return missing(
                "AddressesNotFound", "Addresses %s not found in the address group %s.".formatted(addresses, group));
    }

    static Refusal addressesAlreadyExist(Object addresses, Object group) {
        return bad(
                "AddressesAlreadyExist",
                "Addresses %s already exist in the address group %s.".formatted(addresses, group));
    }
}
