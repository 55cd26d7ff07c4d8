package org.dragonflow.model;

import java.lang.reflect.RecordComponent;
import java.util.Locale;

/** How Java names become wire names. */
final class Names {
    private Names() {}

    static String wire(RecordComponent component) {
        var wire = component.getAnnotation(Wire.class);
        return wire == null ? snake(component.getName()) : wire.value();
    }

    static String snake(String camel) {
        return camel.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }
}
