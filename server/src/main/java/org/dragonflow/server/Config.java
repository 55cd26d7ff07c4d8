package org.dragonflow.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.dragonflow.model.Doc;
import org.dragonflow.model.Otherwise;
import org.dragonflow.model.Range;
import org.dragonflow.server.neutron.Mtus;
import org.dragonflow.server.neutron.StandardCarriers;

/** All that can be set on a server; every component says what it is for, and what it is if it is not set. */
public record Config(Api api, Identity identity, Storage store, Feed feed, Network network, Nova nova, Quota quota) {

    /** The public API. */
    public record Api(
            @Otherwise("127.0.0.1") @Doc("The address to listen on.")
            String address,

            @Otherwise("9696") @Range(max = 65_535) @Doc("The TCP port to listen on; 0 takes a free one.")
            int port,

            @Otherwise("10485760") @Range(min = 1024, max = 1 << 30) @Doc("How many bytes a request's body may have.")
            int maxBodyBytes,

            @Otherwise("openstacklocal") @Doc("The DNS domain of ports: what the names in dns_assignment end with.")
            String dnsDomain,

            @Otherwise("false")
            @Doc(
                    "Whether to listen on an address that others can reach, although every caller is believed to be who they say; only asked where identity.kind is noauth.")
            boolean trustEverybody,

            @Otherwise("")
            @Doc(
                    "A PEM file with the server's certificate, and those that lead to its authority; empty speaks plain HTTP.")
            String tlsCertificate,

            @Otherwise("") @Doc("A PEM file with the key of that certificate.")
            String tlsKey,

            Waiting waiting) {}

    /** For clients who wait until the switches do what they wrote. */
    public record Waiting(
            @Otherwise("30")
            @Range(max = 3600)
            @Doc("For how many seconds a write with wait=realised waits if it does not say wait_seconds.")
            int seconds,

            @Otherwise("300") @Range(max = 3600) @Doc("The most that wait_seconds may be.")
            int mostSeconds,

            @Otherwise("1000")
            @Range(max = 1_000_000)
            @Doc("How many requests may wait at a time; those beyond are done and answered without.")
            int mostRequests) {}

    /** Who asks, and who may do what. */
    public record Identity(
            @Otherwise("noauth")
            @Doc(
                    "How callers say who they are: noauth (by headers that are believed), basic (HTTP basic, from a file) or keystone (by a token).")
            Kind kind,

            @Otherwise("")
            @Doc("A YAML file with rules that replace standard ones of the same name; empty leaves all as they come.")
            String policyFile,

            @Otherwise("")
            @Doc("Where basic has users from: lines that 'dragonflow password' makes. Read again when it changes.")
            String passwordFile,

            Keystone keystone) {

        /** The ways to say who one is. */
        public enum Kind {
            NOAUTH,
            BASIC,
            KEYSTONE
        }
    }

    /** Where tokens are asked about, and as whom. */
    public record Keystone(
            @Otherwise("http://127.0.0.1:5000")
            @Doc("Where Keystone is, separated by commas; who does not answer in time is passed over for the next.")
            String urls,

            @Otherwise("")
            @Doc(
                    "Where callers find Keystone, as they are told when they come without a token; empty is the first of urls.")
            String publicUrl,

            @Otherwise("dragonflow") @Doc("The user as whom the server asks; it needs the role service or admin.")
            String user,

            @Otherwise("")
            @Doc(
                    "The user's password; better in a file that others cannot read, or in the environment, than on the command line.")
            String password,

            @Otherwise("Default") @Doc("The name of the user's domain.")
            String userDomain,

            @Otherwise("service") @Doc("The name of the project that the user acts in; empty acts on the system.")
            String project,

            @Otherwise("Default") @Doc("The name of that project's domain.")
            String projectDomain,

            @Otherwise("")
            @Doc("A PEM file with the authorities that Keystone's certificate is from; empty are those of this Java.")
            String authority,

            @Otherwise("5000") @Range(min = 100, max = 60_000) @Doc("For how many milliseconds each of urls may take.")
            int timeoutMillis,

            @Otherwise("60")
            @Range(min = 1, max = 3600)
            @Doc("For how many seconds an answer holds: a token that is revoked may be good for that long.")
            int rememberSeconds) {

        /** Nothing of the password. */
        @Override
        public String toString() {
            return "Keystone at %s, asked by %s".formatted(urls, user);
        }
    }

    /** Where the northbound store is. */
    public record Storage(
            @Otherwise("") @Doc("The file of the embedded store; empty keeps all in memory, and loses it at the end.")
            String path,

            @Otherwise("10000")
            @Range(min = 1, max = 100_000_000)
            @Doc(
                    "How many of the latest changes are kept, for chassis to catch up and for questions of the past (as_of).")
            int historyCommits,

            @Otherwise("24")
            @Range(min = 0, max = 876_000)
            @Doc("For how many hours they are kept; a change goes when it exceeds either.")
            int historyHours) {}

    /** How chassis hear of what concerns them. */
    public record Feed(
            @Otherwise("127.0.0.1") @Doc("The address to listen on; on one that others reach, with mutual TLS.")
            String address,

            @Otherwise("9697") @Range(max = 65_535) @Doc("The TCP port to listen on; 0 takes a free one.")
            int port,

            @Otherwise("")
            @Doc("Further names and addresses that chassis reach this server at, separated by commas; they go into"
                    + " its certificate.")
            String names,

            @Otherwise("")
            @Doc("The directory of the built-in certificate authority; needed where the feed has TLS and none of"
                    + " the next three is set.")
            String stateDirectory,

            @Otherwise("90")
            @Range(min = 1, max = 3650)
            @Doc("For how many days the built-in authority gives a chassis a certificate; renewed after two thirds.")
            int certificateDays,

            @Otherwise("10")
            @Range(min = 1, max = 3600)
            @Doc("For how many seconds a chassis may be gone from the feed before it is taken to be down.")
            int downAfterSeconds,

            @Otherwise("")
            @Doc("A PEM file with the server's certificate, for an operator with an authority of his own.")
            String certificate,

            @Otherwise("") @Doc("A PEM file with the key of that certificate.")
            String key,

            @Otherwise("") @Doc("A PEM file with the authorities that the certificates of chassis are from.")
            String authority) {}

    /** What networks are carried by, where nobody says. */
    public record Network(
            @Otherwise("geneve")
            @Doc(
                    "What carries networks of which nobody says it: geneve, vxlan or vlan, or several separated by commas, of"
                            + " which the first is taken that has a number free.")
            String types,

            @Otherwise("1:65536")
            @Doc("The numbers of networks carried by Geneve, such as 1:1000,2000:3000; at most 16777215.")
            String geneveRanges,

            @Otherwise("1:65536")
            @Doc("The numbers of networks carried by VXLAN. No two networks of both have the same.")
            String vxlanRanges,

            @Otherwise("")
            @Doc("The VLANs of physical networks that networks get, such as physnet1:100:199; all those of a physical"
                    + " network of which nothing is said here, nor by the API.")
            String vlanRanges,

            @Otherwise("1500")
            @Range(min = 1280, max = 9000)
            @Doc(
                    "The largest IP packet, in bytes, that the wires take, between chassis and of physical networks; a network"
                            + " gets what is left of it.")
            int physicalMtu,

            @Otherwise("4")
            @Range(min = 4, max = 6)
            @Doc(
                    "The version of IP of the addresses that chassis have for tunnels, 4 or 6; the latter leaves networks 20"
                            + " bytes less.")
            int overlayIpVersion,

            @Otherwise("256")
            @Range(min = 16, max = 16_384)
            @Doc(
                    "How many source ports of its router's address outside a server gets at first, a power of two; half as many each"
                            + " time that half of the rest of the address is gone, down to 16. Who has used them up gets four times as many more.")
            int natPorts) {

        StandardCarriers carriers() {
            return new StandardCarriers(types, geneveRanges, vxlanRanges, vlanRanges);
        }

        Mtus mtus() {
            return new Mtus(physicalMtu, overlayIpVersion);
        }
    }

    /** Whether, and how, the compute service hears of the ports of its servers. */
    public record Nova(
            @Otherwise("false")
            @Doc(
                    "Whether Nova is told when ports of its servers are plugged in, unplugged or changed; as the user of identity.keystone.")
            boolean enabled,

            @Otherwise("")
            @Doc("Where Nova's API is, such as https://nova.example:8774/v2.1; empty looks into Keystone's catalogue.")
            String endpoint,

            @Otherwise("") @Doc("The region to look for in the catalogue; empty takes any.")
            String region,

            @Otherwise("public") @Doc("Which of its endpoints there: public, internal or admin.")
            Side side,

            @Otherwise("")
            @Doc("A PEM file with the authorities that Nova's certificate is from; empty are those of this Java.")
            String authority,

            @Otherwise("10000") @Range(min = 100, max = 60_000) @Doc("For how many milliseconds Nova may take.")
            int timeoutMillis,

            @Otherwise("200")
            @Range(max = 60_000)
            @Doc("For how many milliseconds an event waits for others to be sent with it.")
            int batchMillis,

            @Otherwise("600")
            @Range(min = 1, max = 86_400)
            @Doc("For how many seconds an event is tried again that Nova does not take.")
            int giveUpSeconds) {

        /** For whom an endpoint is. */
        public enum Side {
            PUBLIC,
            INTERNAL,
            ADMIN
        }
    }

    /** How many of each a project may have; -1 is no limit. */
    public record Quota(
            @Otherwise("100") @Range(min = -1, max = Integer.MAX_VALUE) @Doc("Networks of a project.")
            int network,

            @Otherwise("100") @Range(min = -1, max = Integer.MAX_VALUE) @Doc("Subnets of a project.")
            int subnet,

            @Otherwise("-1") @Range(min = -1, max = Integer.MAX_VALUE) @Doc("Subnet pools of a project.")
            int subnetpool,

            @Otherwise("500") @Range(min = -1, max = Integer.MAX_VALUE) @Doc("Ports of a project.")
            int port,

            @Otherwise("10") @Range(min = -1, max = Integer.MAX_VALUE) @Doc("Routers of a project.")
            int router,

            @Otherwise("50") @Range(min = -1, max = Integer.MAX_VALUE) @Doc("Floating IPs of a project.")
            int floatingip,

            @Otherwise("10") @Range(min = -1, max = Integer.MAX_VALUE) @Doc("Security groups of a project.")
            int securityGroup,

            @Otherwise("100") @Range(min = -1, max = Integer.MAX_VALUE) @Doc("Security group rules of a project.")
            int securityGroupRule,

            @Otherwise("10") @Range(min = -1, max = Integer.MAX_VALUE) @Doc("Address groups of a project.")
            int addressGroup,

            @Otherwise("10") @Range(min = -1, max = Integer.MAX_VALUE) @Doc("RBAC policies of a project.")
            int rbacPolicy,

            @Otherwise("-1") @Range(min = -1, max = Integer.MAX_VALUE) @Doc("Trunks of a project.")
            int trunk) {

        /** By the name of the resource. */
        Map<String, Integer> limits() {
            return Map.ofEntries(
                    Map.entry("network", network),
                    Map.entry("subnet", subnet),
                    Map.entry("subnetpool", subnetpool),
                    Map.entry("port", port),
                    Map.entry("router", router),
                    Map.entry("floatingip", floatingip),
                    Map.entry("security_group", securityGroup),
                    Map.entry("security_group_rule", securityGroupRule),
                    Map.entry("address_group", addressGroup),
                    Map.entry("rbac_policy", rbacPolicy),
                    Map.entry("trunk", trunk));
        }
    }

    /** What holds if nothing is set. */
    public static Config standard() {
        return read(Optional.empty(), Map.of(), List.of());
    }

    /**
     * Reads a properties file such as {@code api.port=9696}, then the environment ({@code DRAGONFLOW_API_PORT}), then flags
     * ({@code --api.port=9696}); the last one wins.
     *
     * @throws IllegalArgumentException if there is an unknown or malformed setting, which it names
     */
    public static Config read(Optional<Path> file, Map<String, String> environment, List<String> flags) {
        var given = new LinkedHashMap<String, String>();
        file.ifPresent(path -> readFile(path, given));
        for (var key : Settings.keys(Config.class)) {
            var variable =
                    "DRAGONFLOW_" + key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
            Optional.ofNullable(environment.get(variable)).ifPresent(value -> given.put(key, value));
        }
        for (var flag : flags) {
            int equals = flag.indexOf('=');
            if (!flag.startsWith("--") || equals < 0) {
                throw new IllegalArgumentException("'%s' is not of the form --key=value".formatted(flag));
            }
            given.put(flag.substring(2, equals), flag.substring(equals + 1));
        }
        return Settings.read(Config.class, given);
    }

    private static void readFile(Path path, Map<String, String> given) {
        var properties = new Properties();
        try (var reader = Files.newBufferedReader(path)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException("the configuration %s cannot be read".formatted(path), e);
        }
        properties.stringPropertyNames().forEach(key -> given.put(key, properties.getProperty(key)));
    }

    /** The reference page of all settings. */
    public static String toMarkdown() {
        return Settings.toMarkdown(Config.class);
    }
}
