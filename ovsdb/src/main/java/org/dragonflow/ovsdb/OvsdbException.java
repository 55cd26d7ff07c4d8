package org.dragonflow.ovsdb;

import java.io.IOException;

/** A call that has no result, for the reason that {@link #fault()} tells. */
public final class OvsdbException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient Fault fault;

    OvsdbException(Fault fault) {
        super(fault.toString());
        this.fault = fault;
    }

    static OvsdbException malformed(String detail) {
        return new OvsdbException(new Fault.Malformed(detail));
    }

    public Fault fault() {
        return fault;
    }
}
