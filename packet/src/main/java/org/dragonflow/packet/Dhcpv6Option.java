package org.dragonflow.packet;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.dragonflow.address.Ipv6;

/**
 * An option of DHCPv6 (RFC 8415, section 21): a code and its bytes. The factories make known options; the queries read a value as a kind,
 * and are empty if it is not one.
 *
 * @param code 16 bits
 */
public record Dhcpv6Option(int code, Bytes value) {
    public static final int CLIENT_ID = 1;
    public static final int SERVER_ID = 2;
    public static final int IA_NA = 3;
    public static final int IA_TA = 4;
    public static final int IA_ADDRESS = 5;
    public static final int OPTION_REQUEST = 6;
    public static final int PREFERENCE = 7;
    public static final int ELAPSED_TIME = 8;
    public static final int STATUS = 13;
    public static final int RAPID_COMMIT = 14;
    public static final int DNS_SERVERS = 23;
    public static final int DOMAIN_SEARCH = 24;
    public static final int IA_PD = 25;
    public static final int INFORMATION_REFRESH_TIME = 32;
    public static final int NTP_SERVERS = 56;
    public static final int BOOT_FILE_URL = 59;
    public static final int BOOT_FILE_PARAMETERS = 60;

    private static final int DUID_UUID = 4;

    public Dhcpv6Option {
        Width.check("the code of an option", code, 16);
        Width.check("the length of an option", value.length(), 16);
    }

    /** How a server says how it went (RFC 8415, section 21.13). */
    public record Status(int code, String message) {
        public static final int SUCCESS = 0;
        public static final int NO_ADDRESSES = 2;
        public static final int NO_BINDING = 3;
        public static final int NOT_ON_LINK = 4;
        public static final int NO_PREFIXES = 6;
    }

    /**
     * A set of addresses that belong together (RFC 8415, section 21.4); a set of prefixes has the same form.
     *
     * @param id chosen by the client
     * @param renewal T1: when the client asks its server again
     * @param rebinding T2: when the client asks any server
     */
    public record Association(int id, Duration renewal, Duration rebinding, List<Dhcpv6Option> options) {
        public Association {
            Width.check("T1", renewal.toSeconds(), 32);
            Width.check("T2", rebinding.toSeconds(), 32);
            options = List.copyOf(options);
        }

        /** The addresses in it. */
        public List<Ipv6> addresses() {
            return options.stream()
                    .filter(option -> option.code() == IA_ADDRESS)
                    .flatMap(option -> option.asLease().stream())
                    .map(Lease::address)
                    .toList();
        }
    }

    /** An address and how long it is one's own. */
    public record Lease(Ipv6 address, Duration preferred, Duration valid, List<Dhcpv6Option> options) {
        public Lease {
            Width.check("a preferred lifetime", preferred.toSeconds(), 32);
            Width.check("a valid lifetime", valid.toSeconds(), 32);
            options = List.copyOf(options);
        }
    }

    public static Dhcpv6Option clientId(Bytes duid) {
        return new Dhcpv6Option(CLIENT_ID, duid);
    }

    /** Names the server by a UUID (RFC 6355). */
    public static Dhcpv6Option serverId(UUID id) {
        return new Dhcpv6Option(
                SERVER_ID,
                new Writer()
                        .u16(DUID_UUID)
                        .i64(id.getMostSignificantBits())
                        .i64(id.getLeastSignificantBits())
                        .toBytes());
    }

    /** Addresses, with {@link #IA_NA}, or prefixes, with {@link #IA_PD}, that belong together. */
    public static Dhcpv6Option association(int code, Association association) {
        var writer = new Writer()
                .i32(association.id())
                .i32((int) association.renewal().toSeconds())
                .i32((int) association.rebinding().toSeconds());
        association.options().forEach(option -> option.write(writer));
        return new Dhcpv6Option(code, writer.toBytes());
    }

    /** An association of temporary addresses, which has no times. */
    public static Dhcpv6Option temporary(int id, List<Dhcpv6Option> options) {
        var writer = new Writer().i32(id);
        options.forEach(option -> option.write(writer));
        return new Dhcpv6Option(IA_TA, writer.toBytes());
    }

    public static Dhcpv6Option lease(Lease lease) {
        var writer = new Writer()
                .ipv6(lease.address())
                .i32((int) lease.preferred().toSeconds())
                .i32((int) lease.valid().toSeconds());
        lease.options().forEach(option -> option.write(writer));
        return new Dhcpv6Option(IA_ADDRESS, writer.toBytes());
    }

    public static Dhcpv6Option optionRequest(int... codes) {
        var writer = new Writer();
        for (int code : codes) {
            Width.check("the code of an option", code, 16);
            writer.u16(code);
        }
        return new Dhcpv6Option(OPTION_REQUEST, writer.toBytes());
    }

    /** How much the server wants to be chosen; a client waits for no other if it is 255. */
    public static Dhcpv6Option preference(int value) {
        Width.check("a preference", value, 8);
        return new Dhcpv6Option(PREFERENCE, new Writer().u8(value).toBytes());
    }

    public static Dhcpv6Option status(Status status) {
        return new Dhcpv6Option(
                STATUS,
                new Writer()
                        .u16(status.code())
                        .bytes(Bytes.utf8(status.message()))
                        .toBytes());
    }

    public static Dhcpv6Option rapidCommit() {
        return new Dhcpv6Option(RAPID_COMMIT, Bytes.EMPTY);
    }

    /** Domains to try for short names, written without compression. */
    public static Dhcpv6Option ofDomains(int code, List<String> domains) {
        return new Dhcpv6Option(code, DomainNames.write(domains));
    }

    /** What the boot file is told (RFC 5970, section 3.2). */
    public static Dhcpv6Option bootFileParameters(List<String> parameters) {
        var writer = new Writer();
        for (var parameter : parameters) {
            var bytes = parameter.getBytes(StandardCharsets.UTF_8);
            Width.check("the length of a parameter", bytes.length, 16);
            writer.u16(bytes.length).raw(bytes);
        }
        return new Dhcpv6Option(BOOT_FILE_PARAMETERS, writer.toBytes());
    }

    public static Dhcpv6Option ofText(int code, String text) {
        return new Dhcpv6Option(code, Bytes.utf8(text));
    }

    public static Dhcpv6Option ofAddresses(int code, List<Ipv6> addresses) {
        var writer = new Writer();
        addresses.forEach(writer::ipv6);
        return new Dhcpv6Option(code, writer.toBytes());
    }

    public static Dhcpv6Option ofDuration(int code, Duration time) {
        Width.check("a time in seconds", time.toSeconds(), 32);
        return new Dhcpv6Option(code, new Writer().i32((int) time.toSeconds()).toBytes());
    }

    /** An option that holds options. */
    public static Dhcpv6Option ofOptions(int code, List<Dhcpv6Option> options) {
        var writer = new Writer();
        options.forEach(option -> option.write(writer));
        return new Dhcpv6Option(code, writer.toBytes());
    }

    public Optional<Association> asAssociation() {
        return read(reader -> new Association(
                reader.i32(), Duration.ofSeconds(reader.u32()), Duration.ofSeconds(reader.u32()), readAll(reader)));
    }

    /** The number of an association of temporary addresses. */
    public Optional<Integer> asTemporaryId() {
        return read(Reader::i32);
    }

    public Optional<Lease> asLease() {
        return read(reader -> new Lease(
                reader.ipv6(), Duration.ofSeconds(reader.u32()), Duration.ofSeconds(reader.u32()), readAll(reader)));
    }

    public Optional<Status> asStatus() {
        return read(reader -> new Status(reader.u16(), reader.rest().text()));
    }

    public Optional<Duration> asDuration() {
        return value.length() == 4 ? read(reader -> Duration.ofSeconds(reader.u32())) : Optional.empty();
    }

    public String asText() {
        return value.text();
    }

    public List<Ipv6> asAddresses() {
        return list(Reader::ipv6);
    }

    public List<Integer> asCodes() {
        return list(Reader::u16);
    }

    public List<String> asDomains() {
        return DomainNames.read(value);
    }

    public List<String> asParameters() {
        return list(reader -> reader.bytes(reader.u16()).text());
    }

    public List<Dhcpv6Option> asOptions() {
        return list(Dhcpv6Option::readOne);
    }

    void write(Writer writer) {
        writer.u16(code).u16(value.length()).bytes(value);
    }

    static List<Dhcpv6Option> readAll(Reader reader) throws Malformed {
        var options = new ArrayList<Dhcpv6Option>();
        while (reader.hasMore()) {
            options.add(readOne(reader));
        }
        return options;
    }

    private static Dhcpv6Option readOne(Reader reader) throws Malformed {
        return new Dhcpv6Option(reader.u16(), reader.bytes(reader.u16()));
    }

    private interface Item<T> {
        T read(Reader reader) throws Malformed;
    }

    private <T> Optional<T> read(Item<T> item) {
        try {
            return Optional.of(item.read(value.reader()));
        } catch (Malformed _) {
            return Optional.empty();
        }
    }

    /** All items until the end, or none if one is malformed. */
    private <T> List<T> list(Item<T> item) {
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
