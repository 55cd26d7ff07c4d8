package org.dragonflow.server.neutron;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What routers of a flavor are made by, by the names that Neutron's drivers have: each stands for how its routers are arranged. All of them
 * are on every chassis here, and outlive any.
 */
enum RouterProvider {
    DRAGONFLOW("dragonflow", "dragonflow", Optional.empty(), Optional.empty()),
    SINGLE_NODE("single_node", "single_node.SingleNodeDriver", false, false),
    HIGHLY_AVAILABLE("ha", "ha.HaDriver", false, true),
    DISTRIBUTED("dvr", "dvr.DvrDriver", true, false),
    DISTRIBUTED_HIGHLY_AVAILABLE("dvrha", "dvrha.DvrHaDriver", true, true);

    private final String title;
    private final String driver;
    private final Optional<Boolean> distributed;
    private final Optional<Boolean> ha;

    RouterProvider(String title, String driver, boolean distributed, boolean ha) {
        this(
                title,
                "neutron.services.l3_router.service_providers." + driver,
                Optional.of(distributed),
                Optional.of(ha));
    }

    /**
     * @param distributed how all its routers are; empty if they are as they are asked to be
     * @param ha likewise
     */
    RouterProvider(String title, String driver, Optional<Boolean> distributed, Optional<Boolean> ha) {
        this.title = title;
        this.driver = driver;
        this.distributed = distributed;
        this.ha = ha;
    }

    /** The one whose driver has this name. */
    static RouterProvider of(String driver) {
        return Stream.of(values())
                .filter(provider -> provider.driver.equals(driver))
                .findFirst()
                .orElseThrow(() -> OperatorRefusals.serviceProfileDriverNotFound(driver));
    }

    /** Arranges a new router as the provider has it, if it is not asked to be otherwise. */
    void arrange(Values router) {
        arrange(router, "distributed", distributed);
        arrange(router, "ha", ha);
    }

    /** Refuses to have a router otherwise than the provider has it. */
    private void arrange(Values router, String attribute, Optional<Boolean> only) {
        router.putIfAbsent(attribute, only.orElse(false));
        boolean wanted = router.get(attribute, Boolean.class);
        if (only.isPresent() && only.get() != wanted) {
            throw Refusals.invalidInput(
                    "Provider %s does not support %s=%s".formatted(title, attribute, wanted ? "True" : "False"));
        }
    }

    Map<String, Object> shown() {
        return Map.of("service_type", "L3_ROUTER_NAT", "name", title, "default", this == DRAGONFLOW);
    }
}
