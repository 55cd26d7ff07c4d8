package org.dragonflow.model;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What a reference promises; without this annotation the other entity must exist, and cannot be deleted while it is referred to. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Reference {
    Promise value();

    /** What holds between the one who refers and the one referred to. */
    enum Promise {
        /** Must exist; its deletion is refused while it is referred to. */
        HELD,
        /** Must exist; its deletion deletes the one who refers too. */
        PART_OF,
        /** Need not exist. */
        LOOSE
    }
}
