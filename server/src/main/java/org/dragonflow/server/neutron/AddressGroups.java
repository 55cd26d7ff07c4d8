package org.dragonflow.server.neutron;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.model.AddressGroup;
import org.dragonflow.model.Id;
import org.dragonflow.model.Query;
import org.dragonflow.model.SecurityGroupRule;
import org.dragonflow.model.SecurityGroupRuleTemplate;
import org.dragonflow.server.access.Caller;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.store.Edit;

/** Address groups: blocks of addresses that come and go. */
final class AddressGroups implements Kind<AddressGroup> {
    private static final int LARGEST_KEY = 0x0fff_ffff;

    private final Mint mint;

    AddressGroups(Mint mint) {
        this.mint = mint;
    }

    @Override
    public Class<AddressGroup> type() {
        return AddressGroup.class;
    }

    @Override
    public boolean hidesFromBorrowers() {
        return true;
    }

    @Override
    public Refusal notFound(Id<AddressGroup> id) {
        return Refusals.addressGroupNotFound(id);
    }

    @Override
    public AddressGroup create(Edit edit, Caller caller, Values values) {
        mint.number(values, LARGEST_KEY);
        return mint.create(edit, AddressGroup.class, values);
    }

    @Override
    public AddressGroup update(Edit edit, Caller caller, AddressGroup before, Values values) {
        return mint.change(edit, before, values.map());
    }

    AddressGroup add(Edit edit, AddressGroup group, List<IpPrefix> blocks) {
        var present = blocks.stream().filter(group.addresses()::contains).toList();
        if (!present.isEmpty()) {
            throw Refusals.addressesAlreadyExist(present, group.id());
        }
        var all = new ArrayList<>(group.addresses());
        all.addAll(blocks);
        return mint.change(edit, group, Map.of("addresses", all));
    }

    AddressGroup remove(Edit edit, AddressGroup group, List<IpPrefix> blocks) {
        var missing = blocks.stream()
                .filter(block -> !group.addresses().contains(block))
                .toList();
        if (!missing.isEmpty()) {
            throw Refusals.addressesNotFound(missing, group.id());
        }
        var rest = new ArrayList<>(group.addresses());
        rest.removeAll(blocks);
        return mint.change(edit, group, Map.of("addresses", rest));
    }

    @Override
    public void delete(Edit edit, Caller caller, AddressGroup group) {
        if (edit.topology().count(Query.by(SecurityGroupRule.class, "remote_address_group_id", group.id())) > 0
                || edit.topology()
                                .count(Query.by(SecurityGroupRuleTemplate.class, "remote_address_group_id", group.id()))
                        > 0) {
            throw Refusals.addressGroupInUse(group.id());
        }
        edit.delete(group);
    }
}
