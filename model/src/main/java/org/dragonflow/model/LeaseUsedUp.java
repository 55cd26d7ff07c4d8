package org.dragonflow.model;

/** That a chassis could not translate a packet, since all source ports of a lease were in use for where the packet was going. */
public record LeaseUsedUp(Id<NatLease> lease) implements Report {
    @Override
    public Id<?> subject() {
        return lease;
    }
}
