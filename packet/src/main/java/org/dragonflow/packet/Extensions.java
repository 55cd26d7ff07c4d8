package org.dragonflow.packet;

/** The codec of extension headers. */
final class Extensions {
    private static final int FRAGMENT_LENGTH = 8;

    private Extensions() {}

    static boolean isType(int type) {
        return switch (type) {
            case Extension.HopByHop.TYPE, Extension.Destination.TYPE, Extension.Routing.TYPE, Extension.Fragment.TYPE ->
                true;
            default -> false;
        };
    }

    /** Whether all of the header is there to be read. */
    static boolean isWhole(int type, Reader reader) throws Malformed {
        return reader.remaining() >= 2 && reader.remaining() >= length(type, reader);
    }

    private static int length(int type, Reader reader) throws Malformed {
        return type == Extension.Fragment.TYPE
                ? FRAGMENT_LENGTH
                : 8 + 8 * (reader.ahead(2).u16() & 0xff);
    }

    static Extension read(int type, Reader reader) throws Malformed {
        int length = length(type, reader);
        reader.skip(2);
        return switch (type) {
            case Extension.HopByHop.TYPE -> new Extension.HopByHop(reader.bytes(length - 2));
            case Extension.Destination.TYPE -> new Extension.Destination(reader.bytes(length - 2));
            case Extension.Routing.TYPE -> new Extension.Routing(reader.bytes(length - 2));
            case Extension.Fragment.TYPE -> {
                int offsetAndMore = reader.u16();
                yield new Extension.Fragment(offsetAndMore >>> 3, (offsetAndMore & 1) != 0, reader.i32());
            }
            default -> throw new Malformed("%d is not an extension header".formatted(type));
        };
    }

    static void write(Extension extension, int nextHeader, Writer writer) {
        writer.u8(nextHeader);
        switch (extension) {
            case Extension.HopByHop(var options) ->
                writer.u8((options.length() - 6) / 8).bytes(options);
            case Extension.Destination(var options) ->
                writer.u8((options.length() - 6) / 8).bytes(options);
            case Extension.Routing(var body) ->
                writer.u8((body.length() - 6) / 8).bytes(body);
            case Extension.Fragment(var offset, var more, var id) ->
                writer.u8(0).u16(offset << 3 | (more ? 1 : 0)).i32(id);
        }
    }
}
