package org.dragonflow.server;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dragonflow.address.IpAddress;
import org.dragonflow.model.Chassis;
import org.dragonflow.model.Chassis.Uplink;
import org.dragonflow.model.Id;
import org.dragonflow.model.TunnelType;
import org.dragonflow.store.MemoryStore;
import org.dragonflow.store.Retention;
import org.dragonflow.store.Store;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** A server on a free port, and a client of it. */
final class Cloud implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Server server;
    private final HttpClient http = HttpClient.newHttpClient();

    Cloud(String... flags) {
        this(new MemoryStore(Clock.systemUTC(), Retention.STANDARD), flags);
    }

    Cloud(Store store, String... flags) {
        var all = new ArrayList<>(List.of("--api.port=0", "--feed.port=0"));
        all.addAll(List.of(flags));
        server = Server.start(Config.read(java.util.Optional.empty(), Map.of(), all), store);
    }

    /** What came back. */
    record Reply(int status, JsonNode body, HttpResponse<String> http) {
        String error() {
            return body.path("NeutronError").path("type").asString("");
        }

        String message() {
            return body.path("NeutronError").path("message").asString("");
        }

        Reply ok() {
            if (status >= 300) {
                throw new AssertionError(status + " " + body);
            }
            return this;
        }

        /** An attribute of the resource. */
        JsonNode get(String name) {
            return body.iterator().next().path(name);
        }

        String text(String name) {
            return get(name).asString("");
        }

        String id() {
            return ok().text("id");
        }
    }

    Server server() {
        return server;
    }

    String url() {
        return "http://127.0.0.1:" + server.port();
    }

    long revision() {
        return server.replica().state().revision();
    }

    Reply get(String path, String... headers) {
        return send("GET", path, "", headers);
    }

    Reply post(String path, String body, String... headers) {
        return send("POST", path, body, headers);
    }

    Reply put(String path, String body, String... headers) {
        return send("PUT", path, body, headers);
    }

    Reply delete(String path, String... headers) {
        return send("DELETE", path, "", headers);
    }

    /** Single quotes stand for double ones. A path that does not start with a slash is under /v2.0/. */
    Reply send(String method, String path, String body, String... headers) {
        var uri = URI.create(url() + (path.startsWith("/") ? path : "/v2.0/" + path));
        var publisher = body.isEmpty()
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(body.replace('\'', '"'));
        var request = HttpRequest.newBuilder(uri).timeout(LIMIT).method(method, publisher);
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            var response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            var isJson =
                    response.headers().firstValue("Content-Type").orElse("").startsWith("application/json");
            return new Reply(
                    response.statusCode(),
                    isJson ? JSON.readTree(response.body()) : MissingNode.getInstance(),
                    response);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    String network(String... headers) {
        return post("networks", "{'network':{'name':'net'}}", headers).id();
    }

    String subnet(String network, String cidr) {
        return post(
                        "subnets",
                        "{'subnet':{'network_id':'%s','cidr':'%s','ip_version':%d}}"
                                .formatted(network, cidr, cidr.contains(":") ? 6 : 4))
                .id();
    }

    Reply port(String network, String more) {
        return post("ports", "{'port':{'network_id':'%s'%s}}".formatted(network, more));
    }

    String router() {
        return post("routers", "{'router':{'name':'r'}}").id();
    }

    String group(String name) {
        return post("security-groups", "{'security_group':{'name':'%s'}}".formatted(name))
                .id();
    }

    /** Headers of a project's member. */
    static String[] member(String project) {
        return new String[] {"X-Project-Id", project, "X-Roles", "member"};
    }

    /** The names of the resources in a list, or another attribute of theirs. */
    static List<String> all(Reply list, String attribute) {
        var values = new ArrayList<String>();
        list.ok()
                .body()
                .iterator()
                .next()
                .forEach(one -> values.add(one.path(attribute).asString("")));
        return values;
    }

    /** The links of a page, by relation. */
    static Map<String, String> links(Reply list, String plural) {
        var links = new LinkedHashMap<String, String>();
        list.ok()
                .body()
                .path(plural + "_links")
                .forEach(link -> links.put(
                        link.path("rel").asString(""), link.path("href").asString("")));
        return links;
    }

    @Override
    public void close() {
        http.close();
        server.close();
    }

    /** A chassis that says how its link to the physical network {@code p1} is; its name ends in a digit. */
    void chassis(String name, boolean isLinkUp, boolean isAlive) throws InterruptedException {
        chassis(name, List.of(new Uplink("p1", isLinkUp)), isAlive);
    }

    void chassis(String name, List<Uplink> uplinks, boolean isAlive) throws InterruptedException {
        var chassis = new Chassis(
                Id.of(Chassis.class, name),
                IpAddress.parse("192.0.2." + name.charAt(name.length() - 1)),
                List.of(TunnelType.GENEVE),
                "system-" + name,
                "br-int",
                "system",
                uplinks,
                isAlive,
                Instant.EPOCH);
        server().replica()
                .edit(edit -> edit.get(chassis.id()).isPresent() ? edit.replace(chassis) : edit.create(chassis));
    }
}
