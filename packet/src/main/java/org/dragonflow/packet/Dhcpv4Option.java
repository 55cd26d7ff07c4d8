package org.dragonflow.packet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.address.Ipv4;

/**
 * An option of DHCPv4 (RFC 2132): a code and its bytes, of which any number may be given; longer ones than 255 are split
 * on the wire. The factories make known options; the queries read a value as a kind, and are empty if it is not one.
 *
 * @param code 1 to 254, without option overload (52), which belongs to the wire
 */
public record Dhcpv4Option(int code, Bytes value) {
    public static final int SUBNET_MASK = 1;
    public static final int ROUTERS = 3;
    public static final int DNS_SERVERS = 6;
    public static final int HOST_NAME = 12;
    public static final int DOMAIN_NAME = 15;
    public static final int MTU = 26;
    public static final int BROADCAST_ADDRESS = 28;
    public static final int REQUESTED_ADDRESS = 50;
    public static final int LEASE_TIME = 51;
    public static final int MESSAGE_TYPE = 53;
    public static final int SERVER_ID = 54;
    public static final int PARAMETER_REQUEST_LIST = 55;
    public static final int MESSAGE = 56;
    public static final int RENEWAL_TIME = 58;
    public static final int REBINDING_TIME = 59;
    public static final int VENDOR_CLASS = 60;
    public static final int CLIENT_ID = 61;
    public static final int TFTP_SERVER_NAME = 66;
    public static final int BOOT_FILE_NAME = 67;
    public static final int DOMAIN_SEARCH = 119;
    public static final int CLASSLESS_ROUTES = 121;
    public static final int TFTP_SERVER_ADDRESS = 150;

    /** The lease that never ends (RFC 2131, section 3.3). */
    public static final Duration FOREVER = Duration.ofSeconds(0xffff_ffffL);

    static final int OVERLOAD = 52;

    public Dhcpv4Option {
        if (code < 1 || code > 254 || code == OVERLOAD) {
            throw new IllegalArgumentException("%d is not the code of a DHCP option".formatted(code));
        }
    }

    /**
     * A static route (RFC 3442).
     *
     * @param destination an IPv4 block
     * @param router who forwards; 0.0.0.0 means that the block is on the link
     */
    public record Route(IpPrefix destination, Ipv4 router) {
        public Route {
            if (destination.version() != 4) {
                throw new IllegalArgumentException("%s is not an IPv4 block".formatted(destination));
            }
        }
    }

    public static Dhcpv4Option messageType(Dhcpv4MessageType type) {
        return ofByte(MESSAGE_TYPE, type.number());
    }

    /** The mask of a subnet with this prefix length. */
    public static Dhcpv4Option subnetMask(int prefixLength) {
        return ofAddresses(SUBNET_MASK, List.of(new Ipv4(Ipv4.mask(prefixLength))));
    }

    public static Dhcpv4Option routers(Ipv4... routers) {
        return ofAddresses(ROUTERS, List.of(routers));
    }

    public static Dhcpv4Option dnsServers(List<Ipv4> servers) {
        return ofAddresses(DNS_SERVERS, servers);
    }

    public static Dhcpv4Option hostName(String name) {
        return ofText(HOST_NAME, name);
    }

    public static Dhcpv4Option domainName(String name) {
        return ofText(DOMAIN_NAME, name);
    }

    /** Domains to try for short names (RFC 3397), written without compression. */
    public static Dhcpv4Option domainSearch(List<String> domains) {
        return new Dhcpv4Option(DOMAIN_SEARCH, DomainNames.write(domains));
    }

    public static Dhcpv4Option broadcastAddress(Ipv4 address) {
        return ofAddresses(BROADCAST_ADDRESS, List.of(address));
    }

    public static Dhcpv4Option mtu(int mtu) {
        Width.check("an MTU", mtu, 16);
        return new Dhcpv4Option(MTU, new Writer().u16(mtu).toBytes());
    }

    public static Dhcpv4Option requestedAddress(Ipv4 address) {
        return ofAddresses(REQUESTED_ADDRESS, List.of(address));
    }

    public static Dhcpv4Option leaseTime(Duration time) {
        return ofDuration(LEASE_TIME, time);
    }

    /** T1: when the client asks its server again. */
    public static Dhcpv4Option renewalTime(Duration time) {
        return ofDuration(RENEWAL_TIME, time);
    }

    /** T2: when the client asks any server. */
    public static Dhcpv4Option rebindingTime(Duration time) {
        return ofDuration(REBINDING_TIME, time);
    }

    public static Dhcpv4Option serverId(Ipv4 address) {
        return ofAddresses(SERVER_ID, List.of(address));
    }

    public static Dhcpv4Option parameterRequestList(int... codes) {
        var writer = new Writer();
        for (int code : codes) {
            Width.check("the code of an option", code, 8);
            writer.u8(code);
        }
        return new Dhcpv4Option(PARAMETER_REQUEST_LIST, writer.toBytes());
    }

    /** Says why, in a NAK or DECLINE. */
    public static Dhcpv4Option message(String text) {
        return ofText(MESSAGE, text);
    }

    public static Dhcpv4Option vendorClass(String name) {
        return ofText(VENDOR_CLASS, name);
    }

    public static Dhcpv4Option clientId(Bytes id) {
        return new Dhcpv4Option(CLIENT_ID, id);
    }

    public static Dhcpv4Option tftpServerName(String name) {
        return ofText(TFTP_SERVER_NAME, name);
    }

    public static Dhcpv4Option bootFileName(String name) {
        return ofText(BOOT_FILE_NAME, name);
    }

    public static Dhcpv4Option tftpServerAddress(Ipv4... servers) {
        return ofAddresses(TFTP_SERVER_ADDRESS, List.of(servers));
    }

    /** Static routes (RFC 3442). A client that takes them ignores the routers option, so the default route belongs in. */
    public static Dhcpv4Option classlessRoutes(List<Route> routes) {
        var writer = new Writer();
        for (var route : routes) {
            int length = route.destination().length();
            writer.u8(length);
            writer.bytes(Bytes.wrap(route.destination().address().bytes()).head((length + 7) / 8));
            writer.ipv4(route.router());
        }
        return new Dhcpv4Option(CLASSLESS_ROUTES, writer.toBytes());
    }

    public static Dhcpv4Option ofByte(int code, int value) {
        Width.check("an option of one byte", value, 8);
        return new Dhcpv4Option(code, new Writer().u8(value).toBytes());
    }

    public static Dhcpv4Option ofText(int code, String text) {
        return new Dhcpv4Option(code, Bytes.utf8(text));
    }

    public static Dhcpv4Option ofAddresses(int code, List<Ipv4> addresses) {
        var writer = new Writer();
        addresses.forEach(writer::ipv4);
        return new Dhcpv4Option(code, writer.toBytes());
    }

    public static Dhcpv4Option ofDuration(int code, Duration time) {
        Width.check("a time in seconds", time.toSeconds(), 32);
        return new Dhcpv4Option(code, new Writer().i32((int) time.toSeconds()).toBytes());
    }

    public Optional<Integer> asByte() {
        return value.length() == 1 ? Optional.of(value.at(0)) : Optional.empty();
    }

    public Optional<Integer> asShort() {
        return value.length() == 2 ? Optional.of(value.at(0) << 8 | value.at(1)) : Optional.empty();
    }

    public Optional<Ipv4> asAddress() {
        return value.length() == 4 ? Optional.of(Ipv4.of(value.toArray())) : Optional.empty();
    }

    /** Empty as well if the value is no whole number of addresses. */
    public List<Ipv4> asAddresses() {
        return value.length() % 4 == 0 ? read(value, Reader::ipv4) : List.of();
    }

    public Optional<Duration> asDuration() {
        return asAddress().map(address -> Duration.ofSeconds(address.low()));
    }

    /** The text, without the zero that some clients put at its end. */
    public String asText() {
        var text = value.text();
        return text.endsWith("\0") ? text.substring(0, text.length() - 1) : text;
    }

    public List<Integer> asCodes() {
        return read(value, Reader::u8);
    }

    public List<Route> asRoutes() {
        return read(value, Dhcpv4Option::readRoute);
    }

    public List<String> asDomains() {
        return DomainNames.read(value);
    }

    private static Route readRoute(Reader reader) throws Malformed {
        int length = reader.u8();
        if (length > 32) {
            throw new Malformed("has a prefix of %d bits".formatted(length));
        }
        var significant = reader.bytes((length + 7) / 8);
        var address =
                Ipv4.of(significant.plus(Bytes.zeros(4 - significant.length())).toArray());
        return new Route(IpPrefix.around(address, length), reader.ipv4());
    }

    private interface Item<T> {
        T read(Reader reader) throws Malformed;
    }

    /** All items until the end, or none if one is malformed. */
    private static <T> List<T> read(Bytes value, Item<T> item) {
        var items = new ArrayList<T>();
        var reader = value.reader();
        try {
            while (reader.hasMore()) {
                items.add(item.read(reader));
            }
            return List.copyOf(items);
        } catch (Malformed _) {
            return List.of();
        }
    }
}
