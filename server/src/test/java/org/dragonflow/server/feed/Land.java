package org.dragonflow.server.feed;

import static java.util.Map.entry;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.apps.Apps;
import org.dragonflow.compile.App;
import org.dragonflow.compile.Interest;
import org.dragonflow.model.ActivePort;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.NatLease;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.Query;
import org.dragonflow.model.Router;
import org.dragonflow.model.Schema;
import org.dragonflow.model.SecurityGroup;
import org.dragonflow.model.Subnet;
import org.dragonflow.model.Topology;
import org.dragonflow.store.Edit;
import org.dragonflow.store.MemoryStore;
import org.dragonflow.store.Replica;
import org.dragonflow.store.Retention;

/** A store with a few networks and chassis in it, which changes at random, and remembers what it held. */
final class Land implements AutoCloseable {
    private static final int NETWORKS = 4;
    private static final int GROUPS = 3;
    private static final int PORTS = 24;
    private static final String NOW = "2026-01-01T00:00:00Z";

    private final MemoryStore store = new MemoryStore(Clock.systemUTC(), Retention.STANDARD);
    private final Replica replica = new Replica(store);
    private final Map<Id<Chassis>, List<App>> apps = new ConcurrentHashMap<>();
    private final Map<Long, Topology> past = new ConcurrentHashMap<>();

    Land() throws InterruptedException {
        var now = replica.subscribe((after, _) -> past.put(after.revision(), after.topology()));
        past.put(now.revision(), now.topology());
        replica.edit(edit -> {
            for (int i = 1; i <= NETWORKS; i++) {
                edit.create(network(i, "net" + i));
                edit.create(subnet(i));
            }
            for (int i = 1; i <= GROUPS; i++) {
                edit.create(group(i, "group" + i));
            }
            edit.create(chassis("hv2", "192.0.2.2", "system-2"));
            return edit.create(chassis("hv3", "192.0.2.3", "system-3"));
        });
    }

    Replica replica() {
        return replica;
    }

    long revision() {
        return replica.state().revision();
    }

    /** What concerns a chassis of what the store held at a revision. */
    Topology concerning(String chassis, long revision) {
        var id = Id.of(Chassis.class, chassis);
        return Interest.filter(
                apps.computeIfAbsent(id, Apps::standard),
                id,
                Optional.ofNullable(past.get(revision)).orElseThrow());
    }

    /** One commit of one to three changes. */
    void change(Random random) throws InterruptedException {
        var seed = random.nextLong();
        replica.edit(edit -> {
            var dice = new Random(seed);
            for (int i = dice.nextInt(3); i >= 0; i--) {
                changeOne(edit, dice);
            }
            return edit;
        });
    }

    private static void changeOne(Edit edit, Random dice) {
        int number = 1 + dice.nextInt(PORTS);
        var port = edit.get(Id.of(Port.class, "port" + number));
        if (port.isEmpty()) {
            edit.create(port(number, "", host(dice)));
            return;
        }
        switch (dice.nextInt(6)) {
            case 0 -> edit.delete(port.get());
            case 1 -> edit.replace(with(port.get(), "name", "name" + dice.nextInt(1000)));
            case 2 -> edit.replace(with(port.get(), "security_groups", groups(dice)));
            case 3 -> edit.replace(network(1 + dice.nextInt(NETWORKS), "net" + dice.nextInt(1000)));
            case 4 -> edit.replace(group(1 + dice.nextInt(GROUPS), "group" + dice.nextInt(1000)));
            default ->
                edit.replace(with(port.get(), "binding:host_id", host(dice).map(h -> Id.of(Chassis.class, h))));
        }
    }

    private static Optional<String> host(Random dice) {
        int host = dice.nextInt(4);
        return host == 0 ? Optional.empty() : Optional.of("hv" + host);
    }

    private static List<Id<SecurityGroup>> groups(Random dice) {
        var groups = new ArrayList<Id<SecurityGroup>>();
        for (int i = 1; i <= GROUPS; i++) {
            if (dice.nextBoolean()) {
                groups.add(Id.of(SecurityGroup.class, "group" + i));
            }
        }
        return groups;
    }

    static <E extends Entity> E with(E entity, String attribute, Object value) {
        return Schema.of(entity).with(entity, Map.of(attribute, value));
    }

    /** Puts a port in the store, or in the place of the one that is there. */
    void bind(int number, String host) throws InterruptedException {
        replica.edit(edit -> {
            var port = port(number, "", Optional.of(host));
            return edit.get(port.id()).isEmpty() ? edit.create(port) : edit.replace(port);
        });
    }

    /** Lets a port have an address beside its own. */
    Port allow(int number, String address) throws InterruptedException {
        var pair = new Port.AddressPair(
                IpPrefix.host(IpAddress.parse(address)), port(number).macAddress());
        replica.edit(edit -> edit.replace(with(port(number), "allowed_address_pairs", List.of(pair))));
        return port(number);
    }

    /** Who has announced an address. */
    Optional<Id<Port>> holder(Port any, String address) {
        return replica.state()
                .topology()
                .get(ActivePort.at(any.networkId(), IpAddress.parse(address)))
                .map(ActivePort::portId);
    }

    /** Source ports of a router of its own for the port, which is taken for its way outside too. */
    Id<NatLease> lease(int number) throws InterruptedException {
        var id = Id.of(NatLease.class, "lease" + number);
        var port = port(number).id();
        var router = router(number);
        var address = IpAddress.parse("203.0.113.5");
        replica.edit(edit -> {
            edit.create(router);
            return edit.create(
                    new NatLease(id, "demo", router.id(), port, port, address, 1024, 256, false, false, Instant.EPOCH));
        });
        return id;
    }

    boolean isUsedUp(Id<NatLease> lease) {
        return replica.state().topology().get(lease).orElseThrow().usedUp();
    }

    /** Gives a port something bulky to carry. */
    void fill(int number, String content) throws InterruptedException {
        replica.edit(edit -> edit.replace(with(port(number), "binding:profile", Map.of("content", content))));
    }

    /** Renames a network, so that all who have a port on it hear of it. */
    void rename(int number, String name) throws InterruptedException {
        replica.edit(edit -> edit.replace(network(number, name)));
    }

    Port port(int number) {
        return replica.state()
                .topology()
                .get(Id.of(Port.class, "port" + number))
                .orElseThrow();
    }

    /** How many chassis are taken to be alive. */
    long alive() {
        return replica.state()
                .topology()
                .find(Query.all(Chassis.class))
                .filter(Chassis::alive)
                .count();
    }

    /** Takes a chassis to be down. */
    void writeOff(Id<Chassis> id) throws InterruptedException {
        replica.edit(edit -> edit.replace(with(edit.get(id).orElseThrow(), "alive", false)));
    }

    static Chassis chassis(String name, String address, String systemId) {
        return made(
                Chassis.class,
                Map.of(
                        "id", name,
                        "address", address,
                        "tunnel_types", List.of("geneve"),
                        "system_id", systemId,
                        "created_at", NOW));
    }

    private static Network network(int number, String name) {
        return made(
                Network.class,
                Map.ofEntries(
                        entry("id", "network" + number),
                        entry("name", name),
                        entry("project_id", "demo"),
                        entry("key", number),
                        entry("mtu", 1438),
                        entry("created_at", NOW),
                        entry("updated_at", NOW),
                        entry("revision_number", 1)));
    }

    private static Router router(int number) {
        return made(
                Router.class,
                Map.ofEntries(
                        entry("id", "router" + number),
                        entry("project_id", "demo"),
                        entry("status", "ACTIVE"),
                        entry("routes", List.of()),
                        entry("distributed", false),
                        entry("ha", false),
                        entry("key", number),
                        entry("created_at", NOW),
                        entry("updated_at", NOW),
                        entry("revision_number", 1)));
    }

    private static Subnet subnet(int number) {
        return made(
                Subnet.class,
                Map.ofEntries(
                        entry("id", "subnet" + number),
                        entry("project_id", "demo"),
                        entry("network_id", "network" + number),
                        entry("ip_version", 4),
                        entry("cidr", "10.0.%d.0/24".formatted(number)),
                        entry("gateway_ip", "10.0.%d.1".formatted(number)),
                        entry("created_at", NOW),
                        entry("updated_at", NOW),
                        entry("revision_number", 1)));
    }

    private static SecurityGroup group(int number, String name) {
        return made(
                SecurityGroup.class,
                Map.ofEntries(
                        entry("id", "group" + number),
                        entry("name", name),
                        entry("project_id", "demo"),
                        entry("key", number),
                        entry("created_at", NOW),
                        entry("updated_at", NOW),
                        entry("revision_number", 1)));
    }

    private static Port port(int number, String name, Optional<String> host) {
        int network = 1 + number % NETWORKS;
        return made(
                Port.class,
                Map.ofEntries(
                        entry("id", "port" + number),
                        entry("name", name),
                        entry("project_id", "demo"),
                        entry("network_id", "network" + network),
                        entry("mac_address", "fa:16:3e:00:00:%02x".formatted(number)),
                        entry(
                                "fixed_ips",
                                List.of(Map.of(
                                        "subnet_id",
                                        "subnet" + network,
                                        "ip_address",
                                        "10.0.%d.%d".formatted(network, 10 + number)))),
                        entry("security_groups", List.of("group1")),
                        entry("port_security_enabled", true),
                        entry("binding:host_id", host.orElse("")),
                        entry("key", number),
                        entry("created_at", NOW),
                        entry("updated_at", NOW),
                        entry("revision_number", 1)));
    }

    private static <E extends Entity> E made(Class<E> type, Map<String, Object> json) {
        return Schema.of(type).decode(json).orThrow();
    }

    @Override
    public void close() {
        replica.close();
        store.close();
    }
}
