package org.dragonflow.it;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Does work in another network namespace, through setns(2). */
final class Setns {
    private static final int READ_ONLY_CLOSE_ON_EXEC = 0x80000;
    private static final int NETWORK = 0x40000000;
    private static final MethodHandle OPEN =
            find("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle SETNS = find("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle CLOSE = find("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private Setns() {}

    // The three functions are of the C library, and their signatures are those of its manual pages.
    @SuppressWarnings("restricted")
    private static MethodHandle find(String name, FunctionDescriptor type, Linker.Option... options) {
        var linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type, options);
    }

    /** A namespace is a property of the kernel thread, so the work gets one of its own that ends with it. */
    static <T> T call(Path namespace, Callable<T> work) throws Exception {
        var task = new FutureTask<T>(() -> {
            enter(namespace);
            return work.call();
        });
        Thread.ofPlatform().daemon().name("inside " + namespace.getFileName()).start(task);
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private static void enter(Path namespace) {
        try (var arena = Arena.ofConfined()) {
            MemorySegment path = arena.allocateFrom(namespace.toString());
            int descriptor = (int) OPEN.invokeExact(path, READ_ONLY_CLOSE_ON_EXEC);
            if (descriptor < 0) {
                throw new IllegalStateException("cannot open the network namespace " + namespace);
            }
            int outcome = (int) SETNS.invokeExact(descriptor, NETWORK);
            int closed = (int) CLOSE.invokeExact(descriptor);
            if (outcome != 0 || closed != 0) {
                throw new IllegalStateException("cannot enter the network namespace " + namespace);
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
