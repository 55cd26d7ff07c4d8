package org.dragonflow.server.neutron;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dragonflow.model.FollowedProtocol;
import org.dragonflow.model.Id;
import org.dragonflow.server.access.Caller;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.store.Edit;

/** Helpers by which routers follow protocols that open further connections. */
final class FollowedProtocols implements Kind<FollowedProtocol> {
    private static final Set<String> TCP = Set.of("tcp");
    private static final Set<String> UDP = Set.of("udp");
    private static final Set<String> BOTH = Set.of("tcp", "udp");

    /** The protocols that each helper understands, as the kernel's helpers do. */
    private static final Map<String, Set<String>> KNOWN = Map.ofEntries(
            Map.entry("amanda", TCP),
            Map.entry("ftp", TCP),
            Map.entry("h323", BOTH),
            Map.entry("irc", TCP),
            Map.entry("netbios-ns", UDP),
            Map.entry("pptp", TCP),
            Map.entry("sane", TCP),
            Map.entry("sip", BOTH),
            Map.entry("snmp", UDP),
            Map.entry("tftp", UDP));

    private final Mint mint;

    FollowedProtocols(Mint mint) {
        this.mint = mint;
    }

    @Override
    public Class<FollowedProtocol> type() {
        return FollowedProtocol.class;
    }

    @Override
    public Refusal notFound(Id<FollowedProtocol> id) {
        return new Refusal(404, "ConntrackHelperNotFound", "Conntrack Helper %s could not be found.".formatted(id));
    }

    /** What is seen of a helper in its router. */
    static Map<String, Object> brief(FollowedProtocol helper) {
        return Map.of("protocol", helper.protocol(), "port", helper.port(), "helper", helper.helper());
    }

    @Override
    public FollowedProtocol create(Edit edit, Caller caller, Values values) {
        return check(edit, mint.create(edit, FollowedProtocol.class, values));
    }

    @Override
    public FollowedProtocol update(Edit edit, Caller caller, FollowedProtocol before, Values values) {
        return check(edit, mint.change(edit, before, values.map()));
    }

    private static FollowedProtocol check(Edit edit, FollowedProtocol made) {
        var protocols = KNOWN.get(made.helper());
        if (protocols == null) {
            throw new Refusal(
                    400, "ConntrackHelperNotAllowed", "Conntrack Helper %s is not allowed.".formatted(made.helper()));
        }
        if (!protocols.contains(made.protocol())) {
            throw new Refusal(
                    400,
                    "InvalidProtocolForHelper",
                    "Conntrack Helper %s does not support: %s. Supported protocols are: %s"
                            .formatted(made.helper(), made.protocol(), protocols));
        }
        var duplicate = Refusals.badRequest(
                "conntrack_helper",
                "A duplicate conntrack helper entry with same attributes already exists, conflicting values are %s"
                        .formatted(brief(made)));
        boolean isSecond = edit.find(FollowedProtocol.of(made.routerId()))
                .anyMatch(other -> !other.id().equals(made.id()) && brief(other).equals(brief(made)));
        if (isSecond) {
            throw duplicate;
        }
        edit.refuseIfTaken(
                FollowedProtocol.class,
                List.of("router_id", "protocol", "port", "helper"),
                List.of(made.routerId(), made.protocol(), made.port(), made.helper()),
                () -> duplicate);
        return made;
    }
}
