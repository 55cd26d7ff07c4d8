package org.dragonflow.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import org.dragonflow.store.Retention;
import org.dragonflow.store.Snapshot;
import org.dragonflow.store.tck.Pairs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class KillTest {
    private static final int ROUNDS = 20;

    @TempDir
    private Path directory;

    @Test
    @Timeout(120)
    void noAnsweredCommitIsLostAndNoneIsHalfDoneWhenTheProcessIsKilled() throws Exception {
        var file = directory.resolve("store.db");
        var random = new Random(9);
        var pairs = new Pairs();
        var seen = new Snapshot(0, Map.of());
        for (int round = 0; round < ROUNDS; round++) {
            int before = pairs.answers();
            writeUntilKilled(file, pairs, 1 + random.nextInt(400));
            assertThat(pairs.answers()).isGreaterThan(before);
            try (var store =
                    SqliteStore.open(file, InstantSource.system(), new Retention(100_000, Duration.ofDays(1)))) {
                pairs.check(store);
                seen = Pairs.checkLog(seen, store);
            }
        }
    }

    private void writeUntilKilled(Path file, Pairs pairs, int lines) throws IOException, InterruptedException {
        var child = Child.start(directory, Child.Task.WRITE, file);
        try (BufferedReader said = child.inputReader(StandardCharsets.UTF_8)) {
            for (int i = 0; i < lines; i++) {
                pairs.hear(String.valueOf(said.readLine()));
            }
            // By its handle: the process itself would close the stream that is still to be read.
            child.toHandle().destroyForcibly();
            said.lines().forEach(pairs::hear);
        } finally {
            child.destroyForcibly().waitFor();
        }
        assertThat(child.exitValue()).isEqualTo(128 + 9);
    }
}
