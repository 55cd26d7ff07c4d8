package org.dragonflow.feed;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Why a request is refused, or why a stream ends. */
public enum Reason {
    /** The caller showed no certificate. */
    NO_CERTIFICATE(401),
    /** The caller's certificate is for another chassis, or has expired. */
    WRONG_CERTIFICATE(403),
    /** One side does not trust the certificate of the other. */
    UNTRUSTED(403),
    /** Another installation of Open vSwitch has joined under this name. */
    CHASSIS_TAKEN(409),
    /** The other side speaks another version. */
    WRONG_VERSION(400),
    /** The other side said something that makes no sense. */
    MALFORMED(400),
    /** The other side said more at once than is allowed. */
    TOO_LARGE(413),
    /** There is nothing at this path. */
    NOT_FOUND(404),
    /** The store cannot be written at the moment. */
    UNAVAILABLE(503),
    /** The request belongs to a stream that has ended. */
    UNKNOWN_SESSION(409),
    /** There is no such token, or no longer: it has been used. */
    UNKNOWN_TOKEN(403),
    /** The token is too old. */
    EXPIRED_TOKEN(403),
    /** The token is for another chassis. */
    WRONG_NAME(403),
    /** Certificates are not this server's to give: the operator brings them. */
    NO_AUTHORITY(404),
    /** A new stream of the same chassis has taken the place of this one. */
    REPLACED(409),
    /** The other side does not read what it is sent. */
    STUCK(408),
    /** The other side closed the stream. */
    CLOSED(503),
    /** There was no connection, or it broke. */
    UNREACHABLE(503),
    /** Nothing was heard of the other side for too long. */
    SILENT(504);

    private final int status;

    Reason(int status) {
        this.status = status;
    }

    /** The HTTP status that goes with it. */
    public int status() {
        return status;
    }

    String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Reason> ofWire(String wire) {
        return Arrays.stream(values()).filter(r -> r.wire().equals(wire)).findFirst();
    }
}
