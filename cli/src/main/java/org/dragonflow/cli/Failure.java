package org.dragonflow.cli;

/** What was asked cannot be done; the message says why, and what would help, in one line. */
final class Failure extends Exception {
    private static final long serialVersionUID = 1;

    Failure(String message) {
        super(message, null, false, false);
    }
}
