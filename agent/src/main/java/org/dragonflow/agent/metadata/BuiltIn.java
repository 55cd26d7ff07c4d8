package org.dragonflow.agent.metadata;

import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Answers for a cloud without Nova: what the topology says of the port, as EC2 and OpenStack would have it.
 *
 * @param domain of the names of ports, without a dot at the end
 */
record BuiltIn(String domain) implements Metadata {
    private static final int OK = 200;

    @Override
    public Reply answer(Request request, Asker asker) {
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            return Reply.fault(405, "This metadata can only be read.");
        }
        var documents = new Documents(asker, domain).byPath();
        var path = request.path().replaceAll("/+", "/").replaceAll("^/|/$", "");
        var document = Optional.ofNullable(documents.get(path));
        if (document.isPresent()) {
            return Reply.of(OK, path.endsWith(".json") ? "application/json" : "text/plain", document.get());
        }
        var under = path.isEmpty() ? "" : path + "/";
        var children = documents.keySet().stream()
                .filter(name -> name.startsWith(under))
                .map(name -> child(name.substring(under.length())))
                .collect(Collectors.toCollection(TreeSet::new));
        return children.isEmpty()
                ? Reply.fault(404, "There is no metadata of this name.")
                : Reply.of(OK, "text/plain", String.join("\n", children));
    }

    /** A directory is told from a document by its slash, but for versions and keys, which never were. */
    private static String child(String name) {
        int slash = name.indexOf('/');
        if (slash < 0) {
            return name;
        }
        var first = name.substring(0, slash);
        return Documents.isVersion(first) || first.equals("openstack") ? first : first + "/";
    }

    @Override
    public Optional<String> fault() {
        return Optional.empty();
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
