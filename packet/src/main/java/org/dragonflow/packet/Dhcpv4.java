package org.dragonflow.packet;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dragonflow.address.Ipv4;
import org.dragonflow.address.Mac;

/**
 * A DHCPv4 message between Ethernet hosts (RFC 2131), with its fields named as there.
 *
 * @param op {@link #BOOTREQUEST} or {@link #BOOTREPLY}
 * @param xid 32 bits, chosen by the client
 * @param secs since the client began
 * @param flags 16 bits; the first is {@link #BROADCAST}
 * @param ciaddr what the client has
 * @param yiaddr what the client gets
 * @param siaddr the next server of a boot
 * @param giaddr the relay
 * @param chaddr the client
 * @param sname the name of the server, at most 64 bytes
 * @param file the name of the boot file, at most 128 bytes
 * @param options in the order of the message, each code once
 */
public record Dhcpv4(
        int op,
        int hops,
        int xid,
        int secs,
        int flags,
        Ipv4 ciaddr,
        Ipv4 yiaddr,
        Ipv4 siaddr,
        Ipv4 giaddr,
        Mac chaddr,
        String sname,
        String file,
        List<Dhcpv4Option> options) {
    public static final int SERVER_PORT = 67;
    public static final int CLIENT_PORT = 68;
    public static final int BOOTREQUEST = 1;
    public static final int BOOTREPLY = 2;
    public static final int BROADCAST = 0x8000;

    static final int SNAME_LENGTH = 64;
    static final int FILE_LENGTH = 128;

    public Dhcpv4 {
        Width.check("op", op, 8);
        Width.check("hops", hops, 8);
        Width.check("secs", secs, 16);
        Width.check("flags", flags, 16);
        checkText("sname", sname, SNAME_LENGTH);
        checkText("file", file, FILE_LENGTH);
        options = List.copyOf(options);
        if (options.stream().map(Dhcpv4Option::code).distinct().count() < options.size()) {
            throw new IllegalArgumentException("an option is there twice: " + options);
        }
    }

    private static void checkText(String field, String text, int atMost) {
        boolean isLatin = text.chars().allMatch(c -> c > 0 && c < 0x100);
        if (!isLatin || text.length() > atMost) {
            throw new IllegalArgumentException("%s holds %d bytes, not '%s'".formatted(field, atMost, text));
        }
    }

    /** A message from a client that has no address yet. */
    public static Dhcpv4 request(Dhcpv4MessageType type, int xid, Mac client, Dhcpv4Option... options) {
        var all = new ArrayList<>(List.of(Dhcpv4Option.messageType(type)));
        all.addAll(List.of(options));
        return new Dhcpv4(BOOTREQUEST, 0, xid, 0, 0, Ipv4.ANY, Ipv4.ANY, Ipv4.ANY, Ipv4.ANY, client, "", "", all);
    }

    /** A server's answer to this message, with the fields copied that RFC 2131, table 3, says. */
    public Dhcpv4 reply(Dhcpv4MessageType type, Ipv4 yourAddress, List<Dhcpv4Option> replyOptions) {
        var all = new ArrayList<>(List.of(Dhcpv4Option.messageType(type)));
        all.addAll(replyOptions);
        var theirs = type == Dhcpv4MessageType.ACK ? ciaddr : Ipv4.ANY;
        return new Dhcpv4(BOOTREPLY, 0, xid, 0, flags, theirs, yourAddress, Ipv4.ANY, giaddr, chaddr, "", "", all);
    }

    public Dhcpv4 withFlags(int changed) {
        return new Dhcpv4(op, hops, xid, secs, changed, ciaddr, yiaddr, siaddr, giaddr, chaddr, sname, file, options);
    }

    /** The same from a client that has this address, as one that renews does. */
    public Dhcpv4 withCiaddr(Ipv4 changed) {
        return new Dhcpv4(op, hops, xid, secs, flags, changed, yiaddr, siaddr, giaddr, chaddr, sname, file, options);
    }

    /** The same with where a boot goes on. */
    public Dhcpv4 withBoot(Ipv4 nextServer, String serverName, String bootFile) {
        return new Dhcpv4(
                op, hops, xid, secs, flags, ciaddr, yiaddr, nextServer, giaddr, chaddr, serverName, bootFile, options);
    }

    /** Reads a UDP payload. A message for another kind of hardware than Ethernet is bad. */
    public static Decoded<Dhcpv4> decode(Bytes bytes) {
        try {
            return new Decoded.Ok<>(Dhcpv4Codec.read(bytes.reader()));
        } catch (Malformed e) {
            return new Decoded.Bad<>("a DHCP message of %d bytes %s".formatted(bytes.length(), e.getMessage()));
        }
    }

    /** A UDP payload, at least 300 bytes long, since some relays drop shorter ones (RFC 1542, section 2.1). */
    public Bytes encode() {
        return Dhcpv4Codec.write(this);
    }

    /** Whether the client wants the answer by broadcast. */
    public boolean isBroadcast() {
        return (flags & BROADCAST) != 0;
    }

    /** The value of this option, if it is there. */
    public Optional<Bytes> option(int code) {
        return options.stream()
                .filter(option -> option.code() == code)
                .map(Dhcpv4Option::value)
                .findFirst();
    }

    /** Empty in plain BOOTP. */
    public Optional<Dhcpv4MessageType> messageType() {
        return find(Dhcpv4Option.MESSAGE_TYPE).flatMap(Dhcpv4Option::asByte).flatMap(Dhcpv4MessageType::of);
    }

    public Optional<Ipv4> serverId() {
        return find(Dhcpv4Option.SERVER_ID).flatMap(Dhcpv4Option::asAddress);
    }

    public Optional<Ipv4> requestedAddress() {
        return find(Dhcpv4Option.REQUESTED_ADDRESS).flatMap(Dhcpv4Option::asAddress);
    }

    public Optional<Bytes> clientId() {
        return option(Dhcpv4Option.CLIENT_ID);
    }

    public Optional<String> hostName() {
        return find(Dhcpv4Option.HOST_NAME).map(Dhcpv4Option::asText);
    }

    public Optional<String> vendorClass() {
        return find(Dhcpv4Option.VENDOR_CLASS).map(Dhcpv4Option::asText);
    }

    /** The codes that the client asks for, in its order of preference. */
    public List<Integer> parameterRequestList() {
        return find(Dhcpv4Option.PARAMETER_REQUEST_LIST)
                .map(Dhcpv4Option::asCodes)
                .orElse(List.of());
    }

    /** The option of this code, to be read as what it is. */
    public Optional<Dhcpv4Option> find(int code) {
        return options.stream().filter(option -> option.code() == code).findFirst();
    }
}
