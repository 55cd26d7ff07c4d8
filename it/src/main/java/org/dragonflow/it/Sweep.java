package org.dragonflow.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dragonflow.it.Journal.Entry;

/** Removes all that a journal names, and nothing else; what is gone already is passed over. */
final class Sweep {
    private static final Duration DEATH = Duration.ofSeconds(5);

    private Sweep() {}

    static void everythingIn(Path directory) {
        var journal = new Journal(directory.resolve(Lab.JOURNAL));
        var spaces = existing(journal.entries(Entry.Space.class));
        kill(Stream.concat(
                        journal.entries(Entry.Child.class).stream(),
                        spaces.stream().flatMap(Sweep::inside))
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .collect(Collectors.toSet()));
        journal.entries(Entry.Device.class).stream()
                .filter(device -> Files.exists(Path.of("/sys/class/net", device.name())))
                .forEach(
                        device -> Command.of("ip", "link", "del", device.name()).require());
        spaces.forEach(space -> Command.of("ip", "netns", "del", space).require());
        delete(directory);
    }

    private static List<String> existing(List<Entry.Space> spaces) {
        return spaces.stream()
                .map(Entry.Space::name)
                .distinct()
                .filter(Space::exists)
                .toList();
    }

    private static Stream<Entry.Child> inside(String space) {
        // A name that is no longer mounted (the machine crashed half-way) holds no process.
        return Command.of("ip", "netns", "pids", space).run().lines().stream()
                .map(pid -> Entry.process(Long.parseLong(pid.strip())));
    }

    private static void kill(Set<Entry.Child> processes) {
        var living = processes.stream().filter(Entry.Child::isAlive).toList();
        living.forEach(process -> ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly));
        Wait.until("the end of " + living, DEATH, () -> living.stream().noneMatch(Entry.Child::isAlive));
    }

    private static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (var paths = Files.walk(directory)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
