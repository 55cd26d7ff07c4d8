package org.dragonflow.model;

/**
 * Names an entity of one type. A record component of this type is a reference, and is indexed.
 *
 * @param type whose name it is
 * @param value unique within the type; a UUID for what tenants make
 */
public record Id<E extends Entity>(Class<E> type, String value) implements Comparable<Id<?>> {

    public static <E extends Entity> Id<E> of(Class<E> type, String value) {
        return new Id<>(type, value);
    }

    // Not Class.hashCode, which differs between runs of the program, and with it the order of iteration.
    @Override
    public int hashCode() {
        return 31 * type.getName().hashCode() + value.hashCode();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Id<?>(var otherType, var otherValue) && type == otherType && value.equals(otherValue);
    }

    @Override
    public int compareTo(Id<?> other) {
        int byType = type.getName().compareTo(other.type.getName());
        return byType != 0 ? byType : value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
