package org.dragonflow.store;

import java.nio.charset.StandardCharsets;

/**
 * Names one row: what kind of thing it is, and which one.
 *
 * @param type 1 to {@value Store#MAX_KEY_CHARS} characters, without control characters and lone surrogates
 * @param id likewise
 */
public record Key(String type, String id) {
    public Key {
        check("type", type);
        check("id", id);
    }

    private static void check(String part, String text) {
        if (text.isEmpty() || text.length() > Store.MAX_KEY_CHARS) {
            throw new IllegalArgumentException(
                    "the %s of a key has 1 to %d characters: '%s'".formatted(part, Store.MAX_KEY_CHARS, text));
        }
        if (text.chars().anyMatch(Character::isISOControl)
                || !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException(
                    "the %s of a key has no control characters or lone surrogates: '%s'".formatted(part, text));
        }
    }

    @Override
    public String toString() {
        return type + "/" + id;
    }
}
