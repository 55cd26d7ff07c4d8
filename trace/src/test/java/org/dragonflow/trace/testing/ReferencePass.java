package org.dragonflow.trace.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.dragonflow.address.Ipv6;

/**
 * What {@code ofproto/trace} says of one pass through the pipeline.
 *
 * @param lookups table and cookie, as in {@code 3/0x1c}; of a miss, {@code 3/miss}
 * @param ends where the packet went: names of ports, and {@code controller}
 * @param before the flow as it was, by the names of Open vSwitch
 * @param after the flow as it became
 * @param isFailed whether the translation was given up
 */
public record ReferencePass(
        List<String> lookups,
        List<String> ends,
        Map<String, String> before,
        Map<String, String> after,
        boolean isFailed) {
    private static final Pattern LOOKUP = Pattern.compile("^ *(\\d+)\\. (.*)$");
    private static final Pattern COOKIE = Pattern.compile("cookie (0x[0-9a-f]+)");
    // Reason 2 is the packet without hops, which goes only to controllers that ask for it (OFPT_SET_ASYNC); the tracer
    // has none.
    private static final Pattern END =
            Pattern.compile("(?<![\\w.=:-])(p\\d+)(?![\\w=(:.-])|userspace\\([^r]*controller\\(reason=1");

    /** Reads the answer of {@code ofproto/trace --names}: the first pass, then the recirculated ones. */
    public static List<ReferencePass> parse(String answer) {
        return Stream.of(answer.split("(?m)^Flow: ", -1))
                .skip(1)
                .map(ReferencePass::parseOne)
                .toList();
    }

    private static ReferencePass parseOne(String text) {
        var lines = text.split("\n", -1);
        var before = fields(lines[0]);
        var after = before;
        var lookups = new ArrayList<String>();
        var ends = new ArrayList<String>();
        for (var line : lines) {
            if (line.startsWith("Final flow: ") && !line.endsWith(": unchanged")) {
                after = fields(line.substring(12));
            } else if (line.startsWith("Datapath actions: ")) {
                var matcher = END.matcher(line.substring(18));
                while (matcher.find()) {
                    ends.add(matcher.group(1) == null ? "controller" : matcher.group(1));
                }
            } else {
                var lookup = LOOKUP.matcher(line);
                if (lookup.matches()) {
                    var cookie = COOKIE.matcher(lookup.group(2));
                    lookups.add(lookup.group(1) + "/" + (cookie.find() ? cookie.group(1) : "miss"));
                }
            }
        }
        return new ReferencePass(lookups, ends, before, after, text.contains("Translation failed"));
    }

    private static Map<String, String> fields(String flow) {
        var fields = new LinkedHashMap<String, String>();
        Arrays.stream(flow.split(",", -1))
                .map(word -> word.split("=", 2))
                .forEach(pair -> fields.put(pair[0], pair.length == 2 ? value(pair[0], pair[1]) : ""));
        return fields;
    }

    /** The C library writes some IPv6 addresses with the last 32 bits as of IPv4 (::0.170.0.0). */
    private static String value(String field, String text) {
        return switch (field) {
            case "ipv6_src", "ipv6_dst", "nd_target" -> Ipv6.parse(text).toString();
            default -> text;
        };
    }
}
