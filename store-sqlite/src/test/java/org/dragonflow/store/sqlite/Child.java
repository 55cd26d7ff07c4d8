package org.dragonflow.store.sqlite;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.dragonflow.store.Retention;
import org.dragonflow.store.StoreException;
import org.dragonflow.store.tck.Pairs;

/** Another process that opens the store. */
final class Child {
    enum Task {
        OPEN,
        WRITE
    }

    private Child() {}

    static void main(String... args) {
        try {
            var store = SqliteStore.open(
                    Path.of(args[1]), InstantSource.system(), new Retention(100_000, Duration.ofDays(1)));
            switch (Task.valueOf(args[0])) {
                case OPEN -> store.close();
                case WRITE -> Pairs.write(store, System.out);
            }
        } catch (StoreException e) {
            System.out.println(e.getMessage());
            System.exit(1);
        }
    }

    /** Its native library is unpacked into the scratch directory, since a process that is killed does not tidy up. */
    static Process start(Path scratch, Task task, Path file) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx128m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Djava.io.tmpdir=" + scratch,
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Child.class.getName(),
                        task.name(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
