package org.dragonflow.feed;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.cert.X509Certificate;
import java.util.Optional;

/** A request of a chassis and the way to answer it, whatever HTTP server carries them. Used by one thread, which may block. */
public interface Call {
    /** In capitals. */
    String method();

    String path();

    /** The caller's, if it showed one; its signature, its time and that the caller has the key have been checked. */
    Optional<X509Certificate> certificate();

    InputStream body() throws IOException;

    /** The whole answer; at most once, and not after {@link #stream}. */
    void answer(int status, byte[] json) throws IOException;

    /** Begins an answer of status 200 that goes on until the stream is closed. What is flushed is sent. */
    OutputStream stream() throws IOException;
}
