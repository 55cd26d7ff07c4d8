package org.dragonflow.apps;

import static org.dragonflow.apps.Registers.ALLOWED;
import static org.dragonflow.apps.Registers.ALLOWED_STATELESS;
import static org.dragonflow.apps.Registers.COPIED;
import static org.dragonflow.apps.Registers.CT_ASKER;
import static org.dragonflow.apps.Registers.CT_BLOCKED;
import static org.dragonflow.apps.Registers.CT_REFUSED;
import static org.dragonflow.apps.Registers.CT_ROUTER;
import static org.dragonflow.apps.Registers.CT_TARGET;
import static org.dragonflow.apps.Registers.DOMAIN;
import static org.dragonflow.apps.Registers.FILTERED;
import static org.dragonflow.apps.Registers.FROM_TUNNEL;
import static org.dragonflow.apps.Registers.IS_ROUTER;
import static org.dragonflow.apps.Registers.NEIGHBOUR_HIGH;
import static org.dragonflow.apps.Registers.NEIGHBOUR_LOW;
import static org.dragonflow.apps.Registers.NETWORK;
import static org.dragonflow.apps.Registers.OUTSIDE;
import static org.dragonflow.apps.Registers.PAIR_STATE;
import static org.dragonflow.apps.Registers.PEER;
import static org.dragonflow.apps.Registers.PEER_ZONE;
import static org.dragonflow.apps.Registers.PUNT_REASON;
import static org.dragonflow.apps.Registers.ROUTED;
import static org.dragonflow.apps.Registers.ROUTER;
import static org.dragonflow.apps.Registers.SCRATCH_MAC;
import static org.dragonflow.apps.Registers.SECURITY_GROUP;
import static org.dragonflow.apps.Registers.SENDER_ZONE;
import static org.dragonflow.apps.Registers.SERVED;
import static org.dragonflow.apps.Registers.SOURCE_PORT;
import static org.dragonflow.apps.Registers.STATEFUL;
import static org.dragonflow.apps.Registers.TARGET_PORT;
import static org.dragonflow.apps.Registers.TOO_BIG;
import static org.dragonflow.apps.Registers.TRANSPARENT;
import static org.dragonflow.apps.Registers.TUN_NETWORK;
import static org.dragonflow.apps.Registers.TUN_SOURCE_PORT;
import static org.dragonflow.apps.Registers.TUN_TARGET_PORT;
import static org.dragonflow.apps.Registers.UNKNOWN;
import static org.dragonflow.apps.Registers.ZONE;
import static org.dragonflow.flow.Field.ARP_OP;
import static org.dragonflow.flow.Field.ARP_SHA;
import static org.dragonflow.flow.Field.ARP_SPA;
import static org.dragonflow.flow.Field.ARP_THA;
import static org.dragonflow.flow.Field.ARP_TPA;
import static org.dragonflow.flow.Field.CONJ_ID;
import static org.dragonflow.flow.Field.CT_NW_PROTO;
import static org.dragonflow.flow.Field.CT_STATE;
import static org.dragonflow.flow.Field.CT_TP_DST;
import static org.dragonflow.flow.Field.CT_TP_SRC;
import static org.dragonflow.flow.Field.ETH_DST;
import static org.dragonflow.flow.Field.ETH_SRC;
import static org.dragonflow.flow.Field.ETH_TYPE;
import static org.dragonflow.flow.Field.ICMPV4_CODE;
import static org.dragonflow.flow.Field.ICMPV4_TYPE;
import static org.dragonflow.flow.Field.ICMPV6_CODE;
import static org.dragonflow.flow.Field.ICMPV6_TYPE;
import static org.dragonflow.flow.Field.IN_PORT;
import static org.dragonflow.flow.Field.IPV4_DST;
import static org.dragonflow.flow.Field.IPV4_SRC;
import static org.dragonflow.flow.Field.IPV6_DST;
import static org.dragonflow.flow.Field.IPV6_SRC;
import static org.dragonflow.flow.Field.IP_DSCP;
import static org.dragonflow.flow.Field.IP_FRAG;
import static org.dragonflow.flow.Field.IP_PROTO;
import static org.dragonflow.flow.Field.IP_TTL;
import static org.dragonflow.flow.Field.ND_OPTIONS_TYPE;
import static org.dragonflow.flow.Field.ND_RESERVED;
import static org.dragonflow.flow.Field.ND_SLL;
import static org.dragonflow.flow.Field.ND_TARGET;
import static org.dragonflow.flow.Field.ND_TLL;
import static org.dragonflow.flow.Field.SCTP_DST;
import static org.dragonflow.flow.Field.SCTP_SRC;
import static org.dragonflow.flow.Field.TCP_DST;
import static org.dragonflow.flow.Field.TCP_SRC;
import static org.dragonflow.flow.Field.TUN_DST;
import static org.dragonflow.flow.Field.TUN_IPV6_DST;
import static org.dragonflow.flow.Field.TUN_IPV6_SRC;
import static org.dragonflow.flow.Field.TUN_SRC;
import static org.dragonflow.flow.Field.UDP_DST;
import static org.dragonflow.flow.Field.UDP_SRC;
import static org.dragonflow.flow.Field.VLAN_VID;

import org.dragonflow.flow.Pipeline;
import org.dragonflow.flow.Table;

/**
 * The pipeline, top to bottom: the order of this list is the order of the tables in the switch.
 *
 * <p>A packet from a local port is classified, held to its port's addresses, filtered by its port's security groups, held to its port's QoS policy, answered if it asks for
 * what the controller knows, routed or switched, and handed to the port it is for ({@link #TO_PORT}): a remote one through a tunnel, a local
 * one through the security groups and the QoS policy of that port. What comes out of a tunnel starts at {@link #TUNNEL_IN} and joins at the last part.
 */
final class Tables {
    private Tables() {}

    static final Table CLASSIFY = Table.of("classify", "classifier", "Knows a packet by the port it came in on.")
            .contributors("tunnels", "wires", "metadata")
            .matching(IN_PORT, VLAN_VID)
            .setting(SOURCE_PORT, NETWORK, ZONE, FILTERED, STATEFUL, FROM_TUNNEL, TRANSPARENT);

    static final Table TUNNEL_IN = Table.of(
                    "tunnel_in",
                    "tunnels",
                    "Takes packets from the chassis that are known, with what they say of themselves.")
            .matching(IN_PORT, TUN_SRC, TUN_IPV6_SRC)
            .setting(NETWORK, SOURCE_PORT, TARGET_PORT, FROM_TUNNEL);

    static final Table TUNNEL_TARGET = Table.of(
                    "tunnel_target", "tunnels", "Spares a packet the lookup that the sending chassis has made.")
            .contributors("shared_nat", "detours")
            .matching(TARGET_PORT, NETWORK, SOURCE_PORT)
            .setting(SOURCE_PORT, VLAN_VID);

    static final Table WIRE_IN = Table.of(
                    "wire_in",
                    "wires",
                    "Takes packets from the wire of a network: answers for what this chassis stands for there, and hears who else is there.")
            .contributors("wire_neighbours", "detours", "ndp_proxies")
            .matching(NETWORK, ETH_DST, ETH_TYPE, ARP_OP, ARP_SPA, ARP_TPA, IP_PROTO, ICMPV6_TYPE, ND_TARGET)
            .matching(TRANSPARENT, VLAN_VID)
            .setting(
                    NEIGHBOUR_HIGH,
                    NEIGHBOUR_LOW,
                    PUNT_REASON,
                    SOURCE_PORT,
                    TARGET_PORT,
                    TUN_DST,
                    TUN_IPV6_DST,
                    IN_PORT);

    static final Table METADATA_IN = Table.of(
                    "metadata_in", "metadata", "Finds the port that a service of the chassis answers.")
            .matching(ETH_TYPE, IPV4_DST, IPV6_DST)
            .setting(TARGET_PORT, NETWORK);

    static final Table METADATA_BACK = Table.of(
                    "metadata_back", "metadata", "Lets answers pass, and nothing that a service began by itself.")
            .matching(CT_STATE)
            .setting(ETH_DST, SERVED);

    static final Table PORT_SECURITY = Table.of(
                    "port_security", "port_security", "Lets a port speak with its own addresses only.")
            .matching(SOURCE_PORT, FILTERED, ETH_SRC, ETH_TYPE, IP_PROTO, IP_TTL, IP_FRAG, IPV4_SRC, IPV6_SRC)
            .matching(UDP_SRC, UDP_DST, ICMPV6_TYPE, ARP_SHA, ARP_SPA, TRANSPARENT);

    static final Table ND_SECURITY = Table.of(
                    "nd_security",
                    "port_security",
                    "Lets a port speak for its own addresses only, in neighbour discovery.")
            .matching(SOURCE_PORT, ETH_TYPE, IP_PROTO, ICMPV6_TYPE, ND_TARGET, ND_SLL, ND_TLL);

    static final Table FROM_PORT_CONNTRACK = Table.of(
                    "from_port_conntrack",
                    "security_groups",
                    "Finds the connection that a packet from a port belongs to.")
            .matching(FILTERED, STATEFUL, ETH_TYPE, IP_PROTO, IP_TTL, IPV6_SRC, UDP_SRC, UDP_DST, ICMPV6_TYPE);

    static final Table PAIR = Table.of(
                    "pair", "pairs", "Knows what a port sends from an address by which it is found on this chassis.")
            .matching(SOURCE_PORT, ETH_TYPE, IPV4_SRC, IPV6_SRC)
            .setting(DOMAIN);

    static final Table PAIR_PEER = Table.of(
                    "pair_peer", "pairs", "Finds the port of this chassis that a packet is likely for.")
            .matching(DOMAIN, ETH_TYPE, IPV4_DST, IPV6_DST)
            .setting(PEER, PEER_ZONE);

    static final Table PAIR_ORDER = Table.of(
                    "pair_order", "pairs", "Asks the port that has likely begun the connection for it.")
            .matching(ETH_TYPE, IP_PROTO, TCP_SRC, TCP_DST, UDP_SRC, UDP_DST, SCTP_SRC, SCTP_DST)
            .matching(ICMPV4_TYPE, ICMPV6_TYPE)
            .setting(SENDER_ZONE);

    static final Table PAIR_OWN = Table.of(
                    "pair_own", "pairs", "Knows what the sender began, and asks the target for what it did not.")
            .matching(CT_STATE, CT_TARGET, PEER, PAIR_STATE, ETH_TYPE)
            .setting(PAIR_STATE);

    static final Table PAIR_ANSWER = Table.of(
                    "pair_answer", "pairs", "Knows what answers the target, and asks the sender for what does not.")
            .matching(CT_STATE, CT_TARGET, SOURCE_PORT, PAIR_STATE, ETH_TYPE)
            .setting(PAIR_STATE)
            .goingBackTo(PAIR_OWN);

    static final Table FROM_PORT_STATE = Table.of(
                    "from_port_state", "security_groups", "Lets answers pass; the rest is for the rules to judge.")
            .contributors("pairs")
            .matching(CT_STATE, CT_BLOCKED, CT_REFUSED);

    static final Table FROM_PORT_GROUPS = Table.of(
                    "from_port_groups", "security_groups", "Asks each security group of the source port.")
            .matching(SOURCE_PORT)
            .setting(SECURITY_GROUP);

    static final Table FROM_PORT_RULES = Table.of(
                    "from_port_rules", "security_groups", "The egress rules of security groups.")
            .matching(SECURITY_GROUP, CONJ_ID, ETH_TYPE, IP_PROTO, IPV4_DST, IPV6_DST, TCP_DST, UDP_DST, SCTP_DST)
            .matching(ICMPV4_TYPE, ICMPV4_CODE, ICMPV6_TYPE, ICMPV6_CODE)
            .matching(IP_FRAG, CT_STATE, CT_NW_PROTO, CT_TP_SRC, CT_TP_DST)
            .setting(ALLOWED, ALLOWED_STATELESS)
            .mergingFlows();

    static final Table FROM_PORT_VERDICT = Table.of(
                    "from_port_verdict",
                    "security_groups",
                    "Enters allowed connections, and stops those that are allowed no more.")
            .contributors("pairs")
            .matching(CT_STATE, CT_BLOCKED, ETH_TYPE, IP_FRAG, ALLOWED, ALLOWED_STATELESS, PAIR_STATE)
            .setting(CT_BLOCKED, CT_REFUSED, PAIR_STATE);

    static final Table FROM_PORT_QOS = Table.of(
                    "from_port_qos", "qos", "Marks what a port sends, names its queue, and picks out what is limited.")
            .matching(SOURCE_PORT, ETH_TYPE)
            .setting(IP_DSCP);

    static final Table FROM_PORT_BANDWIDTH = Table.of(
                    "from_port_bandwidth", "qos", "Holds what a port sends to its bandwidth.")
            .matching(SOURCE_PORT);

    static final Table FROM_PORT_PACKETS = Table.of(
                    "from_port_packets", "qos", "Holds what a port sends to its packets a second.")
            .matching(SOURCE_PORT);

    static final Table SERVICES = Table.of("services", "neighbours", "Picks out what the controller answers itself.")
            .contributors("active_ports", "dhcp", "dhcpv6", "router_advertisements", "metadata")
            .matching(SOURCE_PORT, ETH_TYPE, IP_PROTO, UDP_SRC, UDP_DST, ARP_OP, ARP_TPA, ICMPV6_TYPE, ND_TARGET)
            .matching(NETWORK, IPV4_DST, IPV6_DST, VLAN_VID, ARP_SPA, ARP_SHA, ND_TLL)
            .setting(NEIGHBOUR_HIGH, NEIGHBOUR_LOW, PUNT_REASON, CT_ASKER);

    static final Table METADATA_OUT = Table.of(
                    "metadata_out", "metadata", "Hands a packet to the services of the chassis.")
            .matching(CT_STATE)
            .setting(ETH_DST);

    static final Table ROUTER_IN = Table.of("router_in", "l3", "Takes packets for the address of a router.")
            .contributors("nat", "shared_nat", "forwardings")
            .matching(NETWORK, ETH_DST, ETH_TYPE, SOURCE_PORT, IPV4_DST, IP_PROTO, IP_FRAG, ICMPV4_TYPE)
            .matching(TCP_DST, UDP_DST, SCTP_DST)
            .setting(ROUTER, ROUTED, FROM_TUNNEL, TUN_DST, TUN_IPV6_DST, SOURCE_PORT, TARGET_PORT, OUTSIDE, TOO_BIG);

    static final Table NAT_COPY = Table.of(
                    "nat_copy",
                    "shared_nat",
                    "Copies what no port number tells apart to each other chassis that shares the router's address.")
            .matching(NETWORK, ETH_DST, TOO_BIG)
            .setting(TUN_DST, TUN_IPV6_DST, SOURCE_PORT, TARGET_PORT, ROUTER, PUNT_REASON)
            .mergingFlows();

    static final Table NAT_CHASSIS_IN = Table.of(
                    "nat_chassis_in", "nat", "Knows which router a connection to the address of the chassis is of.")
            .matching(NETWORK, CT_ROUTER, ETH_TYPE)
            .setting(ROUTER, OUTSIDE);

    static final Table NAT_IN = Table.of(
                    "nat_in", "nat", "Takes packets from outside, once their addresses are translated.")
            .matching(CT_STATE);

    static final Table FROM_OUTSIDE_BANDWIDTH = Table.of(
                    "from_outside_bandwidth",
                    "outside_qos",
                    "Holds what comes in by a floating IP, or by a router's address, to its bandwidth.")
            .matching(OUTSIDE);

    static final Table FROM_OUTSIDE_PACKETS = Table.of(
                    "from_outside_packets",
                    "outside_qos",
                    "Holds what comes in by a floating IP, or by a router's address, to its packets a second.")
            .matching(OUTSIDE);

    static final Table ROUTER_ADDRESS = Table.of(
                    "router_address",
                    "l3",
                    "Answers for the addresses of a router, and to packets that have no hop left.")
            .contributors("ndp_proxies", "shared_nat")
            .matching(ROUTER, NETWORK, ETH_TYPE, IP_PROTO, IP_TTL, IP_FRAG, IPV4_DST, IPV6_SRC, IPV6_DST)
            .matching(ICMPV4_TYPE, ICMPV4_CODE, ICMPV6_TYPE, ICMPV6_CODE)
            .setting(ETH_SRC, ETH_DST, IPV4_SRC, IPV4_DST, IPV6_SRC, IPV6_DST, IP_TTL, ICMPV4_TYPE, ICMPV6_TYPE)
            .setting(SCRATCH_MAC, TARGET_PORT, IN_PORT, PUNT_REASON);

    static final Table ROUTE = Table.of("route", "l3", "Finds the network and the next hop.")
            .matching(ROUTER, ETH_TYPE, IPV4_DST, IPV6_DST)
            .setting(NETWORK, ETH_SRC, NEIGHBOUR_HIGH, NEIGHBOUR_LOW, IN_PORT, PUNT_REASON, TOO_BIG);

    static final Table MTU = Table.of(
                    "mtu", "path_mtu", "Stops packets that are too big for where they are routed, or passed on, to.")
            .matching(TOO_BIG, ROUTED)
            .setting(PUNT_REASON, SOURCE_PORT, TARGET_PORT);

    static final Table NAT_REPLY = Table.of(
                    "nat_reply",
                    "forwardings",
                    "Knows packets to the outside that answer what came through a forwarding of ports.")
            .matching(ROUTER, NETWORK, ETH_TYPE, IP_PROTO, IPV4_SRC, TCP_SRC, UDP_SRC, SCTP_SRC)
            .setting(OUTSIDE);

    static final Table NAT_OUT = Table.of("nat_out", "nat", "Translates addresses on the way outside.")
            .contributors("shared_nat")
            .matching(CT_STATE, ROUTER, NETWORK, ETH_TYPE, IPV4_SRC, SOURCE_PORT)
            .setting(ETH_SRC, PUNT_REASON, OUTSIDE);

    static final Table NAT_CHASSIS_OUT = Table.of(
                    "nat_chassis_out", "nat", "Translates to the address of the chassis, which routers share.")
            .matching(ROUTER, NETWORK, ETH_TYPE)
            .setting(CT_ROUTER);

    static final Table NAT_SENT = Table.of(
                    "nat_sent", "nat", "Lets outside only what was translated: a range of ports may be used up.")
            .matching(CT_STATE)
            .setting(PUNT_REASON);

    static final Table TO_OUTSIDE_BANDWIDTH = Table.of(
                    "to_outside_bandwidth",
                    "outside_qos",
                    "Holds what goes out by a floating IP, or by a router's address, to its bandwidth.")
            .matching(OUTSIDE);

    static final Table TO_OUTSIDE_PACKETS = Table.of(
                    "to_outside_packets",
                    "outside_qos",
                    "Holds what goes out by a floating IP, or by a router's address, to its packets a second.")
            .matching(OUTSIDE);

    static final Table NEIGHBOUR = Table.of(
                    "neighbour",
                    "neighbours",
                    "Finds the link-layer address, and the port, of an IP address on a network.")
            .contributors("active_ports", "l3", "wire_neighbours", "metadata", "ndp_proxies")
            .matching(NETWORK, NEIGHBOUR_HIGH, NEIGHBOUR_LOW, ROUTED)
            .setting(ETH_DST, TARGET_PORT, IS_ROUTER, PUNT_REASON)
            .goingBackTo(ROUTER_IN);

    static final Table ANSWER = Table.of(
                    "answer", "neighbours", "Turns a question for an address into its answer; routed packets pass.")
            .matching(ETH_TYPE, ARP_OP, IP_PROTO, ICMPV6_TYPE, ROUTED, IPV6_SRC, ND_SLL)
            .setting(ETH_SRC, ETH_DST, ARP_OP, ARP_SHA, ARP_THA, ARP_SPA, ARP_TPA, IPV6_SRC, IPV6_DST, ICMPV6_TYPE)
            .setting(SCRATCH_MAC, TARGET_PORT, IN_PORT);

    static final Table ANSWER_ND = Table.of("answer_nd", "neighbours", "Completes a neighbour advertisement.")
            .matching(ETH_TYPE, IP_PROTO, ICMPV6_TYPE, IPV6_DST, IS_ROUTER)
            .setting(ND_OPTIONS_TYPE, ND_TLL, ND_RESERVED, ETH_DST, TARGET_PORT, IN_PORT);

    static final Table L2_LOOKUP = Table.of("l2_lookup", "l2", "Finds the port of a link-layer address on a network.")
            .matching(NETWORK, ETH_DST, FROM_TUNNEL)
            .setting(TARGET_PORT, UNKNOWN, COPIED)
            .mergingFlows();

    static final Table FLOOD_LOCAL = Table.of(
                    "flood_local", "l2", "Copies a packet to the ports of its network on this chassis.")
            .matching(NETWORK, UNKNOWN)
            .setting(TARGET_PORT, COPIED)
            .mergingFlows();

    static final Table FLOOD_REMOTE = Table.of(
                    "flood_remote",
                    "tunnels",
                    "Copies a packet once to each other chassis with ports of its network, or to its wire.")
            .contributors("wires")
            .matching(NETWORK, UNKNOWN, FROM_TUNNEL)
            .setting(TUN_DST, TUN_IPV6_DST, TARGET_PORT)
            .mergingFlows();

    static final Table TO_PORT = Table.of(
                    "to_port", "classifier", "Makes ready for the port that the packet is for, here or elsewhere.")
            .contributors("tunnels", "wires")
            .matching(TARGET_PORT, FROM_TUNNEL)
            .setting(ZONE, FILTERED, STATEFUL, ALLOWED, ALLOWED_STATELESS, TUN_DST, TUN_IPV6_DST);

    static final Table TO_PORT_CONNTRACK = Table.of(
                    "to_port_conntrack", "security_groups", "Finds the connection that a packet to a port belongs to.")
            .contributors("pairs")
            .matching(FILTERED, STATEFUL, ETH_TYPE, IP_PROTO, IP_TTL, IPV6_SRC, UDP_SRC, UDP_DST, ICMPV6_TYPE)
            .matching(TARGET_PORT, PEER, ROUTED)
            .setting(PAIR_STATE);

    static final Table PAIR_TARGET = Table.of(
                    "pair_target", "pairs", "Spares the target the lookup of a connection that was entered for both.")
            .matching(CT_STATE, CT_REFUSED, PAIR_STATE, ETH_TYPE)
            .setting(PAIR_STATE);

    static final Table TO_PORT_STATE = Table.of(
                    "to_port_state", "security_groups", "Lets answers pass; the rest is for the rules to judge.")
            .contributors("pairs")
            .matching(CT_STATE, CT_BLOCKED, CT_REFUSED);

    static final Table TO_PORT_GROUPS = Table.of(
                    "to_port_groups", "security_groups", "Asks each security group of the target port.")
            .matching(TARGET_PORT)
            .setting(SECURITY_GROUP);

    static final Table TO_PORT_RULES = Table.of(
                    "to_port_rules", "security_groups", "The ingress rules of security groups.")
            .matching(SECURITY_GROUP, CONJ_ID, ETH_TYPE, IP_PROTO, IPV4_SRC, IPV6_SRC, TCP_DST, UDP_DST, SCTP_DST)
            .matching(ICMPV4_TYPE, ICMPV4_CODE, ICMPV6_TYPE, ICMPV6_CODE)
            .matching(IP_FRAG, CT_STATE, CT_NW_PROTO, CT_TP_SRC, CT_TP_DST)
            .setting(ALLOWED, ALLOWED_STATELESS)
            .mergingFlows();

    static final Table TO_PORT_VERDICT = Table.of(
                    "to_port_verdict",
                    "security_groups",
                    "Enters allowed connections, and stops those that are allowed no more.")
            .contributors("pairs", "metadata")
            .matching(
                    CT_STATE, CT_BLOCKED, CT_REFUSED, ETH_TYPE, IP_FRAG, ALLOWED, ALLOWED_STATELESS, SERVED, PAIR_STATE)
            .setting(CT_BLOCKED, CT_REFUSED, CT_TARGET, PAIR_STATE);

    static final Table TO_PORT_QOS = Table.of(
                    "to_port_qos", "qos", "Picks out what of the packets to a port is limited.")
            .matching(TARGET_PORT, COPIED, CT_STATE, ETH_TYPE);

    static final Table TO_PORT_BANDWIDTH = Table.of(
                    "to_port_bandwidth", "qos", "Holds what a port gets to its bandwidth.")
            .matching(TARGET_PORT);

    static final Table TO_PORT_PACKETS = Table.of(
                    "to_port_packets", "qos", "Holds what a port gets to its packets a second.")
            .matching(TARGET_PORT);

    static final Table DISPATCH = Table.of("dispatch", "classifier", "Puts a packet out of the port it is for.")
            .contributors("wires")
            .matching(TARGET_PORT, SOURCE_PORT, IN_PORT, VLAN_VID)
            .setting(IN_PORT, VLAN_VID);

    static final Table WIRE_OUT = Table.of("wire_out", "wires", "Puts a packet on the wire of its network.")
            .contributors("detours")
            .matching(NETWORK, ETH_DST, ETH_TYPE, ARP_OP, ARP_TPA, IP_PROTO, ICMPV6_TYPE, ND_TARGET)
            .setting(VLAN_VID, SOURCE_PORT, TARGET_PORT, TUN_DST, TUN_IPV6_DST, IN_PORT);

    static final Table TUNNEL_OUT = Table.of(
                    "tunnel_out",
                    "tunnels",
                    "Sends a packet to another chassis, with what that chassis needs to know of it.")
            .matching(TUN_DST, TUN_IPV6_DST)
            .setting(TUN_NETWORK, TUN_SOURCE_PORT, TUN_TARGET_PORT, TUN_SRC, TUN_IPV6_SRC);

    static final Table PUNT = Table.of(
                    "punt", "classifier", "Sends a packet to the controller, if its port's meter lets it through.")
            .contributors("wires", "tunnels")
            .matching(SOURCE_PORT);

    static final Pipeline PIPELINE = Pipeline.of(
            CLASSIFY,
            TUNNEL_IN,
            TUNNEL_TARGET,
            WIRE_IN,
            METADATA_IN,
            METADATA_BACK,
            PORT_SECURITY,
            ND_SECURITY,
            FROM_PORT_CONNTRACK,
            PAIR,
            PAIR_PEER,
            PAIR_ORDER,
            PAIR_OWN,
            PAIR_ANSWER,
            FROM_PORT_STATE,
            FROM_PORT_GROUPS,
            FROM_PORT_RULES,
            FROM_PORT_VERDICT,
            FROM_PORT_QOS,
            FROM_PORT_BANDWIDTH,
            FROM_PORT_PACKETS,
            SERVICES,
            METADATA_OUT,
            ROUTER_IN,
            NAT_COPY,
            NAT_CHASSIS_IN,
            NAT_IN,
            FROM_OUTSIDE_BANDWIDTH,
            FROM_OUTSIDE_PACKETS,
            ROUTER_ADDRESS,
            ROUTE,
            MTU,
            NAT_REPLY,
            NAT_OUT,
            NAT_CHASSIS_OUT,
            NAT_SENT,
            TO_OUTSIDE_BANDWIDTH,
            TO_OUTSIDE_PACKETS,
            NEIGHBOUR,
            ANSWER,
            ANSWER_ND,
            L2_LOOKUP,
            FLOOD_LOCAL,
            FLOOD_REMOTE,
            TO_PORT,
            TO_PORT_CONNTRACK,
            PAIR_TARGET,
            TO_PORT_STATE,
            TO_PORT_GROUPS,
            TO_PORT_RULES,
            TO_PORT_VERDICT,
            TO_PORT_QOS,
            TO_PORT_BANDWIDTH,
            TO_PORT_PACKETS,
            DISPATCH,
            WIRE_OUT,
            TUNNEL_OUT,
            PUNT);
}
