package org.dragonflow.server.neutron;

import org.dragonflow.model.AddressScope;
import org.dragonflow.model.Id;
import org.dragonflow.model.SubnetPool;
import org.dragonflow.server.access.Caller;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.store.Edit;

/** Address scopes, in which subnet pools do not overlap. */
final class AddressScopes implements Kind<AddressScope> {
    private final Mint mint;

    AddressScopes(Mint mint) {
        this.mint = mint;
    }

    @Override
    public Class<AddressScope> type() {
        return AddressScope.class;
    }

    @Override
    public Refusal notFound(Id<AddressScope> id) {
        return PoolRefusals.addressScopeNotFound(id);
    }

    @Override
    public AddressScope create(Edit edit, Caller caller, Values values) {
        return mint.create(edit, AddressScope.class, values);
    }

    @Override
    public AddressScope update(Edit edit, Caller caller, AddressScope before, Values values) {
        if (before.shared() && !values.find("shared", Boolean.class).orElse(true)) {
            throw PoolRefusals.addressScopeUpdateError(before.id(), "Shared address scope can't be unshared");
        }
        return mint.change(edit, before, values.map());
    }

    @Override
    public void delete(Edit edit, Caller caller, AddressScope scope) {
        if (edit.find(SubnetPool.in(scope.id())).findAny().isPresent()) {
            throw PoolRefusals.addressScopeInUse(scope.id());
        }
        edit.delete(scope);
    }
}
