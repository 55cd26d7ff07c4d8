package org.dragonflow.it;

/** A command that had to succeed did not; the message has its command line, its status and what it said. */
public final class CommandFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    CommandFailed(Command.Result result) {
        super("%s%n  %s%n%s%s"
                .formatted(
                        result.command(),
                        result.timedOut()
                                ? "was killed after " + result.command().limit().toMillis() + " ms"
                                : "ended with status " + result.status(),
                        result.stderr(),
                        result.stdout()));
    }
}
