package org.dragonflow.server.neutron;

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
import org.dragonflow.store.Replica;
import org.dragonflow.store.StoreException;

/**
 * All entities, as a request finds and changes them: as they are; or as they would be after what is only tried, or done together with more.
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
    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");
    private static final Set<String> TRUE = Set.of("true", "True", "1");
    private static final Set<String> FALSE = Set.of("false", "False", "0");

    private final Replica replica;
    private final ScopedValue<Scope> scope = ScopedValue.newInstance();

    public World(Replica replica) {
        this.replica = replica;
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

    /** An edit that is under way, and that what the request changes becomes part of. */
    private record Joined(Edit edit) implements Scope {}

    /** The endpoint's answer to a request, in the world that its parameters ask for. */
    public Response answer(Request request, Function<Request, Response> endpoint) {
        boolean isRehearsal = isRehearsal(request);
        if (!request.path().startsWith(ROOT)) {
            return endpoint.apply(request);
        }
        if (isRehearsal) {
            return making(
                            "resource",
                            () -> replica.rehearse(edit -> within(new Joined(edit), () -> endpoint.apply(request))))
                    .with(REHEARSED, "true");
        }
        var present = new Present(replica.state());
        var response = within(present, () -> endpoint.apply(request));
        return response.with(REVISION, Long.toString(present.state.revision()));
    }

    private static boolean isRehearsal(Request request) {
        var wish = request.parameter(DRY_RUN);
        if (wish.isEmpty() || FALSE.contains(wish.get())) {
            return false;
        }
        if (!TRUE.contains(wish.get())) {
            throw Refusal.badRequest("dry_run is true or false, and not '%s'".formatted(wish.get()));
        }
        if (READS.contains(request.method()) || !request.path().startsWith(ROOT)) {
            throw Refusal.badRequest("dry_run is for what changes something below " + ROOT);
        }
        return true;
    }

    Replica replica() {
        return replica;
    }

    /** What there is. */
    public Topology view() {
        return switch (scope()) {
            case Present present -> present.state.topology();
            case Joined(var edit) -> edit.topology();
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
        return scope.isBound() && scope.get() instanceof Joined(var edit) ? Optional.of(edit) : Optional.empty();
    }

    /**
     * Makes changes on behalf of a client, who is told in HTTP's terms what came in the way.
     *
     * @param resource what clients call that which is edited
     */
    public <R> R edit(String resource, Function<Edit, R> changes) {
        return making(resource, () -> switch (scope()) {
            case Joined(var edit) -> changes.apply(edit);
            case Present present -> {
                var result = replica.edit(changes);
                present.state = replica.state();
                yield result;
            }
        });
    }

    /** As {@link #edit}, where all that is asked of this world meanwhile becomes part of the same edit. */
    <R> R together(String resource, Function<Edit, R> changes) {
        return edit(resource, edit -> within(new Joined(edit), () -> changes.apply(edit)));
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
