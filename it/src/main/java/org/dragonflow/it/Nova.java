package org.dragonflow.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A real Nova on this machine, from its Debian packages, with the Placement and the Glance that it needs; it makes servers on hosts that are
 * none. Which networks it uses, Keystone tells it.
 *
 * <p>As with libvirt, a server is not there before Nova has heard that all its cards are plugged in, nor does it move to another host before
 * they are there; somebody else has to plug them in.
 */
public final class Nova implements AutoCloseable {
    private static final String SECRET = "nova-and-the-agents-know";

    private final Path directory;
    private final String metadataHost;
    private final int metadataPort = PythonProgram.freePort();
    private final PythonProgram placement;
    private final PythonProgram glance;
    private final PythonProgram nova;

    private Nova(Path directory, String metadataHost, List<String> hosts) {
        this.directory = directory;
        this.metadataHost = metadataHost;
        this.placement = served("placement", "placement.conf");
        this.glance = served("glance", "");
        int port = PythonProgram.freePort();
        var words = new ArrayList<>(List.of(directory.resolve("nova.conf").toString()));
        words.addAll(hosts);
        this.nova = new PythonProgram("nova", directory, port, Map.of(), words.toArray(String[]::new));
    }

    private PythonProgram served(String name, String configuration) {
        int port = PythonProgram.freePort();
        return new PythonProgram(
                name,
                directory,
                port,
                Map.of(),
                directory.resolve(configuration).toString(),
                Integer.toString(port));
    }

    /**
     * Starts one that knows hosts of these names, and keeps all it has in this directory.
     *
     * @param metadataHost the address of this machine where metadata is asked for
     */
    public static Nova start(Keystone keystone, Path directory, String metadataHost, String... hosts) {
        var nova = new Nova(directory, metadataHost, List.of(hosts));
        try {
            nova.configure(keystone.url());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        keystone.offer("placement", "placement", nova.placement.url());
        keystone.offer("glance", "image", nova.glance.url());
        keystone.offer("nova", "compute", nova.url());
        try {
            nova.run();
        } catch (RuntimeException e) {
            nova.close();
            throw e;
        }
        return nova;
    }

    private void run() {
        placement.launch();
        glance.launch();
        placement.await();
        nova.launch();
        glance.await();
        nova.await();
    }

    private void configure(String keystone) throws IOException {
        PythonProgram.copy(directory, "nova-paste.ini", "glance-api-paste.ini");
        for (var subdirectory : List.of("images", "staging", "tasks")) {
            Files.createDirectory(directory.resolve(subdirectory));
        }
        var user = """
                auth_url = %1$s
                www_authenticate_uri = %1$s
                auth_type = password
                username = %2$s
                password = %2$s
                project_name = %2$s
                user_domain_id = default
                project_domain_id = default
                """.formatted(keystone, Keystone.ADMIN);
        write("placement.conf", """
                [placement_database]
                connection = sqlite:///%1$s/placement.db
                [keystone_authtoken]
                %2$s""", user);
        write("glance-api.conf", """
                [DEFAULT]
                log_file = %1$s/glance-api.log
                enabled_backends = disk:file
                [database]
                connection = sqlite:///%1$s/glance.db
                [glance_store]
                default_backend = disk
                [disk]
                filesystem_store_datadir = %1$s/images
                [os_glance_staging_store]
                filesystem_store_datadir = %1$s/staging
                [os_glance_tasks_store]
                filesystem_store_datadir = %1$s/tasks
                [paste_deploy]
                flavor = keystone
                [keystone_authtoken]
                %2$s""", user);
        configureNova(user);
    }

    // A broker would be one process more: all that would talk over it is in one.
    private void configureNova(String user) throws IOException {
        write("nova.conf", """
                [DEFAULT]
                default_log_levels = nova.compute.manager=DEBUG
                transport_url = fake:///
                compute_driver = waiting.WaitingDriver
                state_path = %1$s
                my_ip = 127.0.0.1
                osapi_compute_listen = 127.0.0.1
                osapi_compute_listen_port = %3$d
                vif_plugging_is_fatal = true
                vif_plugging_timeout = 60
                metadata_listen = %4$s
                metadata_listen_port = %5$d
                [database]
                connection = sqlite:///%1$s/nova.db
                [api_database]
                connection = sqlite:///%1$s/nova-api.db
                [wsgi]
                api_paste_config = %1$s/nova-paste.ini
                [oslo_concurrency]
                lock_path = %1$s/locks
                [keystone_authtoken]
                %2$s[placement]
                %2$s[neutron]
                service_metadata_proxy = true
                metadata_proxy_shared_secret = %6$s
                %2$s""", user);
    }

    private void write(String file, String template, String user) throws IOException {
        Files.writeString(
                directory.resolve(file),
                template.formatted(directory, user, nova.port(), metadataHost, metadataPort, SECRET));
    }

    /** Where its API is, with the version. */
    public String url() {
        return nova.url() + "/v2.1";
    }

    /** The settings of an agent that has metadata from it. */
    public String[] metadataSettings() {
        try {
            var secret = Files.writeString(directory.resolve("metadata-secret"), SECRET + "\n");
            return new String[] {
                "--nova-metadata-url=http://%s:%d".formatted(metadataHost, metadataPort),
                "--nova-metadata-secret-file=" + secret
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it has logged; of the computes, their debugging messages too. */
    public String log() {
        return nova.printed();
    }

    @Override
    public void close() {
        nova.close();
        glance.close();
        placement.close();
    }
}
