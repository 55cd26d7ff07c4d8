package org.dragonflow.server.realised;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.dragonflow.model.Delta;
import org.dragonflow.model.Entity;
import org.dragonflow.model.Id;
import org.dragonflow.model.Port;
import org.dragonflow.store.Replica;

/** At which revision an entity was last changed; that its chassis says of a port how it is, is no change of it. */
final class Revisions implements Replica.Listener {
    /** Where the last commit of a port was such a word, the one that changed it. */
    private final Map<Id<?>, Long> beforeStatus = new ConcurrentHashMap<>();

    private volatile Replica.State latest;

    private Revisions(Replica.State latest) {
        this.latest = latest;
    }

    static Revisions of(Replica replica) {
        var revisions = new Revisions(replica.state());
        revisions.latest = replica.subscribe(revisions);
        return revisions;
    }

    @Override
    public void changed(Replica.State after, List<Delta> deltas) {
        for (var delta : deltas) {
            if (delta.id().type() == Port.class) {
                note(delta);
            }
        }
        latest = after;
    }

    private void note(Delta delta) {
        if (isStatusOnly(delta)) {
            latest.revisionOf(delta.id()).ifPresent(revision -> beforeStatus.putIfAbsent(delta.id(), revision));
        } else {
            beforeStatus.remove(delta.id());
        }
    }

    private static boolean isStatusOnly(Delta delta) {
        return delta.before().orElse(null) instanceof Port before
                && delta.after().orElse(null) instanceof Port after
                && !before.equals(after)
                && before.unconfirmed().equals(after.unconfirmed());
    }

    /** Empty if there is no such entity any more. */
    Optional<Long> of(Entity entity) {
        return Optional.ofNullable(beforeStatus.get(entity.id())).or(() -> latest.revisionOf(entity.id()));
    }
}
