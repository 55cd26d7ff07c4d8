package org.dragonflow.model;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** An entity type that clients see under {@code /v2.0}; one without this annotation is the controller's own. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Resource {
    /** The key of one in a body, such as {@code security_group}. */
    String singular();

    /** The key of many in a body. */
    String plural();

    /** Where they are below {@code /v2.0/}; otherwise, the plural with hyphens for underscores. */
    String path() default "";

    /** What they belong to, if they are found below it; the entity refers to it by an attribute named after it. */
    Class<? extends Entity> parent() default Entity.class;
}
