package org.dragonflow.apps;

import java.util.Optional;
import org.dragonflow.model.AddressGroup;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Query;
import org.dragonflow.model.SecurityGroup;
import org.dragonflow.model.SecurityGroupRule.Direction;
import org.dragonflow.model.SecurityGroupRule.Ethertype;

/**
 * That rules which apply on this chassis name the members of a group as their other side.
 *
 * <p>All such rules of one direction, IP version and statefulness share a conjunction: its first dimension is the rules, its second the
 * members. So there is one flow a rule and one a member, and never one a pair.
 *
 * @param conjunction 32 bits, made of the key of the group and of whether the rules are stateful
 */
record Peers(
        Id<Peers> id,
        Optional<Id<SecurityGroup>> group,
        Optional<Id<AddressGroup>> addressGroup,
        Direction direction,
        Ethertype ethertype,
        boolean stateful,
        long conjunction)
        implements Entity {

    private static final long OF_ADDRESSES = 1L << 31;
    private static final long STATELESS = 1L << 30;

    static Peers of(SecurityGroup group, Direction direction, Ethertype ethertype, boolean stateful) {
        long conjunction = group.key() | (stateful ? 0 : STATELESS);
        return new Peers(
                name(direction, ethertype, conjunction),
                Optional.of(group.id()),
                Optional.empty(),
                direction,
                ethertype,
                stateful,
                conjunction);
    }

    static Peers of(AddressGroup group, Direction direction, Ethertype ethertype, boolean stateful) {
        long conjunction = group.key() | OF_ADDRESSES | (stateful ? 0 : STATELESS);
        return new Peers(
                name(direction, ethertype, conjunction),
                Optional.empty(),
                Optional.of(group.id()),
                direction,
                ethertype,
                stateful,
                conjunction);
    }

    private static Id<Peers> name(Direction direction, Ethertype ethertype, long conjunction) {
        return Id.of(Peers.class, "%s-%s-%x".formatted(direction, ethertype, conjunction));
    }

    static Query<Peers> membersOf(Id<SecurityGroup> group) {
        return Query.by(Peers.class, "group", group);
    }

    static Query<Peers> addressesOf(Id<AddressGroup> group) {
        return Query.by(Peers.class, "address_group", group);
    }
}
