package org.dragonflow.apps;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.address.Mac;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Detour;
import org.dragonflow.model.Entity;
import org.dragonflow.model.FloatingIp;
import org.dragonflow.model.Id;
import org.dragonflow.model.Interface;
import org.dragonflow.model.Ipv6Mode;
import org.dragonflow.model.Network;
import org.dragonflow.model.Port;
import org.dragonflow.model.Router;
import org.dragonflow.model.SecurityGroup;
import org.dragonflow.model.SecurityGroupRule;
import org.dragonflow.model.SecurityGroupRule.Direction;
import org.dragonflow.model.SecurityGroupRule.Ethertype;
import org.dragonflow.model.Subnet;
import org.dragonflow.model.Topology;
import org.dragonflow.model.Trunk;
import org.dragonflow.model.TunnelType;

/**
 * A topology told in text, so that a reader of a test sees the network before the packet. One thing a line:
 *
 * <pre>
 *   chassis hv1 192.0.2.1 [vxlan] [wires physnet1,physnet2]
 *   network blue [mtu 1400] [domain blue.example.] [vlan 100 on physnet1 | flat on physnet1] [snat chassis] [vlan_transparent] [qinq]
 *   subnet blue4 on blue 10.0.0.0/24 [gateway 10.0.0.1] [dhcp] [dns 9.9.9.9] [route 10.9.0.0/16 via 10.0.0.9]
 *   subnet blue6 on blue 2001:db8::/64 [mode slaac | announced slaac | addressing slaac] ...
 *   group web [stateless]
 *   rule web ingress [ipv6] [tcp 80-90] [from 10.0.0.0/8 | from group web | from addresses lan]
 *   addresses lan 10.0.0.0/8 fd00::/8
 *   router r1 [route 172.16.0.0/16 via 10.0.0.9]
 *   port alice on blue mac :0a ip 10.0.0.10 [ip 2001:db8::a] at hv1 [groups web,db] [open] [pair 10.0.0.99 [:99]] [of r1] [option mtu 1300] [option6 59 tftp://b] [named alice]
 *   trunk alice carries web 101 db 102
 *   gateway r1 on out mac :c1 ip 203.0.113.5 [at hv2] [plain]
 *   detour hv1 to out by hv2
 *   proxy p1 of r1 for alice 2001:db8:1::a
 *   floating f1 on out mac :f1 ip 203.0.113.7 of r1 [for alice 10.0.0.10] [at hv1]
 *   address hv1 on out mac :e1 ip 203.0.113.21
 *   lease alice of r1 203.0.113.5 4096 256 [last]
 *   forward web of f1 tcp 8080-8081 to alice 10.0.0.10 80-81
 *   policy gold [egress 1000 [burst 800]] [ingress 1000] [packets egress 10] [mark 46] [least egress 500]
 *   apply gold to port alice | to network blue | to floating f1 | to router r1
 * </pre>
 *
 * <p>{@code open} takes port security off; {@code of r1} makes the port a router's. Subnets must stand before the ports that have their
 * addresses. Ports are plugged in where they are bound, at numbers from 1 on; tunnels end at ports 900 (Geneve) and 901 (VXLAN), the
 * services of a chassis are behind port 902, and wires at those from 910 on.
 */
public final class Scenario {
    static final int GENEVE_PORT = 900;
    static final int VXLAN_PORT = 901;
    static final int FIRST_WIRE_PORT = 910;
    static final int METADATA_PORT = 902;

    private final Map<Id<?>, Entity> northbound = new LinkedHashMap<>();
    private final Map<String, List<Interface>> plugged = new LinkedHashMap<>();
    private final Map<String, Integer> keys = new HashMap<>();
    private int rules;

    private Scenario() {}

    public static Scenario of(String text) {
        return new Scenario().and(text);
    }

    /** Adds, or replaces by name, what the text says. */
    public Scenario and(String text) {
        text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .forEach(line -> read(new ArrayDeque<>(List.of(line.split("\\s+")))));
        return this;
    }

    Scenario without(Class<? extends Entity> type, String name) {
        northbound.keySet().removeIf(id -> id.type() == type && id.value().equals(name));
        return this;
    }

    public Topology northbound() {
        return Topology.of(northbound.values());
    }

    List<Interface> plugged(String chassis) {
        return plugged.getOrDefault(chassis, List.of());
    }

    List<Chassis> chassis() {
        return northbound.values().stream()
                .filter(Chassis.class::isInstance)
                .map(Chassis.class::cast)
                .toList();
    }

    public Port port(String name) {
        return northbound().get(Id.of(Port.class, name)).orElseThrow();
    }

    private int key(String kind, String name) {
        return keys.computeIfAbsent(kind + " " + name, _ -> keys.size() + 1);
    }

    private void put(Entity entity) {
        northbound.put(entity.id(), entity);
    }

    private void read(Deque<String> words) {
        var kind = words.pop();
        var name = words.pop();
        switch (kind) {
            case "chassis" -> chassis(name, words);
            case "network" -> network(name, words);
            case "subnet" -> subnet(name, words);
            case "group" -> put(Entities.group(name, key("group", name), words.isEmpty()));
            case "rule" -> rule(name, words);
            case "addresses" ->
                put(Entities.addressGroup(
                        name,
                        key("addresses", name),
                        words.stream().map(IpPrefix::parse).toList()));
            case "router" -> router(name, words);
            case "policy" -> policy(name, words);
            case "apply" -> apply(name, words);
            case "port" -> port(name, words);
            case "trunk" -> trunk(name, words);
            case "gateway", "floating", "address" -> outside(kind, name, words);
            case "lease" -> lease(name, words);
            case "proxy" -> proxy(name, words);
            case "detour" ->
                put(Detour.of(
                        Id.of(Network.class, after("to", words)),
                        Id.of(Chassis.class, name),
                        Id.of(Chassis.class, after("by", words))));
            case "forward" -> forward(name, words);
            default -> throw new IllegalArgumentException("what is a " + kind);
        }
    }

    private static String after(String word, Deque<String> words) {
        if (!word.equals(words.peek())) {
            throw new IllegalArgumentException("expected %s at %s".formatted(word, words));
        }
        words.pop();
        return words.pop();
    }

    private void chassis(String name, Deque<String> words) {
        var address = words.pop();
        var types = new ArrayList<>(List.of(TunnelType.GENEVE, TunnelType.VXLAN));
        var uplinks = new ArrayList<Chassis.Uplink>();
        var ends = new ArrayList<Interface>();
        while (!words.isEmpty()) {
            if (words.peek().equals("vxlan")) {
                words.pop();
                types.remove(TunnelType.GENEVE);
            } else {
                for (var wire : after("wires", words).split(",", -1)) {
                    var its = wire.replace(":down", "");
                    ends.add(Entities.uplink(its, FIRST_WIRE_PORT + uplinks.size()));
                    uplinks.add(new Chassis.Uplink(its, its.equals(wire)));
                }
            }
        }
        put(Entities.chassis(name, address, types, uplinks));
        for (var type : types) {
            ends.add(Entities.tunnel(type, type == TunnelType.GENEVE ? GENEVE_PORT : VXLAN_PORT));
        }
        ends.add(Entities.metadata(METADATA_PORT));
        plugged(name).stream().filter(i -> i.ifaceId().isPresent()).forEach(ends::add);
        plugged.put(name, ends);
    }

    private void network(String name, Deque<String> words) {
        int mtu = 1438;
        var domain = "";
        var more = new HashMap<String, Object>();
        while (!words.isEmpty()) {
            switch (words.peek()) {
                case "vlan_transparent", "qinq" -> more.put(words.pop(), true);
                case "mtu" -> mtu = Integer.parseInt(after("mtu", words));
                case "snat" -> more.put("dragonflow:snat", after("snat", words));
                case "domain" -> domain = after("domain", words);
                case "flat" -> {
                    words.pop();
                    put(Entities.segment(name, after("on", words), Optional.empty()));
                }
                default -> {
                    var vlan = Integer.parseInt(after("vlan", words));
                    put(Entities.segment(name, after("on", words), Optional.of(vlan)));
                }
            }
        }
        put(Entities.with(Entities.network(name, key("network", name), mtu, domain), more));
    }

    /** A port that holds an address outside, and what it is there for. */
    private void outside(String kind, String name, Deque<String> words) {
        var network = after("on", words);
        var mac = mac(after("mac", words));
        var addresses = new ArrayList<Port.FixedIp>();
        var port = "%s-%s".formatted(kind, name);
        Optional<String> chassis = kind.equals("address") ? Optional.of(name) : Optional.empty();
        Optional<String> router = kind.equals("gateway") ? Optional.of(name) : Optional.empty();
        Optional<String> inside = Optional.empty();
        Optional<IpAddress> fixed = Optional.empty();
        boolean translates = true;
        while (!words.isEmpty()) {
            switch (words.peek()) {
                case "ip" -> addresses.add(fixed(network, IpAddress.parse(after("ip", words))));
                case "at" -> chassis = Optional.of(after("at", words));
                case "of" -> router = Optional.of(after("of", words));
                case "for" -> {
                    inside = Optional.of(after("for", words));
                    fixed = Optional.of(IpAddress.parse(words.pop()));
                }
                default -> {
                    after("plain", new ArrayDeque<>(List.of(words.pop(), "")));
                    translates = false;
                }
            }
        }
        put(Entities.outside(port, network, key("port", port), mac, addresses, chassis, owner(kind), name));
        switch (kind) {
            case "gateway" -> {
                var before = northbound().get(Id.of(Router.class, name)).orElseThrow();
                put(Entities.withGateway(before, port, network, addresses, translates));
            }
            case "floating" ->
                put(Entities.floatingIp(
                        name, network, port, addresses.getFirst().ipAddress(), inside, fixed, router.orElseThrow()));
            default -> {}
        }
    }

    private static String owner(String kind) {
        return switch (kind) {
            case "gateway" -> Port.ROUTER_GATEWAY;
            case "floating" -> Port.FLOATING_IP;
            default -> Port.CHASSIS_GATEWAY;
        };
    }

    private void lease(String port, Deque<String> words) {
        var router = after("of", words);
        var lease = Entities.lease(
                port,
                router,
                IpAddress.parse(words.pop()),
                Integer.parseInt(words.pop()),
                Integer.parseInt(words.pop()));
        put(words.remove("last") ? Entities.with(lease, Map.of("used_up", true, "no_more", true)) : lease);
    }

    private void proxy(String name, Deque<String> words) {
        var router = after("of", words);
        var before = northbound().get(Id.of(Router.class, router)).orElseThrow();
        put(Entities.with(before, Map.of("enable_ndp_proxy", true)));
        put(Entities.proxy(name, router, "gateway-" + router, after("for", words), IpAddress.parse(words.pop())));
    }

    private void forward(String name, Deque<String> words) {
        var floating = after("of", words);
        var protocol = words.pop();
        var outside = words.pop().replace('-', ':');
        var port = after("to", words);
        var address = IpAddress.parse(words.pop());
        put(Entities.forwarding(
                name, floating, protocol, outside, port, address, words.pop().replace('-', ':')));
    }

    private static Optional<Ipv6Mode> mode(String text) {
        return Optional.of(Ipv6Mode.valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_')));
    }

    private void subnet(String name, Deque<String> words) {
        var network = after("on", words);
        var cidr = words.pop();
        Optional<IpAddress> gateway = Optional.empty();
        boolean dhcp = false;
        var dns = new ArrayList<IpAddress>();
        var routes = new ArrayList<Subnet.HostRoute>();
        Optional<Ipv6Mode> announced = Optional.empty();
        Optional<Ipv6Mode> addressing = Optional.empty();
        while (!words.isEmpty()) {
            switch (words.peek()) {
                case "gateway" -> gateway = Optional.of(IpAddress.parse(after("gateway", words)));
                case "dhcp" -> {
                    words.pop();
                    dhcp = true;
                }
                case "mode" -> {
                    announced = mode(after("mode", words));
                    addressing = announced;
                }
                case "announced" -> announced = mode(after("announced", words));
                case "addressing" -> addressing = mode(after("addressing", words));
                case "dns" -> dns.add(IpAddress.parse(after("dns", words)));
                default ->
                    routes.add(new Subnet.HostRoute(
                            IpPrefix.parse(after("route", words)), IpAddress.parse(after("via", words))));
            }
        }
        put(Entities.subnet(name, network, cidr, gateway, dhcp, dns, routes, announced, addressing));
    }

    private void rule(String group, Deque<String> words) {
        var direction = words.pop().equals("ingress") ? Direction.INGRESS : Direction.EGRESS;
        var ethertype = Ethertype.IPV4;
        if ("ipv6".equals(words.peek())) {
            words.pop();
            ethertype = Ethertype.IPV6;
        }
        Optional<String> protocol = Optional.empty();
        Optional<Integer> min = Optional.empty();
        Optional<Integer> max = Optional.empty();
        if (!words.isEmpty() && !words.peek().equals("from")) {
            protocol = Optional.of(words.pop());
        }
        if (!words.isEmpty() && !words.peek().equals("from")) {
            var range = words.pop().split("-", -1);
            min = Optional.of(Integer.parseInt(range[0]));
            max = Optional.of(Integer.parseInt(range[range.length - 1]));
        }
        var bare = Entities.rule("rule" + rules++, group, direction, ethertype, protocol, min, max);
        put(words.isEmpty() ? bare : remote(bare, words));
    }

    private static SecurityGroupRule remote(SecurityGroupRule rule, Deque<String> words) {
        var from = after("from", words);
        return switch (from) {
            case "group" -> Entities.from(rule, Optional.empty(), Optional.of(words.pop()), Optional.empty());
            case "addresses" -> Entities.from(rule, Optional.empty(), Optional.empty(), Optional.of(words.pop()));
            default -> Entities.from(rule, Optional.of(IpPrefix.parse(from)), Optional.empty(), Optional.empty());
        };
    }

    private void policy(String name, Deque<String> words) {
        put(QosEntities.policy(name));
        while (!words.isEmpty()) {
            put(QosEntities.rule(name, words));
        }
    }

    private void apply(String policy, Deque<String> words) {
        var type = after("to", words);
        var name = words.pop();
        Id<?> id = switch (type) {
            case "port" -> Id.of(Port.class, name);
            case "network" -> Id.of(Network.class, name);
            case "floating" -> Id.of(FloatingIp.class, name);
            default -> Id.of(Router.class, name);
        };
        var entity = Optional.ofNullable(northbound.get(id)).orElseThrow();
        put(
                entity instanceof Router router
                        ? QosEntities.limited(router, Optional.of(policy))
                        : QosEntities.carrying(entity, Optional.of(policy)));
    }

    private void router(String name, Deque<String> words) {
        var routes = new ArrayList<Router.Route>();
        while (!words.isEmpty()) {
            routes.add(new Router.Route(IpPrefix.parse(after("route", words)), IpAddress.parse(after("via", words))));
        }
        put(Entities.router(name, key("router", name), routes.toArray(Router.Route[]::new)));
    }

    private void port(String name, Deque<String> words) {
        var network = after("on", words);
        var mac = mac(after("mac", words));
        var addresses = new ArrayList<Port.FixedIp>();
        Optional<String> chassis = Optional.empty();
        Optional<String> awaited = Optional.empty();
        var groups = new ArrayList<String>();
        var pairs = new ArrayList<Port.AddressPair>();
        var options = new ArrayList<Port.ExtraDhcpOption>();
        boolean secure = true;
        var dnsName = "";
        Optional<String> router = Optional.empty();
        while (!words.isEmpty()) {
            switch (words.peek()) {
                case "ip" -> addresses.add(fixed(network, IpAddress.parse(after("ip", words))));
                case "at" -> chassis = Optional.of(after("at", words));
                case "awaited" -> awaited = Optional.of(after("awaited", words));
                case "groups" -> groups.addAll(List.of(after("groups", words).split(",")));
                case "pair" -> pairs.add(pair(words, mac));
                case "option" -> options.add(option("option", words, 4));
                case "option6" -> options.add(option("option6", words, 6));
                case "named" -> dnsName = after("named", words);
                case "of" -> router = Optional.of(after("of", words));
                default -> {
                    after("open", new ArrayDeque<>(List.of(words.pop(), "")));
                    secure = false;
                }
            }
        }
        var places = Stream.concat(chassis.stream(), awaited.stream()).toList();
        var owner = router.isPresent() ? Port.ROUTER_INTERFACE : "compute:nova";
        var port = Entities.port(new Entities.PortSpec(
                name,
                network,
                key("port", name),
                mac,
                addresses,
                chassis,
                groups,
                pairs,
                secure && router.isEmpty(),
                owner,
                options,
                dnsName));
        put(awaited.map(c -> Entities.awaited(port, c)).orElse(port));
        router.ifPresentOrElse(r -> put(Entities.routerInterface(name, r, network)), () -> plug(name, places));
    }

    /** Carried by the port of that name. Its subports are where that is, as the server sees to, and have no interface of their own. */
    private void trunk(String parent, Deque<String> words) {
        var subPorts = new ArrayList<Trunk.SubPort>();
        words.addFirst(after("carries", words));
        while (!words.isEmpty()) {
            var port = Id.of(Port.class, words.pop());
            subPorts.add(new Trunk.SubPort(port, "vlan", Integer.parseInt(words.pop())));
            unplug(port);
            put(Entities.carriedBy(port(parent), port(port.value())));
        }
        put(Entities.trunk(parent, parent, subPorts));
    }

    private static Port.AddressPair pair(Deque<String> words, Mac own) {
        var block = IpPrefix.parseLoosely(after("pair", words));
        boolean hasItsOwn = !words.isEmpty() && words.peek().startsWith(":");
        return new Port.AddressPair(block, hasItsOwn ? mac(words.pop()) : own);
    }

    private static Port.ExtraDhcpOption option(String word, Deque<String> words, int version) {
        return new Port.ExtraDhcpOption(after(word, words), Optional.of(words.pop()), version);
    }

    private void plug(String port, List<String> chassis) {
        unplug(Id.of(Port.class, port));
        chassis.forEach(name -> Optional.ofNullable(plugged.get(name))
                .ifPresent(list -> list.add(Entities.plug(port, key("plug", port)))));
    }

    private void unplug(Id<Port> port) {
        plugged.values().forEach(list -> list.removeIf(i -> i.ifaceId().equals(Optional.of(port))));
    }

    private Port.FixedIp fixed(String network, IpAddress address) {
        var subnet = northbound.values().stream()
                .filter(e -> e instanceof Subnet s
                        && s.networkId().value().equals(network)
                        && s.cidr().contains(address))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("no subnet of %s holds %s".formatted(network, address)));
        return new Port.FixedIp(Id.of(Subnet.class, subnet.id().value()), address);
    }

    static Mac mac(String text) {
        return org.dragonflow.trace.Draft.mac(text);
    }

    /** Groups that tests often want: what leaves is free, and what comes in is what the rules say. */
    public static String everythingMayLeave(String group) {
        return "group %s\nrule %s egress\nrule %s egress ipv6\n".formatted(group, group, group);
    }

    static Id<SecurityGroup> group(String name) {
        return Id.of(SecurityGroup.class, name);
    }
}
