package org.dragonflow.packet;

import java.util.Optional;
import org.dragonflow.address.Ipv6;

/** An extension header of IPv6 (RFC 8200, section 4). The next header is not in it: it follows from what comes next. */
public sealed interface Extension {
    /** Options that every router on the way reads; the bytes after the length, padding options included. */
    record HopByHop(Bytes options) implements Extension {
        static final int TYPE = 0;

        public HopByHop {
            checkLength(options);
        }
    }

    /** Options for the destination only; the bytes after the length, padding options included. */
    record Destination(Bytes options) implements Extension {
        static final int TYPE = 60;

        public Destination {
            checkLength(options);
        }
    }

    /** Nodes to visit on the way; the bytes after the length, the routing type first. */
    record Routing(Bytes body) implements Extension {
        static final int TYPE = 43;

        private static final int SOURCE_ROUTE = 0;
        private static final int MOBILITY = 2;
        private static final int SEGMENTS = 4;
        private static final int ADDRESSES_AT = 6;
        private static final int ADDRESS = 16;

        public Routing {
            checkLength(body);
        }

        /** Where the packet goes in the end, if that is not yet in the header before (RFC 8200, section 8.1). */
        Optional<Ipv6> finalDestination() {
            int segmentsLeft = body.at(1);
            boolean isVisited = segmentsLeft == 0 || body.length() < ADDRESSES_AT + ADDRESS;
            return switch (body.at(0)) {
                case SOURCE_ROUTE -> isVisited ? Optional.empty() : Optional.of(addressAt(body.length() - ADDRESS));
                // A segment list is kept backwards (RFC 8754, section 2).
                case MOBILITY, SEGMENTS -> isVisited ? Optional.empty() : Optional.of(addressAt(ADDRESSES_AT));
                default -> Optional.empty();
            };
        }

        private Ipv6 addressAt(int index) {
            return Ipv6.of(body.slice(index, index + ADDRESS).toArray());
        }
    }

    /**
     * Says which piece of a larger packet this is.
     *
     * @param offset in units of 8 bytes
     * @param more whether further pieces follow
     * @param id 32 bits, unsigned; tells the pieces of one packet from those of another
     */
    record Fragment(int offset, boolean more, int id) implements Extension {
        static final int TYPE = 44;

        public Fragment {
            Width.check("a fragment offset", offset, 13);
        }
    }

    private static void checkLength(Bytes body) {
        if (body.length() % 8 != 6 || body.length() > 0x7fe) {
            throw new IllegalArgumentException("an extension header with its first 2 bytes has a multiple of 8 bytes, "
                    + "2048 at most; these are %d without them".formatted(body.length()));
        }
    }

    /** The number that the header before uses for this one. */
    default int type() {
        return switch (this) {
            case HopByHop _ -> HopByHop.TYPE;
            case Destination _ -> Destination.TYPE;
            case Routing _ -> Routing.TYPE;
            case Fragment _ -> Fragment.TYPE;
        };
    }
}
