package org.dragonflow.ovsdb;

/** What it took to make the database as a command wants it. */
public sealed interface Effect {

    /** It was so already; nothing was written. */
    record Unchanged() implements Effect {}

    /** It is so now. */
    record Changed() implements Effect {}

    /** The row that the command would touch does not carry our mark; nothing was written. */
    record Foreign(String table, String name) implements Effect {}

    /** There is no such row to work on; nothing was written. */
    record Absent(String table, String name) implements Effect {}

    /** The server refused; nothing was written. */
    record Failed(Outcome.Refused refusal) implements Effect {}
}
