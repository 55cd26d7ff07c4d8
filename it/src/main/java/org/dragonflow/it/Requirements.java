package org.dragonflow.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the machine must have for a lab to run on it. */
public final class Requirements {
    private static final Map<String, String> PACKAGES = byProgram();

    private Requirements() {}

    private static Map<String, String> byProgram() {
        var packages = new LinkedHashMap<String, String>();
        packages.put("ovsdb-server", "openvswitch-switch");
        packages.put("ovs-vswitchd", "openvswitch-switch");
        packages.put("ovs-vsctl", "openvswitch-switch");
        packages.put("dhclient", "isc-dhcp-client");
        packages.put("rdisc6", "ndisc6");
        packages.put("ip", "iproute2");
        packages.put("ping", "iputils-ping");
        packages.put("ethtool", "ethtool");
        packages.put("tcpdump", "tcpdump");
        packages.put("iperf3", "iperf3");
        packages.put("sysctl", "procps");
        return packages;
    }

    /** One line for each thing that is missing, with how to mend it; empty if a lab can be opened. */
    public static List<String> missing() {
        var missing = new ArrayList<String>();
        if (!Command.of("id", "-u").require().strip().equals("0")) {
            missing.add("a lab needs root: run it with sudo");
        }
        missing.addAll(missingPrograms(System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/sbin"));
        if (missing.isEmpty() && !Command.of("unshare", "--net", "true").run().succeeded()) {
            missing.add("network namespaces are refused here: run on a machine or in a container with CAP_SYS_ADMIN");
        }
        if (!Files.exists(Path.of("/dev/net/tun"))) {
            missing.add("/dev/net/tun is not there: modprobe tun");
        }
        return List.copyOf(missing);
    }

    /** Throws, with one line for each thing that is missing, unless a lab can be opened. */
    public static void check() {
        var missing = missing();
        if (!missing.isEmpty()) {
            throw new IllegalStateException(String.join(System.lineSeparator(), missing));
        }
    }

    static Collection<String> packages() {
        return PACKAGES.values();
    }

    static List<String> missingPrograms(String path) {
        var directories = List.of(path.split(":", -1));
        return PACKAGES.entrySet().stream()
                .filter(wanted -> directories.stream()
                        .noneMatch(directory -> Files.isExecutable(Path.of(directory, wanted.getKey()))))
                .map(wanted -> "%s is not installed: apt-get install %s".formatted(wanted.getKey(), wanted.getValue()))
                .toList();
    }
}
