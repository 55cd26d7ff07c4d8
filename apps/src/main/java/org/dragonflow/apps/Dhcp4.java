package org.dragonflow.apps;

import static org.dragonflow.apps.Registers.SOURCE_PORT;
import static org.dragonflow.apps.Tables.PUNT;
import static org.dragonflow.apps.Tables.SERVICES;
import static org.dragonflow.flow.Action.goTo;
import static org.dragonflow.flow.Flow.SPECIFIC;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Mac;
import org.dragonflow.compile.App;
import org.dragonflow.compile.Punted;
import org.dragonflow.compile.Responder;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.Match;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.model.Subnet;
import org.dragonflow.model.View;
import org.dragonflow.packet.Decoded;
import org.dragonflow.packet.Dhcpv4;
import org.dragonflow.packet.Dhcpv4MessageType;
import org.dragonflow.packet.Dhcpv4Option;
import org.dragonflow.packet.Ethernet;
import org.dragonflow.packet.Ipv4Packet;
import org.dragonflow.packet.Udp;

/**
 * Gives ports their IPv4 addresses by DHCP (RFC 2131), on the chassis where they are.
 *
 * <p>There is no pool and no lease to keep: a port's address is known before it asks. So an answer depends on the question and the topology
 * alone, and a client that comes back after any outage gets the same address.
 */
final class Dhcp4 {
    static final Duration LEASE_TIME = Duration.ofDays(1);

    /** Names the server on subnets without a gateway; link-local, so that it can be nobody else's there. */
    static final Ipv4 SERVER = Ipv4.parse("169.254.169.254");

    private Dhcp4() {}

    static App app(Id<Chassis> chassis) {
        return App.named("dhcp")
                .forEach(
                        "questions",
                        Port.class,
                        (port, view) ->
                                port.isExpectedAt(chassis) && lease(port, view).isPresent()
                                        ? questions(port)
                                        : Stream.of())
                .answering(new Responder(
                        "dhcp", PuntReason.DHCPV4.number(), (punted, view) -> answer(punted, chassis, view)));
    }

    private static Stream<Flow> questions(Port port) {
        var match = Match.on(SOURCE_PORT, port.key()).and(Packets.udp4(Dhcpv4.CLIENT_PORT, Dhcpv4.SERVER_PORT));
        return Stream.of(Flow.in(SERVICES, SPECIFIC, match, PuntReason.DHCPV4.set(), goTo(PUNT)));
    }

    /** What a port is given: its first IPv4 address from a subnet with DHCP. */
    record Lease(Port port, Subnet subnet, Ipv4 address) {
        Ipv4 server() {
            return subnet.gatewayIp().map(Ipv4.class::cast).orElse(SERVER);
        }
    }

    private static Optional<Lease> lease(Port port, View view) {
        return port.fixedIps().stream()
                .flatMap(ip -> ip.ipAddress() instanceof Ipv4 address
                        ? view.get(ip.subnetId()).stream()
                                .filter(Subnet::enableDhcp)
                                .map(subnet -> new Lease(port, subnet, address))
                        : Stream.<Lease>of())
                .findFirst();
    }

    private static Stream<Responder.Answer> answer(Punted punted, Id<Chassis> chassis, View view) {
        return question(punted.packet()).stream()
                .flatMap(question -> view.find(Port.withKey((int) punted.get(SOURCE_PORT)))
                        .flatMap(port -> lease(port, view).stream())
                        .flatMap(lease -> answer(question, lease, view).stream()
                                .map(reply -> packet(question, reply, lease, punted.packet()))
                                .flatMap(packet -> Locality.plugged(lease.port(), chassis, view)
                                        .map(own -> own.answer(packet)))));
    }

    private static Optional<Dhcpv4> question(Ethernet packet) {
        return packet.payload() instanceof Ipv4Packet ip
                        && ip.peek() instanceof Udp udp
                        && Dhcpv4.decode(udp.payload()) instanceof Decoded.Ok<Dhcpv4>(var message, var _)
                        && message.op() == Dhcpv4.BOOTREQUEST
                ? Optional.of(message)
                : Optional.empty();
    }

    private static Optional<Dhcpv4> answer(Dhcpv4 question, Lease lease, View view) {
        boolean isForAnother =
                question.serverId().filter(id -> !id.equals(lease.server())).isPresent();
        if (isForAnother || question.messageType().isEmpty()) {
            return Optional.empty();
        }
        return switch (question.messageType().get()) {
            case DISCOVER ->
                Optional.of(question.reply(
                        Dhcpv4MessageType.OFFER, lease.address(), Dhcp4Options.of(question, lease, view)));
            case REQUEST ->
                Optional.of(
                        wants(question)
                                        .filter(wanted -> !wanted.equals(lease.address()))
                                        .isPresent()
                                ? refusal(question, lease)
                                : question.reply(
                                        Dhcpv4MessageType.ACK,
                                        lease.address(),
                                        Dhcp4Options.of(question, lease, view)));
            // The client has an address by other means, and asks for the rest (RFC 2131, section 3.4).
            case INFORM ->
                Optional.of(question.reply(
                        Dhcpv4MessageType.ACK, Ipv4.ANY, Dhcp4Options.withoutTimes(question, lease, view)));
            // The address stays the port's whatever the client says of it; there is nothing to take back.
            case DECLINE, RELEASE -> Optional.empty();
            case OFFER, ACK, NAK -> Optional.empty();
        };
    }

    /** The address that the client asks for, in the states where it names one (RFC 2131, section 4.3.2). */
    private static Optional<Ipv4> wants(Dhcpv4 question) {
        return question.requestedAddress()
                .or(() -> Optional.of(question.ciaddr()).filter(address -> !address.equals(Ipv4.ANY)));
    }

    private static Dhcpv4 refusal(Dhcpv4 question, Lease lease) {
        return question.reply(
                Dhcpv4MessageType.NAK,
                Ipv4.ANY,
                List.of(
                        Dhcpv4Option.serverId(lease.server()),
                        Dhcpv4Option.message("the address of this port is " + lease.address())));
    }

    /** To the client's address if it has one, else to all on its link, which is the client alone. */
    private static Ethernet packet(Dhcpv4 question, Dhcpv4 reply, Lease lease, Ethernet asked) {
        boolean hasAddress = !question.ciaddr().equals(Ipv4.ANY)
                && reply.messageType()
                        .filter(type -> type == Dhcpv4MessageType.ACK)
                        .isPresent();
        var to = hasAddress ? question.ciaddr() : Ipv4.BROADCAST;
        var udp = new Udp(Dhcpv4.SERVER_PORT, Dhcpv4.CLIENT_PORT, reply.encode());
        var serverMac = lease.port().macAddress().bits() ^ 0x0200_0000_0000L;
        return Ethernet.of(new Mac(serverMac), asked.source(), Ipv4Packet.of(lease.server(), to, udp));
    }
}
