package org.dragonflow.it.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.dragonflow.it.Keystone;
import org.dragonflow.it.Nova;
import org.dragonflow.server.Config;
import org.dragonflow.server.Server;
import picocli.CommandLine;

/** Holds the server to the Neutron API: OpenStack's own suite against a server of this build, with a real Keystone before it. */
@CommandLine.Command(
        name = "conformance",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Runs the tests of Debian's tempest under tempest.api.network against a server of this build, with a real Keystone,",
            "a real Nova, and two chassis with real agents.",
            "All of it is on the loopback address, in network namespaces and in a temporary directory, and is gone afterwards; the log",
            "is in target/conformance."
        },
        footer = {
            "",
            "The last line is 'N passed, N failed, N skipped'. Exit status: 0 none failed, 1 some did or none ran, 2 wrong usage.",
            "",
            "Examples: ./conformance test_ports test_routers",
            "          ./conformance --neutron 'test_qos\\.Rbac'"
        })
public final class Conformance implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String SUITE = "tempest.api.network";
    private static final String OF_NEUTRON = "neutron_tempest_plugin.api";

    /** A physical network, for tests of VLANs. */
    static final String PHYSICAL = "physnet1";

    @CommandLine.Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "2",
            description = "How many tests to run at a time (default: ${DEFAULT-VALUE}).")
    private int workers;

    @CommandLine.Option(
            names = "--log",
            paramLabel = "DIR",
            defaultValue = "target/conformance",
            description = "Where the log goes (default: ${DEFAULT-VALUE}).")
    private Path log = Path.of("");

    @CommandLine.Option(
            names = "--neutron",
            description = "Neutron's own tests instead, " + OF_NEUTRON
                    + " of Debian's neutron-tempest-plugin; what of them cannot pass, docs/conformance.md says.")
    private boolean isOfNeutron;

    @CommandLine.Option(
            names = "--without-nova",
            description = "Starts no Nova, which is faster; tests that need one are skipped.")
    private boolean isWithoutNova;

    @CommandLine.Parameters(
            paramLabel = "TEST",
            description = "Only tests whose name below that matches one of these regular expressions.")
    private List<String> tests = new ArrayList<>();

    private Conformance() {}

    // Kept, since the JDK forgets the levels of loggers that nobody holds.
    private static final Logger HTTP_SERVER = Logger.getLogger("io.helidon");

    public static void main(String... args) {
        // What the server has to say of refusals would stand between the tests.
        System.setProperty("DRAGONFLOW_LOG_LEVEL", "ERROR");
        HTTP_SERVER.setLevel(Level.WARNING);
        System.exit(new CommandLine(new Conformance()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var directory = Files.createTempDirectory("dragonflow-conformance-");
        var tempest = new Tempest(directory, Files.createDirectories(log));
        var end = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(tempest, end)));
        try (var keystone = Keystone.start(directory);
                var server = Server.start(Config.read(Optional.empty(), Map.of(), settings(directory, keystone)));
                var _ = Hypervisors.start(server)) {
            var url = "http://127.0.0.1:" + server.port();
            keystone.offerNetworks(url);
            tempest.configure(keystone, url, wantsNova());
            var outcome = wantsNova() ? runWithNova(tempest, keystone, directory) : run(tempest);
            System.out.printf("the log is in %s%n%s%n", log, outcome);
            return outcome.isWell() ? 0 : 1;
        } finally {
            remove(directory);
            end.countDown();
        }
    }

    /** None of Neutron's own tests asks for one. */
    private boolean wantsNova() {
        return !isWithoutNova && !isOfNeutron;
    }

    private Tempest.Outcome runWithNova(Tempest tempest, Keystone keystone, Path directory)
            throws IOException, InterruptedException {
        try (var nova = Nova.start(keystone, Files.createDirectory(directory.resolve("nova")), "127.0.0.1", "hv1")) {
            System.out.printf("Nova is at %s%n", nova.url());
            return run(tempest);
        }
    }

    private Tempest.Outcome run(Tempest tempest) throws IOException, InterruptedException {
        return tempest.run(pattern(), workers);
    }

    /** A run that a person interrupts counts what it got to, and cleans up. */
    private static void stop(Tempest tempest, CountDownLatch end) {
        tempest.stop();
        try {
            if (!end.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                System.err.println("not everything has stopped");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<String> settings(Path directory, Keystone keystone) {
        var settings = new ArrayList<>(keystone.settings());
        settings.addAll(List.of("--api.port=0", "--feed.port=0", "--store.path=" + directory.resolve("northbound.db")));
        // Neutron's tests expect what its own test cloud has: VXLAN, and few numbers that are not those of the tests.
        settings.addAll(List.of(
                "--network.types=vxlan",
                "--network.vxlan-ranges=1:1000",
                "--network.geneve-ranges=2001:3000",
                "--network.vlan-ranges=" + PHYSICAL));
        return settings;
    }

    private String pattern() {
        var suite = (isOfNeutron ? OF_NEUTRON : SUITE).replace(".", "\\.");
        return tests.isEmpty() ? "^" + suite : "^%s.*(%s)".formatted(suite, String.join("|", tests));
    }

    private static void remove(Path directory) {
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            System.err.printf("%s is left behind: %s%n", directory, e);
        }
    }
}
