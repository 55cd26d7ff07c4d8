package org.dragonflow.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/** What a lab has made or is about to make, one line each, written before the thing itself exists. */
final class Journal {
    /** One thing that a sweep has to know. */
    sealed interface Entry {
        /** A network namespace; whatever runs or lives in it is the lab's. */
        record Space(String name) implements Entry {}

        /** A network device in the root namespace. */
        record Device(String name) implements Entry {}

        /** A process, told from a later one with the same number by when it started, in clock ticks since boot. */
        record Child(long pid, long start) implements Entry {
            boolean isAlive() {
                return startOf(pid).filter(seen -> seen == start).isPresent();
            }
        }

        /** Which of the address blocks the lab lives in. */
        record Segment(int number) implements Entry {}

        /** The process that works with the lab; while it lives, nobody else may. */
        record Owner(Child process) implements Entry {}

        /** The owner is through with the lab but wants it to stay. */
        record Left() implements Entry {}

        static Child process(long pid) {
            return new Child(pid, startOf(pid).orElse(0L));
        }

        /** This process. */
        static Owner owner() {
            return new Owner(process(ProcessHandle.current().pid()));
        }

        private String line() {
            return switch (this) {
                case Space(var name) -> "space " + name;
                case Device(var name) -> "device " + name;
                case Child(var pid, var start) -> "process " + pid + " " + start;
                case Segment(var number) -> "segment " + number;
                case Owner(Child(var pid, var start)) -> "owner " + pid + " " + start;
                case Left() -> "left";
            };
        }

        /** A line that was cut short by a crash says nothing: what it would have named was not made yet. */
        private static Optional<Entry> parse(String line) {
            var words = line.split(" ", -1);
            return switch (words.length == 1 ? line : words[0] + "/" + (words.length - 1)) {
                case "space/1" -> Optional.of(new Space(words[1]));
                case "device/1" -> Optional.of(new Device(words[1]));
                case "process/2" -> Optional.of(new Child(Long.parseLong(words[1]), Long.parseLong(words[2])));
                case "segment/1" -> Optional.of(new Segment(Integer.parseInt(words[1])));
                case "owner/2" -> Optional.of(new Owner(new Child(Long.parseLong(words[1]), Long.parseLong(words[2]))));
                case "left" -> Optional.of(new Left());
                default -> Optional.empty();
            };
        }
    }

    private final Path file;

    Journal(Path file) {
        this.file = file;
    }

    void record(Entry entry) {
        try {
            Files.writeString(file, entry.line() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All complete lines; none if there is no journal. */
    List<Entry> entries() {
        try {
            var text = Files.exists(file) ? Files.readString(file) : "";
            return text.substring(0, text.lastIndexOf('\n') + 1)
                    .lines()
                    .flatMap(line -> Entry.parse(line).stream())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    <E extends Entry> List<E> entries(Class<E> kind) {
        return entries().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** The process that has the lab open now. */
    Optional<Entry.Child> owner() {
        if (!entries(Entry.Left.class).isEmpty()) {
            return Optional.empty();
        }
        return entries(Entry.Owner.class).stream()
                .map(Entry.Owner::process)
                .filter(Entry.Child::isAlive)
                .findFirst();
    }

    /** When the process started, in clock ticks since boot (field 22 of proc_pid_stat(5)); none if it is no more. */
    private static Optional<Long> startOf(long pid) {
        try {
            var stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            // The second field is the program's name in parentheses, and may itself hold blanks and parentheses.
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return fields[0].equals("Z") ? Optional.empty() : Optional.of(Long.parseLong(fields[19]));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
