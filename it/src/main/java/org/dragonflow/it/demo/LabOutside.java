package org.dragonflow.it.demo;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.it.Command;
import org.dragonflow.it.Lab;
import org.dragonflow.it.Outsider;
import org.dragonflow.it.Server;

/** A network namespace on a cable to the hypervisors, with a plain switch and the addresses of a provider's router. */
final class LabOutside implements Outside {
    static final String WIRE = "physnet1";
    private static final Duration BETWEEN_PINGS = Duration.ofMillis(100);
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Pattern SOURCE = Pattern.compile("([0-9a-f.:]+) > [0-9a-f.:]+: ICMP");

    private final Lab lab;
    private final Function<Machine, Server> servers;

    LabOutside(Lab lab, Function<Machine, Server> servers) {
        this.lab = lab;
        this.servers = servers;
    }

    private Outsider outsider() {
        return lab.outsider("provider", WIRE);
    }

    @Override
    public String physicalNetwork() {
        return WIRE;
    }

    @Override
    public void start(IpAddress router, IpPrefix wire, IpAddress behind) {
        outsider().address(outsider().untagged(), router, wire.length());
        outsider().address("lo", behind, behind.version() == 4 ? 32 : 128);
    }

    @Override
    public void address(int vlan, IpAddress router, IpPrefix block) {
        outsider().address(outsider().vlan(vlan), router, block.length());
    }

    @Override
    public void advertise(int vlan, IpPrefix block) {
        var files = lab.directory("provider");
        var device = outsider().vlan(vlan);
        var advertising = outsider()
                .space()
                .start(
                        Command.of("dnsmasq", "--no-daemon", "--conf-file=/dev/null", "--port=0", "--user=root")
                                .and("--interface=" + device, "--bind-interfaces", "--enable-ra")
                                .and("--pid-file=" + files.resolve("dnsmasq.pid"))
                                .and("--dhcp-leasefile=" + files.resolve("dnsmasq.leases"))
                                .and("--dhcp-range=%s,ra-only".formatted(block.first())),
                        files.resolve("dnsmasq.log"));
        advertising.awaitLine("router advertisement on " + block.first(), SOON);
    }

    @Override
    public int ping(IpAddress to, int count) {
        return outsider().ping(to, count, BETWEEN_PINGS).received();
    }

    @Override
    public Optional<String> seenAs(Machine machine, IpAddress behind) {
        try (var seen = outsider().capture("icmp and dst " + behind)) {
            return servers.apply(machine).ping(behind, 1, BETWEEN_PINGS).allAnswered()
                    ? Optional.of(source(seen.await(1, SOON).getFirst()))
                    : Optional.empty();
        }
    }

    private static String source(String line) {
        var found = SOURCE.matcher(line);
        if (!found.find()) {
            throw new IllegalStateException("tcpdump said: " + line);
        }
        return found.group(1);
    }
}
