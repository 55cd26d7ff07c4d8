package org.dragonflow.trace.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dragonflow.flow.Action;
import org.dragonflow.flow.Flow;
import org.dragonflow.flow.FlowTable;
import org.dragonflow.flow.Group;
import org.dragonflow.flow.Header;
import org.dragonflow.flow.Meter;
import org.dragonflow.flow.Pipeline;
import org.dragonflow.trace.Headers;
import org.dragonflow.trace.Step;
import org.dragonflow.trace.Trace;

/**
 * A real ovs-vswitchd with a dummy datapath, whose {@code ofproto/trace} the tracer is held to. Needs no root and no kernel module; lives
 * in a directory of its own. Its bridge is {@code br0}, with ports {@code p1}, {@code p2} ... of these numbers.
 */
public final class OfprotoTrace implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Path directory;
    private final OfctlText text;
    private final List<Process> daemons = new ArrayList<>();
    private final Path control;

    private OfprotoTrace(Path directory, Pipeline pipeline) {
        this.directory = directory;
        this.text = new OfctlText(pipeline);
        this.control = directory.resolve("vswitchd.ctl");
    }

    /** Whether Open vSwitch is installed here. */
    public static boolean isInstalled() {
        return Files.isExecutable(Path.of("/usr/sbin/ovs-vswitchd"));
    }

    /** Starts the daemons, and a bridge with this many ports. What a port sends is kept in {@code pN.pcap}. */
    public static OfprotoTrace start(Pipeline pipeline, int ports) throws IOException {
        var ovs = new OfprotoTrace(Files.createTempDirectory("ofproto-trace"), pipeline);
        try {
            ovs.startDaemons();
            ovs.makeBridge(ports);
        } catch (IOException | RuntimeException e) {
            ovs.close();
            throw e;
        }
        return ovs;
    }

    private void startDaemons() throws IOException {
        run("ovsdb-tool", "create", file("conf.db"), "/usr/share/openvswitch/vswitch.ovsschema");
        var database = "--remote=punix:" + file("db.sock");
        daemons.add(
                spawn("ovsdb-server", database, "--unixctl=" + file("ovsdb.ctl"), "-vconsole:off", file("conf.db")));
        await(directory.resolve("db.sock"));
        run("ovs-vsctl", "--db=unix:" + file("db.sock"), "--no-wait", "init");
        daemons.add(spawn(
                "ovs-vswitchd",
                "--enable-dummy=override",
                "--disable-system",
                "--unixctl=" + control,
                "-vconsole:off",
                "unix:" + file("db.sock")));
        await(control);
    }

    private void makeBridge(int ports) throws IOException {
        var command = new ArrayList<>(List.of("ovs-vsctl", "--db=unix:" + file("db.sock"), "--timeout=20"));
        command.addAll(List.of("--", "add-br", "br0", "--", "set", "bridge", "br0", "datapath-type=dummy"));
        command.addAll(List.of("fail-mode=secure", "protocols=OpenFlow10,OpenFlow15"));
        for (int i = 1; i <= ports; i++) {
            command.addAll(List.of("--", "add-port", "br0", "p" + i, "--", "set", "interface", "p" + i));
            command.addAll(List.of("type=dummy", "ofport_request=" + i, "options:tx_pcap=" + file("p" + i + ".pcap")));
        }
        run(command.toArray(String[]::new));
        measuring(false);
        ofctl("add-tlv-map", "{class=0x102,type=0x80,len=8}->tun_metadata0");
    }

    /** Lets the datapath measure packets, or not; while it does, {@code ofproto/trace} goes both ways at once, whatever the packet. */
    public void measuring(boolean isDone) throws IOException {
        appctl("dpif/set-dp-features", "br0", "check_pkt_len", Boolean.toString(isDone));
    }

    private String file(String name) {
        return directory.resolve(name).toString();
    }

    private ProcessBuilder builder(String... command) {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        for (var variable : List.of("OVS_RUNDIR", "OVS_LOGDIR", "OVS_DBDIR", "OVS_SYSCONFDIR")) {
            builder.environment().put(variable, directory.toString());
        }
        return builder;
    }

    private Process spawn(String... command) throws IOException {
        return builder(command)
                .redirectOutput(directory.resolve(command[0] + ".out").toFile())
                .start();
    }

    private String run(String... command) throws IOException {
        var process = builder(command).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IOException("%s: %s".formatted(String.join(" ", command), output));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        return output;
    }

    private void await(Path socket) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (!Files.exists(socket)) {
                boolean isDead = daemons.getLast().waitFor(10, TimeUnit.MILLISECONDS);
                if (isDead || System.nanoTime() > end) {
                    throw new IOException("%s did not appear".formatted(socket));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** Runs ovs-ofctl on the bridge, in OpenFlow 1.5. */
    public String ofctl(String command, String... arguments) throws IOException {
        return run(Stream.concat(
                        Stream.of("ovs-ofctl", "-O", "OpenFlow15", command, "unix:" + file("br0.mgmt")),
                        Stream.of(arguments))
                .toArray(String[]::new));
    }

    /** Replaces all entries. Trace lines name a flow by its cookie, so flows should have cookies of their own. */
    public void install(FlowTable entries) throws IOException {
        ofctl("del-flows");
        ofctl("del-groups");
        ofctl("del-meters");
        var groups = new ArrayList<String>();
        for (var entry : entries.entries()) {
            switch (entry) {
                case Group group -> groups.add(text.group(group));
                case Meter meter -> ofctl("add-meter", text.meter(meter));
                case Flow _ -> {}
            }
        }
        if (!groups.isEmpty()) {
            ofctl("add-groups", write("groups", groups));
        }
        ofctl("add-flows", write("flows", entries.flows().map(text::flow).toList()));
    }

    private String write(String name, List<String> lines) throws IOException {
        return Files.write(directory.resolve(name), lines).toString();
    }

    /**
     * Where Open vSwitch and the trace disagree on lookups, headers and ends, with both traces in full; empty if they agree. The flows that
     * were traced must be the ones installed, and the packet must have come in with nothing beside its frame but a port and a tunnel.
     *
     * <p>Explained, and not compared: marks and labels of connections (see {@link TracedPass}), fragments that are tracked, what follows when recirculation reads a header anew that
     * found no room in the frame, what follows a translation of addresses that it can only guess, packets to the controller for want of
     * hops, and packets whose length a flow asks for when it is no more what it was.
     */
    public List<String> differencesFrom(Trace trace) throws IOException {
        return differences(TracedPass.of(trace), trace, "", _ -> true);
    }

    /**
     * As {@link #differencesFrom}, of a packet whose connections have marks and labels. {@code ofproto/trace} is told of one of each, those of
     * the first zone, and forgets them where a flow sets others; so passes are compared up to the first of which it believes others.
     */
    public List<String> differencesFromMarked(Trace trace) throws IOException {
        var ours = TracedPass.of(trace);
        var told = ours.stream()
                .skip(1)
                .findFirst()
                .map(first -> ",ct_mark=%s,ct_label=%s".formatted(first.mark(), first.label()))
                .orElse("");
        return differences(ours, trace, told, next -> {
            var believed = next.second().before();
            return next.first().mark().equals(believed.getOrDefault("ct_mark", "0x0"))
                    && next.first().label().equals(believed.getOrDefault("ct_label", "0x0"));
        });
    }

    private record Pair(TracedPass first, ReferencePass second) {}

    private List<String> differences(List<TracedPass> ours, Trace trace, String told, Predicate<Pair> isComparable)
            throws IOException {
        if (isMeasuredOtherwise(trace)) {
            return List.of();
        }
        var arguments = new ArrayList<>(List.of("br0", beside(trace.arrived().headers()) + told));
        ours.stream().skip(1).forEach(pass -> arguments.addAll(List.of("--ct-next", pass.state())));
        arguments.addAll(List.of("--names", trace.arrived().frame().toString()));
        var answer = appctl("ofproto/trace", arguments.toArray(String[]::new));
        var theirs = ReferencePass.parse(answer);
        var differences = new ArrayList<String>();
        int passes = Math.min(ours.size(), theirs.size());
        int i = 0;
        while (i < passes
                && (i == 0 || isComparable.test(new Pair(ours.get(i), theirs.get(i))))
                && !ours.get(i).isReread()
                && !ours.get(i).isFragmentTracked()
                && !ours.get(i).isGuessed()
                && !ours.get(i).isRefused()) {
            differences.addAll(ours.get(i).differencesFrom(theirs.get(i)));
            i++;
        }
        boolean isCut = i < passes && (!ours.get(i).isReread() || ours.get(i).isGuessed());
        if (ours.size() != theirs.size() && !isCut) {
            differences.add("ours has %d passes, theirs %d".formatted(ours.size(), theirs.size()));
        }
        if (!differences.isEmpty()) {
            differences.add("%n%s%n%s".formatted(trace, answer));
        }
        return differences;
    }

    // It measures the packet as it came in, with its padding and its tag; a datapath measures what it is then.
    private static boolean isMeasuredOtherwise(Trace trace) {
        return trace.steps().stream()
                .anyMatch(step ->
                        step instanceof Step.Did(int _, Action.CheckLarger(int length, var _), var changes, var _)
                                && changes.getFirst().after().isZero()
                                        == trace.arrived().frame().length() > length);
    }

    private static String beside(Headers headers) {
        var given = Stream.of(
                        Header.IN_PORT,
                        Header.TUN_ID,
                        Header.TUN_SRC,
                        Header.TUN_DST,
                        Header.TUN_IPV6_SRC,
                        Header.TUN_IPV6_DST,
                        Header.TUN_METADATA0)
                .filter(header ->
                        header == Header.IN_PORT || !headers.get(header).isZero());
        return given.map(header -> header + "=" + OfctlText.value(header, headers.get(header)))
                .collect(Collectors.joining(","));
    }

    /** Calls a command of ovs-appctl, over the daemon's own socket. */
    public String appctl(String method, String... arguments) throws IOException {
        var parameters = Stream.of(arguments).map(OfprotoTrace::quoted).collect(Collectors.joining(","));
        var request = "{\"id\":1,\"method\":\"%s\",\"params\":[%s]}".formatted(method, parameters);
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(control));
            var bytes = ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            return answer(channel);
        }
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    // The answer is one JSON object with one string in it; it ends where its braces do.
    private static String answer(SocketChannel channel) throws IOException {
        var buffer = ByteBuffer.allocate(1 << 20);
        int depth = 0;
        boolean isInString = false;
        int seen = 0;
        while (channel.read(buffer) >= 0) {
            for (; seen < buffer.position(); seen++) {
                char c = (char) buffer.get(seen);
                if (isInString) {
                    isInString = c != '"';
                    seen += c == '\\' ? 1 : 0;
                } else {
                    isInString = c == '"';
                    depth += c == '{' ? 1 : c == '}' ? -1 : 0;
                    if (depth == 0) {
                        return result(new String(buffer.array(), 0, seen + 1, StandardCharsets.UTF_8));
                    }
                }
            }
        }
        throw new IOException("the daemon has hung up");
    }

    private static String result(String json) throws IOException {
        int error = json.indexOf("\"error\":\"");
        if (error >= 0) {
            throw new IOException(unescaped(json, error + 9));
        }
        int result = json.indexOf("\"result\":\"");
        return result >= 0 ? unescaped(json, result + 10) : "";
    }

    private static String unescaped(String json, int from) {
        var text = new StringBuilder();
        for (int i = from; json.charAt(i) != '"'; i++) {
            char c = json.charAt(i);
            if (c != '\\') {
                text.append(c);
                continue;
            }
            c = json.charAt(++i);
            switch (c) {
                case 'n' -> text.append('\n');
                case 't' -> text.append('\t');
                case 'u' -> {
                    text.append((char) Integer.parseInt(json.substring(i + 1, i + 5), 16));
                    i += 4;
                }
                default -> text.append(c);
            }
        }
        return text.toString();
    }

    /** The frames that a port has sent so far, in hexadecimal, in order. */
    public List<String> sent(int port) throws IOException {
        var pcap = ByteBuffer.wrap(Files.readAllBytes(directory.resolve("p" + port + ".pcap")))
                .order(java.nio.ByteOrder.LITTLE_ENDIAN);
        var frames = new ArrayList<String>();
        pcap.position(Math.min(24, pcap.limit()));
        while (pcap.remaining() >= 16) {
            int length = pcap.getInt(pcap.position() + 8);
            if (pcap.remaining() < 16 + length) {
                break;
            }
            var frame = new byte[length];
            pcap.get(pcap.position() + 16, frame);
            frames.add(java.util.HexFormat.of().formatHex(frame));
            pcap.position(pcap.position() + 16 + length);
        }
        return frames;
    }

    @Override
    public void close() {
        daemons.reversed().forEach(OfprotoTrace::end);
        try (var files = Files.walk(directory)) {
            for (var path : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void end(Process daemon) {
        daemon.destroy();
        try {
            if (!daemon.waitFor(5, TimeUnit.SECONDS)) {
                daemon.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            daemon.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
