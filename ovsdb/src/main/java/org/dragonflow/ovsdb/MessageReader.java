package org.dragonflow.ovsdb;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.BitSet;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Cuts a stream into JSON objects, none longer than the limit.
 *
 * <p>RFC 7047 section 4 puts nothing between two messages, so the end of one is found by counting brackets outside of
 * strings. A parser that lived as long as the socket would look beyond the message for more, and would keep each row's
 * UUID, which is a property name, in its table of names for ever.
 */
final class MessageReader {
    static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                    .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
                    .build())
            .build();
    private static final int CHUNK_BYTES = 1 << 16;
    private static final int MAX_DEPTH = 100;
    private static final String OUTSIDE_STRINGS = " \t\r\n,:+-.0123456789eEtrufalsn";

    private final InputStream in;
    private final int limitBytes;
    private final Runnable onBytes;
    private final byte[] chunk = new byte[CHUNK_BYTES];
    private int position;
    private int end;
    private final BitSet squares = new BitSet();
    private int depth;
    private boolean inString;
    private boolean escaped;

    MessageReader(InputStream in, int limitBytes, Runnable onBytes) {
        this.in = in;
        this.limitBytes = limitBytes;
        this.onBytes = onBytes;
    }

    /** The next message, always an object; blocks until there is one. */
    JsonNode next() throws IOException {
        skipBlanks();
        var message = new ByteArrayOutputStream();
        do {
            if (position == end && !fill()) {
                throw OvsdbException.malformed(
                        "the stream ended within a message, after %d bytes".formatted(message.size()));
            }
            int from = position;
            scan();
            if (message.size() + (position - from) > limitBytes) {
                throw new OvsdbException(new Fault.TooLarge(limitBytes));
            }
            message.write(chunk, from, position - from);
        } while (depth > 0);
        return parse(message.toByteArray());
    }

    private void skipBlanks() throws IOException {
        while (true) {
            if (position == end && !fill()) {
                throw new OvsdbException(new Fault.ClosedByPeer());
            }
            byte next = chunk[position];
            if (next == '{') {
                return;
            }
            if (next != ' ' && next != '\n' && next != '\r' && next != '\t') {
                throw OvsdbException.malformed("a message begins with byte 0x%02x, not with '{'".formatted(next));
            }
            position++;
        }
    }

    /** Moves behind the end of the message, or to the end of the chunk; what no parser would take is told at once. */
    private void scan() throws OvsdbException {
        while (position < end) {
            byte next = chunk[position++];
            if (inString) {
                inString = escaped || next != '"';
                escaped = !escaped && next == '\\';
                continue;
            }
            switch (next) {
                case '"' -> inString = true;
                case '{', '[' -> open(next == '[');
                case '}', ']' -> {
                    close(next == ']');
                    if (depth == 0) {
                        return;
                    }
                }
                default -> requireJson(next);
            }
        }
    }

    private void open(boolean square) throws OvsdbException {
        if (depth == MAX_DEPTH) {
            throw OvsdbException.malformed("brackets nested deeper than %d".formatted(MAX_DEPTH));
        }
        squares.set(depth++, square);
    }

    private void close(boolean square) throws OvsdbException {
        if (squares.get(--depth) != square) {
            throw OvsdbException.malformed("a bracket closed by one of the other kind");
        }
    }

    private static void requireJson(byte next) throws OvsdbException {
        if (OUTSIDE_STRINGS.indexOf(next) < 0) {
            throw OvsdbException.malformed("byte 0x%02x outside of a string".formatted(next));
        }
    }

    private boolean fill() throws IOException {
        position = 0;
        end = Math.max(0, in.read(chunk));
        onBytes.run();
        return end > 0;
    }

    private static JsonNode parse(byte[] message) throws OvsdbException {
        try {
            return JSON.readTree(message);
        } catch (JacksonException e) {
            throw OvsdbException.malformed(e.getOriginalMessage());
        }
    }
}
