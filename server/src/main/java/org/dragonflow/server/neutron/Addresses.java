package org.dragonflow.server.neutron;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.dragonflow.address.IpAddress;
import org.dragonflow.model.Delta;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.model.Query;
import org.dragonflow.model.Subnet;
import org.dragonflow.store.Edit;
import org.dragonflow.store.Replica;

/**
 * The pools of all subnets, as the replica says, and as the requests of this server that are under way have reserved.
 *
 * <p>Nobody waits here for a commit: requests get different addresses, and between servers the store decides.
 */
final class Addresses implements Replica.Listener {
    private final Map<Id<Subnet>, Pool> pools = new ConcurrentHashMap<>();
    private final Map<Edit, DraftPools> drafts = new ConcurrentHashMap<>();

    /** Follows the replica from now on. */
    static Addresses of(Replica replica) {
        var addresses = new Addresses();
        addresses.load(replica);
        return addresses;
    }

    /** What the replica tells meanwhile waits for the lock. */
    private synchronized void load(Replica replica) {
        var topology = replica.subscribe(this).topology();
        topology.find(Query.all(Subnet.class)).forEach(this::open);
        topology.find(Query.all(Port.class)).forEach(port -> mark(port, Pool::use));
    }

    /** Reserves a free address of the subnet until the edit is over. */
    Optional<IpAddress> take(Edit edit, Subnet subnet) {
        if (edit.isChanged(subnet.id())) {
            return takeOfDraft(edit, subnet);
        }
        var taken = Optional.ofNullable(pools.get(subnet.id())).flatMap(Pool::take);
        taken.ifPresent(address -> edit.atEnd(() -> release(subnet.id(), address)));
        return taken.isEmpty() && edit.isChange() ? takeOfDraft(edit, subnet) : taken;
    }

    private Optional<IpAddress> takeOfDraft(Edit edit, Subnet subnet) {
        var taken = drafts.computeIfAbsent(edit, _ -> {
                    edit.atEnd(() -> drafts.remove(edit));
                    return new DraftPools(edit);
                })
                .take(subnet);
        taken.ifPresent(address -> reserve(edit, subnet.id(), address));
        return taken;
    }

    /** Keeps others of this server from taking the address until the edit is over. */
    void reserve(Edit edit, Id<Subnet> subnet, IpAddress address) {
        Optional.ofNullable(pools.get(subnet)).ifPresent(pool -> {
            pool.reserve(address);
            edit.atEnd(() -> release(subnet, address));
        });
    }

    private void release(Id<Subnet> subnet, IpAddress address) {
        Optional.ofNullable(pools.get(subnet)).ifPresent(pool -> pool.release(address));
    }

    @Override
    public synchronized void changed(Replica.State after, List<Delta> deltas) {
        // An address may go from one port to another in one commit: it is given back first.
        for (var delta : deltas) {
            delta.before().ifPresent(before -> {
                switch (before) {
                    case Port port -> mark(port, Pool::unuse);
                    case Subnet subnet when delta.after().isEmpty() -> pools.remove(subnet.id());
                    default -> {}
                }
            });
        }
        after(deltas, Subnet.class).forEach(this::open);
        after(deltas, Port.class).forEach(port -> mark(port, Pool::use));
    }

    private static <E> Stream<E> after(List<Delta> deltas, Class<E> type) {
        return deltas.stream()
                .flatMap(delta -> delta.after().stream())
                .filter(type::isInstance)
                .map(type::cast);
    }

    private void open(Subnet subnet) {
        pools.compute(
                subnet.id(),
                (_, pool) -> pool == null ? new Pool(subnet.allocationPools()) : pool.with(subnet.allocationPools()));
    }

    private void mark(Port port, BiConsumer<Pool, IpAddress> mark) {
        for (var fixed : port.fixedIps()) {
            Optional.ofNullable(pools.get(fixed.subnetId())).ifPresent(pool -> mark.accept(pool, fixed.ipAddress()));
        }
    }
}
