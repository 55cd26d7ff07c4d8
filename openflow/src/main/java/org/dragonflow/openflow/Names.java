package org.dragonflow.openflow;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.dragonflow.flow.Field;
import org.dragonflow.flow.Header;
import org.dragonflow.flow.Pipeline;
import org.dragonflow.flow.Table;

/** What a switch numbers and this project names: tables, and slices of headers. */
final class Names {
    private static final String UNKNOWN_PREFIX = Table.unknown(0).name().replace("0", "");

    private final Pipeline pipeline;
    private final Map<Slice, Field> fields = new HashMap<>();

    private record Slice(Header header, int offset, int width) {}

    Names(Pipeline pipeline) {
        this.pipeline = pipeline;
        pipeline.tables().stream()
                .flatMap(table -> Stream.concat(table.sets().stream(), table.matches().stream()))
                .forEach(field -> fields.putIfAbsent(new Slice(field.header(), field.offset(), field.width()), field));
    }

    /** The inverse of {@link #number}. */
    Table table(int number) {
        return pipeline.table(number).orElseGet(() -> Table.unknown(number));
    }

    /** The number of a table of the pipeline, or of one that was met in a switch. */
    int number(Table table) {
        return table.name().startsWith(UNKNOWN_PREFIX) && table.name().matches(UNKNOWN_PREFIX + "[0-9]{1,3}")
                ? Integer.parseInt(table.name().substring(UNKNOWN_PREFIX.length()))
                : pipeline.number(table);
    }

    /** The name that the pipeline first gives these bits, for a reader's sake; equality of actions does not ask for it. */
    Field field(Header header, int offset, int width) {
        var field = fields.get(new Slice(header, offset, width));
        if (field != null) {
            return field;
        }
        return width == header.width()
                ? Field.of(header)
                : Field.named("%s[%d..%d]".formatted(header, offset, offset + width - 1), header, offset, width);
    }
}
