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

    /** The key of many in a body; with hyphens for underscores, the path. */
    String plural();
}
