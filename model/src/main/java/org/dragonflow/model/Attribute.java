package org.dragonflow.model;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one attribute of an entity or of a record inside it.
 *
 * @param name on the wire
 * @param aliases further names on the wire
 * @param otherwise the typed value of an attribute that is left out
 * @param isHidden whether the controller keeps it to itself
 * @param filled whether the server finds a value for an attribute that a client leaves out
 * @param absent what a client sees for an absent value
 * @param promise what a reference promises; empty if it is none
 */
public record Attribute(
        String name,
        List<String> aliases,
        Shape shape,
        Access.Writer writer,
        boolean isHidden,
        Optional<Object> otherwise,
        boolean filled,
        Absent absent,
        Optional<Reference.Promise> promise,
        String doc) {

    /** JSON that stands for an absent value. */
    public record Absent(@Nullable Object json) {}

    public Attribute {
        aliases = List.copyOf(aliases);
    }

    /** What the attribute refers to, if it is a reference. */
    public Optional<Class<? extends Entity>> target() {
        return innermost(shape) instanceof Shape.Name name ? Optional.of(name.target()) : Optional.empty();
    }

    /** The attributes of the record, or of the records, that this one holds; none if it holds none. */
    public List<Attribute> nested() {
        return nestedStructure().map(Structure::attributes).orElse(List.of());
    }

    Optional<Structure> nestedStructure() {
        return innermost(shape) instanceof Shape.Nested(var structure) ? Optional.of(structure) : Optional.empty();
    }

    private static Shape innermost(Shape shape) {
        return switch (shape) {
            case Shape.Maybe(var of) -> innermost(of);
            case Shape.Many many -> innermost(many.of());
            case Shape.Limited limited -> limited.of();
            case Shape.Text _, Shape.Whole _, Shape.Truth _, Shape.Choice _, Shape.Name _, Shape.Address _ -> shape;
            case Shape.Prefix _, Shape.HardwareAddress _, Shape.Time _, Shape.Json _, Shape.Nested _ -> shape;
        };
    }

    Attribute withShape(Shape other) {
        return new Attribute(name, aliases, other, writer, isHidden, otherwise, filled, absent, promise, doc);
    }

    /** Whether a client that creates must give it. */
    public boolean isRequired() {
        return writer != Access.Writer.SERVER
                && writer != Access.Writer.CLIENT_ON_UPDATE
                && !filled
                && fallback().isEmpty();
    }

    /** The value of an attribute that nobody gave and that nobody need give. */
    public Optional<Object> fallback() {
        if (otherwise.isPresent()) {
            return otherwise;
        }
        return switch (shape) {
            case Shape.Maybe _ -> Optional.of(Optional.empty());
            case Shape.Many _ -> Optional.of(List.of());
            case Shape.Text _,
                    Shape.Whole _,
                    Shape.Truth _,
                    Shape.Choice _,
                    Shape.Name _,
                    Shape.Address _,
                    Shape.Prefix _ -> Optional.empty();
            case Shape.HardwareAddress _, Shape.Time _, Shape.Json _, Shape.Limited _, Shape.Nested _ ->
                Optional.empty();
        };
    }
}
