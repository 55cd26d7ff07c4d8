package org.dragonflow.feed;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
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
    private final Deque<Entry> history = new ArrayDeque<>();
    private final Realisation realisation;
    private Optional<Interest> interest = Optional.empty();
    private volatile Optional<Session> session = Optional.empty();
    private int historySize;
    private long oldest;
    private long revision;

    /** What was said at a revision. */
    record Entry(long revision, List<Change> changes) {}

    /** What is to be said next. */
    sealed interface Next {
        record All(long revision, List<Entity> entities) implements Next {}

        record Some(Entry entry) implements Next {}
    }

    Line(Id<Chassis> chassis, List<App> apps, String name, int retained, Inbox inbox) {
        this.chassis = chassis;
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

    /** What has been said after this position; empty if that is not known. */
    Optional<List<Entry>> since(Position position) {
        if (!position.line().equals(name)
                || interest.isEmpty()
                || position.revision() < oldest
                || position.revision() > revision) {
            return Optional.empty();
        }
        return Optional.of(history.stream()
                .filter(entry -> entry.revision() > position.revision())
                .toList());
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
        interest = Optional.of(fresh);
        history.clear();
        historySize = 0;
        revision = content.revision();
        oldest = revision;
        realisation.startAnew(revision, topology);
        return new Next.All(revision, entities);
    }

    /** What the content of the inbox means for the chassis; empty if nothing. */
    Optional<Next> advance() {
        var content = inbox.takeAll();
        if (content.gap() || interest.isEmpty()) {
            return Optional.of(startAnew(content));
        }
        revision = content.revision();
        var deltas = interest.get().update(content.topology(), content.deltas());
        if (deltas.isEmpty()) {
            return Optional.empty();
        }
        deltas.forEach(delta -> realisation.note(revision, delta));
        var entry = new Entry(revision, deltas.stream().map(Change::of).toList());
        keep(entry);
        return Optional.of(new Next.Some(entry));
    }

    private void keep(Entry entry) {
        history.add(entry);
        historySize += entry.changes().size();
        while (historySize > retained) {
            var gone = history.remove();
            historySize -= gone.changes().size();
            oldest = gone.revision();
        }
    }
}
