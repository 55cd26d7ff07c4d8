package org.dragonflow.model;

/**
 * Something that the controller knows: what a tenant asked for, what an operator declared, what was seen, or what follows from these.
 *
 * <p>Every entity is a record, immutable and whole when made. Its components are all there is to know of the type: {@link Indexes} and
 * {@link Schema} read them.
 */
public interface Entity {
    Id<? extends Entity> id();
}
