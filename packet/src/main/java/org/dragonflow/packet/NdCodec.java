package org.dragonflow.packet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.address.Ipv6;
import org.dragonflow.packet.NeighbourDiscovery.NeighbourAdvertisement;
import org.dragonflow.packet.NeighbourDiscovery.NeighbourSolicitation;
import org.dragonflow.packet.NeighbourDiscovery.RouterAdvertisement;
import org.dragonflow.packet.NeighbourDiscovery.RouterSolicitation;

/** The codec of neighbour discovery, from the second word of the ICMPv6 header on. */
final class NdCodec {
    private static final int MANAGED = 0x80;
    private static final int OTHER = 0x40;
    private static final int ON_LINK = 0x80;
    private static final int AUTONOMOUS = 0x40;
    private static final int ROUTER = 1 << 31;
    private static final int SOLICITED = 1 << 30;
    private static final int OVERRIDE = 1 << 29;

    private NdCodec() {}

    static boolean isType(int type) {
        return type >= NeighbourDiscovery.ROUTER_SOLICITATION && type <= NeighbourDiscovery.NEIGHBOUR_ADVERTISEMENT;
    }

    static NeighbourDiscovery read(int type, Reader reader) throws Malformed {
        return switch (type) {
            case NeighbourDiscovery.ROUTER_SOLICITATION -> {
                reader.skip(4);
                yield new RouterSolicitation(readOptions(reader));
            }
            case NeighbourDiscovery.ROUTER_ADVERTISEMENT -> readRouterAdvertisement(reader);
            case NeighbourDiscovery.NEIGHBOUR_SOLICITATION -> {
                reader.skip(4);
                yield new NeighbourSolicitation(reader.ipv6(), readOptions(reader));
            }
            case NeighbourDiscovery.NEIGHBOUR_ADVERTISEMENT -> {
                int flags = reader.i32();
                yield new NeighbourAdvertisement(
                        (flags & ROUTER) != 0,
                        (flags & SOLICITED) != 0,
                        (flags & OVERRIDE) != 0,
                        reader.ipv6(),
                        readOptions(reader));
            }
            default -> throw new Malformed("%d is not a type of neighbour discovery".formatted(type));
        };
    }

    private static RouterAdvertisement readRouterAdvertisement(Reader reader) throws Malformed {
        int hopLimit = reader.u8();
        int flags = reader.u8();
        return new RouterAdvertisement(
                hopLimit,
                (flags & MANAGED) != 0,
                (flags & OTHER) != 0,
                // RFC 4191, section 2.2: the reserved value counts as medium here.
                RouterPreference.ofFlags(flags).orElse(RouterPreference.MEDIUM),
                Duration.ofSeconds(reader.u16()),
                Duration.ofMillis(reader.u32()),
                Duration.ofMillis(reader.u32()),
                readOptions(reader));
    }

    private static List<NdOption> readOptions(Reader reader) throws Malformed {
        var options = new ArrayList<NdOption>();
        while (reader.hasMore()) {
            int type = reader.u8();
            int length = 8 * reader.u8();
            // RFC 4861, section 4.6: a message with an option of length zero is to be discarded.
            if (length == 0) {
                throw new Malformed("holds an option of length zero");
            }
            options.add(readOption(type, reader.bytes(length - 2)));
        }
        return options;
    }

    private static NdOption readOption(int type, Bytes body) throws Malformed {
        if (!isRegular(type, body)) {
            return new NdOption.Unknown(type, body);
        }
        var reader = body.reader();
        return switch (type) {
            case NdOption.SourceMac.TYPE -> new NdOption.SourceMac(reader.mac());
            case NdOption.TargetMac.TYPE -> new NdOption.TargetMac(reader.mac());
            case NdOption.Prefix.TYPE -> readPrefix(reader);
            case NdOption.Mtu.TYPE -> {
                reader.skip(2);
                yield new NdOption.Mtu(reader.u32());
            }
            case NdOption.Route.TYPE -> readRoute(reader);
            case NdOption.DnsServers.TYPE -> readDnsServers(reader);
            case NdOption.SearchDomains.TYPE -> {
                reader.skip(2);
                yield new NdOption.SearchDomains(
                        Duration.ofSeconds(reader.u32()), DomainNames.readPadded(reader.rest()));
            }
            default -> new NdOption.Unknown(type, body);
        };
    }

    /** Whether the option has the length and the values that its record can hold. */
    private static boolean isRegular(int type, Bytes body) {
        return switch (type) {
            case NdOption.SourceMac.TYPE, NdOption.TargetMac.TYPE, NdOption.Mtu.TYPE -> body.length() == 6;
            case NdOption.Prefix.TYPE -> body.length() == 30 && body.at(0) <= 128;
            case NdOption.Route.TYPE -> isRoute(body);
            case NdOption.DnsServers.TYPE -> body.length() % 16 == 6 && body.length() > 6;
            case NdOption.SearchDomains.TYPE -> isSearchDomains(body);
            default -> false;
        };
    }

    private static NdOption readPrefix(Reader reader) throws Malformed {
        int length = reader.u8();
        int flags = reader.u8();
        var valid = Duration.ofSeconds(reader.u32());
        var preferred = Duration.ofSeconds(reader.u32());
        reader.skip(4);
        var prefix = IpPrefix.around(reader.ipv6(), length);
        return new NdOption.Prefix(prefix, (flags & ON_LINK) != 0, (flags & AUTONOMOUS) != 0, valid, preferred);
    }

    /** RFC 4191, section 2.3: as many words of the prefix as its length needs, and no reserved preference. */
    private static boolean isRoute(Bytes body) {
        int prefixLength = body.at(0);
        int words = (body.length() - 6) / 8;
        return words <= 2
                && prefixLength <= 64 * words
                && RouterPreference.ofFlags(body.at(1)).isPresent();
    }

    private static NdOption readRoute(Reader reader) throws Malformed {
        int length = reader.u8();
        var preference = RouterPreference.ofFlags(reader.u8()).orElseThrow();
        var lifetime = Duration.ofSeconds(reader.u32());
        long high = reader.hasMore() ? reader.i64() : 0;
        long low = reader.hasMore() ? reader.i64() : 0;
        return new NdOption.Route(IpPrefix.around(new Ipv6(high, low), length), preference, lifetime);
    }

    private static NdOption readDnsServers(Reader reader) throws Malformed {
        reader.skip(2);
        var lifetime = Duration.ofSeconds(reader.u32());
        var servers = new ArrayList<Ipv6>();
        while (reader.hasMore()) {
            servers.add(reader.ipv6());
        }
        return new NdOption.DnsServers(lifetime, servers);
    }

    /** Names that are plain, uncompressed, and as densely packed as they would be written. */
    private static boolean isSearchDomains(Bytes body) {
        if (body.length() % 8 != 6 || body.length() < 14) {
            return false;
        }
        var domains = body.slice(6, body.length());
        var names = DomainNames.readPadded(domains);
        return !names.isEmpty() && padded(names).equals(domains);
    }

    private static Bytes padded(List<String> domains) {
        var names = DomainNames.write(domains);
        return names.plus(Bytes.zeros(-names.length() & 7));
    }

    static void write(NeighbourDiscovery message, Writer writer) {
        switch (message) {
            case RouterSolicitation _ -> writer.i32(0);
            case RouterAdvertisement advertisement -> writeRouterAdvertisement(advertisement, writer);
            case NeighbourSolicitation solicitation -> writer.i32(0).ipv6(solicitation.target());
            case NeighbourAdvertisement(var router, var solicited, var override, var target, var _) ->
                writer.i32((router ? ROUTER : 0) | (solicited ? SOLICITED : 0) | (override ? OVERRIDE : 0))
                        .ipv6(target);
        }
        message.options().forEach(option -> writeOption(option, writer));
    }

    private static void writeRouterAdvertisement(RouterAdvertisement advertisement, Writer writer) {
        int flags = (advertisement.managed() ? MANAGED : 0)
                | (advertisement.otherConfiguration() ? OTHER : 0)
                | advertisement.preference().flags();
        writer.u8(advertisement.hopLimit()).u8(flags);
        writer.u16((int) advertisement.routerLifetime().toSeconds());
        writer.i32((int) advertisement.reachableTime().toMillis());
        writer.i32((int) advertisement.retransmitTimer().toMillis());
    }

    private static void writeOption(NdOption option, Writer writer) {
        switch (option) {
            case NdOption.SourceMac(var mac) ->
                writer.u8(NdOption.SourceMac.TYPE).u8(1).mac(mac);
            case NdOption.TargetMac(var mac) ->
                writer.u8(NdOption.TargetMac.TYPE).u8(1).mac(mac);
            case NdOption.Mtu(var bytes) ->
                writer.u8(NdOption.Mtu.TYPE).u8(1).u16(0).i32((int) bytes);
            case NdOption.Prefix prefix -> writePrefix(prefix, writer);
            case NdOption.Route route -> writeRoute(route, writer);
            case NdOption.DnsServers(var lifetime, var servers) -> {
                writer.u8(NdOption.DnsServers.TYPE)
                        .u8(1 + 2 * servers.size())
                        .u16(0)
                        .i32((int) lifetime.toSeconds());
                servers.forEach(writer::ipv6);
            }
            case NdOption.SearchDomains(var lifetime, var domains) -> {
                var names = padded(domains);
                writer.u8(NdOption.SearchDomains.TYPE)
                        .u8(1 + names.length() / 8)
                        .u16(0)
                        .i32((int) lifetime.toSeconds())
                        .bytes(names);
            }
            case NdOption.Unknown(var type, var body) ->
                writer.u8(type).u8((body.length() + 2) / 8).bytes(body);
        }
    }

    private static void writePrefix(NdOption.Prefix option, Writer writer) {
        writer.u8(NdOption.Prefix.TYPE).u8(4).u8(option.prefix().length());
        writer.u8((option.onLink() ? ON_LINK : 0) | (option.autonomous() ? AUTONOMOUS : 0));
        writer.i32((int) option.valid().toSeconds())
                .i32((int) option.preferred().toSeconds())
                .i32(0);
        writer.i64(option.prefix().address().high())
                .i64(option.prefix().address().low());
    }

    private static void writeRoute(NdOption.Route option, Writer writer) {
        int length = option.prefix().length();
        int words = (length + 63) / 64;
        writer.u8(NdOption.Route.TYPE)
                .u8(1 + words)
                .u8(length)
                .u8(option.preference().flags());
        writer.i32((int) option.lifetime().toSeconds());
        if (words > 0) {
            writer.i64(option.prefix().address().high());
        }
        if (words > 1) {
            writer.i64(option.prefix().address().low());
        }
    }
}
