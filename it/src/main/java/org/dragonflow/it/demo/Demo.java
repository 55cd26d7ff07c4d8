package org.dragonflow.it.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.dragonflow.it.Lab;
import org.dragonflow.it.Requirements;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** Shows the whole system at work: one server, two hypervisors, a tenant's networks, and what passes between four servers. */
@CommandLine.Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Starts the system on this machine, makes a tenant's networks through its REST API, and shows what works.",
            "Leaves it running, for you to look around; ./demo --stop ends it."
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:all steps went well", "1:a step failed, or something is missing", "2:wrong usage"})
public final class Demo implements Callable<Integer> {
    static final int API_PORT = 9696;
    private static final String LAB = "demo";

    @CommandLine.Option(names = "--once", description = "End everything when the last step is done.")
    private boolean once;

    @CommandLine.Option(names = "--stop", description = "End what an earlier demo left running.")
    private boolean stop;

    @CommandLine.Option(
            names = "--simulated",
            description = "Play on switches in memory: needs neither root nor Open vSwitch.")
    private boolean simulated;

    @CommandLine.Option(names = "--json", paramLabel = "FILE", description = "Write the steps there as JSON.")
    private @Nullable Path json;

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private Demo() {}

    // Kept, since the JDK forgets the levels of loggers that nobody holds.
    private static final Logger HTTP_SERVER = Logger.getLogger("io.helidon");

    public static void main(String... args) {
        // What the simulated server has to say would stand between the steps; real daemons log to files of their own.
        System.setProperty("DRAGONFLOW_LOG_LEVEL", "WARN");
        HTTP_SERVER.setLevel(Level.WARNING);
        System.exit(run(args));
    }

    /** Gives the exit status. */
    public static int run(String... args) {
        return new CommandLine(new Demo()).execute(args);
    }

    @Override
    public Integer call() throws IOException {
        if (stop) {
            Lab.sweep(LAB);
            out.println("stopped: nothing of the demo is left");
            return 0;
        }
        if (!simulated) {
            var missing = missing();
            if (missing.isPresent()) {
                System.err.println(missing.get());
                return 1;
            }
        }
        return play();
    }

    /** What stands in the way, and how to mend it. */
    private static Optional<String> missing() {
        var missing = Requirements.missing();
        if (!missing.isEmpty()) {
            return Optional.of(String.join("\n", missing));
        }
        Lab.sweep(LAB);
        try (var probe = new ServerSocket(API_PORT, 1, InetAddress.getLoopbackAddress())) {
            return probe.isBound() ? Optional.empty() : Optional.of("port %d cannot be bound".formatted(API_PORT));
        } catch (IOException e) {
            return Optional.of(
                    "port %d of 127.0.0.1 is taken (%s): end the program that has it; 'ss -ltnp sport = :%d' names it"
                            .formatted(API_PORT, e.getMessage(), API_PORT));
        }
    }

    private int play() throws IOException {
        var program = new Program(out);
        try (Stage stage = simulated ? new SimulatedStage() : new LabStage(LAB, API_PORT)) {
            new Play(stage, program).run();
            out.printf("%n%s%n", program.summary());
            program.failures().forEach(step -> out.printf("  FAILED %s: %s%n", step.name(), step.detail()));
            if (json != null) {
                Files.writeString(json, program.toJson());
            }
            if (!once && !simulated) {
                stage.leaveRunning();
                out.printf("%n%s%n", stage.hints());
            }
        }
        return program.isAllWell() ? 0 : 1;
    }
}
