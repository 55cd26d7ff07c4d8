package org.dragonflow.server.neutron;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.dragonflow.model.Id;
import org.dragonflow.model.NetworkSegmentRange;
import org.dragonflow.model.Segment;

/** What the configuration says of carriers: what networks are carried by of which nobody says it, and the ranges of numbers that they take theirs from. */
public final class StandardCarriers {
    private static final Pattern NUMBERS = Pattern.compile("([0-9]{1,8}):([0-9]{1,8})");
    private static final Pattern VLANS = Pattern.compile("([^,:\\s]{1,64})(?::([0-9]{1,8}):([0-9]{1,8}))?");

    private final List<String> types;
    private final List<Range> ranges = new ArrayList<>();

    /**
     * @param types such as {@code vlan,geneve}, the first choice first
     * @param geneve such as {@code 1:1000,2000:3000}
     * @param vxlan likewise
     * @param vlan such as {@code physnet1:100:199,physnet2}, where the last stands for all VLANs
     * @throws IllegalArgumentException if they are not of that form, or out of bounds
     */
    public StandardCarriers(String types, String geneve, String vxlan, String vlan) {
        this.types = split(types);
        this.types.stream()
                .filter(type -> !NumberRanges.isNumbered(type))
                .findFirst()
                .ifPresent(type -> {
                    throw new IllegalArgumentException("'%s' is none of geneve, vxlan and vlan".formatted(type));
                });
        if (this.types.isEmpty()) {
            throw new IllegalArgumentException("nothing is said of what is to carry networks");
        }
        split(geneve).forEach(text -> tunnels(Segment.GENEVE, text));
        split(vxlan).forEach(text -> tunnels(Segment.VXLAN, text));
        split(vlan).forEach(this::vlans);
    }

    /** One range of the configuration. */
    record Range(String type, Optional<String> physical, int minimum, int maximum) {
        /** The same on every server, and after a restart. */
        Id<NetworkSegmentRange> id() {
            var name = "%s %s %d %d".formatted(type, physical.orElse(""), minimum, maximum);
            return Id.of(
                    NetworkSegmentRange.class,
                    UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8))
                            .toString());
        }
    }

    List<String> types() {
        return types;
    }

    List<Range> all() {
        return List.copyOf(ranges);
    }

    private static List<String> split(String texts) {
        return Pattern.compile(",")
                .splitAsStream(texts)
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .toList();
    }

    private void tunnels(String type, String text) {
        var match = NUMBERS.matcher(text);
        if (!match.matches()) {
            throw new IllegalArgumentException(
                    "'%s' is no range of %s networks; one looks like 1:1000".formatted(text, type));
        }
        add(type, Optional.empty(), Integer.parseInt(match.group(1)), Integer.parseInt(match.group(2)), text);
    }

    private void vlans(String text) {
        var match = VLANS.matcher(text);
        if (!match.matches()) {
            throw new IllegalArgumentException(
                    "'%s' is no range of VLANs; one looks like physnet1:100:199".formatted(text));
        }
        boolean isAll = match.group(2) == null;
        add(
                Segment.VLAN,
                Optional.of(match.group(1)),
                isAll ? 1 : Integer.parseInt(match.group(2)),
                isAll ? NumberRanges.largest(Segment.VLAN) : Integer.parseInt(match.group(3)),
                text);
    }

    private void add(String type, Optional<String> physical, int minimum, int maximum, String text) {
        int most = NumberRanges.largest(type);
        if (minimum < 1 || maximum > most || maximum < minimum) {
            throw new IllegalArgumentException(
                    "'%s' does not go from a number to a larger one, in 1 to %d, as a range of %s networks does"
                            .formatted(text, most, type));
        }
        ranges.add(new Range(type, physical, minimum, maximum));
    }
}
