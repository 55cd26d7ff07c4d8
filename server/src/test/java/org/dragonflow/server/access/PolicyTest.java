package org.dragonflow.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyTest {
    private static final Credentials MEMBER = Credentials.ofProject("u1", "p1", Set.of("member"));

    private static Target target(Map<String, String> attributes) {
        return (resource, attribute) -> {
            var name = resource.isEmpty() ? attribute : resource + "/" + attribute;
            return attributes.containsKey(name) ? List.of(attributes.get(name)) : List.of();
        };
    }

    private static boolean holds(String text, Credentials who, Map<String, String> attributes) {
        return Policy.with(Map.of("it", text)).condition("it", who).holds(target(attributes));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    ""                                                       | true
                    @                                                        | true
                    !                                                        | false
                    role:member                                              | true
                    role:MEMBER                                              | true
                    role:reader                                              | true
                    role:admin                                               | false
                    not role:admin                                           | true
                    role:admin or role:member                                | true
                    role:admin and role:member                               | false
                    role:member or role:admin and role:admin                 | true
                    (role:member or role:admin) and role:admin               | false
                    ((role:member))                                          | true
                    project_id:%(project_id)s                                | true
                    tenant_id:%(tenant_id)s                                  | true
                    user_id:u1                                               | true
                    user_id:%(project_id)s                                   | false
                    project_id:%(network:tenant_id)s                         | false
                    user_id:%(network:owner)s                                | true
                    system_scope:all                                         | false
                    is_admin:True                                            | false
                    is_admin:False                                           | true
                    field:networks:shared=True                               | true
                    field:networks:router:external=True                      | false
                    field:port:device_owner=~^network:                       | true
                    field:port:device_owner=~^compute:                       | false
                    'web':%(name)s                                           | true
                    rule:admin_or_owner                                      | true
                    rule:admin_only                                          | false
                    """)
    void aRuleMeansWhatOpenStackTakesItToMean(String text, boolean isMet) {
        var attributes = Map.of(
                "project_id", "p1",
                "network/project_id", "p2",
                "network/owner", "u1",
                "network/shared", "true",
                "port/device_owner", "network:dhcp",
                "name", "web");
        assertThat(holds(text, MEMBER, attributes)).isEqualTo(isMet);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "role",
                "role:a and",
                "or role:a",
                "(role:a",
                "role:a)",
                "role:a role:b",
                "field:networks",
                "field:port:name=~[",
                "http://example.test/",
                "rule:nobody_made_this",
                "rule:it",
                "not rule:it"
            })
    void aMalformedRuleIsRefusedByItsName(String text) {
        assertThatThrownBy(() -> Policy.with(Map.of("it", text)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'it'");
    }

    @Test
    void nestingThatGoesTooDeepIsRefusedAndNotFollowed() {
        var deep = "(".repeat(100_000) + "role:a" + ")".repeat(100_000);
        assertThatThrownBy(() -> Policy.with(Map.of("it", deep))).hasMessageContaining("deep");
        assertThatThrownBy(() -> Policy.with(Map.of("it", "not ".repeat(100_000) + "role:a")))
                .hasMessageContaining("deep");
    }

    @Test
    void rolesImplyLesserOnes() {
        assertThat(Credentials.ofProject("", "p", Set.of("Admin")).roles())
                .containsExactlyInAnyOrder("admin", "manager", "member", "reader");
        assertThat(Credentials.ofProject("", "p", Set.of("reader")).roles()).containsExactly("reader");
    }

    @Test
    void whatIsLeftForAMemberIsWhatAnIndexAnswers() {
        var left = Policy.standard().condition("get_network", MEMBER);
        assertThat(left.alternatives())
                .hasValueSatisfying(terms -> assertThat(terms)
                        .containsExactlyInAnyOrder(
                                new Condition.Is("", "project_id", "p1"),
                                new Condition.Is("network", "shared", "true"),
                                new Condition.Is("network", "router:external", "true")));
        var admin = Credentials.ofProject("", "p1", Set.of("admin"));
        assertThat(Policy.standard().condition("get_network", admin)).isEqualTo(Condition.always());
        var nobody = Credentials.ofProject("", "p1", Set.of());
        assertThat(Policy.standard().condition("create_network", nobody)).isEqualTo(Condition.never());
    }

    @Test
    void aRuleThatThereIsNotIsTheDefaultOne() {
        assertThat(Policy.standard().condition("paint_network", MEMBER).holds(target(Map.of("project_id", "p1"))))
                .isTrue();
        assertThat(Policy.standard().condition("paint_network", MEMBER).holds(target(Map.of("project_id", "p2"))))
                .isFalse();
    }

    @Test
    void anOperatorsFileReplacesRulesByName(@TempDir Path directory) throws IOException {
        var file = directory.resolve("policy.yaml");
        Files.writeString(file, "# only the boss\n\"create_network\": \"role:boss\"\n\"boss\": \"role:boss\"\n");
        var policy = Policy.read(file);
        assertThat(policy.condition("create_network", MEMBER)).isEqualTo(Condition.never());
        assertThat(policy.rules().get("create_network").isStandard()).isFalse();
        assertThat(policy.rules().get("create_subnet").isStandard()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"- a\n", "a: 1\n", "\"a\": \"role\"\n", "a: [", "a: &x \"@\"\nb: {c: d}\n"})
    void aBadFileIsRefusedByItsName(String text, @TempDir Path directory) throws IOException {
        var file = directory.resolve("policy.yaml");
        Files.writeString(file, text);
        assertThatThrownBy(() -> Policy.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(file.toString());
    }
}
