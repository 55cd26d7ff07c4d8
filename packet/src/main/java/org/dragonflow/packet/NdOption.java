package org.dragonflow.packet;

import java.time.Duration;
import java.util.List;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.address.Ipv6;
import org.dragonflow.address.Mac;

/** An option of neighbour discovery (RFC 4861, section 4.6). */
public sealed interface NdOption {
    /** The lifetime that never ends. */
    Duration FOREVER = Duration.ofSeconds(0xffff_ffffL);

    /** The link-layer address of the sender. */
    record SourceMac(Mac mac) implements NdOption {
        static final int TYPE = 1;
    }

    /** The link-layer address of the target. */
    record TargetMac(Mac mac) implements NdOption {
        static final int TYPE = 2;
    }

    /**
     * A prefix of the link.
     *
     * @param onLink whether hosts reach its addresses without a router
     * @param autonomous whether hosts form addresses from it (SLAAC)
     * @param valid how long, in whole seconds
     * @param preferred how long addresses formed from it may start new conversations, in whole seconds
     */
    record Prefix(IpPrefix prefix, boolean onLink, boolean autonomous, Duration valid, Duration preferred)
            implements NdOption {
        static final int TYPE = 3;

        public Prefix {
            checkIpv6(prefix);
            Width.check("a valid lifetime", valid.toSeconds(), 32);
            Width.check("a preferred lifetime", preferred.toSeconds(), 32);
        }
    }

    /** The largest packet of the link. */
    record Mtu(long bytes) implements NdOption {
        static final int TYPE = 5;

        public Mtu {
            Width.check("an MTU", bytes, 32);
        }
    }

    /** A more specific route through the sender (RFC 4191, section 2.3). */
    record Route(IpPrefix prefix, RouterPreference preference, Duration lifetime) implements NdOption {
        static final int TYPE = 24;

        public Route {
            checkIpv6(prefix);
            Width.check("a route lifetime", lifetime.toSeconds(), 32);
        }
    }

    /** Recursive DNS servers (RFC 8106, section 5.1). */
    record DnsServers(Duration lifetime, List<Ipv6> servers) implements NdOption {
        static final int TYPE = 25;
        private static final int MOST = 127;

        public DnsServers {
            Width.check("a lifetime", lifetime.toSeconds(), 32);
            servers = List.copyOf(servers);
            if (servers.isEmpty() || servers.size() > MOST) {
                throw new IllegalArgumentException("1 to 127 DNS servers fit, not " + servers.size());
            }
        }
    }

    /** Domains to try for short names (RFC 8106, section 5.2). */
    record SearchDomains(Duration lifetime, List<String> domains) implements NdOption {
        static final int TYPE = 31;

        public SearchDomains {
            Width.check("a lifetime", lifetime.toSeconds(), 32);
            domains = List.copyOf(domains);
            int words = (8 + encoded(domains).length() + 7) / 8;
            if (domains.isEmpty() || words > 255) {
                throw new IllegalArgumentException("these do not fit as search domains: " + domains);
            }
        }

        private static Bytes encoded(List<String> domains) {
            for (var domain : domains) {
                if (!isDomain(domain)) {
                    throw new IllegalArgumentException("'%s' is not a domain name".formatted(domain));
                }
            }
            return DomainNames.write(domains);
        }

        /** Whether the text is a domain name as it stands here: labels with dots between them, and none at the end. */
        public static boolean isDomain(String text) {
            return DomainNames.isPlain(text);
        }
    }

    /**
     * An option that is not understood, or has an unusual length.
     *
     * @param body the bytes after type and length
     */
    record Unknown(int type, Bytes body) implements NdOption {
        private static final int MOST = 255 * 8 - 2;

        public Unknown {
            Width.check("the type of an option", type, 8);
            if (body.length() % 8 != 6 || body.length() > MOST) {
                throw new IllegalArgumentException("an option with its first 2 bytes has a multiple of 8 bytes; these"
                        + " are %d without them".formatted(body.length()));
            }
        }
    }

    private static void checkIpv6(IpPrefix prefix) {
        if (prefix.version() != 6) {
            throw new IllegalArgumentException("%s is not an IPv6 prefix".formatted(prefix));
        }
    }
}
