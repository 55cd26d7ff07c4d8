package org.dragonflow.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.dragonflow.it.Journal.Entry;

/**
 * A small cloud on one machine: chassis with switches of their own and servers to plug into them, each in a network
 * namespace, joined by a fabric. Closing it, or sweeping it after a crash, removes all that it made and nothing else.
 */
public final class Lab implements AutoCloseable {
    static final String JOURNAL = "journal";
    private static final Path LABS = Path.of("/run/dragonflow-lab");
    private static final String PREFIX = "df-";

    private final String name;
    private final Path directory;
    private final Journal journal;
    private final Fabric fabric;
    private final Map<String, Chassis> chassis = new LinkedHashMap<>();
    private final Map<String, Server> servers = new LinkedHashMap<>();
    private final Map<String, Outsider> outsiders = new LinkedHashMap<>();
    private final Thread hook = new Thread(this::remove, "lab-sweep");
    private Optional<Segment> root = Optional.empty();
    private boolean open = true;

    private Lab(String name, Path directory, Journal journal, int segment) {
        this.name = name;
        this.directory = directory;
        this.journal = journal;
        this.fabric = new Fabric(Space.make(PREFIX + name + "-fabric", journal), segment);
    }

    /**
     * Opens a lab; what is left of an earlier one of this name is swept first.
     *
     * @param name 1 to 11 lower-case letters and digits; all that is made in the system is called after it
     * @throws IllegalStateException if a living process has a lab of this name open, or a requirement is missing
     */
    public static Lab open(String name) {
        checkName(name, 11);
        Requirements.check();
        var directory = LABS.resolve(name);
        var journal = new Journal(directory.resolve(JOURNAL));
        int segment = alone(() -> {
            sweepUnlessOwned(name);
            int free = freeSegment();
            Files.createDirectories(directory);
            journal.record(Entry.owner());
            journal.record(new Entry.Segment(free));
            return free;
        });
        try {
            var lab = new Lab(name, directory, journal, segment);
            Runtime.getRuntime().addShutdownHook(lab.hook);
            return lab;
        } catch (RuntimeException e) {
            Sweep.everythingIn(directory);
            throw e;
        }
    }

    /**
     * Removes all that the lab of this name left behind; does nothing if there is nothing.
     *
     * @throws IllegalStateException if a living process has it open
     */
    public static void sweep(String name) {
        checkName(name, 11);
        alone(() -> {
            sweepUnlessOwned(name);
            return true;
        });
    }

    private static void sweepUnlessOwned(String name) {
        var directory = LABS.resolve(name);
        new Journal(directory.resolve(JOURNAL)).owner().ifPresent(owner -> {
            throw new IllegalStateException("the lab %s is in use by process %d".formatted(name, owner.pid()));
        });
        Sweep.everythingIn(directory);
    }

    private static int freeSegment() throws IOException {
        var taken = new HashSet<Integer>();
        try (Stream<Path> labs = Files.list(LABS)) {
            labs.filter(Files::isDirectory)
                    .flatMap(lab -> new Journal(lab.resolve(JOURNAL)).entries(Entry.Segment.class).stream())
                    .forEach(segment -> taken.add(segment.number()));
        }
        return Stream.iterate(0, number -> number < Fabric.SEGMENTS, number -> number + 1)
                .filter(number -> !taken.contains(number))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("%d labs exist; sweep some".formatted(Fabric.SEGMENTS)));
    }

    /** One process, and one thread of it, at a time makes or removes labs; the kernel lets go if it dies. */
    private static <T> T alone(Callable<T> work) {
        synchronized (Lab.class) {
            try {
                Files.createDirectories(LABS);
                try (var channel = FileChannel.open(
                                LABS.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                        var lock = channel.lock()) {
                    assert lock.isValid();
                    return work.call();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static void checkName(String name, int length) {
        if (!name.matches("[a-z0-9]{1," + length + "}")) {
            throw new IllegalArgumentException(
                    "'%s' is no name in a lab: 1 to %d lower-case letters and digits".formatted(name, length));
        }
    }

    public String name() {
        return name;
    }

    /** Where journal, databases, sockets and logs are; gone when the lab is closed. */
    public Path directory() {
        return directory;
    }

    /** A directory of the lab, made if it is not there. */
    public Path directory(String first, String... more) {
        try {
            return Files.createDirectories(directory.resolve(Path.of(first, more)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Fabric fabric() {
        return fabric;
    }

    /** Gives the root namespace a place on the control segment, so that every chassis reaches what listens there. */
    public synchronized Segment joinRoot() {
        var address = root.orElseGet(() -> fabric.joinRoot(PREFIX + name, journal));
        root = Optional.of(address);
        return address;
    }

    /** The chassis of this name, made with running, empty switches the first time it is asked for. */
    public synchronized Chassis chassis(String chassisName) {
        return chassis.computeIfAbsent(chassisName, key -> {
            var made = new Chassis(this, key, space(key), fabric, chassis.size() + 1);
            made.start();
            return made;
        });
    }

    /** The tenant's machine of this name, made unplugged the first time it is asked for. */
    public synchronized Server server(String serverName) {
        return servers.computeIfAbsent(serverName, key -> new Server(this, key, space(key), servers.size() + 1));
    }

    /** A machine of this name on a physical network, outside the cloud, made the first time it is asked for. */
    public synchronized Outsider outsider(String outsiderName, String physicalNetwork) {
        return outsiders.computeIfAbsent(outsiderName, key -> {
            var machine = space(key);
            fabric.wire(machine, Outsider.CARD, physicalNetwork);
            return new Outsider(key, machine, directory(key));
        });
    }

    private Space space(String machine) {
        checkName(machine, 15);
        return Space.make(PREFIX + name + "-" + machine, journal);
    }

    /** Starts a program in the root namespace that ends with the lab. */
    public Running start(Command command, Path log) {
        return Running.start(command, log, journal);
    }

    /** Keeps the lab when this process ends; {@link #sweep} removes it. Nothing further may be done with this object. */
    public void leaveRunning() {
        if (unhook()) {
            journal.record(new Entry.Left());
        }
    }

    @Override
    public void close() {
        if (unhook()) {
            remove();
        }
    }

    /** Whether it is for the caller to say what becomes of the lab: only once, and not when the machine goes down. */
    private synchronized boolean unhook() {
        boolean was = open;
        open = false;
        try {
            return was && Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return false;
        }
    }

    private void remove() {
        alone(() -> {
            Sweep.everythingIn(directory);
            return true;
        });
    }
}
