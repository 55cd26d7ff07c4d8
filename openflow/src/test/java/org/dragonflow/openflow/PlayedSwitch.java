package org.dragonflow.openflow;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;

/** The switch's end of a connection, played by a test. */
final class PlayedSwitch implements AutoCloseable {
    private final Codec codec = new Codec(RandomFlows.PIPELINE, RandomFlows.OWNER.tag());
    private final FrameChannel channel;

    private PlayedSwitch(FrameChannel channel) {
        this.channel = channel;
    }

    static PlayedSwitch accept(ServerSocketChannel server) throws IOException {
        return new PlayedSwitch(new FrameChannel(server.accept()));
    }

    /** One that has greeted, and has answered barriers until the set-up is through. */
    static PlayedSwitch greeted(ServerSocketChannel server) throws IOException {
        var played = accept(server);
        played.say(1, new Message.Hello(6, 1 << 6));
        for (int barriers = 0; barriers < 2; barriers++) {
            played.say(played.next(Message.BarrierRequest.class).xid(), new Message.BarrierReply());
        }
        return played;
    }

    void say(int xid, Message message) throws IOException {
        say(codec.encode(xid, message));
    }

    void say(byte[] bytes) throws IOException {
        channel.write(bytes);
    }

    Codec.Envelope next() throws IOException {
        return codec.decode(channel.read());
    }

    /** The next of this type; what comes before is passed over. */
    Codec.Envelope next(Class<? extends Message> type) throws IOException {
        while (true) {
            var envelope = next();
            if (type.isInstance(envelope.message())) {
                return envelope;
            }
        }
    }

    @Override
    public void close() {
        channel.close();
    }
}
