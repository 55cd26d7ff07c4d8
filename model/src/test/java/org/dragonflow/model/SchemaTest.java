package org.dragonflow.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.dragonflow.address.IpAddress;
import org.dragonflow.address.IpPrefix;
import org.dragonflow.address.Mac;
import org.dragonflow.model.Access.Writer;
import org.dragonflow.model.Problem.Kind;
import org.junit.jupiter.api.Test;

class SchemaTest {
    private static final String BLUE = "8b8ab1e1-7a5c-4f6e-9a1b-0c9d8e7f6a5b";
    private static final String OTHER = "11111111-7a5c-4f6e-9a1b-0c9d8e7f6a5b";
    private static final Schema<Port> PORT = Schema.of(Port.class);
    private static final Schema<Network> NETWORK = Schema.of(Network.class);
    private static final Schema<Subnet> SUBNET = Schema.of(Subnet.class);

    private static Port port(Consumer<Map<String, Object>> change) {
        var values = new HashMap<String, Object>(
                PORT.create(Map.of("network_id", BLUE)).orThrow());
        values.put("id", Id.of(Port.class, OTHER));
        values.put("project_id", "acme");
        values.put("mac_address", Mac.parse("02:00:00:00:00:01"));
        values.put("fixed_ips", List.of());
        values.put("security_groups", List.of());
        values.put("port_security_enabled", true);
        values.put("key", 7);
        values.put("created_at", Instant.parse("2026-01-02T03:04:05.678Z"));
        values.put("updated_at", Instant.parse("2026-01-02T03:04:05.678Z"));
        values.put("revision_number", 1L);
        change.accept(values);
        return PORT.make(values);
    }

    private static Port.FixedIp fixedIp(String subnet, String address) {
        return new Port.FixedIp(Id.of(Subnet.class, subnet), IpAddress.parse(address));
    }

    private static List<String> texts(Decoded<?> decoded) {
        return problems(decoded).stream().map(Problem::text).toList();
    }

    private static List<Problem> problems(Decoded<?> decoded) {
        return decoded instanceof Decoded.Bad<?>(var problems) ? problems : List.of();
    }

    @Test
    void everyEntityOfThePackageIsInTheList() throws Exception {
        var folder = Path.of(Entity.class.getResource("Entity.class").toURI()).getParent();
        try (var files = Files.list(folder)) {
            var records = files.map(f -> f.getFileName().toString())
                    .filter(f -> f.endsWith(".class") && !f.equals("module-info.class"))
                    .map(f -> type(f.substring(0, f.length() - 6)))
                    .filter(t -> t.isRecord() && Entity.class.isAssignableFrom(t))
                    .collect(Collectors.<Class<?>>toSet());
            assertThat(Schemas.all().<Class<?>>map(Schema::type)).containsExactlyInAnyOrderElementsOf(records);
        }
    }

    private static Class<?> type(String name) {
        try {
            return Class.forName(Entity.class.getPackageName() + "." + name);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    @Unique("colour")
    record Faulty(
            @Doc("Names it.") Id<Faulty> id,
            String undocumented,
            @Doc("Of no known type.") StringBuilder builder,
            @Otherwise("{") @Doc("With no JSON.") int number,

            @Otherwise("\"many\"") @Doc("With JSON of another type.")
            int count)
            implements Entity {}

    @Test
    void aDeclarationWithSixFaultsTellsOfSix() {
        assertThatThrownBy(() -> Schema.of(Faulty.class))
                .hasMessage("Faulty has no @Doc; Faulty.undocumented has no @Doc;"
                        + " Faulty.builder has a type that no attribute may have: java.lang.StringBuilder;"
                        + " Faulty.number has a bad @Otherwise: { is not JSON that an annotation may hold;"
                        + " Faulty.count cannot be \"many\", as @Otherwise says;"
                        + " Faulty has no attribute colour to be unique");
    }

    @Doc("Has annotations where they mean nothing.")
    record Misplaced(
            @Doc("Not its own.") Id<Network> id,

            @Reference(Reference.Promise.HELD) @Distinct @Doc("No reference, no list.")
            String name,

            @OneOf("1") @Filled @Otherwise("true") @Doc("No number.")
            boolean truth,

            @Wire(value = "name", absent = "\"\"") @Doc("Named twice, and never absent.")
            int other,

            @OneOf({"4", "six"}) @Doc("Six is no number.") int version,
            @Doc("Holds itself.") List<Inner> inner)
            implements Entity {}

    @Doc("Holds itself.")
    record Inner(
            @Access(Writer.SERVER) @Doc("Not an entity's.") int number,
            @Doc("Without end.") List<Inner> more) {}

    @Test
    void anAnnotationThatMeansNothingWhereItIsIsAFault() {
        assertThatThrownBy(() -> Schema.of(Misplaced.class))
                .message()
                .contains(
                        "Misplaced does not begin with its Id",
                        "Misplaced.name is no reference",
                        "Misplaced.name cannot have @Distinct",
                        "Misplaced.truth cannot have @OneOf",
                        "Misplaced.truth has both @Filled and @Otherwise",
                        "Misplaced.other is never absent",
                        "Misplaced has two attributes name",
                        "Misplaced.version cannot be one of six",
                        "Inner.number has @Access",
                        "Inner.more has a type that no attribute may have");
    }

    @Test
    void aPortThatIsAskedForHasWhatItsClientSaidAndWhatIsSoOtherwise() {
        var body = Map.of(
                "network_id", BLUE, "admin_state_up", "0", "fixed_ips", List.of(Map.of("ip_address", "10.0.0.5")));
        var created = PORT.create(body).orThrow();
        assertThat(created)
                .containsEntry("network_id", Id.of(Network.class, BLUE))
                .containsEntry("admin_state_up", false)
                .containsEntry("name", "")
                .containsEntry("status", Status.DOWN)
                .containsEntry("binding:host_id", Optional.empty())
                .doesNotContainKeys("mac_address", "id", "project_id", "security_groups", "key");
        assertThat(created.get("fixed_ips"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .singleElement()
                .satisfies(p -> assertThat(((Partial) p)
                                .with("subnet_id", Id.of(Subnet.class, OTHER))
                                .whole(Port.FixedIp.class))
                        .isEqualTo(fixedIp(OTHER, "10.0.0.5")));
    }

    @Test
    void everythingWrongWithARequestIsToldAtOnce() {
        var body = new HashMap<String, Object>();
        body.put("mac_address", "nope");
        body.put("colour", 1);
        body.put("status", "ACTIVE");
        body.put("name", "x".repeat(256));
        body.put("project_id", "acme");
        body.put("tenant_id", "other");
        body.put("security_groups", List.of(BLUE, "default", BLUE));
        body.put("fixed_ips", List.of(Map.of("ip_address", "10.0.0"), Map.of("ip", "10.0.0.1")));
        body.put("extra_dhcp_opts", List.of(Map.of("ip_version", 5), "no"));
        var problems = problems(PORT.create(body));
        assertThat(problems)
                .extracting(Problem::kind, Problem::attribute)
                .contains(
                        tuple(Kind.MISSING, "network_id"),
                        tuple(Kind.UNKNOWN, "colour"),
                        tuple(Kind.READ_ONLY, "status"),
                        tuple(Kind.INVALID, "fixed_ips[0].ip_address"));
        assertThat(problems)
                .extracting(Problem::text)
                .containsExactlyInAnyOrder(
                        "Failed to parse request. Required attribute 'network_id' not specified",
                        "Invalid input for mac_address. Reason: 'nope' is not a valid MAC address.",
                        "Attribute 'status' not allowed in POST",
                        "'project_id' and 'tenant_id' do not match",
                        "Invalid input for name. Reason: '" + "x".repeat(200) + "...' exceeds maximum length of 255.",
                        "Invalid input for security_groups[1]. Reason: 'default' is not a valid UUID.",
                        "Invalid input for security_groups. Reason: Duplicate items in the list: '" + BLUE + "'.",
                        "Invalid input for fixed_ips[0].ip_address. Reason: '10.0.0' is not a valid IP address.",
                        "Invalid input for fixed_ips[1]. Reason: Unrecognized attribute(s) 'ip'.",
                        "Invalid input for extra_dhcp_opts[0].opt_name. Reason: Required attribute is not specified.",
                        "Invalid input for extra_dhcp_opts[0].ip_version. Reason: '5' is not in [4, 6].",
                        "Invalid input for extra_dhcp_opts[1]. Reason: 'no' is not a dictionary.",
                        "Unrecognized attribute(s) 'colour'");
    }

    @Test
    void aBlockMustBeginWithItsFirstAddressUnlessItsAttributeSaysOtherwise() {
        assertThat(texts(SUBNET.update(Map.of("host_routes", List.of(route("10.0.0.5/24"))))))
                .containsExactly("Invalid input for host_routes[0].destination. Reason:"
                        + " '10.0.0.5/24' isn't a recognized IP subnet cidr, '10.0.0.0/24' is recommended.");
        assertThat(texts(SUBNET.update(Map.of("host_routes", List.of(route("10.0.0"))))))
                .containsExactly("Invalid input for host_routes[0].destination. Reason: '10.0.0' is not a valid CIDR.");
        var rule = Map.of("security_group_id", BLUE, "direction", "Egress", "remote_ip_prefix", "10.0.0.5/24");
        assertThat(Schema.of(SecurityGroupRule.class).create(rule).orThrow())
                .containsEntry("remote_ip_prefix", Optional.of(IpPrefix.parse("10.0.0.0/24")))
                .containsEntry("direction", SecurityGroupRule.Direction.EGRESS)
                .containsEntry("ethertype", SecurityGroupRule.Ethertype.IPV4);
    }

    private static Map<String, Object> route(String destination) {
        return Map.of("destination", destination, "nexthop", "10.0.0.1");
    }

    @Test
    void numbersAndTruthsMayBeWrittenAsTexts() {
        assertThat(NETWORK.update(Map.of("mtu", "1400", "admin_state_up", "False"))
                        .orThrow())
                .containsEntry("mtu", 1400)
                .containsEntry("admin_state_up", false);
        assertThat(texts(NETWORK.update(Map.of("mtu", "50", "admin_state_up", "abc"))))
                .containsExactlyInAnyOrder(
                        "Invalid input for mtu. Reason: '50' is too small - must be at least '68'.",
                        "Invalid input for admin_state_up. Reason: 'abc' cannot be converted to boolean.");
    }

    @Test
    void nullIsForWhatMayBeAbsentAndForLists() {
        var nulls = new HashMap<String, Object>();
        nulls.put("binding:host_id", null);
        nulls.put("allowed_address_pairs", null);
        assertThat(PORT.update(nulls).orThrow())
                .containsEntry("binding:host_id", Optional.empty())
                .containsEntry("allowed_address_pairs", List.of());
        nulls.put("name", null);
        assertThat(texts(PORT.update(nulls)))
                .containsExactly("Invalid input for name. Reason: 'None' is not a valid string.");
    }

    @Test
    void whatIsSetOnCreationIsReadOnlyLater() {
        assertThat(texts(PORT.update(Map.of("network_id", BLUE, "id", BLUE))))
                .containsExactlyInAnyOrder(
                        "Cannot update read-only attribute network_id", "Cannot update read-only attribute id");
    }

    @Test
    void twoAddressesOfOneSubnetMayBeAskedForButNotOneAddressTwice() {
        var some = Map.of("subnet_id", BLUE);
        assertThat(PORT.update(Map.of("fixed_ips", List.of(some, some)))).isInstanceOf(Decoded.Ok.class);
        var bad = PORT.update(Map.of("fixed_ips", List.of(Map.of("ip_address", "::1"), Map.of("ip_address", "0::1"))));
        assertThat(texts(bad))
                .containsExactly("Invalid input for fixed_ips. Reason: Duplicate items in the list: '::1'.");
    }

    @Test
    void aStoreWrittenByAnOlderVersionIsReadAndOneByANewerVersionIsNot() {
        var json = new HashMap<>(PORT.encode(port(p -> {})));
        json.remove("binding:vnic_type");
        json.remove("binding:host_id");
        json.remove("allowed_address_pairs");
        assertThat(PORT.decode(json).orThrow()).isEqualTo(port(p -> {}));
        json.put("colour", "red");
        json.remove("key");
        json.put("admin_state_up", "true");
        assertThat(texts(PORT.decode(json)))
                .containsExactlyInAnyOrder(
                        "Unrecognized attribute(s) 'colour'",
                        "Failed to parse request. Required attribute 'key' not specified",
                        "Invalid input for admin_state_up. Reason: 'true' cannot be converted to boolean.");
    }

    @Test
    void aClientSeesAliasesWholeSecondsAndNoKey() {
        var shown = PORT.show(port(p -> {}));
        assertThat(shown)
                .containsEntry("tenant_id", "acme")
                .containsEntry("project_id", "acme")
                .containsEntry("binding:host_id", "")
                .containsEntry("created_at", "2026-01-02T03:04:05Z")
                .doesNotContainKey("key");
    }

    @Test
    void anEntityIsNotMadeOfValuesThatAreMissingOrOfTheWrongType() {
        assertThatThrownBy(() -> port(p -> {
                    p.remove("key");
                    p.put("name", 5);
                }))
                .hasMessage("a Port cannot be made: missing or of the wrong type are {name=5, key=null}");
        assertThatThrownBy(() -> PORT.with(port(p -> {}), Map.of("tenant_id", "x")))
                .hasMessage("Port has no attribute tenant_id");
        assertThat(PORT.with(port(p -> {}), Map.of("name", "new")).name()).isEqualTo("new");
        assertThat(PORT.get(port(p -> {}), "tenant_id")).isEqualTo("acme");
    }

    @Test
    void aPortRefersToAllThatItNames() {
        var port = port(p -> {
            p.put("fixed_ips", List.of(fixedIp(BLUE, "10.0.0.5"), fixedIp(OTHER, "10.1.0.5")));
            p.put("binding:host_id", Optional.of(Id.of(Chassis.class, "hv1")));
        });
        assertThat(PORT.references(port))
                .containsExactly(
                        new Ref("network_id", Id.of(Network.class, BLUE), Reference.Promise.HELD),
                        new Ref("fixed_ips.subnet_id", Id.of(Subnet.class, BLUE), Reference.Promise.HELD),
                        new Ref("fixed_ips.subnet_id", Id.of(Subnet.class, OTHER), Reference.Promise.HELD),
                        new Ref("binding:host_id", Id.of(Chassis.class, "hv1"), Reference.Promise.LOOSE));
    }

    @Test
    void aPortClaimsEachOfItsAddressesOnItsNetwork() {
        var port = port(p -> p.put("fixed_ips", List.of(fixedIp(BLUE, "10.0.0.5"), fixedIp(BLUE, "10.0.0.6"))));
        var network = Id.of(Network.class, BLUE);
        var addresses = List.of("network_id", "fixed_ips.ip_address");
        assertThat(PORT.claims(port))
                .containsExactly(
                        new Claim(List.of("network_id", "mac_address"), List.of(network, port.macAddress())),
                        new Claim(addresses, List.of(network, IpAddress.parse("10.0.0.5"))),
                        new Claim(addresses, List.of(network, IpAddress.parse("10.0.0.6"))),
                        new Claim(List.of("key"), List.of(7)));
        assertThat(PORT.claims(port(p -> {}))).hasSize(2);
    }

    @Test
    void filtersAreTypedAndLookIntoLists() {
        var port = port(p -> p.put("fixed_ips", List.of(fixedIp(BLUE, "10.0.0.5"))));
        assertThat(finds(port, "admin_state_up", "True")).isTrue();
        assertThat(finds(port, "tenant_id", "other", "acme")).isTrue();
        assertThat(finds(port, "fixed_ips", "ip_address=10.0.0.5")).isTrue();
        assertThat(finds(port, "fixed_ips", "ip_address=10.0.0.6")).isFalse();
        assertThat(finds(port, "fixed_ips", "subnet_id=" + OTHER, "subnet_id=" + BLUE))
                .isTrue();
        assertThat(finds(port, "binding:host_id", "")).isTrue();
        assertThat(finds(port, "network_id", "no-uuid")).isFalse();
        assertThat(texts(PORT.parseFilter("key", List.of("7"))))
                .containsExactly("['key'] is invalid attribute for filtering");
        assertThat(texts(PORT.parseFilter("fixed_ips", List.of("10.0.0.5", "ip_address=x"))))
                .containsExactly(
                        "Invalid input for operation: '10.0.0.5' is not of the form <key>=[value].",
                        "Invalid input for ip_address. Reason: 'x' is not a valid IP address.");
    }

    private static boolean finds(Port port, String attribute, String... texts) {
        return PORT.matches(
                port, attribute, PORT.parseFilter(attribute, List.of(texts)).orThrow());
    }

    @Test
    void aProfileMayHoldNullAndKeepsItsOrder() {
        var profile = new LinkedHashMap<String, Object>();
        profile.put("z", null);
        profile.put("a", 1);
        var port = port(p -> p.put("binding:profile", profile));
        assertThat(PORT.encode(port).get("binding:profile")).hasToString("{z=null, a=1}");
        assertThat(PORT.decode(PORT.encode(port)).orThrow()).isEqualTo(port);
    }

    @Test
    void whatIsTooDeepOrTooLongIsAProblemAndNotAnError() {
        var body = new HashMap<String, Object>();
        body.put("binding:profile", Map.of("a", Instances.deep(20_000)));
        body.put("fixed_ips", Collections.nCopies(1_001, Map.of()));
        body.put("security_groups", Instances.deep(20_000));
        assertThat(texts(PORT.update(body)))
                .contains(
                        "Invalid input for binding:profile. Reason: Nested deeper than 8 levels.",
                        "Invalid input for fixed_ips. Reason: A list of 1001 is not of 0 to 1000 items.");
        // Two names for one attribute are compared.
        var twice = Map.of("project_id", Instances.deep(20_000), "tenant_id", Instances.deep(20_000));
        assertThat(texts(NETWORK.create(twice))).contains("'project_id' and 'tenant_id' do not match");
        body.clear();
        for (int i = 0; i < 10_000; i++) {
            body.put("unknown" + i, i);
        }
        assertThat(problems(PORT.update(body))).hasSize(100);
    }
}
