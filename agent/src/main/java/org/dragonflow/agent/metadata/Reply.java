package org.dragonflow.agent.metadata;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer to a {@link Request}; its body is read as it is sent, and the connection ends with it.
 *
 * @param headers those of the body among them, but for what concerns the connection
 */
record Reply(int status, Map<String, String> headers, InputStream body) implements AutoCloseable {
    private static final Map<Integer, String> PHRASES = Map.of(
            200,
            "OK",
            400,
            "Bad Request",
            403,
            "Forbidden",
            404,
            "Not Found",
            405,
            "Method Not Allowed",
            503,
            "Service Unavailable");

    static Reply of(int status, String type, String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        var headers = new LinkedHashMap<String, String>();
        headers.put("Content-Type", type + "; charset=utf-8");
        headers.put("Content-Length", Integer.toString(bytes.length));
        return new Reply(status, headers, new ByteArrayInputStream(bytes));
    }

    /** A sentence on why there is no other answer. */
    static Reply fault(int status, String sentence) {
        return of(status, "text/plain", sentence + "\n");
    }

    void write(OutputStream out, boolean isBodyWanted) throws IOException {
        var head = new StringBuilder("HTTP/1.1 %d %s\r\n".formatted(status, PHRASES.getOrDefault(status, "-")));
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        head.append("Connection: close\r\n\r\n");
        out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        if (isBodyWanted) {
            body.transferTo(out);
        }
        out.flush();
    }

    @Override
    public void close() throws IOException {
        body.close();
    }
}
