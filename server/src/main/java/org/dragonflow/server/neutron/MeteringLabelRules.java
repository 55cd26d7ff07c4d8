package org.dragonflow.server.neutron;

import java.util.stream.Stream;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.model.Id;
import org.dragonflow.model.MeteringLabel;
import org.dragonflow.model.MeteringLabelRule;
import org.dragonflow.server.access.Caller;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.store.Edit;

/** What metering labels count: no traffic twice. */
final class MeteringLabelRules implements Kind<MeteringLabelRule> {
    private final Mint mint;

    MeteringLabelRules(Mint mint) {
        this.mint = mint;
    }

    @Override
    public Class<MeteringLabelRule> type() {
        return MeteringLabelRule.class;
    }

    @Override
    public Refusal notFound(Id<MeteringLabelRule> id) {
        return OperatorRefusals.meteringLabelRuleNotFound(id);
    }

    @Override
    public MeteringLabelRule create(Edit edit, Caller caller, Values values) {
        var id = Id.of(
                MeteringLabel.class, values.get("metering_label_id", Id.class).value());
        var label = edit.get(id).orElseThrow(() -> OperatorRefusals.meteringLabelNotFound(id));
        var rule = mint.create(edit, MeteringLabelRule.class, values);
        if (blocks(rule).findAny().isEmpty()) {
            throw Refusals.invalidInput(
                    "You must define at least one of the following parameters: remote_ip_prefix, source_ip_prefix or"
                            + " destination_ip_prefix");
        }
        rule.remoteIpPrefix().ifPresent(block -> requireApart(edit, rule, block));
        // Also keeps two that overlap from being made at a time.
        mint.touch(edit, label);
        return rule;
    }

    private static Stream<IpPrefix> blocks(MeteringLabelRule rule) {
        return Stream.of(rule.remoteIpPrefix(), rule.sourceIpPrefix(), rule.destinationIpPrefix())
                .flatMap(block -> block.stream());
    }

    private static void requireApart(Edit edit, MeteringLabelRule rule, IpPrefix block) {
        edit.find(MeteringLabelRule.of(rule.meteringLabelId()))
                .filter(other ->
                        !other.id().equals(rule.id()) && other.direction().equals(rule.direction()))
                .flatMap(other -> other.remoteIpPrefix().stream())
                .filter(block::overlaps)
                .findAny()
                .ifPresent(_ -> {
                    throw OperatorRefusals.meteringLabelRuleOverlaps(block);
                });
    }

    @Override
    public MeteringLabelRule update(Edit edit, Caller caller, MeteringLabelRule before, Values values) {
        return mint.change(edit, before, values.map());
    }
}
