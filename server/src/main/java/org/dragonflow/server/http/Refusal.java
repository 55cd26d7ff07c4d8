package org.dragonflow.server.http;

import java.util.LinkedHashMap;
import java.util.Map;

/** A request that is not done, with nothing changed: the status, and what Neutron calls the error. */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String type;
    private final String challenge;
    private final transient Map<String, Object> more;

    public Refusal(int status, String type, String message) {
        this(status, type, message, "", Map.of());
    }

    private Refusal(int status, String type, String message, String challenge, Map<String, Object> more) {
        super(message, null, false, false);
        this.status = status;
        this.type = type;
        this.challenge = challenge;
        this.more = Map.copyOf(more);
    }

    /**
     * Nobody may ask this without saying who they are.
     *
     * @param challenge how to say it, for {@code WWW-Authenticate}
     */
    public static Refusal unauthenticated(String challenge) {
        return new Refusal(
                401, "HTTPUnauthorized", "The request you have made requires authentication.", challenge, Map.of());
    }

    /** The request itself is at fault. */
    public static Refusal badRequest(String message) {
        return new Refusal(400, "HTTPBadRequest", message);
    }

    /** There is nothing at this path. */
    public static Refusal notFound() {
        return new Refusal(404, "HTTPNotFound", "The resource could not be found.");
    }

    /** The store cannot be reached, or too many others write the same; the client may try again. */
    public static Refusal unavailable(String message) {
        return new Refusal(503, "ServiceUnavailable", message);
    }

    /** The same, with something told beside it that has not been told yet. */
    public Refusal with(String name, Object value) {
        var all = new LinkedHashMap<>(more);
        all.putIfAbsent(name, value);
        return new Refusal(status, type, reason(), challenge, all);
    }

    public int status() {
        return status;
    }

    public String type() {
        return type;
    }

    public String reason() {
        return String.valueOf(getMessage());
    }

    /** The answer, in Neutron's form. */
    public Response response() {
        var body = new LinkedHashMap<String, Object>();
        body.put("NeutronError", Map.of("type", type, "message", reason(), "detail", ""));
        body.putAll(more);
        var response = Response.json(status, body);
        return challenge.isEmpty() ? response : response.with("WWW-Authenticate", challenge);
    }
}
