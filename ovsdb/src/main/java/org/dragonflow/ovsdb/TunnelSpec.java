package org.dragonflow.ovsdb;

import java.util.Map;
import java.util.TreeMap;

/** A tunnel port whose remote end and key each packet's flow sets; {@code options} are added to those two. */
public record TunnelSpec(String name, Type type, Map<String, String> options) {

    /** How the packets are wrapped. */
    public enum Type {
        GENEVE("geneve"),
        VXLAN("vxlan");

        private final String word;

        Type(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    public TunnelSpec {
        options = Map.copyOf(options);
    }

    Map<String, String> allOptions() {
        var all = new TreeMap<>(options);
        all.put("remote_ip", "flow");
        all.put("key", "flow");
        return all;
    }
}
