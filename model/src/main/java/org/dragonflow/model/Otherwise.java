package org.dragonflow.model;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The value of an attribute that a client leaves out when it creates, as JSON.
 *
 * <p>An attribute that a client may write must be given, unless it has this, is {@link Filled}, or is an optional or a list.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Otherwise {
    String value();
}
