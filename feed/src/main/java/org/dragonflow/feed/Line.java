package org.dragonflow.feed;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.dragonflow.compile.App;
import org.dragonflow.compile.Interest;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Delta;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;

/**
 * A server's account of what one chassis knows. It outlives the streams, so that a chassis that comes back soon is told only what it missed.
 *
 * <p>Whoever uses it holds its {@link #lock}; only the inbox and the question who sits on it are free to all.
 */
final class Line {
    private final Id<Chassis> chassis;
    private final List<App> apps;
    private final String name;
    private final int retained;
    private final Inbox inbox;
    private final ReentrantLock lock = new ReentrantLock();
    private final NavigableMap<Long, Entry> history = new TreeMap<>();
    private final Realisation realisation;
    private final Progress progress;
    private Optional<Interest> interest = Optional.empty();
    private volatile Optional<Session> session = Optional.empty();
    private int historySize;
    private long oldest;
    private long revision;

    /**
     * What is to be said at a revision.
     *
     * @param after the revision up to which the changes before it were looked at
     */
    record Entry(long after, long revision, List<Change> changes) {}

    /** What is to be said next. */
    sealed interface Next {
        record All(long revision, List<Entity> entities) implements Next {}

        record Some(Entry entry) implements Next {}
    }

    Line(Id<Chassis> chassis, List<App> apps, String name, int retained, Inbox inbox, Progress progress) {
        this.chassis = chassis;
        this.progress = progress;
        this.apps = apps;
        this.name = name;
        this.retained = retained;
        this.inbox = inbox;
        this.realisation = new Realisation(chassis);
    }

    Id<Chassis> chassis() {
        return chassis;
    }

    String name() {
        return name;
    }

    Inbox inbox() {
        return inbox;
    }

    ReentrantLock lock() {
        return lock;
    }

    /** The one session that speaks for the chassis. */
    Optional<Session> session() {
        return session;
    }

    /** Returns the session that was there before. */
    Optional<Session> seat(Optional<Session> next) {
        var before = session;
        session = next;
        progress.seated(next.isPresent());
        realisation.forgetReports();
        return before;
    }

    Realisation realisation() {
        return realisation;
    }

    /** What the chassis was told, or need not be told, is as of this revision. */
    long revision() {
        return revision;
    }

    /** Whether all that came after this position can be said without starting anew. */
    boolean reachesBackTo(Position position) {
        return position.line().equals(name)
                && interest.isPresent()
                && position.revision() <= revision
                && reachesBackTo(position.revision());
    }

    boolean reachesBackTo(long since) {
        return since >= oldest;
    }

    /** What was found to concern the chassis first after this revision; there may be more in the inbox. */
    Optional<Entry> after(long since) {
        return Optional.ofNullable(history.higherEntry(since)).map(Map.Entry::getValue);
    }

    /** What was found to concern the chassis after one revision and up to another, as far as it is kept. */
    List<Entry> between(long since, long until) {
        return since < until
                ? List.copyOf(history.subMap(since, false, until, true).values())
                : List.of();
    }

    /** Whether the chassis is told, or was, that one of these changed at a revision that has been looked at. */
    boolean isTold(long at, Set<Id<?>> changed) {
        return Optional.ofNullable(history.ceilingEntry(at))
                .map(Map.Entry::getValue)
                .filter(entry -> entry.after() < at)
                .stream()
                .flatMap(entry -> entry.changes().stream())
                .anyMatch(change -> changed.contains(change.id()));
    }

    /** Whether the chassis must know of the entity, by all that has been looked at. */
    boolean concerns(Entity entity) {
        return interest.filter(i -> i.concerns(entity)).isPresent();
    }

    /** Looks at what is in the inbox for somebody who is not going to say it. */
    void lookAhead() {
        if (interest.isPresent()) {
            var _ = advance();
        } else {
            var content = inbox.takeAll();
            startAt(content, Interest.of(apps, chassis, content.topology()));
        }
        inbox.nudge();
    }

    /** Everything that concerns the chassis. */
    Next.All startAnew() {
        return startAnew(inbox.takeAll());
    }

    private Next.All startAnew(Inbox.Content content) {
        var fresh = new Interest(apps, chassis);
        var topology = content.topology();
        var entities = fresh.update(topology, topology.all().map(Delta::create).toList()).stream()
                .flatMap(delta -> delta.after().stream())
                .toList();
        startAt(content, fresh);
        return new Next.All(revision, entities);
    }

    private void startAt(Inbox.Content content, Interest fresh) {
        interest = Optional.of(fresh);
        history.clear();
        historySize = 0;
        revision = content.revision();
        oldest = revision;
        realisation.startAnew(revision, content.topology());
    }

    /** What the content of the inbox means for the chassis; empty if nothing. */
    Optional<Next> advance() {
        var content = inbox.takeAll();
        if (content.gap() || interest.isEmpty()) {
            return Optional.of(startAnew(content));
        }
        long before = revision;
        revision = content.revision();
        var deltas = interest.get().update(content.topology(), content.deltas());
        if (deltas.isEmpty()) {
            return Optional.empty();
        }
        deltas.forEach(delta -> realisation.note(revision, delta));
        var entry = new Entry(before, revision, deltas.stream().map(Change::of).toList());
        keep(entry);
        return Optional.of(new Next.Some(entry));
    }

    private void keep(Entry entry) {
        history.put(entry.revision(), entry);
        historySize += entry.changes().size();
        while (historySize > retained) {
            var gone = history.pollFirstEntry().getValue();
            historySize -= gone.changes().size();
            oldest = gone.revision();
        }
    }
}
