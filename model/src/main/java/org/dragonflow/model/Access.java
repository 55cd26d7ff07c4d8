package org.dragonflow.model;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Whether clients write an attribute, and when, and whether they see it; without this annotation they may do both at any time. Which
 * clients may is the policy's to say.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Access {
    Writer value() default Writer.CLIENT;

    /** Whether the controller keeps it to itself. */
    boolean hidden() default false;

    /** Who writes, and when. */
    enum Writer {
        CLIENT,
        CLIENT_ON_CREATE,
        CLIENT_ON_UPDATE,
        SERVER
    }
}
