package org.dragonflow.server.neutron;

import org.dragonflow.model.Flavor;
import org.dragonflow.model.FlavorProfile;
import org.dragonflow.model.Id;
import org.dragonflow.model.Query;
import org.dragonflow.server.access.Caller;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.store.Edit;

/** Profiles by which services are given: all by this server. */
final class FlavorProfiles implements Kind<FlavorProfile> {
    private final Mint mint;

    FlavorProfiles(Mint mint) {
        this.mint = mint;
    }

    @Override
    public Class<FlavorProfile> type() {
        return FlavorProfile.class;
    }

    @Override
    public Refusal notFound(Id<FlavorProfile> id) {
        return OperatorRefusals.serviceProfileNotFound(id);
    }

    @Override
    public FlavorProfile create(Edit edit, Caller caller, Values values) {
        return check(mint.create(edit, FlavorProfile.class, values));
    }

    private static FlavorProfile check(FlavorProfile profile) {
        if (profile.driver().isEmpty() && profile.metainfo().isEmpty()) {
            throw OperatorRefusals.serviceProfileEmpty();
        }
        if (!profile.driver().isEmpty()) {
            RouterProvider.of(profile.driver());
        }
        return profile;
    }

    @Override
    public FlavorProfile update(Edit edit, Caller caller, FlavorProfile before, Values values) {
        requireUnused(edit, before);
        return check(mint.change(edit, before, values.map()));
    }

    @Override
    public void delete(Edit edit, Caller caller, FlavorProfile profile) {
        requireUnused(edit, profile);
        edit.delete(profile);
    }

    private static void requireUnused(Edit edit, FlavorProfile profile) {
        if (edit.topology().count(Query.by(Flavor.class, "service_profiles", profile.id())) > 0) {
            throw OperatorRefusals.serviceProfileInUse(profile.id());
        }
    }
}
