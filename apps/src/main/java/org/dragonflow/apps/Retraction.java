package org.dragonflow.apps;

import static java.util.function.Predicate.not;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.dragonflow.address.Mac;
import org.dragonflow.packet.Ethernet;
import org.dragonflow.packet.Ipv6Packet;
import org.dragonflow.packet.NdOption;
import org.dragonflow.packet.NeighbourDiscovery.RouterAdvertisement;

/** Takes back what hosts were told by router advertisements and is so no more, since they would believe it for hours. */
final class Retraction {
    private Retraction() {}

    /** An advertisement in its packet. */
    private record Told(Ethernet frame, Ipv6Packet packet, RouterAdvertisement advertisement) {}

    /**
     * What to say where hosts may have heard something else: what is so now, and of all that is so no more, that it is over.
     *
     * @param before what they may have heard
     * @param after what is so now; empty if there is no router any more
     */
    static List<Ethernet> revised(List<Ethernet> before, List<Ethernet> after) {
        var revised = new ArrayList<>(after);
        for (var router : before.stream().map(Ethernet::source).distinct().toList()) {
            var then = from(router, before);
            var now = from(router, after);
            var kept = claims(now);
            var over = claims(then).stream().filter(not(kept::contains)).toList();
            if (now.isEmpty()) {
                revised.addAll(packets(then.getFirst(), Duration.ZERO, over));
            } else if (!over.isEmpty()) {
                var header = now.getFirst();
                revised.addAll(packets(header, header.advertisement().routerLifetime(), over));
            }
        }
        return revised;
    }

    private static List<Told> from(Mac router, List<Ethernet> packets) {
        return packets.stream()
                .filter(packet -> packet.source().equals(router))
                .flatMap(packet -> packet.payload() instanceof Ipv6Packet ip
                                && ip.transport() instanceof RouterAdvertisement advertisement
                        ? Stream.of(new Told(packet, ip, advertisement))
                        : Stream.of())
                .toList();
    }

    /** What can be taken back: prefixes, routes, servers and domains, each as it is said to be over. */
    private static Set<NdOption> claims(List<Told> told) {
        var claims = new LinkedHashSet<NdOption>();
        told.stream()
                .flatMap(one -> one.advertisement().options().stream())
                .flatMap(Retraction::ended)
                .forEach(claims::add);
        return claims;
    }

    private static Stream<NdOption> ended(NdOption option) {
        return switch (option) {
            // Addresses that were formed go out of use; hosts keep them for conversations that they have (RFC 4862,
            // section 5.5.3).
            case NdOption.Prefix prefix ->
                Stream.of(new NdOption.Prefix(prefix.prefix(), true, true, Duration.ZERO, Duration.ZERO));
            case NdOption.Route route ->
                Stream.of(new NdOption.Route(route.prefix(), route.preference(), Duration.ZERO));
            case NdOption.DnsServers(var _, var servers) ->
                servers.stream().map(server -> new NdOption.DnsServers(Duration.ZERO, List.of(server)));
            case NdOption.SearchDomains(var _, var domains) ->
                domains.stream().map(domain -> new NdOption.SearchDomains(Duration.ZERO, List.of(domain)));
            case NdOption.SourceMac _, NdOption.TargetMac _, NdOption.Mtu _, NdOption.Unknown _ -> Stream.of();
        };
    }

    /** The header of an advertisement with other options, in as many packets as are needed, and in one at least. */
    private static List<Ethernet> packets(Told header, Duration lifetime, List<NdOption> options) {
        var packets = new ArrayList<Ethernet>();
        int from = 0;
        do {
            int to = Math.min(from + AdvertisedLink.MOST_OPTIONS, options.size());
            var some = new ArrayList<NdOption>(
                    List.of(new NdOption.SourceMac(header.frame().source())));
            some.addAll(options.subList(from, to));
            var said = header.advertisement();
            var advertisement = new RouterAdvertisement(
                    said.hopLimit(),
                    said.managed(),
                    said.otherConfiguration(),
                    said.preference(),
                    lifetime,
                    said.reachableTime(),
                    said.retransmitTimer(),
                    some);
            packets.add(header.frame().withPayload(header.packet().withTransport(advertisement)));
            from = to;
        } while (from < options.size());
        return packets;
    }
}
