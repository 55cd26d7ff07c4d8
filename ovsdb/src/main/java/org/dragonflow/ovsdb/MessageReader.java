package org.dragonflow.ovsdb;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
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

    private final InputStream in;
    private final int limitBytes;
    private final Runnable onBytes;
    private final byte[] chunk = new byte[CHUNK_BYTES];
    private int position;
    private int end;
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

    /** Moves behind the end of the message, or to the end of the chunk. */
    private void scan() {
        while (position < end) {
            byte next = chunk[position++];
            if (inString) {
                inString = escaped || next != '"';
                escaped = !escaped && next == '\\';
            } else if (next == '"') {
                inString = true;
            } else if (next == '{' || next == '[') {
                depth++;
            } else if ((next == '}' || next == ']') && --depth == 0) {
                return;
            }
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
