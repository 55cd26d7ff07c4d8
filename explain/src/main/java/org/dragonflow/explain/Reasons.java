package org.dragonflow.explain;

import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dragonflow.flow.Header;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.trace.Headers;
import org.dragonflow.trace.Outcome;

/** Why a table dropped a packet, in the words of those who asked for networks and not for tables. */
final class Reasons {
    private static final int INVALID = 16;

    private final Names names;

    Reasons(Names names) {
        this.names = names;
    }

    /** A table that is only asked by the way; the packet goes on whatever it says. */
    static boolean isOnlyAsked(String table) {
        return table.equals("from_port_rules") || table.equals("to_port_rules");
    }

    /** @param from the port that the packet started from */
    String of(Outcome.Dropped drop, Port from) {
        var headers = drop.packet().headers();
        var registers = new Registers(headers);
        if (drop.reason().equals(Outcome.Dropped.KEPT)) {
            return drop.reason();
        }
        return switch (drop.table().name()) {
            case "classify" -> notPlugged(from);
            case "tunnel_in" -> "it came through a tunnel from an address that is no chassis'";
            case "port_security", "nd_security" -> spoofed(headers, drop.table().name());
            case "from_port_conntrack", "to_port_conntrack" ->
                "security groups let only IP and ARP pass, and this is %s".formatted(new Traffic(headers).kind());
            case "from_port_state", "to_port_state" -> "the rules that once allowed this connection do so no more";
            case "from_port_rules", "to_port_rules" ->
                unallowedBy(headers, drop.table().name());
            case "from_port_verdict" -> unallowed(headers, names.portOf(registers.sourcePort()), "egress");
            case "to_port_verdict" -> unallowed(headers, names.portOf(registers.targetPort()), "ingress");
            case "flood_local", "flood_remote" -> nobodyElse(headers);
            case "to_port" -> unreachable(registers);
            case "tunnel_out" -> "the two chassis have no type of tunnel in common";
            case "metadata_out" ->
                "it belongs to no connection that can be, and the services of the chassis would not know whose it is";
            case "dispatch" -> back(drop, registers);
            case String table -> "%s in table %s".formatted(drop.reason(), table);
        };
    }

    private String notPlugged(Port port) {
        if (!port.adminStateUp()) {
            return "%s is administratively down (admin_state_up is false)".formatted(names.of(port));
        }
        return names.topology()
                .get(port.networkId())
                .filter(network -> !network.adminStateUp())
                .map(this::down)
                .orElse("no port is known where it came in");
    }

    private String down(Network network) {
        return "%s is administratively down (admin_state_up is false)".formatted(names.of(network));
    }

    private String spoofed(Headers headers, String table) {
        var traffic = new Traffic(headers);
        var port = names.portOf(new Registers(headers).sourcePort());
        var who = port.map(names::of).orElse("the port");
        var own = port.map(Reasons::addresses).orElse("nothing");
        if (table.equals("port_security") && isHidden(headers)) {
            return "port security: %s may not send neighbour discovery in pieces, nor hide what a packet is"
                    .formatted(who);
        }
        if (role(headers).isPresent()) {
            return "port security: %s may not act as a %s"
                    .formatted(who, role(headers).get());
        }
        if (table.equals("nd_security")) {
            return "port security: %s may not speak for %s in neighbour discovery; it has %s"
                    .formatted(who, traffic.ndTarget(), own);
        }
        if (!traffic.isIp() && !traffic.isArp()) {
            return "port security: %s may send IP and ARP only, and this is %s".formatted(who, traffic.kind());
        }
        return "port security: %s may not send from %s with %s; it has %s"
                .formatted(who, traffic.source(), traffic.sourceMac(), own);
    }

    /** Whether extension headers or pieces keep the switch from seeing what an IPv6 packet is. */
    private static boolean isHidden(Headers headers) {
        boolean isIpv6 = headers.number(Header.ETH_TYPE) == 0x86dd;
        boolean isPiece = (headers.number(Header.IP_FRAG) & 1) != 0;
        long protocol = headers.number(Header.IP_PROTO);
        return isIpv6 && (protocol == 0 || isPiece && protocol == 58 && headers.number(Header.IP_TTL) == 255);
    }

    private static Optional<String> role(Headers headers) {
        boolean isDhcp = headers.number(Header.IP_PROTO) == 17
                && (headers.number(Header.UDP_SRC) == 67 && headers.number(Header.UDP_DST) == 68
                        || headers.number(Header.UDP_SRC) == 547 && headers.number(Header.UDP_DST) == 546);
        long icmpv6 = headers.number(Header.ICMPV6_TYPE);
        return isDhcp
                ? Optional.of("DHCP server")
                : icmpv6 == 134 || icmpv6 == 137 ? Optional.of("router") : Optional.empty();
    }

    private static String addresses(Port port) {
        var own = port.addresses().map(address -> "%s with %s".formatted(address, port.macAddress()));
        var further = port.allowedAddressPairs().stream()
                .map(pair -> "%s with %s".formatted(pair.ipAddress(), pair.macAddress()));
        var all = Stream.concat(own, further).collect(Collectors.joining(", "));
        return all.isEmpty() ? "no address but %s".formatted(port.macAddress()) : all;
    }

    /** What one group says. */
    private String unallowedBy(Headers headers, String table) {
        boolean isEgress = table.startsWith("from");
        return "%s has no %s rule for %s"
                .formatted(
                        names.group(new Registers(headers).securityGroup()),
                        isEgress ? "egress" : "ingress",
                        other(headers, isEgress));
    }

    private static String other(Headers headers, boolean isEgress) {
        var traffic = new Traffic(headers);
        return isEgress
                ? "%s to %s".formatted(traffic.kind(), traffic.destination())
                : "%s from %s".formatted(traffic.kind(), traffic.source());
    }

    private String unallowed(Headers headers, Optional<Port> port, String direction) {
        boolean isEgress = direction.equals("egress");
        if ((headers.number(Header.CT_STATE) & INVALID) != 0) {
            return "%s belongs to no connection that can be".formatted(other(headers, isEgress));
        }
        var who = port.map(names::of).orElse("the port");
        if (port.map(p -> p.securityGroups().isEmpty()).orElse(true)) {
            return "%s has no security group, so nothing may %s it".formatted(who, isEgress ? "leave" : "reach");
        }
        var groups = port.map(names::groups).orElse("");
        boolean isOne = port.map(p -> p.securityGroups().size() == 1).orElse(true);
        return isOne
                ? "%s of %s has no %s rule for %s".formatted(groups, who, direction, other(headers, isEgress))
                : "none of %s of %s has an %s rule for %s".formatted(groups, who, direction, other(headers, isEgress));
    }

    private String nobodyElse(Headers headers) {
        var registers = new Registers(headers);
        var network = names.network(registers.network());
        return registers.isUnknown()
                ? "no port on %s has the address %s".formatted(network, new Traffic(headers).destinationMac())
                : "nobody else on %s is there to get a copy".formatted(network);
    }

    private String unreachable(Registers registers) {
        var port = names.portOf(registers.targetPort());
        var who = port.map(names::of).orElse("the port");
        if (port.isEmpty() || port.get().hostId().isEmpty()) {
            return "%s is bound to no chassis".formatted(who);
        }
        if (!port.get().adminStateUp()) {
            return "%s is administratively down (admin_state_up is false)".formatted(who);
        }
        var down = names.topology().get(port.get().networkId()).filter(network -> !network.adminStateUp());
        if (down.isPresent()) {
            return down(down.get());
        }
        var at = port.get().hostId().get();
        var where = names.chassis(at.value());
        return names.topology()
                .get(at)
                .map(_ ->
                        "%s is on %s, which cannot be reached from here: the tunnels of the two chassis end at addresses of different versions of IP"
                                .formatted(who, where))
                .orElse("%s is bound to %s, which has not joined".formatted(who, where));
    }

    private String back(Outcome.Dropped drop, Registers registers) {
        boolean isBack = registers.sourcePort() == registers.targetPort();
        return isBack
                ? "it is for %s, where it came from".formatted(names.port(registers.targetPort()))
                : "%s for %s".formatted(drop.reason(), names.port(registers.targetPort()));
    }
}
