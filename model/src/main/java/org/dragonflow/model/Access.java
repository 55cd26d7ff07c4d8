package org.dragonflow.model;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Who may write an attribute, and when, and who may read it; without this annotation its owner may do both at any time. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Access {
    Writer value() default Writer.CLIENT;

    Reader read() default Reader.CLIENT;

    /** Who may write, and when. */
    enum Writer {
        CLIENT,
        CLIENT_ON_CREATE,
        ADMIN,
        ADMIN_ON_CREATE,
        SERVER
    }

    /** Who may read; NOBODY is for what the controller keeps to itself. */
    enum Reader {
        CLIENT,
        ADMIN,
        NOBODY
    }
}
