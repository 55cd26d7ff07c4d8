package org.dragonflow.feed;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Query;
import org.dragonflow.model.Topology;

/**
 * How far the chassis are with what changes in the store: who has to know of a commit, and whose switch has the flows that follow from it.
 *
 * <p>A chassis that a commit does not concern is neither counted nor waited for. All is known that this server tells chassis, and nothing of
 * what others tell them.
 */
public final class Realised {
    private final Supplier<Topology> topology;
    private final Function<Id<Chassis>, Optional<Line>> lines;
    private final Timeline timeline;
    private final InstantSource clock;
    private final Duration heartbeat;
    private final Instant began;
    private final ConcurrentMap<Id<Chassis>, Progress> progress = new ConcurrentHashMap<>();
    private final Set<Wait> waits = ConcurrentHashMap.newKeySet();
    private final List<Consumer<Duration>> observers = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    /** @param lines that of a chassis; empty if there are none any more */
    Realised(
            Supplier<Topology> topology,
            Function<Id<Chassis>, Optional<Line>> lines,
            Timeline timeline,
            InstantSource clock,
            Duration heartbeat) {
        this.topology = topology;
        this.lines = lines;
        this.timeline = timeline;
        this.clock = clock;
        this.heartbeat = heartbeat;
        this.began = clock.instant();
    }

    /** How far each chassis is that a commit concerns; empty if it is too long ago to know whom it concerned, or is still to come. */
    public Optional<List<Standing>> of(long revision) {
        return timeline.of(revision).map(moment -> standings(moment.revision(), concerned(moment)));
    }

    /** How far each chassis is, that an entity concerns, with the commit that changed it last. */
    public List<Standing> of(Entity entity, long revision) {
        return standings(
                revision, concerned((line, _) -> line.concerns(entity) || isTold(line, revision, Set.of(entity.id()))));
    }

    /**
     * Waits until each chassis that a commit concerns has confirmed it, but for those that are absent. Returns how far they are then, or after
     * this time; empty as for {@link #of(long)}.
     */
    public Optional<List<Standing>> await(long revision, Duration atMost) throws InterruptedException {
        var moment = timeline.of(revision);
        if (moment.isEmpty()) {
            return Optional.empty();
        }
        long at = moment.get().revision();
        var concerned = concerned(moment.get());
        var wait = new Wait(at, concerned);
        waits.add(wait);
        try {
            wait.forget(chassis -> closed || state(chassis, at) != Standing.State.PENDING);
            var _ = wait.await(atMost);
        } finally {
            waits.remove(wait);
        }
        return Optional.of(standings(at, concerned));
    }

    /** Tells how long it took from a commit until a chassis confirmed it, once for each chassis that it concerned. */
    public void observe(Consumer<Duration> observer) {
        observers.add(observer);
    }

    /** The last revision that each chassis has confirmed. */
    Map<Id<Chassis>, Long> confirmed() {
        var confirmed = new ConcurrentHashMap<Id<Chassis>, Long>();
        progress.forEach((chassis, one) -> one.confirmed().ifPresent(at -> confirmed.put(chassis, at)));
        return Map.copyOf(confirmed);
    }

    Progress progress(Id<Chassis> chassis) {
        return progress.computeIfAbsent(chassis, _ -> new Progress(clock, heartbeat, began));
    }

    /** A chassis says that its switch has the flows of a revision. */
    void confirm(Id<Chassis> chassis, Line line, long revision) {
        long before = progress(chassis).confirm(revision);
        waits.forEach(wait -> wait.confirmed(chassis, revision));
        if (!observers.isEmpty()) {
            observe(line, before, revision);
        }
    }

    private void observe(Line line, long before, long revision) {
        List<Line.Entry> confirmed;
        line.lock().lock();
        try {
            confirmed = line.between(before, revision);
        } finally {
            line.lock().unlock();
        }
        var now = clock.instant();
        for (var entry : confirmed) {
            timeline.of(entry.after() + 1)
                    .map(first -> Duration.between(first.at(), now))
                    .ifPresent(took -> observers.forEach(observer -> observer.accept(took)));
        }
    }

    /** Who was waited for, and is gone, is not waited for any more. */
    void forgetAbsent() {
        waits.forEach(wait -> wait.forget(chassis -> !progress(chassis).isPresent()));
    }

    /** Nobody waits any more, and nobody will. */
    public void close() {
        closed = true;
        waits.forEach(wait -> wait.forget(_ -> true));
    }

    private List<Id<Chassis>> concerned(Timeline.Moment moment) {
        return concerned((line, now) -> line.reachesBackTo(moment.revision() - 1)
                ? line.isTold(moment.revision(), moment.changed())
                : concernsAny(line, now, moment.changed()));
    }

    /** For one that was told everything anew since, what still is must do. */
    private static boolean concernsAny(Line line, Topology now, Set<Id<?>> changed) {
        return changed.stream()
                .flatMap(id -> now.get(id).map(Entity.class::cast).stream())
                .anyMatch(line::concerns);
    }

    private static boolean isTold(Line line, long revision, Set<Id<?>> changed) {
        return line.reachesBackTo(revision - 1) && line.isTold(revision, changed);
    }

    private List<Id<Chassis>> concerned(BiPredicate<Line, Topology> isConcerned) {
        var now = topology.get();
        return now.find(Query.all(Chassis.class))
                .map(Chassis::id)
                .filter(chassis -> lines.apply(chassis)
                        .filter(line -> isConcerned(line, now, isConcerned))
                        .isPresent())
                .sorted()
                .toList();
    }

    private static boolean isConcerned(Line line, Topology now, BiPredicate<Line, Topology> isConcerned) {
        line.lock().lock();
        try {
            line.lookAhead();
            return isConcerned.test(line, now);
        } finally {
            line.lock().unlock();
        }
    }

    private List<Standing> standings(long revision, List<Id<Chassis>> concerned) {
        return concerned.stream().map(chassis -> standing(chassis, revision)).toList();
    }

    private Standing standing(Id<Chassis> chassis, long revision) {
        var state = state(chassis, revision);
        var until = state == Standing.State.CONFIRMED ? progress(chassis).when(revision) : Optional.of(clock.instant());
        var took = timeline.of(revision)
                .flatMap(moment -> until.map(end -> Duration.between(moment.at(), end)))
                .filter(duration -> !duration.isNegative());
        return new Standing(chassis, state, took);
    }

    private Standing.State state(Id<Chassis> chassis, long revision) {
        var progress = progress(chassis);
        if (progress.has(revision)) {
            return Standing.State.CONFIRMED;
        }
        return progress.isPresent() ? Standing.State.PENDING : Standing.State.ABSENT;
    }
}
