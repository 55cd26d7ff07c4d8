package org.dragonflow.compile;

import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Stream;
import org.dragonflow.model.View;
import org.dragonflow.packet.Ethernet;

/**
 * Says what hosts are told unasked: pure functions of the topology, and of what was told before. When it is told, {@link Timetable} says.
 *
 * @param name for logs
 * @param announcements one for each listener, also where there is nothing to tell it
 * @param revised what to say to those who heard the first, when the second is so
 * @param pace how often it is said
 */
public record Announcer(
        String name,
        Function<View, Stream<Announcement>> announcements,
        BinaryOperator<List<Ethernet>> revised,
        Pace pace) {}
