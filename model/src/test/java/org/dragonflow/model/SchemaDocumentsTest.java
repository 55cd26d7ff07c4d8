package org.dragonflow.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SchemaDocumentsTest {

    @Test
    void theReferencePageIsTheSameEachTimeAndItsTablesAreWhole() {
        assertThat(Schemas.toMarkdown()).isEqualTo(Schemas.toMarkdown());
        int columns = 0;
        for (var line : Schemas.toMarkdown().split("\n", -1)) {
            int bars = line.startsWith("|") ? line.split("\\|", -1).length : 0;
            assertThat(columns == 0 || bars == 0 || bars == columns).as(line).isTrue();
            columns = bars;
        }
    }

    @Test
    void theReferencePageSaysWhatALeftOutAttributeBecomes() {
        assertThat(Schema.of(Network.class).toMarkdown())
                .contains("| `admin_state_up` | true or false | client | `true` |")
                .contains("`/v2.0/networks`, as `network` in a body.")
                .contains("| `mtu` | number, 68 to 9000 | client | the server finds it | The largest IP packet")
                .contains("| `project_id`, `tenant_id` | text of 0 to 255 characters | client on create |"
                        + " the server finds it |");
    }

    @Test
    void everyReferenceInTheOpenApiDocumentLeadsSomewhere() {
        var document = Schemas.toOpenApi();
        var components = in(in(document, "components"), "schemas").keySet();
        var references = new ArrayList<Object>();
        walk(document, references);
        assertThat(references)
                .isNotEmpty()
                .allSatisfy(reference ->
                        assertThat(components).anyMatch(name -> reference.equals("#/components/schemas/" + name)));
    }

    /** Also holds that no map has an order of its own, which would differ between runs. */
    private static void walk(Object json, List<Object> references) {
        if (json instanceof Map<?, ?> map) {
            assertThat(map.size() < 2 || map instanceof LinkedHashMap).isTrue();
            map.forEach((key, value) -> {
                if (key.equals("$ref")) {
                    references.add(value);
                }
                walk(value, references);
            });
        } else if (json instanceof List<?> list) {
            list.forEach(element -> walk(element, references));
        }
    }

    @Test
    void theOpenApiDocumentHidesKeysAndRefusesWhatOnlyTheServerWrites() {
        var components = Schema.of(Port.class).toOpenApi();
        assertThat(components.keySet()).containsExactly("Port", "PortCreate", "PortUpdate");
        assertThat(properties(components, "Port"))
                .contains("status", "tenant_id")
                .doesNotContain("key");
        assertThat(properties(components, "PortCreate")).contains("network_id").doesNotContain("status", "key");
        assertThat(properties(components, "PortUpdate")).contains("name").doesNotContain("network_id");
        assertThat(in(components, "PortCreate").get("required")).isEqualTo(List.of("network_id"));
    }

    private static Map<?, ?> in(Map<?, ?> json, String key) {
        return (Map<?, ?>) Objects.requireNonNull(json.get(key));
    }

    private static List<String> properties(Map<String, Object> components, String name) {
        var properties = in(in(components, name), "properties");
        return properties.keySet().stream().map(Object::toString).toList();
    }

    @Test
    void everyResourceHasItsPaths() {
        assertThat(in(Schemas.toOpenApi(), "paths").keySet().stream().map(Object::toString))
                .contains("/v2.0/security-group-rules", "/v2.0/security-group-rules/{id}", "/v2.0/ports")
                .hasSize(2
                        * (int) Schemas.all()
                                .filter(schema -> schema.resource().isPresent())
                                .count());
        assertThat(Schemas.ofResource("security_groups")).contains(Schema.of(SecurityGroup.class));
        assertThat(Schemas.named("Chassis")).contains(Schema.of(Chassis.class));
        assertThat(Schemas.named("Nothing")).isEmpty();
    }
}
