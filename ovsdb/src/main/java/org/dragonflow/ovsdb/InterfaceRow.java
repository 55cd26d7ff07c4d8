package org.dragonflow.ovsdb;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.dragonflow.address.Mac;

/**
 * A row of table Interface (ovs-vswitchd.conf.db(5)): a network device, as wanted and as the switch found it.
 *
 * @param linkSpeed in bits a second; empty where the device does not say, or the switch has not looked
 * @param driver of the device, by its own name
 */
public record InterfaceRow(
        UUID uuid,
        String name,
        String type,
        Map<String, String> options,
        Ofport ofport,
        Optional<Mac> macInUse,
        Optional<LinkState> adminState,
        Optional<LinkState> linkState,
        Optional<Long> linkSpeed,
        Optional<String> driver,
        Map<String, String> externalIds,
        Optional<String> error) {
    public static final String TABLE = "Interface";
    static final Set<String> COLUMNS = Set.of(
            "name",
            "type",
            "options",
            "ofport",
            "mac_in_use",
            "admin_state",
            "link_state",
            "link_speed",
            "status",
            "external_ids",
            "error");

    /** The OpenFlow port number of an interface, as far as there is one. */
    public sealed interface Ofport {
        /** The switch has not looked at the interface yet. */
        record Unset() implements Ofport {}

        /** The switch could not make the interface work; column {@code error} may say why. */
        record Failed() implements Ofport {}

        /** The number by which flows know the interface. */
        record Assigned(long value) implements Ofport {}
    }

    /** Whether a device, or its link, is up. */
    public enum LinkState {
        UP,
        DOWN
    }

    public static InterfaceRow of(Row row) {
        return new InterfaceRow(
                row.uuid(),
                row.text("name").orElse(""),
                row.text("type").orElse(""),
                row.map("options"),
                ofport(row.whole("ofport")),
                row.text("mac_in_use").flatMap(InterfaceRow::mac),
                row.text("admin_state").flatMap(InterfaceRow::linkState),
                row.text("link_state").flatMap(InterfaceRow::linkState),
                row.whole("link_speed").filter(speed -> speed > 0),
                Optional.ofNullable(row.map("status").get("driver_name")),
                row.map("external_ids"),
                row.text("error"));
    }

    private static Ofport ofport(Optional<Long> column) {
        return column.<Ofport>map(number -> number < 0 ? new Ofport.Failed() : new Ofport.Assigned(number))
                .orElseGet(Ofport.Unset::new);
    }

    private static Optional<Mac> mac(String text) {
        try {
            return Optional.of(Mac.parse(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static Optional<LinkState> linkState(String text) {
        return switch (text) {
            case "up" -> Optional.of(LinkState.UP);
            case "down" -> Optional.of(LinkState.DOWN);
            case String _ -> Optional.empty();
        };
    }
}
