package org.dragonflow.packet;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.dragonflow.address.Ipv6;
import org.dragonflow.address.Mac;

/** A message of neighbour discovery (RFC 4861). */
public sealed interface NeighbourDiscovery extends Icmpv6 {
    /** The hop limit that proves that a message comes from the own link (RFC 4861, section 11.2). */
    int HOP_LIMIT = 255;

    int ROUTER_SOLICITATION = 133;
    int ROUTER_ADVERTISEMENT = 134;
    int NEIGHBOUR_SOLICITATION = 135;
    int NEIGHBOUR_ADVERTISEMENT = 136;

    List<NdOption> options();

    @Override
    default int code() {
        return 0;
    }

    @Override
    default int type() {
        return switch (this) {
            case RouterSolicitation _ -> ROUTER_SOLICITATION;
            case RouterAdvertisement _ -> ROUTER_ADVERTISEMENT;
            case NeighbourSolicitation _ -> NEIGHBOUR_SOLICITATION;
            case NeighbourAdvertisement _ -> NEIGHBOUR_ADVERTISEMENT;
        };
    }

    /** The link-layer address of the sender, if it says so. */
    default Optional<Mac> sourceMac() {
        return options().stream()
                .flatMap(option -> option instanceof NdOption.SourceMac(var mac) ? Optional.of(mac).stream() : null)
                .findFirst();
    }

    /** The link-layer address of the target, if the message says so. */
    default Optional<Mac> targetMac() {
        return options().stream()
                .flatMap(option -> option instanceof NdOption.TargetMac(var mac) ? Optional.of(mac).stream() : null)
                .findFirst();
    }

    /** Who is a router here? */
    record RouterSolicitation(List<NdOption> options) implements NeighbourDiscovery {
        public RouterSolicitation {
            options = List.copyOf(options);
        }
    }

    /**
     * I am a router, and this is the link.
     *
     * @param hopLimit what hosts should use; 0 says nothing
     * @param managed whether addresses come from DHCPv6
     * @param otherConfiguration whether all else comes from DHCPv6
     * @param routerLifetime how long this is a default router, in whole seconds; zero means that it is none
     * @param reachableTime how long a neighbour is taken for reachable, in milliseconds; zero says nothing
     * @param retransmitTimer the time between solicitations, in milliseconds; zero says nothing
     */
    record RouterAdvertisement(
            int hopLimit,
            boolean managed,
            boolean otherConfiguration,
            RouterPreference preference,
            Duration routerLifetime,
            Duration reachableTime,
            Duration retransmitTimer,
            List<NdOption> options)
            implements NeighbourDiscovery {
        public RouterAdvertisement {
            Width.check("a hop limit", hopLimit, 8);
            Width.check("a router lifetime", routerLifetime.toSeconds(), 16);
            Width.check("a reachable time", reachableTime.toMillis(), 32);
            Width.check("a retransmit timer", retransmitTimer.toMillis(), 32);
            options = List.copyOf(options);
        }

        /** An advertisement of a default router that leaves the details to hosts. */
        public static RouterAdvertisement of(Duration routerLifetime, NdOption... options) {
            return new RouterAdvertisement(
                    64,
                    false,
                    false,
                    RouterPreference.MEDIUM,
                    routerLifetime,
                    Duration.ZERO,
                    Duration.ZERO,
                    List.of(options));
        }
    }

    /** Who has {@code target}? */
    record NeighbourSolicitation(Ipv6 target, List<NdOption> options) implements NeighbourDiscovery {
        public NeighbourSolicitation {
            options = List.copyOf(options);
        }

        public static NeighbourSolicitation of(Ipv6 target, Mac source) {
            return new NeighbourSolicitation(target, List.of(new NdOption.SourceMac(source)));
        }
    }

    /**
     * I have {@code target}.
     *
     * @param router whether the sender is a router
     * @param solicited whether this answers a solicitation
     * @param override whether this replaces what a cache holds
     */
    record NeighbourAdvertisement(
            boolean router, boolean solicited, boolean override, Ipv6 target, List<NdOption> options)
            implements NeighbourDiscovery {
        public NeighbourAdvertisement {
            options = List.copyOf(options);
        }

        /** The answer of a host to a solicitation. */
        public static NeighbourAdvertisement of(Ipv6 target, Mac mac) {
            return new NeighbourAdvertisement(false, true, true, target, List.of(new NdOption.TargetMac(mac)));
        }
    }
}
