package org.dragonflow.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The DHCP client of Debian (dhclient) on a server's card, asking for IPv6 addresses, or for all else (stateless). */
public final class Dhcp6Client implements AutoCloseable {
    private static final String CONFIGURATION = """
            option dhcp6.bootfile-url code 59 = text;
            request dhcp6.name-servers, dhcp6.domain-search, dhcp6.bootfile-url;
            """;

    private static final String LEASES = "dhclient.leases";

    /** How long after a lease was given it is to be renewed, in dhclient.leases(5). */
    private static final Pattern RENEWAL = Pattern.compile("renew \\d+;");

    private final Space space;
    private final String device;
    private final Path directory;
    private Optional<Running> running = Optional.empty();

    Dhcp6Client(Space space, String device, Path directory) {
        this.space = space;
        this.device = device;
        this.directory = directory;
        try (InputStream script = Objects.requireNonNull(Dhcp6Client.class.getResourceAsStream("dhclient6-script"))) {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("dhclient.conf"), CONFIGURATION);
            Files.write(script(), script.readAllBytes());
            Files.setPosixFilePermissions(script(), PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path script() {
        return directory.resolve("dhclient-script");
    }

    /** Asks for addresses, and sets them; gives what was told, by the names of dhcp-options(5) with underscores. */
    public Map<String, String> start(Duration limit) {
        return start(dhclient(), limit);
    }

    /** Asks for all but addresses. */
    public Map<String, String> startStateless(Duration limit) {
        return start(dhclient().and("-S"), limit);
    }

    private Map<String, String> start(Command command, Duration limit) {
        ask(command);
        return awaitLease(limit);
    }

    /** Begins to ask for addresses, until it is answered. */
    public void ask() {
        ask(dhclient());
    }

    private void ask(Command command) {
        remove("lease");
        run(command);
    }

    private void run(Command command) {
        running = Optional.of(space.start(command.and(device), directory.resolve("dhclient.log")));
    }

    /** Begins to ask for the lease to be renewed, until it is: starts the client anew, and has it believe that it is time. */
    public void askAnew() {
        close();
        var leases = directory.resolve(LEASES);
        try {
            Files.writeString(leases, RENEWAL.matcher(Files.readString(leases)).replaceAll("renew 1;"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        run(dhclient());
    }

    /** What happened so far, in the words of dhclient-script(8), such as BOUND6 or RENEW6. */
    public List<String> events() {
        return read("events").orElse(List.of());
    }

    /** Waits for what was asked for. */
    public Map<String, String> awaitLease(Duration limit) {
        try {
            return Wait.forAnswer("a DHCPv6 lease on " + space, limit, this::lease);
        } catch (IllegalStateException e) {
            throw new IllegalStateException(
                    e.getMessage() + "\n" + running.map(Running::printed).orElse(""), e);
        }
    }

    private Command dhclient() {
        return Command.of("dhclient", "-6", "-d", "-v")
                .and("-cf", directory.resolve("dhclient.conf").toString())
                .and("-lf", directory.resolve(LEASES).toString())
                .and("-pf", directory.resolve("dhclient.pid").toString())
                .and("-sf", script().toString());
    }

    /** What was told last, if that is still so. */
    public Optional<Map<String, String>> lease() {
        return read("lease")
                .map(lines -> lines.stream()
                        .filter(line -> line.startsWith("new_") && line.contains("="))
                        .map(line -> line.substring("new_".length()).split("=", 2))
                        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1])));
    }

    private Optional<List<String>> read(String file) {
        try {
            var path = directory.resolve(file);
            return Files.exists(path) ? Optional.of(Files.readAllLines(path)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void remove(String file) {
        try {
            Files.deleteIfExists(directory.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the client; the server is not told, and the addresses stay. */
    @Override
    public void close() {
        running.ifPresent(Running::close);
        running = Optional.empty();
    }
}
