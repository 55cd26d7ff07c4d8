package org.dragonflow.agent;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.dragonflow.compile.Maker;
import org.dragonflow.flow.Entry;
import org.dragonflow.flow.Flow;
import tools.jackson.databind.json.JsonMapper;

/** How the agent is, as JSON. */
final class Status {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Loop loop;

    Status(Loop loop) {
        this.loop = loop;
    }

    String json(StatusQuery query) {
        return JSON.writeValueAsString(
                switch (query) {
                    case StatusQuery.Overview _ -> overview();
                    case StatusQuery.Ports _ -> ports();
                    case StatusQuery.ByCookie(long cookie) -> byCookie(cookie);
                    case StatusQuery.ByEntity(var name) -> byEntity(name);
                });
    }

    private Map<String, Object> overview() {
        var overview = new LinkedHashMap<String, Object>();
        overview.put("chassis", loop.config().chassis().value());
        overview.put("revision", loop.revision());
        overview.put("acknowledged", loop.acknowledged());
        overview.put("in_sync", loop.installer().isInSync());
        overview.put("connected", connections());
        overview.put(
                "ports", Map.of("up", loop.ports().up(), "down", loop.ports().down()));
        overview.put(
                "uplinks",
                loop.uplinks().stream()
                        .map(uplink -> Map.of("physical_network", uplink.physicalNetwork(), "up", uplink.up()))
                        .toList());
        overview.put("flows", flows());
        overview.put("flow_mods", loop.metrics().flowMods());
        overview.put("degraded", List.copyOf(loop.installer().refusals().texts().values()));
        overview.put(
                "problems",
                loop.program().problems().stream().map(Object::toString).toList());
        overview.put(
                "complaints",
                loop.complaints().all().stream()
                        .map(complaint -> Map.of("topic", complaint.topic(), "text", complaint.text()))
                        .toList());
        overview.put(
                "audit",
                Map.of(
                        "runs",
                        loop.metrics().audits(),
                        "differences",
                        loop.metrics().differences()));
        overview.put("faults", loop.metrics().faults());
        return overview;
    }

    private Map<String, Object> connections() {
        return Map.of(
                "server", loop.server(),
                "database", loop.database(),
                "switch", loop.installer().isConnected() ? "connected" : "no connection");
    }

    private Map<String, Object> flows() {
        var perTable = loop.program()
                .flows()
                .flows()
                .collect(Collectors.groupingBy(flow -> flow.table().name(), TreeMap::new, Collectors.counting()));
        return Map.of("total", loop.program().flows().size(), "per_table", perTable);
    }

    private List<Map<String, Object>> ports() {
        return loop.ports().all().entrySet().stream()
                .map(entry -> Map.<String, Object>of(
                        "port", entry.getKey(),
                        "up", entry.getValue() == LocalPorts.Standing.UP,
                        "why", entry.getValue().why()))
                .toList();
    }

    private List<Map<String, Object>> byCookie(long cookie) {
        return loop.program().withCookie(cookie).map(this::entry).toList();
    }

    private List<Map<String, Object>> byEntity(String name) {
        return loop.program().flows().entries().stream()
                .filter(entry -> loop.program().makersOf(entry.key()).stream()
                        .anyMatch(maker -> maker.subject().value().equals(name)))
                .map(this::entry)
                .toList();
    }

    private Map<String, Object> entry(Entry entry) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("key", entry.key().toString());
        if (entry instanceof Flow flow) {
            shown.put("cookie", "0x%016x".formatted(flow.cookie()));
            shown.put("actions", flow.actions().stream().map(Object::toString).toList());
        }
        shown.put(
                "makers",
                loop.program().makersOf(entry.key()).stream().map(Status::maker).toList());
        return shown;
    }

    private static Map<String, String> maker(Maker maker) {
        return Map.of(
                "app", maker.app(),
                "rule", maker.rule(),
                "type", maker.subject().type().getSimpleName(),
                "entity", maker.subject().value());
    }
}
