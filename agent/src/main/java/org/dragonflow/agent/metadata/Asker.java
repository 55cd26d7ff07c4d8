package org.dragonflow.agent.metadata;

import java.util.Optional;
import java.util.stream.Stream;
import org.dragonflow.address.IpAddress;
import org.dragonflow.apps.Pseudonym;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.model.Trunk;
import org.dragonflow.model.View;

/**
 * The port that a question comes from, and the topology of that moment.
 *
 * @param version of the IP that it was asked over
 */
public record Asker(Port port, int version, View view) {

    /** Who is known by the address as {@link Pseudonym}; nobody, unless his port is on this chassis. */
    static Optional<Asker> of(IpAddress pseudonym, Id<Chassis> chassis, View view) {
        return Pseudonym.keyOf(pseudonym)
                .flatMap(key -> view.find(Port.withKey(key))
                        .filter(port -> port.isExpectedAt(chassis))
                        .findFirst())
                .map(port -> new Asker(port, pseudonym.version(), view));
    }

    /** The port by which the compute service knows the server: the one that carries it, if a trunk does. */
    Port card() {
        return view.get(Trunk.cardOf(port.id(), view)).orElse(port);
    }

    /** The port's first address, of the version that it asks over if it has one of that. */
    Optional<IpAddress> address() {
        var same = port.addresses().filter(address -> address.version() == version);
        return Stream.concat(same, port.addresses()).findFirst();
    }
}
