package org.dragonflow.store;

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
        int c;
        for (int i = 0; i < text.length(); i += Character.charCount(c)) {
            c = text.codePointAt(i);
            // A surrogate that has its other half is part of a code point beyond.
            if (Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE) {
                throw new IllegalArgumentException(
                        "the %s of a key has no control characters or lone surrogates: '%s'".formatted(part, text));
            }
        }
    }

    @Override
    public String toString() {
        return type + "/" + id;
    }
}
