package org.dragonflow.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.dragonflow.address.Mac;
import org.dragonflow.agent.NetworkNamespace;
import org.junit.jupiter.api.Test;

class SweepTest {
    private static final String NAME = "sweeptest";
    private static final Path DIRECTORY = Path.of("/run/dragonflow-lab", NAME);

    @Test
    void aLabWhoseProcessWasKilledIsSweptByTheNextOfItsName() throws Exception {
        var child = child("crash");
        child.destroyForcibly().waitFor();
        assertThat(spaces()).contains("df-sweeptest-fabric", "df-sweeptest-hv1");
        var orphans = new Journal(DIRECTORY.resolve(Lab.JOURNAL)).entries(Journal.Entry.Child.class);
        // The two daemons, and a sleeper in the root namespace.
        assertThat(orphans).hasSize(3).allMatch(Journal.Entry.Child::isAlive);
        try (var lab = Lab.open(NAME)) {
            assertThat(orphans).noneMatch(Journal.Entry.Child::isAlive);
            assertThat(spaces()).contains(lab.fabric().space().name()).doesNotContain("df-sweeptest-hv1");
            assertThat(Path.of("/sys/class/net/df-sweeptest")).doesNotExist();
        }
        assertThat(spaces()).doesNotContain("df-sweeptest");
        assertThat(DIRECTORY).doesNotExist();
    }

    @Test
    void aLabThatEndsInOrderIsGoneEvenIfNobodyClosedIt() throws Exception {
        assertThat(child("end").waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(spaces()).doesNotContain("df-sweeptest");
        assertThat(DIRECTORY).doesNotExist();
    }

    @Test
    void aLabThatIsLeftRunningRunsOnUntilItIsSwept() throws Exception {
        assertThat(child("leave").waitFor(20, TimeUnit.SECONDS)).isTrue();
        var daemons = new Journal(DIRECTORY.resolve(Lab.JOURNAL)).entries(Journal.Entry.Child.class);
        assertThat(daemons).hasSize(3).allMatch(Journal.Entry.Child::isAlive);
        Lab.sweep(NAME);
        assertThat(daemons).noneMatch(Journal.Entry.Child::isAlive);
        assertThat(spaces()).doesNotContain("df-sweeptest");
    }

    @Test
    void aProcessThatOnlyHasTheNumberOfOneOfOursIsLeftAlone() throws IOException {
        var stranger = new ProcessBuilder("sleep", "60").start();
        try {
            var real = Journal.Entry.process(stranger.pid());
            Files.createDirectories(DIRECTORY);
            new Journal(DIRECTORY.resolve(Lab.JOURNAL)).record(new Journal.Entry.Child(real.pid(), real.start() - 1));
            Lab.sweep(NAME);
            assertThat(stranger.isAlive()).isTrue();
            assertThat(DIRECTORY).doesNotExist();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void aNamespaceThatALabDidNotMakeIsNeitherUsedNorRemoved() {
        Command.of("ip", "netns", "add", "df-sweeptest-hv1").require();
        try {
            try (var lab = Lab.open(NAME)) {
                assertThatThrownBy(() -> lab.chassis("hv1")).hasMessageContaining("did not make it");
            }
            assertThat(spaces()).contains("df-sweeptest-hv1");
        } finally {
            Command.of("ip", "netns", "del", "df-sweeptest-hv1").require();
        }
    }

    @Test
    void twoLabsHaveAddressesOfTheirOwn() {
        try (var one = Lab.open("sweepone");
                var two = Lab.open("sweeptwo")) {
            assertThat(one.joinRoot().ipv4()).isNotEqualTo(two.joinRoot().ipv4());
        }
    }

    private static String spaces() {
        return Command.of("ip", "netns", "list").require();
    }

    /** Where the module of the type is. */
    private static Path home(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    /** A process that has made a lab, and that ends as it is told. */
    private static Process child(String end) throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var child = new ProcessBuilder(
                        java,
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        "target/classes:target/test-classes:%s:%s"
                                .formatted(home(Mac.class), home(NetworkNamespace.class)),
                        LabProcess.class.getName(),
                        NAME,
                        end)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(child.inputReader().readLine()).isEqualTo("up");
        return child;
    }
}
