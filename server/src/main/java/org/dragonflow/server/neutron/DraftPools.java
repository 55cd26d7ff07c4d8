package org.dragonflow.server.neutron;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dragonflow.address.IpAddress;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.model.Port.FixedIp;
import org.dragonflow.model.Query;
import org.dragonflow.model.Subnet;
import org.dragonflow.model.View;
import org.dragonflow.store.Edit;

/** The addresses of subnets as one edit would leave them: of those that it makes or changes itself, or on which it gives addresses back. */
final class DraftPools {
    private final Edit edit;
    private final Map<Id<Subnet>, Pool> pools = new HashMap<>();

    DraftPools(Edit edit) {
        this.edit = edit;
    }

    Optional<IpAddress> take(Subnet subnet) {
        var pool = pools.compute(
                subnet.id(), (_, present) -> present == null ? full(subnet) : present.with(subnet.allocationPools()));
        return taken(pool, subnet).or(() -> {
            var kept = used(edit, subnet).collect(Collectors.toSet());
            used(edit.before(), subnet).filter(Predicate.not(kept::contains)).forEach(pool::unuse);
            return taken(pool, subnet);
        });
    }

    private Pool full(Subnet subnet) {
        var pool = new Pool(subnet.allocationPools());
        used(edit, subnet).forEach(pool::use);
        return pool;
    }

    /** What ports of the edit have been given by name since is passed over. */
    private Optional<IpAddress> taken(Pool pool, Subnet subnet) {
        for (var next = pool.take(); next.isPresent(); next = pool.take()) {
            var address = next.get();
            boolean isFree = edit.find(Query.by(Port.class, "fixed_ips.ip_address", address))
                    .noneMatch(port -> port.networkId().equals(subnet.networkId()));
            if (isFree) {
                return next;
            }
        }
        return Optional.empty();
    }

    private static Stream<IpAddress> used(View view, Subnet subnet) {
        return view.find(Port.in(subnet.id()))
                .flatMap(port -> port.fixedIps().stream()
                        .filter(fixed -> fixed.subnetId().equals(subnet.id()))
                        .map(FixedIp::ipAddress));
    }
}
