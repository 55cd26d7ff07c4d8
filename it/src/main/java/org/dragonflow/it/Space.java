package org.dragonflow.it;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.dragonflow.agent.NetworkNamespace;
import org.dragonflow.it.Journal.Entry;

/** A network namespace of the lab: a network stack of its own, in which programs and sockets can be started. */
public final class Space {
    private static final List<String> QUIET_IPV6 = List.of(
            // Addresses work at once, and come from the test and from nowhere else.
            "net.ipv6.conf.all.accept_dad=0",
            "net.ipv6.conf.default.accept_dad=0",
            "net.ipv6.conf.default.dad_transmits=0",
            "net.ipv6.conf.all.accept_ra=0",
            "net.ipv6.conf.default.accept_ra=0");

    private final String name;
    private final Journal journal;

    private Space(String name, Journal journal) {
        this.name = name;
        this.journal = journal;
    }

    static boolean exists(String name) {
        return new NetworkNamespace(name).exists();
    }

    static Space make(String name, Journal journal) {
        if (exists(name)) {
            throw new IllegalStateException(
                    "the network namespace %s exists, and this lab did not make it".formatted(name));
        }
        journal.record(new Entry.Space(name));
        Command.of("ip", "netns", "add", name).require();
        var space = new Space(name, journal);
        space.ip("link", "set", "lo", "up");
        space.set(QUIET_IPV6);
        return space;
    }

    /** The name that {@code ip netns} knows it by. */
    public String name() {
        return name;
    }

    /** The command as it runs inside. */
    public Command command(Command command) {
        return command.after("ip", "netns", "exec", name);
    }

    public Command command(String... words) {
        return command(Command.of(words));
    }

    /** Starts a program inside, with its output appended to the log. */
    public Running start(Command command, Path log) {
        return Running.start(command(command), log, journal);
    }

    /**
     * Starts a program inside that makes a network namespace of its own, which is removed with the lab. It keeps the mounts of the machine,
     * since names of namespaces are mounts.
     */
    Running startMaking(String namespace, Command command, Path log) {
        journal.record(new Entry.Space(namespace));
        return Running.start(command.after("nsenter", "--net=/run/netns/" + name), log, journal);
    }

    /** Runs {@code ip} inside, which must succeed; gives what it printed. */
    public String ip(String... words) {
        return Command.of(words).after("ip", "-n", name).require();
    }

    /** Sets kernel parameters, written {@code name=value}. */
    void set(List<String> parameters) {
        command(Command.of(parameters).after("sysctl", "-q", "-w")).require();
    }

    /**
     * Does a piece of work on a thread that is inside, so that sockets which it opens belong there; they may be used
     * from any thread afterwards.
     */
    public <T> T inside(Callable<T> work) throws Exception {
        return new NetworkNamespace(name).call(work);
    }

    void remove() {
        Command.of("ip", "netns", "del", name).require();
    }

    @Override
    public String toString() {
        return name;
    }
}
