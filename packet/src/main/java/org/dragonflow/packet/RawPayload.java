package org.dragonflow.packet;

/**
 * A network layer that is not understood, or is malformed.
 *
 * @param etherType what follows; below 0x600 it is the length of an IEEE 802.3 frame
 * @param bytes all that follows, padding included
 */
public record RawPayload(int etherType, Bytes bytes) implements Payload {
    public RawPayload {
        Width.check("an ethertype", etherType, 16);
        if (VlanTag.isTagType(etherType)) {
            throw new IllegalArgumentException("0x%04x announces a VLAN tag, not a payload".formatted(etherType));
        }
    }
}
