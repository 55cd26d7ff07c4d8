package org.dragonflow.cli;

import java.io.IOException;
import java.util.Properties;
import picocli.CommandLine;

/** Which version of Dragonflow this is, as the build has written it down. */
public final class Version {
    private Version() {}

    static String text() throws IOException {
        try (var file = Version.class.getResourceAsStream("version.properties")) {
            var properties = new Properties();
            if (file != null) {
                properties.load(file);
            }
            return properties.getProperty("version", "unknown");
        }
    }

    /** Has the command and all that are under it answer {@code --version}. */
    public static CommandLine toldBy(CommandLine command, String program) {
        command.getCommandSpec().versionProvider(() -> new String[] {program + " " + text()});
        command.getSubcommands().values().forEach(inner -> toldBy(inner, program));
        return command;
    }
}
