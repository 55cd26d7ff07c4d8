package org.dragonflow.packet;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.dragonflow.address.Mac;

/**
 * An Ethernet frame without preamble and frame check sequence.
 *
 * <p>Decoding never throws. A frame is bad only when its own header or a VLAN tag is cut off. A malformed layer above
 * becomes {@link RawPayload} or {@link RawTransport}, with a {@link Fault}, as a switch would still forward it by what
 * it could read. Padding after an IP packet is dropped.
 *
 * @param tags the VLAN tags, outermost first
 */
public record Ethernet(Mac destination, Mac source, List<VlanTag> tags, Payload payload) {
    public Ethernet {
        tags = List.copyOf(tags);
    }

    /** An untagged frame. */
    public static Ethernet of(Mac source, Mac destination, Payload payload) {
        return new Ethernet(destination, source, List.of(), payload);
    }

    public static Decoded<Ethernet> decode(byte[] frame) {
        var faults = EnumSet.noneOf(Fault.class);
        try {
            return new Decoded.Ok<>(read(new Reader(frame, 0, frame.length), faults), faults);
        } catch (Malformed e) {
            return new Decoded.Bad<>("an Ethernet header of %d bytes %s".formatted(frame.length, e.getMessage()));
        }
    }

    private static Ethernet read(Reader reader, Set<Fault> faults) throws Malformed {
        var destination = reader.mac();
        var source = reader.mac();
        var tags = new ArrayList<VlanTag>();
        int etherType = reader.u16();
        while (VlanTag.isTagType(etherType)) {
            tags.add(VlanTag.read(etherType, reader));
            etherType = reader.u16();
        }
        return new Ethernet(destination, source, tags, readPayload(etherType, reader, faults));
    }

    private static Payload readPayload(int etherType, Reader reader, Set<Fault> faults) throws Malformed {
        var body = reader.ahead(reader.remaining());
        try {
            return switch (etherType) {
                case Arp.ETHER_TYPE -> Arp.read(body);
                case Ipv4Packet.ETHER_TYPE -> Ipv4Packet.read(body, false, faults);
                case Ipv6Packet.ETHER_TYPE -> Ipv6Packet.read(body, false, faults);
                default -> new RawPayload(etherType, body.rest());
            };
        } catch (Malformed _) {
            faults.add(Fault.NETWORK_LAYER);
            return new RawPayload(etherType, reader.rest());
        }
    }

    public byte[] encode() {
        var writer = new Writer().mac(destination).mac(source);
        tags.forEach(tag -> tag.write(writer));
        writer.u16(payload.etherType());
        switch (payload) {
            case Arp arp -> arp.write(writer);
            case Ipv4Packet packet -> packet.write(writer);
            case Ipv6Packet packet -> packet.write(writer);
            case RawPayload(var _, var bytes) -> writer.bytes(bytes);
        }
        return writer.toArray();
    }

    public int etherType() {
        return payload.etherType();
    }

    public Ethernet withTags(List<VlanTag> changed) {
        return new Ethernet(destination, source, changed, payload);
    }

    public Ethernet withPayload(Payload changed) {
        return new Ethernet(destination, source, tags, changed);
    }

    public Ethernet withAddresses(Mac changedSource, Mac changedDestination) {
        return new Ethernet(changedDestination, changedSource, tags, payload);
    }
}
