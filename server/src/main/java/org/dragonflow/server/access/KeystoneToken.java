package org.dragonflow.server.access;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What Keystone says of a token. */
record KeystoneToken(Credentials credentials, Instant expires) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /**
     * Reads the answer to {@code GET} or {@code POST /v3/auth/tokens}.
     *
     * @throws IllegalArgumentException if it is none
     */
    static KeystoneToken read(byte[] answer) {
        JsonNode token;
        try {
            token = JSON.readTree(answer).path("token");
        } catch (JacksonException e) {
            throw new IllegalArgumentException("Keystone's answer is no JSON", e);
        }
        var user = token.at("/user/id").asString("");
        if (user.isEmpty()) {
            throw new IllegalArgumentException("Keystone's answer names no user");
        }
        var credentials = new Credentials(
                user,
                token.at("/project/id").asString(""),
                token.at("/domain/id").asString(""),
                token.at("/system/all").asBoolean(false),
                Credentials.implied(roles(token)));
        return new KeystoneToken(credentials, expires(token.path("expires_at").asString("")));
    }

    private static Set<String> roles(JsonNode token) {
        return token.path("roles")
                .valueStream()
                .map(role -> role.path("name").asString(""))
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toSet());
    }

    private static Instant expires(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("Keystone's answer does not say when the token expires", e);
        }
    }
}
