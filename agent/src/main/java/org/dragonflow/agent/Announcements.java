package org.dragonflow.agent;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.dragonflow.compile.Announcement;
import org.dragonflow.compile.Announcer;
import org.dragonflow.compile.App;
import org.dragonflow.compile.Timetable;
import org.dragonflow.flow.PacketOut;
import org.dragonflow.model.Topology;

/** Says what hosts are to be told unasked, when it is due; an announcer that fails is silent, and hinders nobody. */
final class Announcements {
    // What has changed is told at once; what is to be repeated has time.
    private static final Duration IN_TIME = Duration.ofSeconds(1);

    private final List<Announcer> announcers;
    private final RandomGenerator random;
    private final Map<Announcer, List<Announcement>> current = new HashMap<>();
    private final Map<Announcer, Timetable> timetables = new HashMap<>();
    private final Map<String, String> faults = new TreeMap<>();
    private Optional<Topology> seen = Optional.empty();
    private Instant looked = Instant.EPOCH;

    Announcements(List<App> apps, RandomGenerator random) {
        this.announcers =
                apps.stream().flatMap(app -> app.announcers().stream()).toList();
        this.random = random;
    }

    /** What the switch is to send now. */
    @SuppressWarnings(
            "ReferenceEquality") // quick where nothing has changed; a topology that is equal says the same again
    List<PacketOut> due(Topology topology, Instant now) {
        boolean isNews = seen.isEmpty() || seen.get() != topology;
        if (!isNews && now.isBefore(looked.plus(IN_TIME))) {
            return List.of();
        }
        looked = now;
        var due = new ArrayList<PacketOut>();
        seen = Optional.of(topology);
        for (var announcer : announcers) {
            try {
                if (isNews) {
                    current.put(
                            announcer, announcer.announcements().apply(topology).toList());
                    faults.remove(announcer.name());
                }
                var step = timetables
                        .getOrDefault(announcer, Timetable.BLANK)
                        .at(
                                now,
                                current.getOrDefault(announcer, List.of()),
                                announcer.revised(),
                                announcer.pace(),
                                random);
                timetables.put(announcer, step.next());
                due.addAll(step.due());
            } catch (RuntimeException e) {
                faults.put(announcer.name(), "announcer %s fails: %s".formatted(announcer.name(), e));
            }
        }
        return due;
    }

    /** What announcers fail at, one text each. */
    Map<String, String> faults() {
        return faults;
    }
}
