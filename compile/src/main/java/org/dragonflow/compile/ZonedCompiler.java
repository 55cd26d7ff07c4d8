package org.dragonflow.compile;

import java.util.Collection;
import java.util.List;
import org.dragonflow.flow.Bundle;
import org.dragonflow.flow.Pipeline;
import org.dragonflow.model.Delta;

/**
 * A compiler whose apps get the conntrack zones that they want at once: for switches in memory, and wherever no switch is at hand.
 *
 * <p>Zones that were abandoned are kept, so that nobody inherits connections, until whoever holds the switch has flushed and {@link #free
 * freed} them. One thread at a time.
 */
public final class ZonedCompiler {
    private final Compiler compiler;
    private ZoneAllocation zones = ZoneAllocation.EMPTY;

    public ZonedCompiler(Pipeline pipeline, List<App> apps) {
        this(pipeline, apps, List.of());
    }

    /**
     * As after a restart.
     *
     * @param remembered the zones that were given before
     */
    public ZonedCompiler(Pipeline pipeline, List<App> apps, Collection<ConntrackZone> remembered) {
        this.compiler = new Compiler(pipeline, apps);
        give(remembered);
    }

    /** Takes the changes, gives zones to those who want them because of that, and says what changes in the switch. */
    public Bundle update(Collection<Delta> deltas) {
        zones = zones.hearing(compiler.tell(deltas));
        for (var next = zones.next(); !next.isEmpty(); next = zones.next()) {
            give(next);
        }
        return compiler.settle();
    }

    private void give(Collection<ConntrackZone> news) {
        zones = zones.with(news);
        zones = zones.hearing(compiler.tell(news.stream().map(Delta::create).toList()));
    }

    public List<ConntrackZone> zones() {
        return zones.given();
    }

    /** The zones that no flow uses any more. */
    public List<ConntrackZone> abandoned() {
        return List.copyOf(zones.abandoned());
    }

    /** Takes zones back that were flushed. */
    public void free(Collection<ConntrackZone> flushed) {
        zones = zones.without(flushed);
        zones = zones.hearing(compiler.tell(flushed.stream().map(Delta::delete).toList()));
    }

    /** What it makes of all that; to be told nothing. */
    public Compiler compiler() {
        return compiler;
    }
}
