package org.dragonflow.server.neutron;

import org.dragonflow.model.AddressScope;
import org.dragonflow.model.Id;
import org.dragonflow.model.SubnetPool;
import org.dragonflow.server.http.Refusal;

/** Neutron's errors about subnet pools and address scopes. */
final class PoolRefusals {
    private PoolRefusals() {}

    private static Refusal bad(String type, String message) {
        return new Refusal(400, type, message);
    }

    static Refusal subnetPoolNotFound(Id<SubnetPool> id) {
        return new Refusal(404, "SubnetPoolNotFound", "Subnet pool %s could not be found.".formatted(id));
    }

    static Refusal emptySubnetPoolPrefixList() {
        return bad("EmptySubnetPoolPrefixList", "Empty subnet pool prefix list.");
    }

    static Refusal prefixVersionMismatch() {
        return bad("PrefixVersionMismatch", "Cannot mix IPv4 and IPv6 prefixes in a subnet pool.");
    }

    static Refusal illegalSubnetPoolPrefixBounds(String name, int length, String bound, int limit) {
        return bad(
                "IllegalSubnetPoolPrefixBounds",
                "Illegal prefix bounds: %s=%d, %s=%d.".formatted(name, length, bound, limit));
    }

    static Refusal illegalSubnetPoolPrefixUpdate(String reason) {
        return bad("IllegalSubnetPoolPrefixUpdate", "Illegal update to prefixes: %s.".formatted(reason));
    }

    static Refusal illegalSubnetPoolUpdate(String reason) {
        return bad("IllegalSubnetPoolUpdate", "Illegal subnetpool update : %s.".formatted(reason));
    }

    static Refusal illegalIpVersionAssociation(Id<SubnetPool> pool, AddressScope scope) {
        return bad(
                "IllegalSubnetPoolIpVersionAssociationToAddressScope",
                ("Illegal subnetpool association: subnetpool %s cannot associate with address scope %s because"
                                + " subnetpool ip_version is not %d.")
                        .formatted(pool, scope.id(), scope.ipVersion()));
    }

    static Refusal subnetPoolDeleteError(String reason) {
        return bad("SubnetPoolDeleteError", "Unable to delete subnet pool: %s.".formatted(reason));
    }

    static Refusal subnetPoolQuotaExceeded() {
        return new Refusal(409, "SubnetPoolQuotaExceeded", "Per-tenant subnet pool prefix quota exceeded.");
    }

    /** Neutron lets this one out as a fault of its own, with 500; it is none. */
    static Refusal subnetAllocationError(String reason) {
        return new Refusal(409, "SubnetAllocationError", "Failed to allocate subnet: %s.".formatted(reason));
    }

    static Refusal minPrefixSubnetAllocationError(int length, int least) {
        return bad(
                "MinPrefixSubnetAllocationError",
                "Unable to allocate subnet with prefix length %d, minimum allowed prefix is %d."
                        .formatted(length, least));
    }

    static Refusal maxPrefixSubnetAllocationError(int length, int most) {
        return bad(
                "MaxPrefixSubnetAllocationError",
                "Unable to allocate subnet with prefix length %d, maximum allowed prefix is %d."
                        .formatted(length, most));
    }

    static Refusal networkSubnetPoolAffinityError() {
        return bad(
                "NetworkSubnetPoolAffinityError",
                "Subnets hosted on the same network must be allocated from the same subnet pool.");
    }

    static Refusal networkAddressScopeAffinityError() {
        return bad(
                "NetworkAddressScopeAffinityError",
                "Subnets of the same address family hosted on the same network must all participate in the same"
                        + " address scope.");
    }

    static Refusal addressScopeNotFound(Id<AddressScope> id) {
        return new Refusal(404, "AddressScopeNotFound", "Address scope %s could not be found.".formatted(id));
    }

    static Refusal addressScopeInUse(Id<AddressScope> id) {
        return new Refusal(
                409,
                "AddressScopeInUse",
                ("Unable to complete operation on address scope %s. There are one or more subnet pools in use on the"
                                + " address scope.")
                        .formatted(id));
    }

    static Refusal addressScopeUpdateError(Id<AddressScope> id, String reason) {
        return bad("AddressScopeUpdateError", "Unable to update address scope %s : %s.".formatted(id, reason));
    }

    static Refusal addressScopePrefixConflict() {
        return new Refusal(
                409,
                "AddressScopePrefixConflict",
                "Failed to associate address scope: subnetpools within an address scope must have unique prefixes.");
    }
}
