package org.dragonflow.server.realised;

import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dragonflow.feed.Realised;
import org.dragonflow.feed.Standing;
import org.dragonflow.feed.Standing.State;
import org.dragonflow.model.Entity;
import org.dragonflow.server.access.Caller;
import org.dragonflow.server.access.Identity;
import org.dragonflow.server.access.Target;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.server.http.Response;
import org.dragonflow.server.http.Routes;
import org.dragonflow.store.Replica;

/** Says how far the switches are with a commit, or with the last change of an entity. */
public final class RealisedApi {
    /** Who may know of agents may know which chassis those are that are counted. */
    private static final String NAMES = "get_agent";

    private static final double NANOS_PER_SECOND = 1e9;

    private final Identity identity;
    private final Realised realised;
    private final Revisions revisions;

    public RealisedApi(Identity identity, Replica replica, Realised realised) {
        this.identity = identity;
        this.realised = realised;
        this.revisions = Revisions.of(replica);
    }

    public Routes routeTo(Routes routes) {
        return routes.on("GET", "/dragonflow/v1/realised/{revision}", (request, path) -> {
            var caller = identity.of(request);
            return commit(path.getFirst(), caller);
        });
    }

    /** Where to ask about a commit. */
    static String path(long revision) {
        return "/dragonflow/v1/realised/" + revision;
    }

    private Response commit(String text, Caller caller) {
        long revision = revision(text);
        var standings = realised.of(revision)
                .orElseThrow(() -> new Refusal(
                        404,
                        "RevisionNotFound",
                        "Revision %d is still to come, or so long ago that it is not known any more whom it concerned."
                                .formatted(revision)));
        return Response.json(200, shown(revision, standings, caller));
    }

    private static long revision(String text) {
        if (!text.matches("[0-9]{1,18}")) {
            throw Refusal.badRequest("'%s' is no revision".formatted(text));
        }
        return Long.parseLong(text);
    }

    /** How far the switches are with an entity that the caller may know of. */
    public Response of(Entity entity, Caller caller) {
        long revision = revisions.of(entity).orElseThrow(Refusal::notFound);
        return Response.json(200, shown(revision, realised.of(entity, revision), caller));
    }

    private static Map<String, Object> shown(long revision, List<Standing> standings, Caller caller) {
        boolean mayName = caller.may(NAMES, Target.NONE);
        var shown = new LinkedHashMap<String, Object>();
        shown.put("revision", revision);
        shown.put("complete", isComplete(standings));
        shown.put("done", count(standings, State.CONFIRMED));
        shown.put("pending", count(standings, State.PENDING));
        shown.put("absent", count(standings, State.ABSENT));
        slowest(standings).ifPresent(standing -> shown.put("slowest", shown(standing, mayName)));
        if (mayName) {
            shown.put("chassis", standings.stream().map(one -> shown(one, true)).toList());
        }
        return Map.of("realised", shown);
    }

    /** Whether every switch that a change concerns has its flows. */
    static boolean isComplete(List<Standing> standings) {
        return standings.stream().allMatch(standing -> standing.state() == State.CONFIRMED);
    }

    private static long count(List<Standing> standings, State state) {
        return standings.stream().filter(standing -> standing.state() == state).count();
    }

    /** One that is being waited for, if there is any. */
    private static Optional<Standing> slowest(List<Standing> standings) {
        return standings.stream()
                .filter(standing -> standing.state() != State.ABSENT)
                .max(Comparator.comparing(Standing::state)
                        .thenComparing(standing -> standing.took().orElse(Duration.ZERO)));
    }

    private static Map<String, Object> shown(Standing standing, boolean mayName) {
        var shown = new LinkedHashMap<String, Object>();
        if (mayName) {
            shown.put("name", standing.chassis().value());
        }
        shown.put("state", word(standing.state()));
        standing.took().ifPresent(took -> shown.put("seconds", took.toNanos() / NANOS_PER_SECOND));
        return shown;
    }

    private static String word(State state) {
        return switch (state) {
            case CONFIRMED -> "done";
            case PENDING -> "pending";
            case ABSENT -> "absent";
        };
    }
}
