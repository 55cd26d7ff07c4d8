package org.dragonflow.model;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Attributes, by wire name, that no two entities of the type may have the same values of; an absent one makes no claim. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Repeatable(Unique.All.class)
public @interface Unique {
    /** Wire names; {@code fixed_ips.ip_address} claims each address of the list. */
    String[] value();

    /** Several constraints of one type. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.TYPE)
    @interface All {
        Unique[] value();
    }
}
