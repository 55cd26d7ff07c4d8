package org.dragonflow.apps;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Writes a small cloud at random, from a seed, in which everything is as the API would let it be. Network n3 overlaps n0, and has no router. */
final class RandomScenario {
    private static final List<String> PROTOCOLS =
            List.of("", "", "tcp", "tcp 20-40", "udp", "udp 30-30", "icmp", "icmp 8-0", "47");

    private final Random random;
    private final StringBuilder text = new StringBuilder();

    private RandomScenario(Random random) {
        this.random = random;
    }

    static String from(Random random) {
        var scenario = new RandomScenario(random);
        scenario.networks();
        scenario.routers();
        scenario.groups();
        scenario.ports();
        scenario.trunks();
        return scenario.text.toString();
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    private void networks() {
        line("chassis hv1 192.0.2.1");
        line("chassis hv2 192.0.2.2");
        line("chassis hv3 192.0.2.3 vxlan");
        for (int i = 0; i < 4; i++) {
            line("network n%d".formatted(i));
            line("subnet s%d on n%d 10.0.%d.0/24".formatted(i, i, i % 3));
            line("subnet t%d on n%d 2001:db8:%d::/64".formatted(i, i, i % 3));
        }
    }

    private void routers() {
        int hop = random.nextInt(8);
        line("router r0 route 172.16.0.0/16 via 10.0.0.1%d route 172.16.1.0/24 via 10.0.1.250".formatted(hop));
        line("router r1 route 172.16.0.0/16 via 10.0.1.1%d route 10.0.0.0/24 via 10.0.1.1".formatted(hop));
        for (int network = 0; network < 3; network++) {
            if (random.nextInt(5) > 0) {
                line("port j0%d on n%d mac :e%d ip 10.0.%d.1 ip 2001:db8:%d::1 of r0"
                        .formatted(network, network, network, network, network));
            }
            if (random.nextInt(3) == 0) {
                line("port j1%d on n%d mac :f%d ip 10.0.%d.250 ip 2001:db8:%d::fa of r1"
                        .formatted(network, network, network, network, network));
            }
        }
    }

    private void groups() {
        line("addresses lan 10.0.%d.0/28 2001:db8:%d::10/124".formatted(random.nextInt(3), random.nextInt(3)));
        IntStream.range(0, 4)
                .forEach(i -> line("group g%d%s".formatted(i, random.nextInt(3) == 0 ? " stateless" : "")));
        for (int i = 0; i < 16; i++) {
            var group = "g" + random.nextInt(4);
            var version = random.nextInt(3) == 0 ? "ipv6 " : "";
            var direction = random.nextInt(3) == 0 ? "egress " : "ingress ";
            line("rule %s %s%s%s %s".formatted(group, direction, version, oneOf(PROTOCOLS), remote(version.isEmpty())));
        }
        for (var group : List.of("g0", "g1")) {
            line("rule %s egress".formatted(group));
            line("rule %s egress ipv6".formatted(group));
        }
    }

    private String remote(boolean is4) {
        int network = random.nextInt(3);
        return switch (random.nextInt(5)) {
            case 0, 1 -> "";
            case 2 -> "from group g" + random.nextInt(4);
            case 3 -> "from addresses lan";
            default -> is4 ? "from 10.0.%d.8/29".formatted(network) : "from 2001:db8:%d::18/125".formatted(network);
        };
    }

    private void ports() {
        for (int i = 0; i < 8; i++) {
            int network = random.nextInt(5) == 0 ? 3 : random.nextInt(3);
            var words = new ArrayList<String>();
            if (random.nextInt(6) > 0) {
                words.add("ip 10.0.%d.1%d".formatted(network % 3, i));
            }
            if (random.nextInt(3) > 0) {
                words.add("ip 2001:db8:%d::1%d".formatted(network % 3, i));
            }
            words.add("at hv" + (1 + random.nextInt(3)));
            var groups = IntStream.range(0, 4)
                    .filter(_ -> random.nextInt(5) < 2)
                    .mapToObj(g -> "g" + g)
                    .collect(Collectors.joining(","));
            words.add(groups.isEmpty() ? "" : "groups " + groups);
            words.add(random.nextInt(6) == 0 ? "open" : "");
            words.add(random.nextInt(6) == 0 ? "pair 10.0.%d.200 :99".formatted(network % 3) : "");
            line("port p%d on n%d mac :1%d %s".formatted(i, network, i, String.join(" ", words)));
        }
    }

    private <T> T oneOf(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    /** Where the port is that carries them, subports are. */
    private void trunks() {
        for (int i = 0; i < 2; i++) {
            if (random.nextInt(3) > 0) {
                line("trunk p%d carries p%d %d p%d 7".formatted(i, i + 2, 5 + i, i + 4));
            }
        }
    }
}
