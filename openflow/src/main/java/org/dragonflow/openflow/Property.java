package org.dragonflow.openflow;

/** A type-length-value of OpenFlow 1.4 and later, whose length leaves out the padding to a multiple of 8. */
record Property(int type, WireReader body) {

    static Property read(WireReader in) {
        int type = in.u16();
        int length = in.u16();
        if (length < 4) {
            throw new MalformedMessage("a property of %d bytes".formatted(length));
        }
        var body = in.part(length - 4);
        in.skip(Math.min(in.remaining(), -length & 7));
        return new Property(type, body);
    }
}
