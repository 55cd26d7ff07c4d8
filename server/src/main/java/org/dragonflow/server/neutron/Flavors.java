package org.dragonflow.server.neutron;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dragonflow.model.Flavor;
import org.dragonflow.model.FlavorProfile;
import org.dragonflow.model.Id;
import org.dragonflow.model.Query;
import org.dragonflow.model.Router;
import org.dragonflow.model.View;
import org.dragonflow.server.access.Caller;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.server.http.Request;
import org.dragonflow.server.http.Response;
import org.dragonflow.server.http.Routes;
import org.dragonflow.store.Edit;

/** Flavors of services, and the profiles by which they are given. */
final class Flavors implements Kind<Flavor> {
    private static final String PROFILES = "service_profiles";

    private final Mint mint;

    Flavors(Mint mint) {
        this.mint = mint;
    }

    /** Routes to the profiles of the collection's flavors. */
    void routeTo(Routes routes, Collection<Flavor> flavors) {
        var profiles = flavors.path() + "/{id}/service_profiles";
        routes.on("POST", profiles, (request, path) -> {
            var id = named(request);
            return Response.json(
                    201,
                    flavors.change(
                            request,
                            path,
                            "create_flavor_service_profile",
                            (edit, _, flavor) -> add(edit, flavor, id)));
        });
        routes.on("DELETE", profiles + "/{profile}", (request, path) -> {
            var id = Id.of(FlavorProfile.class, path.getLast());
            flavors.change(
                    request,
                    path.subList(0, 1),
                    "delete_flavor_service_profile",
                    (edit, _, flavor) -> remove(edit, flavor, id));
            return Response.empty(204);
        });
    }

    @Override
    public Class<Flavor> type() {
        return Flavor.class;
    }

    @Override
    public Refusal notFound(Id<Flavor> id) {
        return OperatorRefusals.flavorNotFound(id);
    }

    @Override
    public Flavor create(Edit edit, Caller caller, Values values) {
        requireKnown(edit, values);
        return mint.create(edit, Flavor.class, values);
    }

    @Override
    public Flavor update(Edit edit, Caller caller, Flavor before, Values values) {
        requireKnown(edit, values);
        return mint.change(edit, before, values.map());
    }

    private static void requireKnown(Edit edit, Values values) {
        values.list(PROFILES, Id.class).forEach(id -> profile(edit, Id.of(FlavorProfile.class, id.value())));
    }

    /** What makes routers of this flavor; refuses a flavor of which none can be made. */
    static RouterProvider provider(View view, Caller caller, Id<Flavor> id) {
        var flavor =
                Guard.of(Flavor.class).find(view, id, caller).orElseThrow(() -> OperatorRefusals.flavorNotFound(id));
        if (!flavor.enabled()) {
            throw OperatorRefusals.flavorDisabled();
        }
        var profile = flavor.serviceProfiles().stream()
                .findFirst()
                .flatMap(view::get)
                .orElseThrow(() -> OperatorRefusals.flavorServiceProfileBindingNotFound("", id));
        if (!profile.enabled()) {
            throw OperatorRefusals.serviceProfileDisabled();
        }
        return RouterProvider.of(profile.driver());
    }

    @Override
    public void delete(Edit edit, Caller caller, Flavor flavor) {
        if (edit.find(Query.by(Router.class, "flavor_id", flavor.id()))
                .findAny()
                .isPresent()) {
            throw OperatorRefusals.flavorInUse(flavor.id());
        }
        edit.delete(flavor);
    }

    private static FlavorProfile profile(Edit edit, Id<FlavorProfile> id) {
        return edit.get(id).orElseThrow(() -> OperatorRefusals.serviceProfileNotFound(id));
    }

    private Map<String, Object> add(Edit edit, Flavor flavor, Id<FlavorProfile> id) {
        profile(edit, id);
        if (flavor.serviceProfiles().contains(id)) {
            throw OperatorRefusals.flavorServiceProfileBindingExists(id, flavor.id());
        }
        var all = new ArrayList<>(flavor.serviceProfiles());
        all.add(id);
        mint.change(edit, flavor, Map.of(PROFILES, all));
        return Map.of("service_profile", Map.of("id", id.value()));
    }

    private Map<String, Object> remove(Edit edit, Flavor flavor, Id<FlavorProfile> id) {
        if (!flavor.serviceProfiles().contains(id)) {
            throw OperatorRefusals.flavorServiceProfileBindingNotFound(id, flavor.id());
        }
        var rest = new ArrayList<>(flavor.serviceProfiles());
        rest.remove(id);
        mint.change(edit, flavor, Map.of(PROFILES, List.copyOf(rest)));
        return Map.of();
    }

    private static Id<FlavorProfile> named(Request request) {
        if (request.json().get("service_profile") instanceof Map<?, ?> body && body.get("id") instanceof String id) {
            return Id.of(FlavorProfile.class, id);
        }
        throw Refusal.badRequest("Unable to find 'service_profile' in request body");
    }
}
