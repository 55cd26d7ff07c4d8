package org.dragonflow.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Several changes that take place together. */
@CommandLine.Command(
        name = "bundle",
        description = "Has all that a file asks for done together, or nothing of it.",
        footer = {
            "",
            "The file is the body of POST /v2.0/bundle, in JSON or YAML. Such as:",
            "  bundle:",
            "    operations:",
            "    - {name: net, method: POST, path: /v2.0/networks, body: {network: {}}}",
            "    - {method: POST, path: /v2.0/ports, body: {port: {network_id: '$${net.id}'}}}",
            "",
            "Example: dfctl bundle tenant.yaml --dry-run"
        })
final class BundleCommand extends Asking {
    private static final String STANDARD_INPUT = "-";

    /** JSON is YAML too. */
    private static final YAMLMapper YAML = YAMLMapper.builder().build();

    @CommandLine.Mixin
    private ServerOptions server = new ServerOptions();

    @CommandLine.Parameters(paramLabel = "FILE", description = "What is to be done; - reads the standard input.")
    private String file = "";

    @CommandLine.Option(names = "--dry-run", description = "Tells what would be answered, and changes nothing.")
    private boolean isRehearsal;

    @CommandLine.Option(
            names = "--key",
            paramLabel = "KEY",
            defaultValue = "",
            description = "Asked again with the same key within a day, it is not done again, and answered the same.")
    private String key = "";

    @Override
    JsonNode ask() throws Failure, InterruptedException {
        return server.client()
                .post(
                        isRehearsal ? "/v2.0/bundle?dry_run=true" : "/v2.0/bundle",
                        read(),
                        key.isEmpty() ? Map.of() : Map.of("Idempotency-Key", key))
                .path("bundle");
    }

    private JsonNode read() throws Failure {
        try (var input = file.equals(STANDARD_INPUT) ? System.in : open()) {
            return YAML.readTree(input);
        } catch (IOException e) {
            throw new Failure("%s cannot be read: %s".formatted(file, e));
        } catch (JacksonException e) {
            throw new Failure("%s is neither JSON nor YAML: %s".formatted(file, e.getOriginalMessage()));
        }
    }

    private InputStream open() throws IOException {
        return Files.newInputStream(Path.of(file));
    }

    @Override
    void show(JsonNode answer, PrintWriter out) {
        var grid = new Grid("OPERATION", "NAME", "STATUS", "ID");
        int index = 0;
        for (var operation : answer.path("operations")) {
            var body = operation.path("body");
            var one = body.size() == 1 ? body.iterator().next() : body;
            grid.row(Integer.toString(index++), text(operation, "name"), text(operation, "status"), text(one, "id"));
        }
        grid.print(out);
        if (isRehearsal) {
            out.println("Nothing has been done: this is what would be.");
        }
    }
}
