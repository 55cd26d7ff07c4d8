package org.dragonflow.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The DHCP client of Debian (dhclient) on a server's card; it sets address, routes, MTU and name servers as it is told. */
public final class DhcpClient implements AutoCloseable {
    private static final Set<String> GIVEN = Set.of("BOUND", "REBOOT", "RENEW", "REBIND");
    private static final String CONFIGURATION = """
            option rfc3442-classless-static-routes code 121 = array of unsigned integer 8;
            request subnet-mask, broadcast-address, routers, interface-mtu, domain-name, domain-name-servers,
                domain-search, host-name, ntp-servers, rfc3442-classless-static-routes;
            initial-interval 1;
            backoff-cutoff 2;
            select-timeout 0;
            reboot 2;
            retry 1;
            """;

    private final Space space;
    private final String device;
    private final Path directory;
    private Optional<Running> running = Optional.empty();

    DhcpClient(Space space, String device, Path directory) {
        this.space = space;
        this.device = device;
        this.directory = directory;
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("dhclient.conf"), CONFIGURATION);
            Files.write(script(), scriptText());
            Files.setPosixFilePermissions(script(), PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] scriptText() throws IOException {
        try (InputStream text = Objects.requireNonNull(DhcpClient.class.getResourceAsStream("dhclient-script"))) {
            return text.readAllBytes();
        }
    }

    private Path script() {
        return directory.resolve("dhclient-script");
    }

    /** Renews this long after the lease was given, whatever the server says; heeded from the next start on. */
    public DhcpClient renewingAfter(Duration time) {
        write("dhclient.conf", CONFIGURATION + "supersede dhcp-renewal-time %d;%n".formatted(time.toSeconds()));
        return this;
    }

    /** Starts the client and waits for a lease. */
    public Lease start(Duration limit) {
        int before = given();
        ask();
        return leaseAfter(before, limit);
    }

    /** Starts the client, which asks until it is answered. */
    public void ask() {
        running = Optional.of(space.start(dhclient("-d"), directory.resolve("dhclient.log")));
    }

    /** Waits for the first lease. */
    public Lease awaitLease(Duration limit) {
        return leaseAfter(0, limit);
    }

    /** Waits for the next time that the lease is given or renewed. */
    public Lease awaitRenewal(Duration limit) {
        return leaseAfter(given(), limit);
    }

    /** Asks the server again for the address of the lease, as a machine does that has just booted. */
    public Lease reboot(Duration limit) {
        close();
        return start(limit);
    }

    /** Gives the lease back; the address is gone. */
    public void release() {
        space.command(dhclient("-r")).require();
        close();
    }

    /** The next lease is refused, as if another machine were seen to have its address. */
    public void declineNext() {
        write("decline", "");
    }

    /** The lease in force. */
    public Optional<Lease> lease() {
        return read("lease").map(Lease::read);
    }

    /** What happened so far, in the words of dhclient-script(8), such as BOUND or EXPIRE; and DECLINE. */
    public List<String> events() {
        return read("events").orElse(List.of());
    }

    /** What the machine would have as resolv.conf(5). */
    public List<String> resolver() {
        return read("resolv.conf").orElse(List.of());
    }

    /** What the client has printed. */
    public String log() {
        return running.map(Running::printed).orElse("");
    }

    /** Ends the client; the server is not told, and the address stays. */
    @Override
    public void close() {
        running.ifPresent(Running::close);
        running = Optional.empty();
    }

    private Command dhclient(String mode) {
        return Command.of("dhclient", "-4", mode, "-v")
                .and("-cf", directory.resolve("dhclient.conf").toString())
                .and("-lf", directory.resolve("dhclient.leases").toString())
                .and("-pf", directory.resolve("dhclient.pid").toString())
                .and("-sf", script().toString(), device);
    }

    private int given() {
        return (int) events().stream().filter(GIVEN::contains).count();
    }

    private Lease leaseAfter(int before, Duration limit) {
        try {
            return Wait.forAnswer("a lease on " + space, limit, () -> given() > before ? lease() : Optional.empty());
        } catch (IllegalStateException e) {
            throw new IllegalStateException(e.getMessage() + "\n" + log(), e);
        }
    }

    private Optional<List<String>> read(String file) {
        try {
            var path = directory.resolve(file);
            return Files.exists(path) ? Optional.of(Files.readAllLines(path)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(String file, String text) {
        try {
            Files.writeString(directory.resolve(file), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
