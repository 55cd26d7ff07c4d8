package org.dragonflow.model;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** How else a client may write a block of addresses than as the first address and the length. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Block {
    /** As an address alone, which is a block of one. */
    boolean alone() default false;

    /** As any address of the block and the length. */
    boolean inside() default false;
}
