package org.dragonflow.server.neutron;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Port;
import org.dragonflow.model.View;

/** How the compute service is to plug in a card, in the words of os-vif: what a binding to a chassis comes to. */
record Vif(String type, Map<String, Object> details) {
    private static final Vif UNBOUND = new Vif("unbound", Map.of());
    private static final Vif FAILED = new Vif("binding_failed", Map.of());

    private static final String OVS = "ovs";

    /** Cards that Open vSwitch sees as a port of its own. */
    private static final Set<String> SWITCHED = Set.of("normal", "vdpa", "smart-nic");

    /** Cards that it sees as a port of its own if their driver represents them in the host. */
    private static final Set<String> REPRESENTED = Set.of("direct", "virtio-forwarder");

    /** What the binding of a port comes to. */
    static Vif of(View view, Port port) {
        return port.hostId()
                .map(host -> of(view, port, new Port.Binding(host, port.vnicType(), port.profile())))
                .orElse(UNBOUND);
    }

    /** What this binding of a port comes to. */
    static Vif of(View view, Port port, Port.Binding binding) {
        return view.get(binding.host())
                .filter(_ -> isSwitched(binding))
                .filter(chassis ->
                        Segments.at(view, port.networkId(), chassis.id()).isPresent())
                .map(Vif::on)
                .orElse(FAILED);
    }

    private static boolean isSwitched(Port.Binding binding) {
        boolean isRepresented = binding.profile().get("capabilities") instanceof List<?> capabilities
                && capabilities.contains("switchdev");
        return SWITCHED.contains(binding.vnicType()) || REPRESENTED.contains(binding.vnicType()) && isRepresented;
    }

    /** The port's filter is in the switch, and no bridge between is needed. */
    private static Vif on(Chassis chassis) {
        return new Vif(
                OVS,
                Map.of(
                        "port_filter",
                        true,
                        "ovs_hybrid_plug",
                        false,
                        "bridge_name",
                        chassis.bridge(),
                        "datapath_type",
                        chassis.datapathType(),
                        "connectivity",
                        "l2",
                        "bound_drivers",
                        Map.of("0", "dragonflow")));
    }

    boolean isBound() {
        return type.equals(OVS);
    }
}
