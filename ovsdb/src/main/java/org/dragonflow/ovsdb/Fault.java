package org.dragonflow.ovsdb;

import java.time.Duration;

/** Why a connection to an OVSDB server ended, or why one of its calls has no result. */
public sealed interface Fault {

    /** This side closed the connection. */
    record ClosedHere() implements Fault {}

    /** The server closed the connection between two messages. */
    record ClosedByPeer() implements Fault {}

    /** There is no connection at present; the supervisor is trying. */
    record NotConnected() implements Fault {}

    /** The socket could not be opened, or failed. */
    record Broken(String detail) implements Fault {}

    /** The server sent what is not JSON, or not what RFC 7047 allows at this place. */
    record Malformed(String detail) implements Fault {}

    /** The server began a message longer than this side accepts. */
    record TooLarge(int limitBytes) implements Fault {}

    /** The server finished no message for so long, not even an answer to our echo. */
    record Silent(Duration silence) implements Fault {}

    /** A queue of this connection is full: its consumer, or the server, does not keep up. */
    record Overrun(String queue, int limit) implements Fault {}

    /** The call was not answered in time; the connection stays. */
    record TimedOut(String method, Duration after) implements Fault {}

    /** The server answered the call with an error; the connection stays. */
    record Refused(String method, String error) implements Fault {}

    /** The server ended the monitor: the database was removed or converted. */
    record MonitorCancelled() implements Fault {}
}
