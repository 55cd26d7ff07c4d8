package org.dragonflow.server.neutron;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.dragonflow.model.Network;
import org.dragonflow.model.Query;
import org.dragonflow.model.View;
import org.dragonflow.store.Edit;

/** What networks are carried by: an overlay, where each has a key, or a physical network, of which each has a part. */
final class Carriers {
    private static final int LARGEST_KEY = 0xff_ffff;
    private static final int LARGEST_VLAN = 4094;
    private static final String PHYSICAL = "provider:physical_network";
    private static final String SEGMENT = "provider:segmentation_id";

    private final Mint mint;

    Carriers(Mint mint) {
        this.mint = mint;
    }

    /** Completes the values of a new network. */
    void choose(Edit edit, Values values) {
        var type = values.get("provider:network_type", String.class);
        var physical = values.nullable(PHYSICAL, String.class);
        var segment = values.nullable(SEGMENT, Integer.class);
        switch (type) {
            case "geneve", "vxlan" -> overlay(edit, type, physical, segment, values);
            case "flat" -> {
                if (segment.isPresent()) {
                    throw Refusals.invalidInput("%s prohibited for flat provider network".formatted(SEGMENT));
                }
                var name = require(physical, type);
                claim(edit, "flat %s".formatted(name), values, () -> OutsideRefusals.flatNetworkInUse(name));
                mint.number(values, LARGEST_KEY);
            }
            case "vlan" -> {
                var name = require(physical, type);
                int vlan = segment.orElseGet(() -> freeVlan(edit, name));
                if (vlan < 1 || vlan > LARGEST_VLAN) {
                    throw outOfRange(LARGEST_VLAN);
                }
                claim(edit, vlan(name, vlan), values, () -> OutsideRefusals.vlanIdInUse(vlan, name));
                values.put(SEGMENT, Optional.of(vlan));
                mint.number(values, LARGEST_KEY);
            }
            default -> throw Refusals.invalidInput("network_type value '%s' not supported".formatted(type));
        }
    }

    private void overlay(Edit edit, String type, Optional<String> physical, Optional<Integer> segment, Values values) {
        if (physical.isPresent()) {
            throw Refusals.invalidInput("%s specified for %s network".formatted(PHYSICAL, type));
        }
        segment.ifPresent(wanted -> {
            if (wanted < 1 || wanted > LARGEST_KEY) {
                throw outOfRange(LARGEST_KEY);
            }
            values.put("key", wanted);
            edit.refuseIfTaken(Network.class, List.of("key"), List.of(wanted), () -> Refusals.tunnelIdInUse(wanted));
        });
        mint.number(values, LARGEST_KEY);
        values.put(SEGMENT, Optional.of(values.get("key", Integer.class)));
    }

    private static RuntimeException outOfRange(int most) {
        return Refusals.invalidInput("%s out of range (1 through %d)".formatted(SEGMENT, most));
    }

    private static String require(Optional<String> physical, String type) {
        return physical.filter(name -> !name.isEmpty())
                .orElseThrow(
                        () -> Refusals.invalidInput("%s required for %s provider network".formatted(PHYSICAL, type)));
    }

    private static String vlan(String physical, int vlan) {
        return "vlan %d of %s".formatted(vlan, physical);
    }

    private static int freeVlan(Edit edit, String physical) {
        return IntStream.rangeClosed(1, LARGEST_VLAN)
                .filter(vlan -> edit.find(Query.by(Network.class, "carrier", vlan(physical, vlan)))
                        .findAny()
                        .isEmpty())
                .findFirst()
                .orElseThrow(OutsideRefusals::noNetworkAvailable);
    }

    private static void claim(Edit edit, String carrier, Values values, Supplier<RuntimeException> refusal) {
        values.put("carrier", Optional.of(carrier));
        edit.refuseIfTaken(Network.class, List.of("carrier"), List.of(carrier), refusal);
    }

    /** Makes the network the default way to the outside, or no longer. */
    static void claimDefault(Edit edit, boolean isDefault, boolean leadsOut, Values values) {
        boolean is = isDefault && leadsOut;
        values.put("default_for", is ? Optional.of("outside") : Optional.empty());
        if (is) {
            edit.refuseIfTaken(
                    Network.class,
                    List.of("default_for"),
                    List.of("outside"),
                    () -> OutsideRefusals.defaultExternalNetworkExists(
                            outside(edit).map(network -> network.id().value()).orElse("another")));
        }
    }

    /** The default way to the outside. */
    static Optional<Network> outside(View view) {
        return view.find(Query.by(Network.class, "default_for", "outside")).findFirst();
    }
}
