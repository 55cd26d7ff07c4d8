package org.dragonflow.it;

import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What became of a row of pings, counted from the lines that ping printed.
 *
 * @param sent how many were sent
 * @param received how many of these were answered, each counted once
 * @param roundTrips how long the answers took, in the order of the pings
 * @param longestGap the longest time between two answers
 */
public record Pings(int sent, int received, List<Duration> roundTrips, Duration longestGap) {
    private static final Pattern SEQUENCE = Pattern.compile("icmp_seq=(\\d+)");
    private static final Pattern ANSWER =
            Pattern.compile("\\[(\\d+)\\.(\\d{6})] \\d+ bytes from .* icmp_seq=(\\d+) .*time=([\\d.]+) ms.*");

    public Pings {
        roundTrips = List.copyOf(roundTrips);
    }

    public int lost() {
        return sent - received;
    }

    public boolean allAnswered() {
        return sent > 0 && lost() == 0;
    }

    private record Answer(long micros, Duration roundTrip) {}

    /** Reads what {@code ping -D} printed about its first so many pings. */
    static Pings read(String output, int sent) {
        var answers = new TreeMap<Integer, Answer>();
        int last = 0;
        for (var line : output.lines().toList()) {
            var matcher = ANSWER.matcher(line);
            if (matcher.matches()) {
                last = unwrapped(Integer.parseInt(matcher.group(3)), last);
                long micros = Long.parseLong(matcher.group(1)) * 1_000_000 + Long.parseLong(matcher.group(2));
                answers.putIfAbsent(last, new Answer(micros, millis(matcher.group(4))));
            }
        }
        var counted = answers.headMap(sent, true).values();
        var times = counted.stream().mapToLong(Answer::micros).sorted().toArray();
        long gap = 0;
        for (int i = 1; i < times.length; i++) {
            gap = Math.max(gap, times[i] - times[i - 1]);
        }
        return new Pings(
                sent, counted.size(), counted.stream().map(Answer::roundTrip).toList(), Duration.ofNanos(gap * 1_000));
    }

    /** The number of the newest ping that the output speaks of, answered or not; 0 if there is none. */
    static int newest(String output) {
        int newest = 0;
        var matcher = SEQUENCE.matcher(output);
        int last = 0;
        while (matcher.find()) {
            last = unwrapped(Integer.parseInt(matcher.group(1)), last);
            newest = Math.max(newest, last);
        }
        return newest;
    }

    /** On the wire the number has 16 bits; it is the one that is nearest to the one before. */
    private static int unwrapped(int number, int before) {
        return before + (short) (number - before);
    }

    private static Duration millis(String text) {
        return Duration.ofNanos(Math.round(Double.parseDouble(text) * 1_000_000));
    }
}
