package org.dragonflow.it.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures what the architecture promises; says what it finds, and asserts nothing. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "api|change|compile|dataplane|restart|trace|all",
        description = {
            "Measures what the architecture promises, each figure beside the number to hold.",
            "A figure is the median of several rounds after a warm-up, and the least and the greatest of them.",
            "The exit status says whether all could be measured, not whether the numbers hold."
        })
public final class Bench {
    private Bench() {}

    /** What every subcommand takes. */
    static final class Options {
        @Option(names = "--json", paramLabel = "FILE", description = "Writes the figures there as well.")
        private @Nullable Path json;

        @Option(names = "--quick", description = "Smaller, fewer rounds; at most 40 s a subcommand, and rough.")
        private boolean isQuick;

        private int measure(List<Measurement> measurements) throws IOException {
            var report = new Report(System.out, System.err);
            for (var measurement : measurements) {
                try {
                    measurement.run(report, isQuick ? Measurement.Pace.QUICK : Measurement.Pace.FULL);
                } catch (Exception e) {
                    report.failed(measurement.name(), e);
                }
            }
            report.end();
            if (json != null) {
                report.write(json);
            }
            return report.isComplete() ? 0 : 1;
        }
    }

    @Command(
            name = "api",
            mixinStandardHelpOptions = true,
            description = "The API server on its embedded store: creates, lists and shows over HTTP, and its memory.")
    int api(@Mixin Options options) throws IOException {
        return options.measure(List.of(new ApiBench()));
    }

    @Command(
            name = "change",
            mixinStandardHelpOptions = true,
            description = "One port's change at 10,000 ports, from the feed's event to the switch's word; needs root.")
    int change(@Mixin Options options) throws IOException {
        return options.measure(List.of(new ChangeBench()));
    }

    @Command(
            name = "compile",
            mixinStandardHelpOptions = true,
            description = "The compiler alone, at 20,000 ports: everything from nothing, and one change.")
    int compile(@Mixin Options options) throws IOException {
        return options.measure(List.of(new CompileBench()));
    }

    @Command(
            name = "dataplane",
            mixinStandardHelpOptions = true,
            description =
                    "Packets through the flows, on switches in user space, beside a plain learning switch: round trips, throughput,"
                            + " connections; about eighteen minutes, --quick two; needs root.")
    int dataplane(@Mixin Options options) throws IOException {
        return options.measure(List.of(new DataplaneBench()));
    }

    @Command(
            name = "restart",
            mixinStandardHelpOptions = true,
            description = "An agent with 10,000 ports is killed and started: time until in sync, pings lost, memory;"
                    + " then its switch: time until all flows are back; needs root.")
    int restart(@Mixin Options options) throws IOException {
        return options.measure(List.of(new RestartBench(), new SwitchRestartBench()));
    }

    @Command(
            name = "trace",
            mixinStandardHelpOptions = true,
            description = "A packet's way through the flows of two chassis, in memory.")
    int trace(@Mixin Options options) throws IOException {
        return options.measure(List.of(new TraceBench()));
    }

    @Command(name = "all", mixinStandardHelpOptions = true, description = "All of these, one after the other.")
    int all(@Mixin Options options) throws IOException {
        return options.measure(List.of(
                new CompileBench(),
                new TraceBench(),
                new ApiBench(),
                new ChangeBench(),
                new RestartBench(),
                new SwitchRestartBench(),
                new DataplaneBench()));
    }

    public static void main(String... args) {
        System.setProperty("logback.configurationFile", "org/dragonflow/it/bench-logback.xml");
        System.exit(new CommandLine(new Bench()).execute(args));
    }
}
