package org.dragonflow.compile;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.dragonflow.flow.Bits;
import org.dragonflow.flow.Field;
import org.dragonflow.flow.Header;
import org.dragonflow.flow.Match;
import org.dragonflow.packet.Ethernet;

/**
 * A packet that a flow sent to the controller.
 *
 * @param packet as it was at the flow that punted it
 * @param headers the registers, the metadata and the connection state that travelled with it; one that is absent is zero
 */
public record Punted(Ethernet packet, Map<Header, Bits> headers) {
    public Punted {
        headers = Map.copyOf(headers);
    }

    /** The packet, with those of its headers that travel with it to a controller. */
    public static Punted of(Ethernet packet, Function<Header, Bits> headers) {
        return new Punted(
                packet,
                Arrays.stream(Header.values())
                        .filter(header -> header.isRegister() || header == Header.METADATA || header == Header.CT_STATE)
                        .collect(Collectors.toUnmodifiableMap(header -> header, headers)));
    }

    /** The value of a field of at most 64 bits. */
    public long get(Field field) {
        return field.extract(headers.getOrDefault(field.header(), Bits.ZERO)).low();
    }

    /** What it carried, for a packet that is to carry it again. */
    public Match registers() {
        return Match.of(headers.entrySet().stream()
                .filter(entry -> entry.getKey().isRegister() || entry.getKey() == Header.METADATA)
                .filter(entry -> !entry.getValue().isZero())
                .map(entry -> new Match.Test(
                        entry.getKey(),
                        entry.getValue(),
                        Field.of(entry.getKey()).mask()))
                .toList());
    }
}
