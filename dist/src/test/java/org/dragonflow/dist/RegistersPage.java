package org.dragonflow.dist;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.dragonflow.apps.Apps;
import org.dragonflow.flow.Field;
import org.dragonflow.flow.Table;

/** What packets carry from table to table: the fields that the pipeline names itself, and where in the switch they lie. */
final class RegistersPage {
    private static final String TABLES = "apps/src/main/java/org/dragonflow/apps/Registers.java";

    /** A comment, and the name of the field that is declared below it. */
    private static final Pattern DECLARATION = Pattern.compile(
            "/\\*\\* ([^*]+?) \\*/\\s+static final Field \\w+\\s*=\\s*Field\\.(?:reg|named)\\(\\s*\"(\\w+)\"");

    private static final Pattern LINK = Pattern.compile("\\{@link #?([^}]+)}");

    private RegistersPage() {}

    static String text() {
        var docs = docs();
        return fields().stream()
                .sorted(Comparator.comparing(Field::header).thenComparingInt(Field::offset))
                .map(field -> row(field, docs))
                .collect(Collectors.joining("\n", """
                        # Registers

                        What packets carry from table to table, under the names that [pipeline.md](pipeline.md) uses, and the bits of the
                        switch's header where they lie. Two names may share bits where no table knows both; the pipeline checks that when
                        it is made.

                        | field | header | bits | what it says |
                        |---|---|---|---|
                        """, "\n"));
    }

    /** The fields of the pipeline that are not a protocol's header under its own name. */
    private static Set<Field> fields() {
        var fields = new LinkedHashSet<Field>();
        for (Table table : Apps.pipeline().tables()) {
            fields.addAll(table.matches());
            fields.addAll(table.sets());
        }
        fields.removeIf(field -> field.equals(Field.of(field.header())));
        return fields;
    }

    private static String row(Field field, Map<String, String> docs) {
        var doc = docs.get(field.name());
        if (doc == null) {
            throw new IllegalStateException("%s has no comment in %s".formatted(field, TABLES));
        }
        int last = field.offset() + field.width() - 1;
        var bits = field.width() == 1 ? "%d".formatted(last) : "%d..%d".formatted(field.offset(), last);
        return "| `%s` | `%s` | %s | %s |".formatted(field.name(), field.header(), bits, doc);
    }

    private static Map<String, String> docs() {
        return DECLARATION
                .matcher(Repository.read(Repository.ROOT.resolve(TABLES)))
                .results()
                .collect(Collectors.toMap(m -> m.group(2), m -> plain(m.group(1)), (a, _) -> a));
    }

    private static String plain(String comment) {
        return LINK.matcher(comment.replaceAll("\\s+", " ")).replaceAll("`$1`");
    }
}
