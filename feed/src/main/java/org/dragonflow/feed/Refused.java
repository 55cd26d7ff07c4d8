package org.dragonflow.feed;

/** A request that is not granted, or a stream that cannot go on, with nothing changed. */
public final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    private final Reason reason;

    public Refused(Reason reason, String detail) {
        super(detail, null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    /** For people; names the culprit. */
    public String detail() {
        return String.valueOf(getMessage());
    }
}
