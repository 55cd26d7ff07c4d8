package org.dragonflow.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a person types into the stock {@code openstack} command, unmodified, and what they are to see.
 *
 * <p>A line that starts with {@code $} is typed. Below it stands what holds for the answer:
 *
 * <pre>
 * /mtu = 1400           a value of what is shown, by its JSON pointer
 * /routes has 10.9.0.0  what its text contains
 * rows = 2              how many are listed
 * Name: a, b            a column of the list, in any order
 * /id -> net            remembered; {net} stands for it below
 * ! in use              the command is refused, in words that contain these
 * </pre>
 */
final class ClientSession implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Pattern SHOWS = Pattern.compile(".*\\b(create|show|list|(add|remove) route)\\b.*");
    private static final Pattern NAME = Pattern.compile("\\{(\\w+)}");

    // The client prints one document after the other.
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Process client;
    private final Writer commands;
    private final BlockingQueue<JsonNode> documents = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> complaints = new LinkedBlockingQueue<>();
    private final Map<String, String> names = new HashMap<>();

    private ClientSession(Process client) {
        this.client = client;
        this.commands = client.outputWriter();
        Thread.ofVirtual().start(this::readDocuments);
        Thread.ofVirtual().start(this::readComplaints);
    }

    /** @param environment who asks, and where */
    static ClientSession start(Map<String, String> environment) throws IOException {
        var builder = new ProcessBuilder("openstack");
        builder.environment().putAll(environment);
        builder.environment().put("PYTHONUNBUFFERED", "1");
        return new ClientSession(builder.start());
    }

    private void readDocuments() {
        try (var parser = JSON.createParser(client.inputReader())) {
            while (parser.nextToken() != null) {
                documents.add(JSON.readTree(parser));
            }
        } catch (JacksonException e) {
            complaints.add("what the client shows is not JSON: " + e.getMessage());
        }
    }

    private void readComplaints() {
        try (BufferedReader lines = client.errorReader()) {
            lines.lines().filter(line -> !line.isBlank()).forEach(complaints::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Types all of a script, and holds the answers to what it says. */
    void follow(String script) throws IOException, InterruptedException {
        var steps = script.split("(?m)^\\$ ", -1);
        for (int i = 1; i < steps.length; i++) {
            var lines = steps[i].lines()
                    .map(line -> line.replaceFirst("\\s+#\\s.*|^#.*", "").strip())
                    .filter(line -> !line.isEmpty())
                    .toList();
            step(filled(lines.getFirst()), lines.subList(1, lines.size()));
        }
        // What shows nothing has been done when the client has ended.
        commands.close();
        assertThat(client.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("the client ends")
                .isTrue();
        assertThat(complaints).isEmpty();
    }

    private String filled(String text) {
        return NAME.matcher(text)
                .replaceAll(match -> names.computeIfAbsent(match.group(1), name -> {
                    throw new AssertionError("nothing was remembered as " + name);
                }));
    }

    private void step(String command, List<String> expected) throws IOException, InterruptedException {
        boolean isRefused = expected.stream().anyMatch(line -> line.startsWith("!"));
        boolean shows = SHOWS.matcher(command).matches();
        commands.write(shows ? command + " -f json\n" : command + "\n");
        commands.flush();
        if (isRefused) {
            assertThat(refusal(command.contains(" delete ") ? "failed to delete" : ""))
                    .as(command)
                    .contains(expected.getFirst().substring(1).strip());
        } else if (shows) {
            var document = document(command);
            expected.forEach(line -> check(command, document, filled(line)));
        } else {
            assertThat(expected).as("%s shows nothing", command).isEmpty();
        }
    }

    /**
     * All that the client says of a command that failed: it may take several lines.
     *
     * @param end what the last of them has, or nothing if that is not known
     */
    private String refusal(String end) throws InterruptedException {
        var said = new StringBuilder();
        var line = complaints.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        while (line != null) {
            said.append(line).append('\n');
            var wait = line.contains(end) ? PAUSE : PATIENCE;
            line = complaints.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
        }
        return said.toString();
    }

    private JsonNode document(String command) throws InterruptedException {
        for (long left = PATIENCE.toMillis(); left > 0 && complaints.isEmpty(); left -= 20) {
            var document = documents.poll(20, TimeUnit.MILLISECONDS);
            if (document != null) {
                return document;
            }
        }
        throw new AssertionError("%s: %s".formatted(command, complaints));
    }

    private void check(String command, JsonNode document, String line) {
        var as = "%s: %s in %s".formatted(command, line, document);
        if (line.startsWith("rows = ")) {
            assertThat(document.size()).as(as).isEqualTo(Integer.parseInt(line.substring(7)));
        } else if (line.contains(" -> ")) {
            var parts = line.split(" -> ", 2);
            names.put(parts[1], value(document, parts[0]).asString());
        } else if (line.contains(" = ")) {
            var parts = (line + " ").split(" = ", 2);
            assertThat(text(value(document, parts[0]))).as(as).isEqualTo(parts[1].strip());
        } else if (line.contains(" has ")) {
            var parts = line.split(" has ", 2);
            assertThat(text(value(document, parts[0]))).as(as).contains(parts[1]);
        } else {
            var parts = line.split(":", 2);
            assertThat(document.valueStream().map(row -> text(row.path(parts[0]))))
                    .as(as)
                    .containsExactlyInAnyOrder(parts[1].strip().split(", "));
        }
    }

    private static JsonNode value(JsonNode document, String pointer) {
        var value = document.at(pointer.strip());
        assertThat(value.isMissingNode()).as("%s is in %s", pointer, document).isFalse();
        return value;
    }

    private static String text(JsonNode node) {
        return node.isValueNode() ? node.asString("null") : node.toString();
    }

    @Override
    public void close() {
        client.destroy();
    }
}
