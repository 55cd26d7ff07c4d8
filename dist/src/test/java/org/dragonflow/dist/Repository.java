package org.dragonflow.dist;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The checkout that the tests run in. */
final class Repository {
    /** The directory that holds the root pom. */
    static final Path ROOT = find(Path.of("").toAbsolutePath());

    private static final Pattern MODULE = Pattern.compile("<module>([a-z0-9-]+)</module>");

    private Repository() {}

    private static Path find(Path from) {
        for (var path = from; path != null; path = path.getParent()) {
            if (Files.exists(path.resolve("check")) && Files.exists(path.resolve("pom.xml"))) {
                return path;
            }
        }
        throw new IllegalStateException("no checkout around " + from);
    }

    /** The directories of the modules, in the order of the root pom. */
    static List<String> modules() {
        return MODULE.matcher(read(ROOT.resolve("pom.xml")))
                .results()
                .map(m -> m.group(1))
                .toList();
    }

    /** Every Java file of every module. */
    static List<Path> javaFiles() {
        return modules().stream()
                .flatMap(module -> files(ROOT.resolve(module).resolve("src")))
                .filter(path -> path.toString().endsWith(".java"))
                .toList();
    }

    /** Every page for people: those at the root, and all under docs. */
    static List<Path> pages() {
        try (var top = Files.list(ROOT)) {
            return Stream.concat(top.filter(Files::isRegularFile), files(ROOT.resolve("docs")))
                    .filter(path -> path.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<Path> files(Path directory) {
        if (!Files.isDirectory(directory)) {
            return Stream.of();
        }
        try (var tree = Files.walk(directory)) {
            return tree.filter(Files::isRegularFile).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> lines(Path path) {
        return read(path).lines().toList();
    }

    /** The path as people say it: from the root. */
    static String name(Path path) {
        return ROOT.relativize(path).toString();
    }
}
