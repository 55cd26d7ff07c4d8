package org.dragonflow.server.neutron;

import org.dragonflow.model.Flavor;
import org.dragonflow.model.Id;
import org.dragonflow.model.Query;
import org.dragonflow.model.ServiceProfile;
import org.dragonflow.server.access.Caller;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.store.Edit;

/** Profiles by which services are given: all by this server. */
final class ServiceProfiles implements Kind<ServiceProfile> {
    /** What gives every service here. */
    static final String DRIVER = "dragonflow";

    private final Mint mint;

    ServiceProfiles(Mint mint) {
        this.mint = mint;
    }

    @Override
    public Class<ServiceProfile> type() {
        return ServiceProfile.class;
    }

    @Override
    public Refusal notFound(Id<ServiceProfile> id) {
        return OperatorRefusals.serviceProfileNotFound(id);
    }

    @Override
    public ServiceProfile create(Edit edit, Caller caller, Values values) {
        return check(mint.create(edit, ServiceProfile.class, values));
    }

    private static ServiceProfile check(ServiceProfile profile) {
        if (profile.driver().isEmpty() && profile.metainfo().isEmpty()) {
            throw OperatorRefusals.serviceProfileEmpty();
        }
        if (!profile.driver().isEmpty() && !profile.driver().equals(DRIVER)) {
            throw OperatorRefusals.serviceProfileDriverNotFound(profile.driver());
        }
        return profile;
    }

    @Override
    public ServiceProfile update(Edit edit, Caller caller, ServiceProfile before, Values values) {
        requireUnused(edit, before);
        return check(mint.change(edit, before, values.map()));
    }

    @Override
    public void delete(Edit edit, Caller caller, ServiceProfile profile) {
        requireUnused(edit, profile);
        edit.delete(profile);
    }

    private static void requireUnused(Edit edit, ServiceProfile profile) {
        if (edit.topology().count(Query.by(Flavor.class, "service_profiles", profile.id())) > 0) {
            throw OperatorRefusals.serviceProfileInUse(profile.id());
        }
    }
}
