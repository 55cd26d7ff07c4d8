package org.dragonflow.ovsdb;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** One connection to one database of an OVSDB server (RFC 7047). Once it has ended it stays so; see {@link Replica}. */
public final class Ovsdb implements Database, AutoCloseable {
    private static final String MONITOR_ID = "replica";

    private final JsonRpc rpc;
    private final String database;

    private Ovsdb(JsonRpc rpc, String database) {
        this.rpc = rpc;
        this.database = database;
    }

    public static Ovsdb connect(Endpoint endpoint, String database, Options options) throws OvsdbException {
        return new Ovsdb(JsonRpc.open(endpoint, options), database);
    }

    /** The names of the databases that the server holds. */
    public List<String> databases() throws OvsdbException, InterruptedException {
        var names = rpc.call("list_dbs", Wire.NODES.arrayNode());
        return names.valueStream().map(name -> name.asString("")).toList();
    }

    @Override
    public Outcome transact(List<Operation> operations) throws OvsdbException, InterruptedException {
        var steps = List.copyOf(operations);
        var reply = rpc.call("transact", TransactWire.params(database, steps));
        return trusted(() -> TransactWire.outcome(steps, reply));
    }

    /** Why the connection ended, if it has. */
    public Optional<Fault> ended() {
        return rpc.ended();
    }

    @Override
    public void close() {
        rpc.close();
    }

    /** The answer to {@code monitor_cond_since} (ovsdb-server(7), 4.1.12). */
    record Monitoring(boolean found, String transaction, JsonNode updates) {}

    Schema schema() throws OvsdbException, InterruptedException {
        var reply = rpc.call("get_schema", Wire.NODES.arrayNode().add(database));
        return trusted(() -> Schema.of(reply));
    }

    /**
     * Begins to monitor. {@code since} is the last transaction that the caller knows; if the server does not ({@code
     * found} is false), the updates are the whole contents.
     */
    Monitoring monitor(Monitored monitored, String since) throws OvsdbException, InterruptedException {
        var reply = rpc.call(
                "monitor_cond_since",
                Wire.NODES
                        .arrayNode()
                        .add(database)
                        .add(MONITOR_ID)
                        .add(monitored.requests())
                        .add(since));
        return new Monitoring(reply.path(0).asBoolean(false), reply.path(1).asString(""), reply.path(2));
    }

    /** Asks not to be cut off when a database is added or removed; servers before 2.9 refuse, which does no harm. */
    void becomeChangeAware() throws OvsdbException, InterruptedException {
        try {
            rpc.call("set_db_change_aware", Wire.NODES.arrayNode().add(true));
        } catch (OvsdbException e) {
            if (!(e.fault() instanceof Fault.Refused)) {
                throw e;
            }
        }
    }

    JsonRpc.Inbound next() throws InterruptedException {
        return rpc.next();
    }

    private interface Reading<T> {
        T read() throws OvsdbException;
    }

    /** A server that answers nonsense is not listened to any further. */
    private <T> T trusted(Reading<T> reading) throws OvsdbException {
        try {
            return reading.read();
        } catch (OvsdbException e) {
            rpc.close(e.fault());
            throw e;
        }
    }
}
