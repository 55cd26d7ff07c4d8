package org.dragonflow.server.neutron;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.dragonflow.model.Flavor;
import org.dragonflow.model.MeteringLabel;
import org.dragonflow.server.access.Identity;
import org.dragonflow.server.access.Target;
import org.dragonflow.server.http.Request;
import org.dragonflow.server.http.Response;
import org.dragonflow.server.http.Routes;

/** What mostly operators ask for: who gives services and how, what is counted and written down, and what networks and groups begin with. */
final class OperatorResources {
    private final List<Collection<?>> collections;
    private final Flavors kindOfFlavors;
    private final Collection<Flavor> flavors;
    private final NetworkSegmentRanges ranges;
    private final RuleTemplates templates;
    private final Identity identity;

    OperatorResources(Mint mint, Identity identity, World world, Quotas quotas) {
        this.identity = identity;
        kindOfFlavors = new Flavors(mint);
        ranges = new NetworkSegmentRanges(mint);
        templates = new RuleTemplates(mint);
        flavors = new Collection<>(kindOfFlavors, identity, world, quotas);
        collections = List.of(
                flavors,
                new Collection<>(new FlavorProfiles(mint), identity, world, quotas),
                new Collection<>(
                        new Plain<>(MeteringLabel.class, mint, OperatorRefusals::meteringLabelNotFound),
                        identity,
                        world,
                        quotas),
                new Collection<>(new MeteringLabelRules(mint), identity, world, quotas),
                new Collection<>(new Logs(mint), identity, world, quotas),
                new Collection<>(ranges, identity, world, quotas),
                new Collection<>(templates, identity, world, quotas));
    }

    /** Has the store hold what the configuration asks for, and a new one what all begin with. */
    void begin(World world, StandardCarriers standard) {
        var view = world.view();
        if (!NetworkSegmentRanges.isKept(view, standard.all()) || !RuleTemplates.areBegun(view)) {
            world.edit("store", edit -> {
                ranges.keep(edit, standard.all());
                templates.begin(edit);
                return edit;
            });
        }
    }

    List<Collection<?>> collections() {
        return collections;
    }

    void routeTo(Routes routes) {
        kindOfFlavors.routeTo(routes, flavors);
        routes.on(
                "GET",
                "/v2.0/service-providers",
                (request, _) -> listed(
                        request,
                        "get_service_provider",
                        "service_providers",
                        Stream.of(RouterProvider.values())
                                .map(RouterProvider::shown)
                                .toList()));
        routes.on(
                "GET",
                "/v2.0/log/loggable-resources",
                (request, _) -> listed(
                        request,
                        "get_loggable_resource",
                        "loggable_resources",
                        List.of(Map.of("type", Logs.SECURITY_GROUP))));
    }

    private Response listed(Request request, String rule, String plural, List<Map<String, Object>> all) {
        identity.of(request).require(rule, Target.NONE);
        return Response.json(200, Map.of(plural, all));
    }
}
