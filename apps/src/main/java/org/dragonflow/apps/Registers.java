package org.dragonflow.apps;

import org.dragonflow.flow.Field;
import org.dragonflow.flow.Header;

/** What a packet carries from table to table, what tunnels carry from chassis to chassis, and what connections remember. */
final class Registers {
    private Registers() {}

    /** Key of the port that the packet comes from, or of the wire ({@link Wire}); 0 if it came through a tunnel that does not say. */
    static final Field SOURCE_PORT = Field.reg("source_port", 0, 0, 32);

    /** Key of the port, or of the wire, that the packet is for; 0 while that is not known. */
    static final Field TARGET_PORT = Field.reg("target_port", 1, 0, 32);

    /** Key of the network that the packet is in. */
    static final Field NETWORK = Field.named("network", Header.METADATA, 0, 24);

    /** Whether the port at hand (the source, then the target) is held to its addresses and security groups. */
    static final Field FILTERED = Field.reg("filtered", 2, 0, 1);

    /** Whether a security group of the port at hand is stateful, so that connections must be tracked. */
    static final Field STATEFUL = Field.reg("stateful", 2, 1, 1);

    /** Whether the packet came through a tunnel or over a wire, by which it must not go again. */
    static final Field FROM_TUNNEL = Field.reg("from_tunnel", 2, 2, 1);

    /** Whether no port of the network is known to have the packet's unicast address. */
    static final Field UNKNOWN = Field.reg("unknown", 2, 3, 1);

    /** Whether a rule of a stateful group allows the packet. */
    static final Field ALLOWED = Field.reg("allowed", 2, 4, 1);

    /** Whether a rule of a stateless group allows the packet. */
    static final Field ALLOWED_STATELESS = Field.reg("allowed_stateless", 2, 5, 1);

    /** Whether the packet is being routed. */
    static final Field ROUTED = Field.reg("routed", 2, 6, 1);

    /** Whether the neighbour that was found is a router. */
    static final Field IS_ROUTER = Field.reg("is_router", 2, 7, 1);

    /** Whether the packet is too big for the network that it is routed to. */
    static final Field TOO_BIG = Field.reg("too_big", 2, 18, 1);

    /** Which responder a punted packet is for: {@link PuntReason}. */
    static final Field PUNT_REASON = Field.reg("punt_reason", 2, 8, 8);

    /** Whether the packet is an answer of this chassis' own services, for which no rule need ask. */
    static final Field SERVED = Field.reg("served", 2, 16, 1);

    /** Whether the packet is one of several copies, which the switch does in one list of actions unless they are tracked. */
    static final Field COPIED = Field.reg("copied", 2, 17, 1);

    /** Whether the network of the port or the wire that the packet comes from lets the tags of its senders pass. */
    static final Field TRANSPARENT = Field.reg("transparent", 2, 19, 1);

    /** What is known of the connection, if its other port is on this chassis too: {@link PairState}. */
    static final Field PAIR_STATE = Field.reg("pair_state", 2, 20, 4);

    /** Key of the security group whose rules are being looked at. */
    static final Field SECURITY_GROUP = Field.reg("security_group", 3, 0, 32);

    /** The first 96 bits of the IP address whose link-layer address is wanted; an IPv4 address stands in its mapped form, ::ffff:a.b.c.d. */
    static final Field NEIGHBOUR_HIGH = Field.named("neighbour_high", Header.XXREG1, 32, 96);

    /** The last 32 bits of the IP address whose link-layer address is wanted. */
    static final Field NEIGHBOUR_LOW = Field.named("neighbour_low", Header.XXREG1, 0, 32);

    /** Key of the router that the packet is in. */
    static final Field ROUTER = Field.reg("router", 8, 0, 32);

    /** Conntrack zone of the port at hand. */
    static final Field ZONE = Field.reg("zone", 9, 0, 16);

    /** Key of the port outside, a router's or a floating IP's, by whose address the packet is translated. */
    static final Field OUTSIDE = Field.reg("outside", 12, 0, 32);

    /** Key of the networks, joined by routers, in which the packet's addresses are looked for ({@link AddressDomain}). */
    static final Field DOMAIN = Field.reg("domain", 15, 0, 32);

    /** Key of the port of this chassis that a packet from another such port is likely for; 0 if there is none. */
    static final Field PEER = Field.reg("peer", 13, 0, 32);

    /** Conntrack zone of that port. */
    static final Field PEER_ZONE = Field.reg("peer_zone", 14, 0, 16);

    /** Conntrack zone of the port that the packet comes from, if there is a peer. */
    static final Field SENDER_ZONE = Field.reg("sender_zone", 14, 16, 16);

    /** Room for a link-layer address while two are exchanged. */
    static final Field SCRATCH_MAC = Field.named("scratch_mac", Header.XXREG2, 0, 48);

    // ---- What tunnels carry: the network as VNI, and, where the tunnel has room for it, the two ports.

    /** Key of the network that a tunnelled packet is in: the VNI. */
    static final Field TUN_NETWORK = Field.named("tun_network", Header.TUN_ID, 0, 24);

    /** Key of the port that a Geneve packet comes from. */
    static final Field TUN_SOURCE_PORT = Field.named("tun_source_port", Header.TUN_METADATA0, 32, 32);

    /** Key of the port that a Geneve packet is for; 0 if it is for all of its network. */
    static final Field TUN_TARGET_PORT = Field.named("tun_target_port", Header.TUN_METADATA0, 0, 32);

    /** Bit 0 of the connection's mark: the rules that once allowed the connection do so no more. */
    static final Field CT_BLOCKED = Field.named("ct_blocked", Header.CT_MARK, 0, 1);

    /** Bit 1 of the connection's mark: the rules of the port that the connection is to, on the same chassis, allow it no more. */
    static final Field CT_REFUSED = Field.named("ct_refused", Header.CT_MARK, 1, 1);

    /** Key of the port of this chassis that has let the connection in, which therefore has no entry in that port's own zone; 0 if there is none. */
    static final Field CT_TARGET = Field.named("ct_target", Header.CT_LABEL, 0, 32);

    /** In the connections that share the address of a chassis: key of the router that each is of. */
    static final Field CT_ROUTER = Field.named("ct_router", Header.CT_MARK, 0, 32);

    /** The link-layer address of who began a connection with a service of the chassis. */
    static final Field CT_ASKER = Field.named("ct_asker", Header.CT_LABEL, 0, 48);
}
