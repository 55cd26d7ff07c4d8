package org.dragonflow.agent.metadata;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.dragonflow.packet.Bytes;

/**
 * One request of HTTP/1.1 (RFC 9112), read whole.
 *
 * @param target the path, and the query if there is one
 * @param headers by their names in lower case
 */
record Request(String method, String target, Map<String, String> headers, Bytes body) {
    static final int LONGEST_HEAD = 16 * 1024;
    static final int LONGEST_BODY = 64 * 1024;

    private static final List<String> METHODS = List.of("GET", "HEAD", "POST", "PUT", "DELETE");
    private static final int END_OF_HEAD = 0x0d0a0d0a;

    /** A request that is not dealt with, and what is said of it. */
    static final class Refused extends IOException {
        private static final long serialVersionUID = 1;

        private final int status;

        Refused(int status, String text) {
            super(text);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    static Request read(InputStream in) throws IOException {
        var lines = head(in).split("\r\n", -1);
        var words = lines[0].split(" ", -1);
        if (words.length != 3 || !words[2].startsWith("HTTP/1.") || !words[1].startsWith("/")) {
            throw new Refused(400, "This is no request of HTTP/1.1.");
        }
        if (!METHODS.contains(words[0])) {
            throw new Refused(405, "The methods are " + String.join(", ", METHODS) + ".");
        }
        var headers = headers(lines);
        return new Request(words[0], words[1], headers, body(in, headers));
    }

    private static String head(InputStream in) throws IOException {
        var bytes = new ByteArrayOutputStream();
        int last = 0;
        while (last != END_OF_HEAD) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the connection ended within a request");
            }
            if (bytes.size() >= LONGEST_HEAD) {
                throw new Refused(431, "The headers are longer than %d bytes.".formatted(LONGEST_HEAD));
            }
            bytes.write(next);
            last = last << 8 | next;
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    private static Map<String, String> headers(String[] lines) throws IOException {
        var headers = new TreeMap<String, String>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon > 0) {
                var name = lines[i].substring(0, colon).toLowerCase(Locale.ROOT);
                headers.put(name, lines[i].substring(colon + 1).strip());
            } else if (!lines[i].isEmpty()) {
                throw new Refused(400, "A header has a name and a value.");
            }
        }
        return headers;
    }

    private static Bytes body(InputStream in, Map<String, String> headers) throws IOException {
        if (headers.containsKey("transfer-encoding")) {
            throw new Refused(411, "A body is sent with its length.");
        }
        var said = headers.getOrDefault("content-length", "0");
        if (!said.matches("[0-9]{1,9}")) {
            throw new Refused(400, "A length is a number.");
        }
        int length = Integer.parseInt(said);
        if (length > LONGEST_BODY) {
            throw new Refused(413, "The body is longer than %d bytes.".formatted(LONGEST_BODY));
        }
        var body = in.readNBytes(length);
        if (body.length < length) {
            throw new IOException("the connection ended within a request");
        }
        return Bytes.of(body);
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /** The target without a query. */
    String path() {
        int mark = target.indexOf('?');
        return mark < 0 ? target : target.substring(0, mark);
    }
}
