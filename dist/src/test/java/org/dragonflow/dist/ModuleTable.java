package org.dragonflow.dist;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dragonflow.dist.Source.Descriptor;

/** The table of modules in ARCHITECTURE.md: what each may lean on. */
final class ModuleTable {
    private static final Pattern ROW = Pattern.compile("\\| \\[`([a-z0-9-]+)`]\\([^)]*\\) \\|([^|]*)\\|([^|]*)\\|.*");
    private static final Pattern NAME = Pattern.compile("`([^`]+)`");
    private static final String OURS = "org.dragonflow.";

    private ModuleTable() {}

    /**
     * One module.
     *
     * @param modules those of this project that it requires
     * @param libraries all else that it requires, but for the JDK's own modules and the annotations
     */
    record Row(String module, Set<String> modules, Set<String> libraries) {
        static Row of(Descriptor descriptor) {
            var requires = descriptor.requires();
            return new Row(
                    descriptor.source().module(),
                    requires.stream()
                            .filter(name -> name.startsWith(OURS))
                            .map(name -> name.substring(OURS.length()).replace('.', '-'))
                            .collect(Collectors.toSet()),
                    requires.stream()
                            .filter(name -> !name.startsWith(OURS) && !name.matches("(java|jdk)\\..*"))
                            .collect(Collectors.toSet()));
        }
    }

    static List<Row> read() {
        return Repository.lines(Repository.ROOT.resolve("ARCHITECTURE.md")).stream()
                .flatMap(line -> row(line))
                .toList();
    }

    private static Stream<Row> row(String line) {
        var matcher = ROW.matcher(line);
        return matcher.matches()
                ? Stream.of(new Row(matcher.group(1), names(matcher.group(2)), names(matcher.group(3))))
                : Stream.of();
    }

    private static Set<String> names(String cell) {
        return NAME.matcher(cell).results().map(m -> m.group(1)).collect(Collectors.toSet());
    }
}
