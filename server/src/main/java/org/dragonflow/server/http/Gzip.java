package org.dragonflow.server.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.dragonflow.store.Bytes;

/** Bodies in fewer bytes (RFC 1952). */
final class Gzip {
    static final String NAME = "gzip";

    /** What fits in few packets is not worth the effort. */
    private static final int WORTH_IT = 8192;

    private Gzip() {}

    static InputStream decoded(byte[] body) throws IOException {
        return new GZIPInputStream(new ByteArrayInputStream(body));
    }

    /** The response in gzip, if its body is long and the client takes it so. */
    static Response encoded(Request request, Response response) {
        if (response.body().size() < WORTH_IT) {
            return response;
        }
        // Who keeps answers for others must keep one of each kind.
        var either = response.with("Vary", "Accept-Encoding");
        if (!request.acceptsCoding(NAME)) {
            return either;
        }
        var bytes = new ByteArrayOutputStream(response.body().size() / 4);
        try (var gzip = fast(bytes)) {
            gzip.write(response.body().toArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Response(either.status(), either.headers(), Bytes.of(bytes.toByteArray()))
                .with("Content-Encoding", NAME);
    }

    /** JSON shrinks well at the lowest level too; whoever waits for a long list waits for the work of this. */
    private static OutputStream fast(OutputStream to) throws IOException {
        return new GZIPOutputStream(to) {
            {
                def.setLevel(Deflater.BEST_SPEED);
            }
        };
    }
}
