package org.dragonflow.ovsdb;

import java.util.List;

/** Something that carries out transactions on one OVSDB database. */
public interface Database {

    /**
     * Does all of the operations, in order, or none. An exception other than {@link Fault.Refused} and {@link
     * Fault.NotConnected} leaves open whether the server did them.
     */
    Outcome transact(List<Operation> operations) throws OvsdbException, InterruptedException;
}
