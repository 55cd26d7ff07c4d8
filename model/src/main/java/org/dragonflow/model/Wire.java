package org.dragonflow.model;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The name on the wire where it is not the Java name in snake case, and the other names that clients know it by. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Wire {
    String value();

    /** Further names: read from requests, and written into answers beside the first. */
    String[] aliases() default {};

    /** What stands on the wire for an absent value, as JSON; {@code null} unless said. */
    String absent() default "null";
}
