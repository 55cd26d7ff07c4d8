package org.dragonflow.server.access;

import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.regex.Pattern;
import org.dragonflow.server.http.Refusal;

/** Asks Keystone whose tokens are. */
final class KeystoneClient implements AutoCloseable {
    /** What can be in a header; the longest tokens there are have a few thousand characters. */
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,16384}");

    private final KeystoneUser server;

    /** @param server as whom it asks */
    KeystoneClient(KeystoneUser server) {
        this.server = server;
    }

    /**
     * What Keystone says of a token; empty if it is not valid.
     *
     * @throws Refusal with status 503 if that cannot be found out now
     */
    Optional<KeystoneToken> validate(String token) {
        if (!TOKEN.matcher(token).matches()) {
            return Optional.empty();
        }
        var as = server.token();
        var answer = ask(token, as);
        if (answer.statusCode() == 401) {
            answer = ask(token, server.tokenInsteadOf(as));
        }
        return switch (answer.statusCode()) {
            case 200 -> Optional.of(KeystoneUser.read(answer));
            case 401, 404 -> Optional.empty();
            default -> throw KeystoneUser.unusable("the server may not ask about tokens", answer);
        };
    }

    private HttpResponse<byte[]> ask(String token, String as) {
        return server.keystone()
                .send(
                        "?nocatalog",
                        request -> request.GET().header("X-Auth-Token", as).header("X-Subject-Token", token));
    }

    @Override
    public void close() {
        server.close();
    }
}
