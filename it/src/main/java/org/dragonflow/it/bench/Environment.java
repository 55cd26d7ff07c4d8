package org.dragonflow.it.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.dragonflow.it.Command;

/** Where the figures come from: without it they say nothing. */
final class Environment {
    private Environment() {}

    /** What does not change while the bench runs. */
    static Map<String, Object> read() {
        var found = new LinkedHashMap<String, Object>();
        found.put("commit", commit());
        found.put("cores", Runtime.getRuntime().availableProcessors());
        found.put("memory_mb", memory() >> 20);
        found.put("kernel", System.getProperty("os.version", "") + " " + System.getProperty("os.arch", ""));
        found.put("jvm", Runtime.version().toString());
        found.put(
                "jvm_options",
                String.join(" ", ManagementFactory.getRuntimeMXBean().getInputArguments()));
        found.put("ovs", said("ovs-vswitchd", "--version"));
        return found;
    }

    private static long memory() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : 0;
    }

    private static String commit() {
        var commit = said("git", "rev-parse", "--short", "HEAD");
        return said("git", "status", "--porcelain", "--untracked-files=no").isEmpty()
                ? commit
                : commit + " and changes on top";
    }

    /** The first line that a program prints, or nothing if it cannot. */
    private static String said(String... words) {
        try {
            return Command.of(words).run().lines().stream().findFirst().orElse("");
        } catch (UncheckedIOException e) {
            return "";
        }
    }

    /** How many programs waited for a processor, on average over the last minute. */
    static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    /** What this process has used of all processors. */
    static double processorMillis() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos() / 1e6;
    }

    /** The memory of a process that is in main memory now, in MB. */
    static double residentMegabytes(long pid) {
        try (var lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                            .findFirst()
                            .orElseThrow(() -> new IllegalStateException("process %d has ended".formatted(pid)))
                    / 1024.0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
