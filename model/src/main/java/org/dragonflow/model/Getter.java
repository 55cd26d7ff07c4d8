package org.dragonflow.model;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads one attribute of a record. */
record Getter(MethodHandle handle) {
    static Getter of(Method method) {
        try {
            return new Getter(Getter.lookup(method.getDeclaringClass())
                    .unreflect(method)
                    .asType(MethodType.methodType(Object.class, Object.class)));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    /** May do in the type's module what the type itself may do. */
    static MethodHandles.Lookup lookup(Class<?> type) {
        // A module that opens itself to this one need not be known to it.
        Getter.class.getModule().addReads(type.getModule());
        try {
            return MethodHandles.privateLookupIn(type, MethodHandles.lookup());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(
                    "module %s must open %s to the model".formatted(type.getModule(), type.getPackageName()), e);
        }
    }

    Object get(Object from) {
        try {
            return handle.invokeExact(from);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("an accessor threw a checked exception", e);
        }
    }

    /** Gives every value at the end of the path, through lists and optionals on the way. */
    static void values(Object from, List<Getter> path, Consumer<Object> sink) {
        values(from, path, 0, sink);
    }

    private static void values(Object from, List<Getter> path, int depth, Consumer<Object> sink) {
        switch (from) {
            case Optional<?> optional -> optional.ifPresent(value -> values(value, path, depth, sink));
            case Collection<?> collection -> collection.forEach(value -> values(value, path, depth, sink));
            default -> {
                if (depth == path.size()) {
                    sink.accept(from);
                } else {
                    values(path.get(depth).get(from), path, depth + 1, sink);
                }
            }
        }
    }
}
