package org.dragonflow.agent;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A network namespace that {@code ip netns} knows by name, and a way to do work inside.
 *
 * @param name what it is called under /run/netns
 */
public record NetworkNamespace(String name) {
    private static final Path NAMES = Path.of("/run/netns");
    private static final int READ_ONLY_CLOSE_ON_EXEC = 0x80000;
    private static final int NETWORK = 0x40000000;
    private static final MethodHandle OPEN =
            find("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle SETNS = find("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle CLOSE = find("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    public NetworkNamespace {
        if (!name.matches("[A-Za-z0-9_.-]{1,255}") || name.startsWith(".")) {
            throw new IllegalArgumentException("'%s' cannot name a network namespace".formatted(name));
        }
    }

    // The three functions are of the C library, and their signatures are those of its manual pages.
    @SuppressWarnings("restricted")
    private static MethodHandle find(String name, FunctionDescriptor type, Linker.Option... options) {
        var linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type, options);
    }

    /** Whether something has the name; it need not be a namespace. */
    public boolean exists() {
        return Files.exists(path());
    }

    private Path path() {
        return NAMES.resolve(name);
    }

    /** Which namespace the name stands for; another one, if it was deleted and made anew. */
    public Optional<Object> identity() {
        try {
            var attributes = Files.readAttributes(path(), "unix:dev,ino");
            return Optional.of(attributes);
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /**
     * Does a piece of work on a thread that is inside, so that sockets which it opens belong there; they may be used from any thread
     * afterwards. A namespace is a property of the kernel thread, so the work gets one of its own that ends with it.
     */
    public <T> T call(Callable<T> work) throws Exception {
        var task = new FutureTask<T>(() -> {
            enter();
            return work.call();
        });
        Thread.ofPlatform().daemon().name("inside " + name).start(task);
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private void enter() {
        try (var arena = Arena.ofConfined()) {
            MemorySegment path = arena.allocateFrom(path().toString());
            int descriptor = (int) OPEN.invokeExact(path, READ_ONLY_CLOSE_ON_EXEC);
            if (descriptor < 0) {
                throw new IllegalStateException("cannot open the network namespace " + name);
            }
            int outcome = (int) SETNS.invokeExact(descriptor, NETWORK);
            int closed = (int) CLOSE.invokeExact(descriptor);
            if (outcome != 0 || closed != 0) {
                throw new IllegalStateException("cannot enter the network namespace " + name);
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
