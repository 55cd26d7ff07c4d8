package org.dragonflow.cli;

import java.io.IOException;
import java.util.Properties;
import picocli.CommandLine;

/** Which version of the command this is, as the build has written it down. */
final class Version implements CommandLine.IVersionProvider {
    static String text() throws IOException {
        try (var file = Version.class.getResourceAsStream("version.properties")) {
            var properties = new Properties();
            if (file != null) {
                properties.load(file);
            }
            return properties.getProperty("version", "unknown");
        }
    }

    @Override
    public String[] getVersion() throws IOException {
        return new String[] {"dfctl " + text()};
    }
}
