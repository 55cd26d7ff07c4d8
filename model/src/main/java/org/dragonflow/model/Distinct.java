package org.dragonflow.model;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A list in which a client may not repeat an element, or this attribute of an element. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Distinct {
    /** The wire name of an attribute of the elements; empty for the elements themselves. */
    String value() default "";
}
