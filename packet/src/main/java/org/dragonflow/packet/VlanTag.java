package org.dragonflow.packet;

/**
 * An IEEE 802.1Q tag.
 *
 * @param tagType {@link #CUSTOMER} or {@link #SERVICE}
 * @param priority the priority code point, 0 to 7
 * @param dropEligible whether the frame may be dropped first
 * @param id the VLAN, 0 to 4095; 0 means that the tag carries a priority only
 */
public record VlanTag(int tagType, int priority, boolean dropEligible, int id) {
    /** The tag type of IEEE 802.1Q, section 9.6. */
    public static final int CUSTOMER = 0x8100;
    /** The tag type of the outer tag of two, IEEE 802.1ad. */
    public static final int SERVICE = 0x88a8;

    public VlanTag {
        if (!isTagType(tagType)) {
            throw new IllegalArgumentException("0x%04x is not the type of a VLAN tag".formatted(tagType));
        }
        Width.check("a VLAN priority", priority, 3);
        Width.check("a VLAN id", id, 12);
    }

    public static VlanTag of(int id) {
        return new VlanTag(CUSTOMER, 0, false, id);
    }

    static boolean isTagType(int etherType) {
        return etherType == CUSTOMER || etherType == SERVICE;
    }

    static VlanTag read(int tagType, Reader reader) throws Malformed {
        int control = reader.u16();
        return new VlanTag(tagType, control >>> 13, (control & 0x1000) != 0, control & 0xfff);
    }

    void write(Writer writer) {
        writer.u16(tagType).u16(priority << 13 | (dropEligible ? 0x1000 : 0) | id);
    }
}
