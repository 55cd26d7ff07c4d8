package org.dragonflow.apps;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.dragonflow.address.Ipv6;
import org.dragonflow.packet.Dhcpv6;
import org.dragonflow.packet.Dhcpv6Option;
import org.dragonflow.packet.Dhcpv6Option.Association;
import org.dragonflow.packet.Dhcpv6Option.Lease;
import org.dragonflow.packet.Dhcpv6Option.Status;

/** Deals a port's addresses to the identity associations that a DHCPv6 client asks to have filled (RFC 8415, section 12). */
final class Associations {
    static final Duration VALID = Dhcp4.LEASE_TIME;
    static final Duration PREFERRED = VALID;
    private static final Duration RENEWAL = PREFERRED.dividedBy(2);
    private static final Duration REBINDING = PREFERRED.multipliedBy(4).dividedBy(5);

    private Associations() {}

    static boolean isOne(int code) {
        return switch (code) {
            case Dhcpv6Option.IA_NA, Dhcpv6Option.IA_TA, Dhcpv6Option.IA_PD -> true;
            default -> false;
        };
    }

    /** The addresses that the client believes to have. */
    static List<Ipv6> claimed(Dhcpv6 question) {
        return asked(question).flatMap(asked -> asked.addresses().stream()).toList();
    }

    private static Stream<Association> asked(Dhcpv6 question) {
        return question.all(Dhcpv6Option.IA_NA).flatMap(option -> option.asAssociation().stream());
    }

    /** An answer to each association: its addresses, or that there are none; and for each address that is not the port's, that it is over. */
    static List<Dhcpv6Option> filled(Dhcpv6 question, List<Ipv6> addresses) {
        var asked = asked(question).toList();
        var dealt = dealt(asked, addresses);
        var options = new ArrayList<Dhcpv6Option>();
        for (int i = 0; i < asked.size(); i++) {
            options.add(filled(asked.get(i), dealt.get(i), addresses));
        }
        question.all(Dhcpv6Option.IA_TA)
                .flatMap(option -> option.asTemporaryId().stream())
                .map(id -> Dhcpv6Option.temporary(
                        id, List.of(status(Status.NO_ADDRESSES, "there are no temporary addresses"))))
                .forEach(options::add);
        question.all(Dhcpv6Option.IA_PD)
                .flatMap(option -> option.asAssociation().stream())
                .map(prefixes -> Dhcpv6Option.association(
                        Dhcpv6Option.IA_PD,
                        new Association(
                                prefixes.id(),
                                Duration.ZERO,
                                Duration.ZERO,
                                List.of(status(Status.NO_PREFIXES, "there are no prefixes")))))
                .forEach(options::add);
        return options;
    }

    /** What is claimed stays where it is; the rest goes round those that claim nothing, or else to the first. */
    private static List<List<Ipv6>> dealt(List<Association> asked, List<Ipv6> addresses) {
        var dealt = new ArrayList<List<Ipv6>>();
        var taken = new HashSet<Ipv6>();
        for (var association : asked) {
            dealt.add(new ArrayList<>(association.addresses().stream()
                    .filter(addresses::contains)
                    .filter(taken::add)
                    .toList()));
        }
        var empty = dealt.stream().filter(List::isEmpty).toList();
        var open = empty.isEmpty() ? dealt.stream().limit(1).toList() : empty;
        var rest =
                addresses.stream().filter(address -> !taken.contains(address)).toList();
        for (int i = 0; i < rest.size() && !open.isEmpty(); i++) {
            open.get(i % open.size()).add(rest.get(i));
        }
        return dealt;
    }

    private static Dhcpv6Option filled(Association asked, List<Ipv6> dealt, List<Ipv6> all) {
        var options = new ArrayList<Dhcpv6Option>();
        dealt.forEach(address -> options.add(Dhcpv6Option.lease(new Lease(address, PREFERRED, VALID, List.of()))));
        Set.copyOf(asked.addresses()).stream()
                .filter(address -> !all.contains(address))
                .sorted()
                .map(address -> Dhcpv6Option.lease(new Lease(address, Duration.ZERO, Duration.ZERO, List.of())))
                .forEach(options::add);
        if (dealt.isEmpty()) {
            options.add(status(Status.NO_ADDRESSES, "the port has no further address"));
        }
        var association = dealt.isEmpty()
                ? new Association(asked.id(), Duration.ZERO, Duration.ZERO, options)
                : new Association(asked.id(), RENEWAL, REBINDING, options);
        return Dhcpv6Option.association(Dhcpv6Option.IA_NA, association);
    }

    private static Dhcpv6Option status(int code, String message) {
        return Dhcpv6Option.status(new Status(code, message));
    }
}
