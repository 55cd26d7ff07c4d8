package org.dragonflow.openflow;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Cuts a stream of bytes into OpenFlow messages. One thread reads, and one writes. */
final class FrameChannel implements AutoCloseable {
    private static final int BUFFER = 1 << 17;

    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocate(BUFFER).flip();

    FrameChannel(SocketChannel channel) {
        this.channel = channel;
    }

    /** The next whole message; at most 65,535 bytes, since its length has 16 bits. */
    byte[] read() throws IOException {
        fill(Codec.HEADER_LENGTH);
        int length = in.getShort(in.position() + 2) & 0xffff;
        if (length < Codec.HEADER_LENGTH) {
            throw new IOException("the peer sent a message of %d bytes".formatted(length));
        }
        fill(length);
        var bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private void fill(int wanted) throws IOException {
        while (in.remaining() < wanted) {
            in.compact();
            int count = channel.read(in);
            in.flip();
            if (count < 0) {
                throw new EOFException("the peer closed the connection");
            }
        }
    }

    void write(byte[] bytes) throws IOException {
        var out = ByteBuffer.wrap(bytes);
        while (out.hasRemaining()) {
            channel.write(out);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // There is no one left to tell.
            return;
        }
    }
}
