package org.dragonflow.server.neutron;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Query;
import org.dragonflow.model.Topology;
import org.dragonflow.server.http.Refusal;
import org.dragonflow.server.http.Request;
import org.dragonflow.server.http.Response;
import org.dragonflow.store.Edit;
import org.dragonflow.store.Recall;
import org.dragonflow.store.Replica;
import org.dragonflow.store.StoreException;

/**
 * All entities, as a request finds and changes them: as they are; as they were; or as they would be after
 * what is only tried, or done together with more.
 *
 * <p>Every endpoint reads and writes through this, and so need not know which.
 */
public final class World {
    /** The revision of what an answer tells. */
    static final String REVISION = "X-Dragonflow-Revision";

    static final String AS_OF = "as_of";
    static final String DRY_RUN = "dry_run";
    private static final String REHEARSED = "X-Dragonflow-Dry-Run";
    private static final String ROOT = "/v2.0";

    /** Who is behind an address outside: not Neutron's, and asked of the past more than of now. */
    public static final String NAT = "/dragonflow/v1/nat";

    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");
    private static final Set<String> TRUE = Set.of("true", "True", "1");
    private static final Set<String> FALSE = Set.of("false", "False", "0");

    private final Replica replica;
    private final InstantSource clock;
    private final ScopedValue<Scope> scope = ScopedValue.newInstance();

    public World(Replica replica, InstantSource clock) {
        this.replica = replica;
        this.clock = clock;
    }

    /** What one request sees. */
    private sealed interface Scope {}

    /** The state that was the newest when the request came, or after what it changed. */
    private static final class Present implements Scope {
        private Replica.State state;

        private Present(Replica.State state) {
            this.state = state;
        }
    }

    /**
     * An edit that is under way, and that what the request changes becomes part of.
     *
     * @param isShared whether other requests have a part in it too
     */
    private record Joined(Edit edit, boolean isShared) implements Scope {}

    /** What was so, and can be read only. */
    private record Past(Recall.Moment moment) implements Scope {}

    /** The endpoint's answer to a request, in the world that its parameters ask for. */
    public Response answer(Request request, Function<Request, Response> endpoint) {
        boolean isHere = request.path().startsWith(ROOT);
        boolean hasPast = isHere || request.path().equals(NAT);
        boolean isRead = READS.contains(request.method());
        boolean isRehearsal = isRehearsal(request);
        var past = request.parameter(AS_OF);
        if (past.isPresent() && !(hasPast && isRead)) {
            throw Refusal.badRequest("as_of is for what reads something below %s, and for %s".formatted(ROOT, NAT));
        }
        if (isRehearsal && !(isHere && !isRead)) {
            throw Refusal.badRequest("dry_run is for what changes something below " + ROOT);
        }
        if (isRehearsal) {
            return making(
                            "resource",
                            () -> replica.rehearse(
                                    edit -> within(new Joined(edit, false), () -> endpoint.apply(request))))
                    .with(REHEARSED, "true");
        }
        if (past.isPresent()) {
            var moment = moment(past.get());
            return within(new Past(moment), () -> endpoint.apply(request))
                    .with(REVISION, Long.toString(moment.revision()));
        }
        if (!isHere) {
            return endpoint.apply(request);
        }
        var present = new Present(replica.state());
        var response = within(present, () -> endpoint.apply(request));
        return response.with(REVISION, Long.toString(present.state.revision()));
    }

    private static boolean isRehearsal(Request request) {
        var wish = request.parameter(DRY_RUN);
        if (wish.isPresent() && !TRUE.contains(wish.get()) && !FALSE.contains(wish.get())) {
            throw Refusal.badRequest("dry_run is true or false, and not '%s'".formatted(wish.get()));
        }
        return wish.filter(TRUE::contains).isPresent();
    }

    /** What was so at a revision, or at a time. */
    private Recall.Moment moment(String when) {
        boolean isRevision = when.matches("[0-9]{1,18}");
        var recall = making("resource", () -> isRevision ? replica.at(Long.parseLong(when)) : replica.at(time(when)));
        return switch (recall) {
            case Recall.Moment moment -> moment;
            case Recall.Gone(var horizon) ->
                throw new Refusal(
                        410,
                        "HistoryGone",
                        "History goes back to revision %d, and to %s; '%s' is before that."
                                .formatted(horizon.revision(), horizon.since(), when));
            case Recall.NotYet(var latest) ->
                throw Refusal.badRequest("Revision %s is not yet; the latest is %d.".formatted(when, latest));
        };
    }

    private Instant time(String text) {
        Instant time;
        try {
            time = OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException _) {
            throw Refusal.badRequest(
                    "as_of is a revision, or a time such as 2026-11-22T10:00:00Z, and not '%s'".formatted(text));
        }
        if (time.isAfter(clock.instant())) {
            throw Refusal.badRequest("%s is not yet.".formatted(text));
        }
        // A store knows of no time before that.
        return time.isBefore(Instant.EPOCH) ? Instant.EPOCH : time;
    }

    /** Whether what is seen cannot be changed any more. */
    boolean isPast() {
        return scope.isBound() && scope.get() instanceof Past;
    }

    Replica replica() {
        return replica;
    }

    /** What there is. */
    public Topology view() {
        return switch (scope()) {
            case Present present -> present.state.topology();
            case Joined joined -> joined.edit().topology();
            case Past(var moment) -> moment.topology();
        };
    }

    /** How many entities answer now, whoever made them meanwhile, and with what this request has changed so far. */
    int count(Query<? extends Entity> query) {
        int newest = replica.state().topology().count(query);
        return joined().map(edit ->
                        newest + edit.topology().count(query) - edit.before().count(query))
                .orElse(newest);
    }

    /** The edit that this request's changes become part of, and that goes on after it. */
    Optional<Edit> joined() {
        return scope.isBound() && scope.get() instanceof Joined joined ? Optional.of(joined.edit()) : Optional.empty();
    }

    /**
     * Makes changes on behalf of a client, who is told in HTTP's terms what came in the way.
     *
     * @param resource what clients call that which is edited
     */
    public <R> R edit(String resource, Function<Edit, R> changes) {
        return making(resource, () -> switch (scope()) {
            case Past _ -> throw Refusal.badRequest("What is past cannot be changed.");
            case Joined joined -> changes.apply(joined.edit());
            case Present present -> {
                var result = replica.edit(changes);
                present.state = replica.state();
                yield result;
            }
        });
    }

    /** As {@link #edit}, where all that is asked of this world meanwhile becomes part of the same edit. */
    <R> R together(String resource, Function<Edit, R> changes) {
        if (scope.isBound() && scope.get() instanceof Joined joined && joined.isShared()) {
            throw Refusal.badRequest("There is no %s in a %s".formatted(resource, resource));
        }
        return edit(resource, edit -> within(new Joined(edit, true), () -> changes.apply(edit)));
    }

    private Scope scope() {
        return scope.isBound() ? scope.get() : new Present(replica.state());
    }

    private <R> R within(Scope inner, Supplier<R> what) {
        return ScopedValue.where(scope, inner).call(what::get);
    }

    /** Something that waits for the store. */
    private interface Making<R> {
        R make() throws InterruptedException;
    }

    private static <R> R making(String resource, Making<R> what) {
        try {
            return what.make();
        } catch (InterruptedException e) {
            throw interrupted();
        } catch (Edit.StillReferred e) {
            throw Refusals.inUse(resource, e.target());
        } catch (Edit.TooLarge e) {
            throw Refusal.badRequest("The request is too large: " + e.getMessage());
        } catch (StoreException e) {
            throw Refusal.unavailable("The store does not answer: " + e.getMessage());
        }
    }

    static Refusal interrupted() {
        Thread.currentThread().interrupt();
        return Refusal.unavailable("The server is about to stop.");
    }
}
