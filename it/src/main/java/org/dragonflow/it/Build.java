package org.dragonflow.it;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The build that this program runs from. Daemons are started from it as {@code ./dragonflow} starts them, but for looking whether it is current. */
final class Build {
    private static final Path ROOT = root();

    private Build() {}

    /** The classes are in it/target/classes. */
    private static Path root() {
        try {
            var classes = Path.of(Build.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return classes.resolve("../../..").normalize();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@code ./dragonflow COMMAND WORDS}. */
    static Command dragonflow(String command, String... words) {
        return java(command, "org.dragonflow.dist.Dragonflow").and(command).and(words);
    }

    /** {@code ./dfctl WORDS}. */
    static Command dfctl(String... words) {
        return java("dfctl", "org.dragonflow.cli.Dfctl").and(words);
    }

    /** With the options of scripts/every.jvm, and those of the command if it has any. */
    private static Command java(String command, String main) {
        var words = new ArrayList<String>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        Stream.of("every", command)
                .map(name -> ROOT.resolve("scripts").resolve(name + ".jvm"))
                .filter(Files::exists)
                .forEach(options -> words.add("@" + options));
        words.addAll(List.of("-cp", classPath(), main));
        return Command.of(words);
    }

    /** Where this program's own classes are, whether it runs on the class path or on the module path. */
    private static String classPath() {
        return Stream.of("jdk.module.path", "java.class.path")
                .map(System::getProperty)
                .filter(path -> path != null && !path.isEmpty())
                .collect(Collectors.joining(":"));
    }
}
