package org.dragonflow.apps;

import static org.dragonflow.apps.Registers.SOURCE_PORT;
import static org.dragonflow.apps.Tables.PUNT;
import static org.dragonflow.apps.Tables.SERVICES;
import static org.dragonflow.flow.Action.goTo;
import static org.dragonflow.flow.Field.IPV6_DST;
import static org.dragonflow.flow.Flow.SPECIFIC;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.dragonflow.address.Ipv6;
import org.dragonflow.address.Mac;
import org.dragonflow.compile.App;
import org.dragonflow.compile.Punted;
import org.dragonflow.compile.Responder;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.Match;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.Ipv6Mode;
import org.dragonflow.model.Port;
import org.dragonflow.model.Subnet;
import org.dragonflow.model.View;
import org.dragonflow.packet.Decoded;
import org.dragonflow.packet.Dhcpv6;
import org.dragonflow.packet.Dhcpv6MessageType;
import org.dragonflow.packet.Dhcpv6Option;
import org.dragonflow.packet.Dhcpv6Option.Status;
import org.dragonflow.packet.Ethernet;
import org.dragonflow.packet.Ipv6Packet;
import org.dragonflow.packet.Udp;

/**
 * Gives ports their IPv6 addresses and settings by DHCPv6 (RFC 8415), on the chassis where they are.
 *
 * <p>As with {@link Dhcp4} there is no lease to keep: the addresses are the port's, and an answer depends on the question and the topology
 * alone.
 */
final class Dhcp6 {
    private Dhcp6() {}

    static App app(Id<Chassis> chassis) {
        return App.named("dhcpv6")
                .forEach(
                        "questions",
                        Port.class,
                        (port, view) -> port.isExpectedAt(chassis)
                                        && Client.of(port, view).isServed()
                                ? questions(port)
                                : Stream.of())
                .answering(new Responder(
                        "dhcpv6", PuntReason.DHCPV6.number(), (punted, view) -> answer(punted, chassis, view)));
    }

    private static Stream<Flow> questions(Port port) {
        var match = Match.on(SOURCE_PORT, port.key())
                .and(Packets.udp6(Dhcpv6.CLIENT_PORT, Dhcpv6.SERVER_PORT))
                .and(IPV6_DST, Dhcpv6.ALL_SERVERS);
        return Stream.of(Flow.in(SERVICES, SPECIFIC, match, PuntReason.DHCPV6.set(), goTo(PUNT)));
    }

    /**
     * Whom an answer is for.
     *
     * @param subnets those of its addresses where the controller answers DHCPv6
     * @param addresses those that it gets by DHCPv6
     */
    record Client(Port port, List<Subnet> subnets, List<Ipv6> addresses) {
        static Client of(Port port, View view) {
            var subnets = L3.subnets(port, view).filter(Client::isServed).toList();
            var addresses = port.fixedIps().stream()
                    .filter(ip ->
                            subnets.stream().anyMatch(subnet -> subnet.id().equals(ip.subnetId()) && !isFormed(subnet)))
                    .map(ip -> (Ipv6) ip.ipAddress())
                    .toList();
            return new Client(port, subnets, addresses);
        }

        boolean isServed() {
            return !subnets.isEmpty();
        }

        /** Without modes, as from before there were any, a subnet is served as one of stateful DHCP is; one with a mode of announcement alone is somebody else's. */
        private static boolean isServed(Subnet subnet) {
            return subnet.ipVersion() == 6
                    && subnet.enableDhcp()
                    && subnet.ipv6AddressMode()
                            .map(mode -> mode != Ipv6Mode.SLAAC)
                            .orElse(subnet.ipv6RaMode().isEmpty());
        }

        /** Whether hosts form their addresses in the subnet themselves. */
        private static boolean isFormed(Subnet subnet) {
            return subnet.ipv6AddressMode().isPresent()
                    && subnet.ipv6AddressMode().get() != Ipv6Mode.DHCPV6_STATEFUL;
        }

        /** The server of a network is the same on every chassis, so that a client keeps it when it moves. */
        Dhcpv6Option server() {
            var name = "DHCPv6 of network " + port.networkId().value();
            return Dhcpv6Option.serverId(UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)));
        }

        /** What the server answers from: local to the link, and nobody else's there. */
        Mac serverMac() {
            return new Mac(port.macAddress().bits() ^ 0x0200_0000_0000L);
        }
    }

    private static Stream<Responder.Answer> answer(Punted punted, Id<Chassis> chassis, View view) {
        if (!(punted.packet().payload() instanceof Ipv6Packet ip
                && ip.peek() instanceof Udp udp
                && !ip.source().equals(Ipv6.ANY)
                && !ip.source().isMulticast()
                && Dhcpv6.decode(udp.payload()) instanceof Decoded.Ok<Dhcpv6>(var question, var _))) {
            return Stream.of();
        }
        return view.find(Port.withKey((int) punted.get(SOURCE_PORT)))
                .map(port -> Client.of(port, view))
                .filter(Client::isServed)
                .flatMap(client -> reply(question, client, view).stream()
                        .map(reply -> packet(reply, client, punted.packet().source(), ip.source()))
                        .flatMap(packet ->
                                Locality.plugged(client.port(), chassis, view).map(own -> own.answer(packet))));
    }

    private static Ethernet packet(Dhcpv6 reply, Client client, Mac mac, Ipv6 asker) {
        var server = client.serverMac();
        var udp = new Udp(Dhcpv6.SERVER_PORT, Dhcpv6.CLIENT_PORT, reply.encode());
        return Ethernet.of(server, mac, Ipv6Packet.of(server.linkLocal(), asker, udp));
    }

    /** Nothing, if the message is not as RFC 8415, section 16, wants it, or is for another server. */
    private static Optional<Dhcpv6> reply(Dhcpv6 question, Client client, View view) {
        var named = question.find(Dhcpv6Option.SERVER_ID);
        boolean isForUs = named.equals(Optional.of(client.server()));
        boolean isNamed = question.has(Dhcpv6Option.CLIENT_ID);
        return switch (question.type()) {
            case SOLICIT -> isNamed && named.isEmpty() ? Optional.of(offer(question, client, view)) : Optional.empty();
            case REQUEST, RENEW -> isNamed && isForUs ? Optional.of(granted(question, client, view)) : Optional.empty();
            case REBIND -> isNamed && named.isEmpty() ? Optional.of(granted(question, client, view)) : Optional.empty();
            case CONFIRM -> isNamed && named.isEmpty() ? confirmed(question, client) : Optional.empty();
            // The addresses stay the port's whatever the client says of them.
            case RELEASE, DECLINE ->
                isNamed && isForUs
                        ? Optional.of(status(question, client, new Status(Status.SUCCESS, "as you like")))
                        : Optional.empty();
            case INFORMATION_REQUEST ->
                (named.isEmpty() || isForUs)
                                && question.options().stream().noneMatch(option -> Associations.isOne(option.code()))
                        ? Optional.of(informed(question, client, view))
                        : Optional.empty();
            case ADVERTISE, REPLY, RECONFIGURE -> Optional.empty();
        };
    }

    /** What every answer begins with. */
    private static List<Dhcpv6Option> names(Dhcpv6 question, Client client) {
        var options = new ArrayList<Dhcpv6Option>();
        question.find(Dhcpv6Option.CLIENT_ID).ifPresent(options::add);
        options.add(client.server());
        return options;
    }

    private static Dhcpv6 offer(Dhcpv6 question, Client client, View view) {
        boolean isRapid = question.has(Dhcpv6Option.RAPID_COMMIT);
        var options = names(question, client);
        // Nobody else has the port's address, so there is no other server to wait for.
        options.add(isRapid ? Dhcpv6Option.rapidCommit() : Dhcpv6Option.preference(255));
        options.addAll(Associations.filled(question, client.addresses()));
        options.addAll(Dhcp6Options.of(client, view));
        return question.reply(isRapid ? Dhcpv6MessageType.REPLY : Dhcpv6MessageType.ADVERTISE, options);
    }

    private static Dhcpv6 granted(Dhcpv6 question, Client client, View view) {
        var options = names(question, client);
        options.addAll(Associations.filled(question, client.addresses()));
        options.addAll(Dhcp6Options.of(client, view));
        return question.reply(Dhcpv6MessageType.REPLY, options);
    }

    /** Says whether the client may go on with what it had before it was away; nothing, if it says of no address. */
    private static Optional<Dhcpv6> confirmed(Dhcpv6 question, Client client) {
        var claimed = Associations.claimed(question);
        var status = client.addresses().containsAll(claimed)
                ? new Status(Status.SUCCESS, "all are yours")
                : new Status(Status.NOT_ON_LINK, "the port has other addresses");
        return claimed.isEmpty() ? Optional.empty() : Optional.of(status(question, client, status));
    }

    private static Dhcpv6 status(Dhcpv6 question, Client client, Status status) {
        var options = names(question, client);
        options.add(Dhcpv6Option.status(status));
        return question.reply(Dhcpv6MessageType.REPLY, options);
    }

    private static Dhcpv6 informed(Dhcpv6 question, Client client, View view) {
        var options = names(question, client);
        options.addAll(Dhcp6Options.withRefreshTime(client, view));
        return question.reply(Dhcpv6MessageType.REPLY, options);
    }
}
