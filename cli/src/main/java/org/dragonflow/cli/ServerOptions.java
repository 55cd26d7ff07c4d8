package org.dragonflow.cli;

import picocli.CommandLine;

/** Where the server is, and on whose behalf it is asked. */
final class ServerOptions {
    @CommandLine.Option(
            names = "--endpoint",
            paramLabel = "URL",
            defaultValue = "${env:DRAGONFLOW_ENDPOINT:-http://127.0.0.1:9696}",
            description = "Where the server is (${DEFAULT-VALUE}).")
    private String endpoint = "";

    @CommandLine.Option(
            names = "--project",
            paramLabel = "PROJECT",
            defaultValue = "${env:DRAGONFLOW_PROJECT:-}",
            description =
                    "Asks as a member of this project, and not as the operator, if the server believes everybody.")
    private String project = "";

    ServerClient client() throws Failure {
        return new ServerClient(endpoint, Proof.of(project, System.getenv()));
    }
}
